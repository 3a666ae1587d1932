//! Dots set apart by spaces or written as a word: `example . com`, `ann at example dot com`.

use memchr::memmem;

use crate::fold::{Folded, FoldedBuilder};
use crate::host::{MAX_HOST, is_label_char};

/// What stands for a dot between two labels. A dot with a space behind it alone ends a sentence.
const DOTS: [&str; 3] = [" . ", " .", " dot "];

/// What stands for the sign of an address whose dots are set apart too.
const AT: &str = " at ";

/// The names with such dots, restored and set apart from one another; none if there are none. A
/// name is all that stands around the dot without a space, so that its ends are those it has in
/// the text.
pub(super) fn restore(view: &Folded) -> Option<Folded> {
    let text = view.text();
    let mut out = FoldedBuilder::default();
    let mut done = 0;
    let (dots, words) = (memmem::find_iter(text.as_bytes(), " ."), memmem::find_iter(text.as_bytes(), " dot "));
    let mut sites: Vec<usize> = dots.chain(words).collect();
    sites.sort_unstable();
    for site in sites.into_iter().filter(|&site| dot_at(text, site).is_some()) {
        if site >= done {
            done = push_name(view, site, &mut out);
        }
    }
    (out.len() > 0).then(|| out.finish())
}

/// Copies the name around the dot at `site` and says where it ends.
fn push_name(view: &Folded, site: usize, out: &mut FoldedBuilder) -> usize {
    let text = view.text();
    let start = site - run_before(&text[..site]);
    if let Some(before) = text[..start].strip_suffix(AT).filter(|_| !text[start..site].contains('@')) {
        out.copy(view, before.len() - run_before(before)..before.len());
        out.push("@", view.original(before.len()..start), false);
    }
    let mut at = start;
    let mut end = site;
    while let Some(len) = dot_at(text, end) {
        out.copy(view, at..end);
        out.push(".", view.original(end..end + len), false);
        at = end + len;
        end = at + run_after(&text[at..]);
    }
    out.copy(view, at..end);
    out.push("\n", view.original(end..end), false);
    end
}

/// The length of what stands for a dot at `site`, between two labels.
fn dot_at(text: &str, site: usize) -> Option<usize> {
    let (before, after) = (text.get(..site)?, text.get(site..)?);
    let labels = |rest: &str| before.ends_with(is_label_char) && rest.starts_with(is_label_char);
    DOTS.iter().find(|dot| after.strip_prefix(**dot).is_some_and(labels)).map(|dot| dot.len())
}

fn run_before(text: &str) -> usize {
    let near = text.char_indices().rev().take_while(|&(at, c)| text.len() - at <= MAX_HOST && is_name(c));
    near.last().map_or(0, |(at, _)| text.len() - at)
}

fn run_after(text: &str) -> usize {
    let near = text.char_indices().take_while(|&(at, c)| at < MAX_HOST && is_name(c));
    near.last().map_or(0, |(at, c)| at + c.len_utf8())
}

fn is_name(c: char) -> bool {
    is_label_char(c) || matches!(c, '.' | '-' | '_' | '@' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    fn restored(text: &str) -> String {
        restore(&fold(text)).map_or_else(String::new, |view| view.text().to_owned())
    }

    #[test]
    fn names_are_restored_with_their_surroundings() {
        for (text, names) in [
            ("see mail.example . com now", "mail.example.com\n"),
            ("example .com", "example.com\n"),
            ("Example DOT Com dot TW", "example.com.tw\n"),
            ("ann at example dot com", "ann@example.com\n"),
            ("見example . com或a . tw", "example.com\na.tw\n"),
            ("a . b.c-d . e", "a.b.c-d.e\n"),
        ] {
            assert_eq!(restored(text), names, "{text}");
        }
        for text in ["", "end. Next", "end . ", " . x", "example.com", "a dot", "polka dots", "a . , b"] {
            assert_eq!(restored(text), "", "{text}");
        }
    }

    #[test]
    fn the_map_leads_back_over_the_spaces() {
        let text = "見 Ｅｘ  .  com";
        let view = restore(&fold(text)).expect("restored");
        let at = view.text().find("ex.com").expect("name");
        assert_eq!(&text[view.original(at..at + "ex.com".len())], "Ｅｘ  .  com");
    }

    #[test]
    fn long_runs_stay_linear() {
        let text = "a . ".repeat(50_000);
        assert_eq!(restored(&text).len(), 50_000 * 2);
    }
}
