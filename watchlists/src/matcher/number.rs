//! Unified business numbers in text.

use std::ops::Range;

use crate::fold::script::is_spaced_word;

/// Letters that may stand right before the number: `TW22099131`.
const PREFIXES: [&str; 6] = ["tw", "vat", "no", "ubn", "gui", "tax"];

/// What says that eight digits are a business number, folded.
const LABELS: [&str; 9] =
    ["统编", "统一编号", "营利事业编号", "vat", "ubn", "gui number", "business number", "tax id", "unified number"];

/// How far from the number such a label may stand, in bytes of folded text.
const LABEL_DISTANCE: usize = 60;

/// Whether the eight digits at `range` are not part of a longer number, word or fraction.
pub(super) fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let ends = match after.chars().next() {
        Some('.' | ',') => !after[1..].starts_with(|c: char| c.is_ascii_digit()),
        Some(c) => !is_spaced_word(c),
        None => true,
    };
    ends && begins(before)
}

fn begins(before: &str) -> bool {
    match before.chars().next_back() {
        Some('.' | ',') => !before[..before.len() - 1].ends_with(|c: char| c.is_ascii_digit()),
        Some(c) if is_spaced_word(c) => PREFIXES.iter().any(|prefix| {
            before.strip_suffix(prefix).is_some_and(|rest| !rest.chars().next_back().is_some_and(is_spaced_word))
        }),
        _ => true,
    }
}

/// Whether a label of the number stands near it.
pub(super) fn is_labelled(text: &str, range: Range<usize>) -> bool {
    let from = text.floor_char_boundary(range.start.saturating_sub(LABEL_DISTANCE));
    let to = text.ceil_char_boundary(range.end.saturating_add(LABEL_DISTANCE).min(text.len()));
    LABELS.iter().any(|label| text[from..to].contains(label))
}
