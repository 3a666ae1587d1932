//! Disarming links, domains and addresses in text that is shown or mailed to people.

use unicode_normalization::UnicodeNormalization;

use crate::fold::script::is_ignorable;
use crate::host::has_known_suffix;

/// `text` without anything that a mail program or browser would make clickable:
/// `hxxps://evil[.]com`, `a[at]b[.]com`, `10[.]0[.]0[.]1`, `tg[:]//…`.
///
/// A name is a domain when it ends in a known suffix, stands behind `://` or `@`, or begins with
/// `www.`; other dots (`e.g.`, `readme.txt`, `1.5`) stay. Disarmed text stays as it is, so the
/// function may be applied twice.
pub fn defang(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if is_name_char(c) {
            let end = name_end(rest);
            push_name(&mut out, &rest[..end], &rest[end..]);
            rest = &rest[end..];
        } else {
            let end = c.len_utf8();
            push_separator(&mut out, c, &rest[end..]);
            rest = &rest[end..];
        }
    }
    out
}

fn is_dot(c: char) -> bool {
    matches!(c, '.' | '．' | '。' | '｡' | '․')
}

/// Whether `c` is a dot inside a name; a Chinese full stop is one only before a Latin label.
fn joins(c: char, next: char) -> bool {
    match c {
        '。' | '｡' => next.is_ascii_alphanumeric(),
        _ => is_dot(c) && is_name_char(next),
    }
}

/// A character inside a label; invisible ones count, or they would hide a name.
fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_') || (is_ignorable(c) && !c.is_control())
}

/// The end of the longest run of labels joined by single dots at the start of `text`.
fn name_end(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joins = chars.peek().is_some_and(|&(_, next)| joins(c, next));
        if !joins && !is_name_char(c) {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

fn push_name(out: &mut String, name: &str, after: &str) {
    if let Some(scheme) = disarmed_scheme(name).filter(|_| after.starts_with("://")) {
        out.push_str(&scheme);
    } else if name.contains(is_dot) && (follows_host_mark(out) || is_host(name)) {
        for c in name.chars() {
            match is_dot(c) {
                true => out.push_str("[.]"),
                false => out.push(c),
            }
        }
    } else {
        out.push_str(name);
    }
}

/// Schemes with a customary disarmed name; the others lose their colon.
fn disarmed_scheme(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let tail = lower.strip_suffix('s').map_or("", |_| "s");
    match lower.strip_suffix('s').unwrap_or(&lower) {
        "http" => Some(format!("hxxp{tail}")),
        "ftp" => Some(format!("fxp{tail}")),
        _ => None,
    }
}

fn is_disarmed_scheme(name: &str) -> bool {
    ["hxxp", "hxxps", "fxp", "fxps"].iter().any(|known| name.ends_with(known))
}

/// Whether what was written so far says that a host follows.
fn follows_host_mark(out: &str) -> bool {
    ["://", "[:]//", "[at]"].iter().any(|mark| out.ends_with(mark))
}

/// Whether a domain stands at the start of `name`; Chinese may touch it on the right.
fn is_host(name: &str) -> bool {
    let plain: String = name.nfkc().filter(|&c| !is_ignorable(c)).collect();
    let plain = plain.to_lowercase().replace('。', ".");
    let mut labels = plain.match_indices('.').map(|(at, _)| at + 1);
    plain.starts_with("www.")
        || is_ipv4(&plain)
        || labels.any(|start| has_known_suffix(&plain[..label_end(&plain, start)]))
}

/// The end of the label at `start`: an ASCII label ends where other script begins.
fn label_end(name: &str, start: usize) -> usize {
    let label = &name[start..];
    let ascii = label.starts_with(|c: char| c.is_ascii_alphanumeric());
    let len = label.find(|c: char| c == '.' || (ascii && !c.is_ascii_alphanumeric() && c != '-'));
    start + label[..len.unwrap_or(label.len())].trim_end_matches('-').len()
}

fn is_ipv4(name: &str) -> bool {
    name.parse::<std::net::Ipv4Addr>().is_ok()
}

fn push_separator(out: &mut String, c: char, after: &str) {
    let before = out.chars().next_back();
    let name_follows = after.starts_with(is_name_char);
    match c {
        '@' | '＠' if name_follows && before.is_some_and(ends_local_part) => out.push_str("[at]"),
        ':' if after.starts_with("//") && !is_disarmed_scheme(out) => out.push_str("[:]"),
        _ => out.push(c),
    }
}

/// A character that an address may have right before its `@`.
fn ends_local_part(c: char) -> bool {
    is_name_char(c) || "!#$%&'*+/=?^`{|}~.\"".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_domains_and_addresses_are_disarmed() {
        for (text, expected) in [
            ("https://evil.com/a?b=1", "hxxps://evil[.]com/a?b=1"),
            ("HTTP://Evil.COM", "hxxp://Evil[.]COM"),
            ("ftp://evil.com", "fxp://evil[.]com"),
            ("tg://resolve?domain=x", "tg[:]//resolve?domain=x"),
            ("a@b.com", "a[at]b[.]com"),
            ("a.b+c@mail.b.com.tw.", "a.b+c[at]mail[.]b[.]com[.]tw."),
            ("請見evil.com下載", "請見evil[.]com下載"),
            ("evil.com下載。abc", "evil[.]com下載[.]abc"),
            ("_evil.com_", "_evil[.]com_"),
            ("www.intranet", "www[.]intranet"),
            ("http://host.corp:80/", "hxxp://host[.]corp:80/"),
            ("abcdef.onion", "abcdef[.]onion"),
            ("10.0.0.1:443", "10[.]0[.]0[.]1:443"),
            ("evil．com evil。com", "evil[.]com evil[.]com"),
            ("?u=https://b.com", "?u=hxxps://b[.]com"),
            ("a＠b.com", "a[at]b[.]com"),
            ("台積電.tw", "台積電[.]tw"),
            ("ev\u{200b}il.c\u{200b}om", "ev\u{200b}il[.]c\u{200b}om"),
        ] {
            assert_eq!(defang(text), expected, "{text}");
            assert_eq!(defang(expected), expected);
        }
    }

    #[test]
    fn other_text_stays() {
        for text in [
            "",
            "受害者在日本。台灣、香港",
            "e.g. this",
            "v1.5",
            "readme.txt",
            "wait...",
            "@handle",
            "資料。下載",
            "a / b",
            "hxxps://evil[.]com",
            "a[at]b[.]com",
            "12:30",
            "1.2.3",
            "::",
            "\u{1b}[2J",
        ] {
            assert_eq!(defang(text), text);
        }
    }
}
