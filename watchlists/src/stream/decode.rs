//! Bytes read as UTF-8 whatever they are, with a map from the text back to the bytes.

use std::borrow::Cow;

/// Text of bytes; what is no UTF-8 is U+FFFD in it, as in [`String::from_utf8_lossy`].
#[derive(Debug)]
pub(super) struct Decoded<'b> {
    pub(super) text: Cow<'b, str>,
    /// Where text and bytes run in step again behind each replacement.
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    text: usize,
    bytes: usize,
}

impl<'b> Decoded<'b> {
    pub(super) fn of(bytes: &'b [u8]) -> Decoded<'b> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Decoded { text: Cow::Borrowed(text), steps: Vec::new() };
        }
        let (mut text, mut steps) = (String::with_capacity(bytes.len()), Vec::new());
        let mut read = 0;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            read += chunk.valid().len() + chunk.invalid().len();
            if !chunk.invalid().is_empty() {
                text.push(char::REPLACEMENT_CHARACTER);
                steps.push(Step { text: text.len(), bytes: read });
            }
        }
        Decoded { text: Cow::Owned(text), steps }
    }

    /// The byte at which a character border of the text lies.
    pub(super) fn byte(&self, at: usize) -> usize {
        let passed = self.steps.partition_point(|step| step.text <= at);
        match passed.checked_sub(1).and_then(|last| self.steps.get(last)) {
            Some(step) => step.bytes + (at - step.text),
            None => at,
        }
    }
}

/// The last place at or before `at` where a character begins, or bytes that are none: reading on
/// from there gives the same characters.
pub(super) fn character_start(bytes: &[u8], at: usize) -> usize {
    let is_inside = |place: usize| bytes.get(place).is_some_and(|byte| byte & 0xc0 == 0x80);
    (at.saturating_sub(3)..=at).rev().find(|&place| !is_inside(place)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_leads_back_to_its_bytes() {
        let bytes = b"a\xffb\xe5\x8f\xb0\xe5\x8fc\xf0\x9f\x98\x80\x80";
        let decoded = Decoded::of(bytes);
        assert_eq!(decoded.text, String::from_utf8_lossy(bytes));
        let places: Vec<usize> = decoded.text.char_indices().map(|(at, _)| decoded.byte(at)).collect();
        assert_eq!(places, [0, 1, 2, 3, 6, 8, 9, 13]);
        assert_eq!(decoded.byte(decoded.text.len()), bytes.len());
    }

    #[test]
    fn reading_on_from_a_character_start_changes_nothing() {
        let bytes = b"x\xe5\x8f\xb0\x80\x80\xe5\x8f\xf0\x9f\x98\x80\xf0\x9f\xff\x80\x80\x80\x80y";
        let whole = Decoded::of(bytes);
        let borders: Vec<usize> =
            whole.text.char_indices().map(|(at, _)| whole.byte(at)).chain([bytes.len()]).collect();
        for at in 0..=bytes.len() {
            let start = character_start(bytes, at);
            assert!(start <= at && at - start <= 3 && borders.contains(&start), "{at} {start}");
        }
    }
}
