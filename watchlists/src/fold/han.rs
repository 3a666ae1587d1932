//! Traditional and regional Han characters to Simplified, one character at a time.

use std::collections::HashMap;
use std::sync::LazyLock;

use hanconv::Dictionary;

/// The block that holds nearly every character in use, looked up by index.
const DENSE: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{9fff}';

/// More steps than any chain of the dictionaries has.
const MAX_CHAIN: usize = 4;

static TABLE: LazyLock<Table> = LazyLock::new(Table::load);

struct Table {
    dense: Vec<char>,
    sparse: HashMap<char, char>,
}

/// The Simplified form of `c`, or `c` itself. Characters that Simplified writes alike (後, 后)
/// become one; the first form is taken where OpenCC lists several.
pub(crate) fn simplify(c: char) -> char {
    let table = &*TABLE;
    if DENSE.contains(&c) {
        let index = c as usize - *DENSE.start() as usize;
        table.dense.get(index).copied().unwrap_or(c)
    } else {
        table.sparse.get(&c).copied().unwrap_or(c)
    }
}

impl Table {
    fn load() -> Table {
        let variants = single_characters(Dictionary::TWVariants);
        let simplified = single_characters(Dictionary::TSCharacters);
        let step = |c: char| {
            let c = variants.get(&c).copied().unwrap_or(c);
            simplified.get(&c).copied().unwrap_or(c)
        };
        // 薴 becomes 苧, which as a Traditional character becomes 苎: follow such chains, so that
        // every form of a character ends at the same one.
        let fold = |c: char| (0..MAX_CHAIN).fold(c, |c, _| step(c));
        let listed = variants.keys().chain(simplified.keys()).copied();
        Table {
            dense: DENSE.map(fold).collect(),
            sparse: listed.filter(|c| !DENSE.contains(c)).map(|c| (c, fold(c))).collect(),
        }
    }
}

/// The entries of an OpenCC dictionary that map one character to one character.
fn single_characters(dictionary: Dictionary) -> HashMap<char, char> {
    dictionary.iter().filter_map(|(from, to)| Some((single(from)?, single(to)?))).collect()
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_and_regional_forms_meet() {
        for forms in ["臺台", "積积", "電电", "後后", "灣湾", "著着", "裏裡里", "羣群", "為爲为", "污汙"]
        {
            let folded: Vec<char> = forms.chars().map(simplify).collect();
            assert!(folded.windows(2).all(|w| w[0] == w[1]), "{forms}: {folded:?}");
        }
    }

    #[test]
    fn distinct_characters_stay_distinct() {
        assert_ne!(simplify('未'), simplify('末'));
        assert_eq!(simplify('統'), '统');
        assert_eq!(simplify('一'), '一');
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for c in DENSE.chain('\u{20000}'..='\u{323af}') {
            let once = simplify(c);
            assert_eq!(simplify(once), once, "{c}");
        }
    }
}
