//! Restoring the dots, signs and colons that were disarmed in links and addresses.

use crate::fold::{Folded, FoldedBuilder};
use crate::host::is_label_char;

/// Brackets that are put around a dot or sign; full-width ones have been folded to these.
const BRACKETS: [(char, char); 6] = [('[', ']'), ('(', ')'), ('{', '}'), ('<', '>'), ('【', '】'), ('〔', '〕')];

/// What stands in brackets for what. Folding has made 點 into 点.
const BRACKETED: [(&str, &str); 8] =
    [(".", "."), ("dot", "."), ("点", "."), ("@", "@"), ("at", "@"), (":", ":"), ("://", "://"), ("/", "/")];

/// What stands for a dot or sign without closing brackets.
const BARE: [(&str, &str); 5] = [("。", "."), ("%2e", "."), ("%40", "@"), ("\\.", "."), ("[.", ".")];

/// A disarmed character: the bytes of the folded text and what they stand for.
struct Disarmed {
    start: usize,
    end: usize,
    meaning: &'static str,
}

/// The folded text with its disarmed forms restored, or none if there are none. Spaces are dropped
/// only around a bracketed form.
pub(super) fn refang(folded: &Folded) -> Option<Folded> {
    let text = folded.text();
    let mut out = FoldedBuilder::default();
    let mut copied = 0;
    let mut at = 0;
    while let Some(disarmed) = next_disarmed(text, at, copied) {
        out.copy(folded, copied..disarmed.start);
        let original = folded.original(disarmed.start..disarmed.end);
        out.push(disarmed.meaning, original, false);
        copied = disarmed.end;
        at = disarmed.end;
    }
    if out.len() == 0 {
        return None;
    }
    out.copy(folded, copied..text.len());
    Some(out.finish())
}

/// The next disarmed form at or after `at`, not reaching back before `copied`.
fn next_disarmed(text: &str, mut at: usize, copied: usize) -> Option<Disarmed> {
    loop {
        at += text.get(at..)?.find(['[', '(', '{', '<', '【', '〔', '。', '%', '\\'])?;
        let rest = &text[at..];
        if let Some((len, meaning)) = bracketed(rest) {
            return Some(with_spaces(text, copied, at, at + len, meaning));
        }
        if let Some(&(form, meaning)) = BARE.iter().find(|(form, _)| rest.starts_with(form))
            && (form != "[." || rest[form.len()..].starts_with(is_label_char))
        {
            return Some(Disarmed { start: at, end: at + form.len(), meaning });
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
}

/// The length and meaning of a bracketed form at the start of `text`: `[.]`, `( dot )`.
fn bracketed(text: &str) -> Option<(usize, &'static str)> {
    let open = text.chars().next()?;
    let &(_, close) = BRACKETS.iter().find(|(bracket, _)| *bracket == open)?;
    let inner = &text[open.len_utf8()..];
    let inner = inner.strip_prefix(' ').unwrap_or(inner);
    BRACKETED.iter().find_map(|&(form, meaning)| {
        let rest = inner.strip_prefix(form)?;
        let rest = rest.strip_prefix(' ').unwrap_or(rest).strip_prefix(close)?;
        Some((text.len() - rest.len(), meaning))
    })
}

/// Takes in the spaces beside a dot or sign, but not those beside a colon or a slash.
fn with_spaces(text: &str, copied: usize, start: usize, end: usize, meaning: &'static str) -> Disarmed {
    let (mut start, mut end) = (start, end);
    if matches!(meaning, "." | "@") {
        if start > copied && text[..start].ends_with(' ') {
            start -= 1;
        }
        if text[end..].starts_with(' ') {
            end += 1;
        }
    }
    Disarmed { start, end, meaning }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    fn refanged(text: &str) -> String {
        let folded = fold(text);
        refang(&folded).unwrap_or(folded).text().to_owned()
    }

    #[test]
    fn disarmed_forms_are_restored() {
        for text in [
            "example[.]com",
            "example(.)com",
            "example{.}com",
            "example[dot]com",
            "example (dot) com",
            "EXAMPLE [ DOT ] COM",
            "example【.】com",
            "example<.>com",
            "example［．］com",
            "example。com",
            "example[.com",
            "example\\.com",
            "example%2Ecom",
            "example[點]com",
        ] {
            assert_eq!(refanged(text), "example.com", "{text}");
        }
        assert_eq!(refanged("a[at]b[.]com"), "a@b.com");
        assert_eq!(refanged("a (at) b (dot) com"), "a@b.com");
        assert_eq!(refanged("a[@]b%2ecom"), "a@b.com");
        assert_eq!(refanged("hxxp[:]//b[.]com"), "hxxp://b.com");
        assert_eq!(refanged("hxxps[://]b"), "hxxps://b");
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in ["a . b", "at home", "f(x) [1] {a}", "a dot com", "[..]", "(at"] {
            assert!(refang(&fold(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn the_map_leads_through_both_steps() {
        let text = "見 Ｅ [dot] 台\u{200b}積";
        let view = refang(&fold(text)).expect("disarmed");
        assert_eq!(view.text(), "见e.台积");
        let original: Vec<&str> = view.chars().map(|(_, range)| &text[range]).collect();
        assert_eq!(original, ["見", "Ｅ", " [dot]", "台", "積"]);
    }
}
