//! Folding of one character.

use unicode_normalization::char::decompose_canonical;

use super::{han, script};

/// Appends what `c` folds to: one character, several, or nothing for an invisible character or a
/// combining diacritic.
///
/// `c` comes from text in NFKC; a caller with a tokenizer of its own normalises first, so that
/// `ｅ` or `e` + U+0301 arrives composed. [`fold`](super::fold) does both.
pub fn fold_char(c: char, out: &mut String) {
    if c.is_ascii() {
        if !c.is_ascii_control() || c.is_ascii_whitespace() {
            out.push(c.to_ascii_lowercase());
        }
    } else if script::is_han(c) {
        out.push(han::simplify(c));
    } else {
        c.to_lowercase().for_each(|lower| fold_lower(lower, out));
    }
}

/// Folds a character that has been put into lower case.
fn fold_lower(c: char, out: &mut String) {
    match c {
        c if script::is_diacritic(c) || script::is_ignorable(c) => {}
        // Greek final sigma and the Russian yo, which is written as ye as often as not.
        'ς' => out.push('σ'),
        'ё' => out.push('е'),
        c if script::sheds_marks(c) => decompose_canonical(c, |part| {
            if !script::is_diacritic(part) {
                out.push(part);
            }
        }),
        c => out.push(c),
    }
}
