//! Persons as terms: the ways in which one name is written.

use super::keyword::{MAX_CHARS, is_selective, refuse_long};
use super::words::{anchor, words};
use super::{TermError, TermKind};
use crate::fold::script::is_unspaced;

/// A name as written: family and given name, in any script or in two.
pub(super) fn parse(text: String) -> Result<String, TermError> {
    let kind = TermKind::Person;
    refuse_long(kind, &text, MAX_CHARS)?;
    let spellings = spellings(&text);
    if words(&text).is_empty() {
        return Err(TermError::TooShort { kind, text });
    }
    if spellings.is_empty() {
        return Err(TermError::OneName { text });
    }
    match spellings.iter().all(|words| is_selective(&words[anchor(words)])) {
        true => Ok(text),
        false => Err(TermError::TooShort { kind, text }),
    }
}

/// Every sequence of words that the name is found by. `WANG Xiao-Ming` is found with the family
/// name first or last and the given name in one word or two; a name in both scripts is found in
/// either.
pub(crate) fn spellings(text: &str) -> Vec<Vec<String>> {
    let names: Vec<Vec<String>> = text.split_whitespace().map(words).filter(|words| !words.is_empty()).collect();
    let (unspaced, spaced): (Vec<Vec<String>>, Vec<Vec<String>>) =
        names.into_iter().partition(|words| words.iter().flat_map(|word| word.chars()).all(is_unspaced));
    let mut all = of_unspaced(&unspaced.concat());
    if spaced.len() > 1 {
        for order in orders(&spaced) {
            all.extend(joinings(&order));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// A name of Han and the like, with and without what stood between its parts.
fn of_unspaced(words: &[String]) -> Vec<Vec<String>> {
    let whole = words.concat();
    match whole.chars().count() {
        0 | 1 => Vec::new(),
        _ if words.len() == 1 => vec![vec![whole]],
        _ => vec![vec![whole], words.to_vec()],
    }
}

/// The names as written, with the first one last, and with the last one first.
fn orders(names: &[Vec<String>]) -> Vec<Vec<Vec<String>>> {
    let (mut first_last, mut last_first) = (names.to_vec(), names.to_vec());
    first_last.rotate_left(1);
    last_first.rotate_right(1);
    vec![names.to_vec(), first_last, last_first]
}

/// The names with their hyphened parts as words of their own, and in one word.
fn joinings(names: &[Vec<String>]) -> [Vec<String>; 2] {
    [names.concat(), names.iter().map(|parts| parts.concat()).collect()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        spellings(text).iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn a_name_has_its_orders_and_joinings() {
        let ming = ["wang xiao ming", "wang xiaoming", "xiao ming wang", "xiaoming wang"];
        assert_eq!(joined("WANG Xiao-Ming"), ming);
        assert_eq!(joined("Wang, Xiao-Ming"), ming);
        assert_eq!(joined("Xiaoming Wang"), ["wang xiaoming", "xiaoming wang"]);
        assert_eq!(joined("Петров Иван"), ["иван петров", "петров иван"]);
        assert_eq!(joined("王小明"), ["王小明"]);
        assert_eq!(joined("約翰·史密斯"), ["约翰 史密斯", "约翰史密斯"]);
        assert_eq!(joined("王小明 Xiaoming Wang"), ["wang xiaoming", "xiaoming wang", "王小明"]);
        assert!(joined("Xiaoming").is_empty() && joined("王").is_empty());
    }
}
