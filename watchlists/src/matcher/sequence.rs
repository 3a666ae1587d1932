//! Words in sequence: phrases and persons' names.

use std::ops::Range;

use super::edges;
use crate::fold::script::is_unspaced;
use crate::term::words::anchor;

/// Most characters of white space and punctuation between two words.
const MAX_GAP: usize = 8;

/// The whole sequence whose longest word stands at `found`, if the others stand around it and the
/// ends are word boundaries.
pub(super) fn around(text: &str, found: Range<usize>, words: &[String]) -> Option<Range<usize>> {
    let at = anchor(words);
    let (before, rest) = words.split_at_checked(at)?;
    let (anchored, after) = rest.split_first()?;
    if text.get(found.clone())? != anchored {
        return None;
    }
    let mut start = found.start;
    for word in before.iter().rev() {
        let gap = gap_before(text.get(..start)?);
        let left = text.get(..start - gap)?.strip_suffix(word.as_str())?;
        separates(text, start - gap..start).then_some(())?;
        start = left.len();
    }
    let mut end = found.end;
    for word in after {
        let gap = gap_after(text.get(end..)?);
        text.get(end + gap..)?.starts_with(word.as_str()).then_some(())?;
        separates(text, end..end + gap).then_some(())?;
        end += gap + word.len();
    }
    edges::keyword(text, start..end).then_some(start..end)
}

/// The bytes at the end of `text` that are no letters or digits.
fn gap_before(text: &str) -> usize {
    text.chars().rev().take(MAX_GAP).take_while(|c| !c.is_alphanumeric()).map(char::len_utf8).sum()
}

fn gap_after(text: &str) -> usize {
    text.chars().take(MAX_GAP).take_while(|c| !c.is_alphanumeric()).map(char::len_utf8).sum()
}

/// Whether two words part at `gap`: something stands there, or one of them is of a script that
/// writes words without spaces.
fn separates(text: &str, gap: Range<usize>) -> bool {
    let beside = |c: Option<char>| c.is_some_and(is_unspaced);
    !gap.is_empty() || beside(text[..gap.start].chars().next_back()) || beside(text[gap.end..].chars().next())
}
