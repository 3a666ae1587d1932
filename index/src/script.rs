//! Which characters make words, which are written without spaces, and which join neither.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// How a folded character takes part in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Written without spaces between words: indexed as overlapping pairs.
    Cjk,
    /// Part of a word of letters, digits and their marks.
    Word,
    /// Separates words; never indexed.
    Separator,
}

/// Han, Kana, Bopomofo and Hangul blocks, and the private use area that legacy Big5 and GBK text
/// decodes its local characters into. Blocks from Unicode 16.0, `Blocks.txt`.
const CJK: &[(char, char)] = &[
    ('\u{1100}', '\u{11FF}'),
    ('\u{2E80}', '\u{2FDF}'),
    ('\u{3005}', '\u{3007}'),
    ('\u{3021}', '\u{3029}'),
    ('\u{3031}', '\u{3035}'),
    ('\u{303B}', '\u{303C}'),
    ('\u{3041}', '\u{3096}'),
    ('\u{309D}', '\u{309F}'),
    ('\u{30A1}', '\u{30FA}'),
    ('\u{30FC}', '\u{30FF}'),
    ('\u{3105}', '\u{318E}'),
    ('\u{31A0}', '\u{31BF}'),
    ('\u{31F0}', '\u{31FF}'),
    ('\u{3400}', '\u{4DBF}'),
    ('\u{4E00}', '\u{9FFF}'),
    ('\u{A960}', '\u{A97F}'),
    ('\u{AC00}', '\u{D7FF}'),
    ('\u{E000}', '\u{FAFF}'),
    ('\u{20000}', '\u{3FFFD}'),
];

/// Classes a character that has been folded.
pub(crate) fn class(c: char) -> Class {
    if c.is_ascii() {
        return if c.is_ascii_alphanumeric() { Class::Word } else { Class::Separator };
    }
    if CJK.iter().any(|&(from, to)| (from..=to).contains(&c)) {
        Class::Cjk
    } else if c.is_alphanumeric() || is_combining_mark(c) {
        Class::Word
    } else {
        Class::Separator
    }
}

/// Whether `c` is invisible, so that putting it inside a word must not hide the word:
/// soft hyphen, zero-width and bidirectional controls, joiners, variation selectors.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether `c` may compose with the character before it: combining marks, Hangul vowels and
/// finals, half-width Kana voicing marks.
pub(crate) fn composes(c: char) -> bool {
    !c.is_ascii()
        && (canonical_combining_class(c) != 0 || matches!(c, '\u{1160}'..='\u{11FF}' | '\u{FF9E}' | '\u{FF9F}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_fall_into_their_classes() {
        for c in "台积電々〇あアー한ㄅ𠮷".chars() {
            assert_eq!(class(c), Class::Cjk, "{c}");
        }
        for c in "a9éЖש٣".chars() {
            assert_eq!(class(c), Class::Word, "{c}");
        }
        for c in " ,.-_@[]，。「」・：（\u{3000}😀".chars() {
            assert_eq!(class(c), Class::Separator, "{c}");
        }
    }

    #[test]
    fn invisible_characters_are_known() {
        for c in "\u{200b}\u{feff}\u{ad}\u{2060}\u{fe0f}".chars() {
            assert!(is_invisible(c), "{:04x}", u32::from(c));
        }
        assert!(!is_invisible(' '));
    }
}
