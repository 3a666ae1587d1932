//! Sequences of words, numbers and expressions read slowly.

use super::{is_han, is_word, keyword_fits};

/// The end of `words` that begin at `at` with anything but letters and digits between them.
pub(super) fn sequence(all: &[char], at: usize, words: &[&str]) -> Option<usize> {
    let mut end = at;
    for (place, word) in words.iter().enumerate() {
        let start = if place == 0 { at } else { (end..all.len()).find(|&i| all[i].is_alphanumeric())? };
        let letters: Vec<char> = word.chars().collect();
        let touches = place > 0 && start == end && !is_han(all[end - 1]) && !is_han(letters[0]);
        if touches || start - end > 8 || !all[start..].starts_with(&letters) {
            return None;
        }
        end = start + letters.len();
    }
    keyword_fits(all, at, end).then_some(end)
}

pub(super) fn number(all: &[char], at: usize, digits: &str) -> Option<usize> {
    let digits: Vec<char> = digits.chars().collect();
    let end = at + digits.len();
    all[at..].starts_with(&digits).then_some(())?;
    let fraction = |sign: Option<&char>, digit: Option<&char>| {
        matches!(sign, Some('.' | ',')) && digit.is_some_and(char::is_ascii_digit)
    };
    let back = |steps: usize| at.checked_sub(steps).map(|i| &all[i]);
    if fraction(all.get(end), all.get(end + 1)) || fraction(back(1), back(2)) {
        return None;
    }
    let word: String = all[..at].iter().rev().take_while(|&&c| is_word(c)).collect();
    let word: String = word.chars().rev().collect();
    let prefixed = word.is_empty() || ["tw", "vat", "no", "ubn", "gui", "tax"].contains(&word.as_str());
    (prefixed && all.get(end).is_none_or(|&c| !is_word(c))).then_some(end)
}

/// What `prj-[0-9]{3}` finds, whatever the case: byte ranges that do not overlap.
pub(super) fn projects(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = at + "prj-000".len();
        let shape = text.get(at..end).is_some_and(|part| {
            let (name, digits) = part.split_at_checked(4).unwrap_or_default();
            name.eq_ignore_ascii_case("prj-") && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
        });
        if shape {
            found.push((at, end));
        }
        at = if shape { end } else { at + 1 };
    }
    found
}
