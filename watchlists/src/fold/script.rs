//! What folding and matching need to know of characters and scripts.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// Han ideographs that are their own NFKC form (the compatibility block is not among them).
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2f7ff}'
        | '\u{30000}'..='\u{323af}' | '々' | '〇')
}

/// Han, kana and bopomofo: scripts in which a space between characters means nothing.
pub(crate) fn is_han_or_kana(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3105}'..='\u{312f}'
            | '\u{31a0}'..='\u{31bf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

/// Letters of scripts whose words touch one another, so that a term is found anywhere: Han, kana,
/// Hangul (whose particles are glued on), Thai, Lao, Khmer, Myanmar.
pub(crate) fn is_unspaced(c: char) -> bool {
    is_han_or_kana(c)
        || matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}'
            | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// A letter or digit of a script that puts spaces between words.
pub(crate) fn is_spaced_word(c: char) -> bool {
    c.is_alphanumeric() && !is_unspaced(c)
}

/// Characters without a visible form: controls, zero-width and bidirectional controls, soft
/// hyphens, variation selectors, tags (Unicode's `Default_Ignorable_Code_Point`, and `Cc`).
pub(crate) fn is_ignorable(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control() && !c.is_whitespace();
    }
    matches!(c, '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}'
        | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// The combining blocks used with Latin, Greek and Cyrillic; kana voicing marks are not in them.
pub(crate) fn is_diacritic(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Latin and Greek letters, which lose their diacritics. Cyrillic keeps them: и and й are two
/// letters.
pub(crate) fn sheds_marks(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}')
}

/// A character that is its own NFKC form whatever stands around it.
pub(crate) fn is_stable(c: char) -> bool {
    c.is_ascii() || is_han(c)
}

/// A character that normalisation may join to the one before it.
pub(crate) fn continues_cluster(c: char) -> bool {
    c >= '\u{300}'
        && !is_han(c)
        && !is_ignorable(c)
        && (canonical_combining_class(c) != 0
            || is_combining_mark(c)
            || matches!(c, '\u{1161}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}')
            || matches!(c, '\u{ff9e}' | '\u{ff9f}'))
}

/// White space that ends a line or a paragraph.
pub(crate) fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
