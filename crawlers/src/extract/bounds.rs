//! How large and how deep a page may be before it is parsed at all.

/// Tags of one page. A forum page has some thousand; a page of 4 MiB made of nothing but tags has over a million, and
/// every selector would visit each.
const MAX_TAGS: usize = 600_000;
/// Elements inside one another. Real pages stay below 100; the parser's work grows with the square of it.
const MAX_DEPTH: usize = 1_500;

/// Elements without an end tag, or whose end tag may be left out: they are no sign of depth.
const OPEN_ENDED: [&str; 28] = [
    "area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "optgroup", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
];

/// Elements whose content is text.
const RAW_TEXT: [&str; 4] = ["script", "style", "textarea", "title"];

/// Refuses a page that would cost too much to parse, in one pass over its source.
pub(crate) fn check(source: &str) -> Result<(), &'static str> {
    let bytes = source.as_bytes();
    let (mut at, mut tags, mut depth) = (0, 0_usize, 0_usize);
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'<')) {
        at += found + 1;
        let end = bytes.get(at) == Some(&b'/');
        let name = name(bytes.get(at + usize::from(end)..).unwrap_or_default());
        if name.is_empty() {
            continue;
        }
        tags += 1;
        if tags > MAX_TAGS {
            return Err("page_too_large");
        }
        if OPEN_ENDED.contains(&name.as_str()) {
            continue;
        }
        depth = if end { depth.saturating_sub(1) } else { depth + 1 };
        if depth > MAX_DEPTH {
            return Err("page_too_deep");
        }
        if !end && RAW_TEXT.contains(&name.as_str()) {
            at = after_raw_text(bytes, at, &name);
            depth = depth.saturating_sub(1);
        }
    }
    Ok(())
}

/// The tag's name in lower case; empty when this is no tag. Longer names than any in HTML are cut.
fn name(bytes: &[u8]) -> String {
    if !bytes.first().is_some_and(u8::is_ascii_alphabetic) {
        return String::new();
    }
    let letters = bytes.iter().take(16).take_while(|b| b.is_ascii_alphanumeric());
    letters.map(|b| char::from(b.to_ascii_lowercase())).collect()
}

fn after_raw_text(bytes: &[u8], from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.windows(2).position(|pair| pair == b"</")) {
        at += found + 2;
        let word = bytes.get(at..at + name.len()).unwrap_or_default();
        if word.eq_ignore_ascii_case(name.as_bytes()) {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_pass() {
        let rows = "<tr><td>x<td><a href='#'>y</a><p>open<br><img src=z>".repeat(20_000);
        assert_eq!(check(&format!("<!DOCTYPE html><html><body><table>{rows}</table>")), Ok(()));
        assert_eq!(check(&format!("<script>{}</script>", "document.write('<div>');".repeat(5_000))), Ok(()));
        assert_eq!(check("a < b <<< 3 </ <"), Ok(()));
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert_eq!(check(&"<div>".repeat(2_000)), Err("page_too_deep"));
        assert_eq!(check(&"<b></b>".repeat(400_000)), Err("page_too_large"));
        assert_eq!(check(&format!("<script>x</script>{}", "<FONT>".repeat(2_000))), Err("page_too_deep"));
    }
}
