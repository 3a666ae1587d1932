//! Folding any text: the map is total, in order and on character borders, in both directions.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nightheron_watchlists::{defang, fold};

fuzz_target!(|text: &str| {
    let folded = fold(text);
    let (mut start, mut end) = (0, 0);
    for (at, c) in folded.text().char_indices() {
        let range = folded.original(at..at + c.len_utf8());
        assert!(range.start < range.end, "{c:?} comes from nothing: {range:?}");
        assert!(text.get(range.clone()).is_some(), "{range:?} is off a border");
        assert!(start <= range.start && end <= range.end, "{range:?} goes back");
        let back = folded.folded(range.clone());
        assert!(back.start <= at && at + c.len_utf8() <= back.end, "{range:?} does not lead back to {at}");
        (start, end) = (range.start, range.end);
    }
    for at in 0..=text.len() {
        assert!(folded.text().get(folded.folded(at..at + 3)).is_some(), "{at} is off a border");
    }
    let once = defang(text);
    assert_eq!(defang(&once), once);
});
