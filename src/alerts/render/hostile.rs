//! Captured text made harmless for mail and JSON: no escape sequences, controls, or invisible and reordering characters.

use std::sync::LazyLock;

use regex::Regex;

use crate::assess::is_invisible;

/// Terminal escape sequences: CSI, OSC (with its string, if it ends soon) and the two-character ones.
static ESCAPES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)|[@-_])?|\u{9b}[0-?]*[ -/]*[@-~]?")
        .expect("a pattern of this program")
});

/// One line of at most `max` characters; line ends become spaces, runs of blanks one.
#[must_use]
pub(crate) fn line(text: &str, max: usize) -> String {
    let clean = clean(text);
    let joined = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    truncate(&joined, max)
}

/// Text of at most `max` characters whose line ends are `\n`; runs of blanks and of empty lines are drawn together.
#[must_use]
pub(crate) fn block(text: &str, max: usize) -> String {
    let clean = clean(text);
    let lines = clean.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let joined = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    truncate(&joined, max)
}

/// Removes escape sequences and invisible characters; controls become blanks, every kind of line end `\n`.
///
/// Works character by character apart from escape sequences, so cleaned pieces may be put together.
#[must_use]
pub(crate) fn clean(text: &str) -> String {
    let text = ESCAPES.replace_all(text, "");
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push('\t'),
            _ if c.is_control() => clean.push(' '),
            _ if is_invisible(c) => {}
            _ => clean.push(c),
        }
    }
    clean
}

/// At most `max` characters; what was cut is shown by `…`.
#[must_use]
pub(crate) fn truncate(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        None => text.to_owned(),
        Some(_) => text.chars().take(max.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_reader_or_a_terminal_stays() {
        assert_eq!(line("a\u{1b}[31mred\u{1b}[0m\u{202e}txt.exe\u{200b}", 99), "aredtxt.exe");
        assert_eq!(line("x\u{1b}]0;title\u{7}y\u{9b}2Jz", 99), "xyz");
        assert_eq!(line("Subject\r\nBcc: all@example.org", 99), "Subject Bcc: all@example.org");
        assert_eq!(block("a\r\n\r\n\r\nb\u{2028}c", 99), "a\nb\nc");
    }

    #[test]
    fn an_escape_without_end_swallows_nothing() {
        assert_eq!(line("\u{1b}]0;the rest stays", 99), "0;the rest stays");
    }

    #[test]
    fn cut_on_a_character() {
        assert_eq!(truncate("電電電電", 3), "電電…");
        assert_eq!(truncate("電電電", 3), "電電電");
    }
}
