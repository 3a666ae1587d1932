//! What a character of the original text means to the prefilter.

use std::sync::LazyLock;

use crate::fold::{fold, script};

/// Classes are derived from folding itself, so that the two cannot disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or digit whose folding the prefilter knows: ASCII and the Cyrillic of U+0400 to
    /// U+045F.
    Word,
    /// Han and kana of three bytes that fold to one character of those scripts.
    Cjk,
    /// White space, which folding removes beside Han and kana.
    Space,
    /// Folds to something that belongs to no word.
    Separator,
    /// Everything else, and whatever may join with or vanish between its neighbours: folding must
    /// look at its neighbourhood.
    Exotic,
}

/// Cyrillic letters of two bytes that fold one to one.
const CYRILLIC: std::ops::RangeInclusive<char> = '\u{400}'..='\u{45f}';

static PLANE: LazyLock<Vec<Class>> =
    LazyLock::new(|| (0..=0xffff).map(|code| char::from_u32(code).map_or(Class::Exotic, derive)).collect());

/// The class of `c`.
pub(super) fn of(c: char) -> Class {
    match PLANE.get(c as usize) {
        Some(&class) => class,
        // Emoji, which are common; the rest of the higher planes is not.
        None if matches!(c, '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}' | '\u{1f900}'..='\u{1f9ff}') => {
            Class::Separator
        }
        None => Class::Exotic,
    }
}

/// Whether `c` counts towards the length of a pattern: white space, marks and invisible characters
/// may stand between the characters of one in any number.
pub(super) fn counts(c: char) -> bool {
    c.is_ascii_graphic()
        || !(c.is_whitespace() || script::is_ignorable(c) || script::continues_cluster(c) || script::is_diacritic(c))
}

fn derive(c: char) -> Class {
    if c.is_whitespace() {
        return Class::Space;
    }
    if script::is_ignorable(c) || script::continues_cluster(c) || script::is_diacritic(c) {
        return Class::Exotic;
    }
    if c.is_ascii_alphanumeric() || CYRILLIC.contains(&c) {
        return Class::Word;
    }
    if c.is_ascii_punctuation() {
        return Class::Separator;
    }
    let folded = fold(c.encode_utf8(&mut [0; 4]));
    let mut chars = folded.text().chars();
    match (chars.next(), chars.next()) {
        (Some(one), None) if is_cjk_block(c) && script::is_han_or_kana(one) => Class::Cjk,
        (Some(_), _) if folded.text().chars().all(separates) => Class::Separator,
        _ => Class::Exotic,
    }
}

/// Characters whose UTF-8 begins with 0xE3 to 0xE9.
fn is_cjk_block(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{9fff}')
}

/// A percent sign that is not ASCII would hide an escape.
fn separates(c: char) -> bool {
    c != '%' && !(c.is_alphanumeric() || script::is_unspaced(c) || script::continues_cluster(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(c: char) -> String {
        fold(&c.to_string()).text().to_owned()
    }

    #[test]
    fn what_does_not_count_is_all_that_may_vanish() {
        for c in ('\0'..=char::MAX).filter(|&c| counts(c)) {
            assert!(!folded(c).is_empty(), "{c:?}");
        }
    }

    #[test]
    fn han_blocks_hold_nothing_exotic() {
        for c in '\u{4000}'..='\u{9fff}' {
            assert!(matches!(of(c), Class::Cjk | Class::Separator), "{c:?}");
        }
    }

    #[test]
    fn separators_are_no_part_of_a_word() {
        for c in ('\u{80}'..=char::MAX).filter(|&c| of(c) == Class::Separator) {
            let folded = folded(c);
            assert!(!folded.is_empty() && !folded.contains(|c: char| c.is_alphanumeric() || c == '%'), "{c:?}");
        }
    }

    #[test]
    fn cyrillic_folds_within_its_letters() {
        for c in CYRILLIC {
            let folded = folded(c);
            assert!(folded.chars().count() == 1 && folded.chars().all(|c| CYRILLIC.contains(&c)), "{c:?}");
        }
    }

    #[test]
    fn common_characters_have_their_class() {
        for (class, chars) in [
            (Class::Separator, "，。「」、！？：；（）—…“”«»😀🔥．＠°"),
            (Class::Cjk, "台臺積々〇のカ"),
            (Class::Space, "\u{3000}\u{a0}\n"),
            (Class::Exotic, "éＡ％\u{200b}\u{301}㈱ｶ각ßσ\0ا𠮷"),
            (Class::Word, "aZ0яЁ"),
            (Class::Separator, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        ] {
            for c in chars.chars() {
                assert_eq!(of(c), class, "{c:?}");
            }
        }
    }
}
