//! The words of a phrase or a name, as they are compared: folded, without punctuation.

use crate::fold::{fold, script};

/// The folded words of `text` in order. White space and punctuation part words, and so does the
/// border between a script that spaces its words and one that does not (`Acer宏碁`).
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for piece in text.split(parts_words).filter(|piece| !piece.is_empty()) {
        let folded = fold(piece);
        for word in folded.text().split(|c: char| !c.is_alphanumeric()) {
            split_scripts(word, &mut words);
        }
    }
    words
}

/// Whether `c` stands between words; a mark belongs to the letter before it.
fn parts_words(c: char) -> bool {
    !c.is_alphanumeric() && !script::continues_cluster(c) && !script::is_ignorable(c)
}

fn split_scripts(word: &str, words: &mut Vec<String>) {
    let mut last = None;
    for c in word.chars() {
        let unspaced = script::is_unspaced(c);
        match words.last_mut().filter(|_| last == Some(unspaced)) {
            Some(open) => open.push(c),
            None => words.push(c.to_string()),
        }
        last = Some(unspaced);
    }
}

/// The place of the word that is best looked for: the longest, the first of equals. A character of
/// an unspaced script says as much as two letters.
pub(crate) fn anchor(words: &[String]) -> usize {
    let weight = |word: &str| word.chars().map(|c| if script::is_unspaced(c) { 2 } else { 1 }).sum::<usize>();
    let longest = (0..words.len()).max_by_key(|&at| (weight(&words[at]), std::cmp::Reverse(at)));
    longest.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_their_punctuation_and_part_at_scripts() {
        for (text, expected) in [
            ("Acme  Corp.", &["acme", "corp"][..]),
            ("台積電 資料", &["台积电", "资料"]),
            ("Acer宏碁", &["acer", "宏碁"]),
            ("Jose\u{301} Ｌópez", &["jose", "lopez"]),
            ("約翰·史密斯", &["约翰", "史密斯"]),
            ("-- !", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
