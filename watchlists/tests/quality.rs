//! How well the default rules find what labelled snippets hold: precision and recall, and every
//! miss and false hit by name.

#![expect(clippy::print_stdout, reason = "the table and every miss are what the test is for")]

#[path = "quality/data.rs"]
mod data;
#[path = "quality/score.rs"]
mod score;

use std::collections::HashSet;

use data::{Snippet, Split};
use score::{Outcome, Tally};

const LEAST_PRECISION: f64 = 0.95;
const LEAST_RECALL: f64 = 0.99;

/// The tally of the snippets that `choose` takes, by name.
fn tally(read: &[(Snippet, Outcome)], choose: impl Fn(&Snippet) -> bool) -> Tally {
    let mut tally = Tally::default();
    read.iter().filter(|(snippet, _)| choose(snippet)).for_each(|(_, outcome)| tally.add(outcome));
    tally
}

fn read_all() -> Vec<(Snippet, Outcome)> {
    let (matcher, names) = data::matcher();
    data::snippets()
        .into_iter()
        .map(|snippet| {
            let outcome = Outcome::of(&snippet, &matcher, &names);
            (snippet, outcome)
        })
        .collect()
}

fn print_faults((snippet, outcome): &(Snippet, Outcome)) {
    let Snippet { id, split, text, why, .. } = snippet;
    for (term, matched) in &outcome.missed {
        println!("MISS  {id} {split:?}: {term} as {matched:?} in {text:?} ({why})");
    }
    for (term, matched, confidence) in &outcome.wrong {
        println!("FALSE {id} {split:?}: {term} as {matched:?} ({confidence:?}) in {text:?} ({why})");
    }
    for (term, matched, confidence) in &outcome.misjudged {
        println!("SURE? {id} {split:?}: {term} as {matched:?} is {confidence:?} in {text:?} ({why})");
    }
}

#[test]
fn the_default_rules_are_precise_and_complete() {
    let read = read_all();
    read.iter().for_each(print_faults);
    println!("| snippets | count | right | false | missed | precision | recall |\n|---|--:|--:|--:|--:|--:|--:|");
    let all = tally(&read, |_| true);
    println!("{}", all.row("all"));
    for lang in ["en", "zh-TW", "zh-CN", "ru"] {
        println!("{}", tally(&read, |snippet| snippet.lang == lang).row(lang));
    }
    for (split, name) in [(Split::Tune, "tuned on"), (Split::HeldOut, "held out")] {
        println!("{}", tally(&read, |snippet| snippet.split == split).row(name));
    }
    assert!(all.precision() >= LEAST_PRECISION, "precision {:.3}", all.precision());
    assert!(all.recall() >= LEAST_RECALL, "recall {:.3}", all.recall());
}

#[test]
fn the_snippets_are_sound() {
    let (_, names) = data::matcher();
    let names: HashSet<&String> = names.values().collect();
    let snippets = data::snippets();
    assert!(snippets.len() >= 400, "{} snippets", snippets.len());
    let distinct: HashSet<&str> = snippets.iter().map(|snippet| snippet.text.as_str()).collect();
    assert_eq!(distinct.len(), snippets.len(), "a text stands twice");
    for Snippet { id, text, found, low, absent, why, .. } in &snippets {
        for (term, texts) in found.iter().chain(low) {
            assert!(names.contains(term), "{id}: unknown term {term}");
            assert!(!absent.contains(term), "{id}: {term} is to be found and not");
            assert!(texts.iter().all(|matched| text.contains(matched)), "{id}: {texts:?} is not in the text");
        }
        assert!(absent.iter().all(|term| names.contains(term)), "{id}: unknown term among {absent:?}");
        assert!(!why.is_empty(), "{id}: without a reason");
        assert!(!(found.is_empty() && low.is_empty() && absent.is_empty()), "{id}: says nothing");
    }
}

#[test]
fn a_third_is_held_out_in_every_language() {
    let snippets = data::snippets();
    for lang in ["en", "zh-TW", "zh-CN", "ru"] {
        let of_lang: Vec<&Snippet> = snippets.iter().filter(|snippet| snippet.lang == lang).collect();
        let held_out = of_lang.iter().filter(|snippet| snippet.split == Split::HeldOut).count();
        assert!(held_out * 10 >= of_lang.len() * 3, "{lang}: {held_out} of {}", of_lang.len());
    }
}
