//! What was found held against what was to be found.

use std::collections::HashMap;

use nightheron_watchlists::{Confidence, Matcher, TermId};

use super::data::Snippet;

/// A term and the text that it matched, with the confidence.
type Found = (String, String, Confidence);

/// How well one snippet was read.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) right: usize,
    pub(crate) missed: Vec<(String, String)>,
    pub(crate) wrong: Vec<Found>,
    /// Found, but not with the confidence that was to be expected.
    pub(crate) misjudged: Vec<Found>,
}

/// Sums over snippets.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) snippets: usize,
    pub(crate) right: usize,
    pub(crate) missed: usize,
    pub(crate) wrong: usize,
}

impl Outcome {
    pub(crate) fn of(snippet: &Snippet, matcher: &Matcher, names: &HashMap<TermId, String>) -> Outcome {
        let hits = matcher.find(&snippet.text).into_iter();
        let mut hits: Vec<Found> =
            hits.map(|hit| (names[&hit.term].clone(), hit.matched.to_owned(), hit.confidence)).collect();
        let mut outcome = Outcome::default();
        for (expected, confidence) in [(&snippet.found, Confidence::High), (&snippet.low, Confidence::Low)] {
            for (term, texts) in expected {
                for text in texts {
                    match hits.iter().position(|hit| hit.0 == *term && hit.1 == *text) {
                        Some(place) => {
                            let hit = hits.swap_remove(place);
                            outcome.right += 1;
                            if hit.2 != confidence {
                                outcome.misjudged.push(hit);
                            }
                        }
                        None => outcome.missed.push((term.clone(), text.clone())),
                    }
                }
            }
        }
        outcome.wrong = hits;
        outcome
    }
}

impl Tally {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.snippets += 1;
        self.right += outcome.right;
        self.missed += outcome.missed.len();
        self.wrong += outcome.wrong.len();
    }

    pub(crate) fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    pub(crate) fn recall(&self) -> f64 {
        share(self.right, self.missed)
    }

    /// A row of a Markdown table.
    pub(crate) fn row(&self, name: &str) -> String {
        let Tally { snippets, right, missed, wrong } = self;
        let (precision, recall) = (100.0 * self.precision(), 100.0 * self.recall());
        format!("| {name} | {snippets} | {right} | {wrong} | {missed} | {precision:.1} % | {recall:.1} % |")
    }
}

fn share(right: usize, others: usize) -> f64 {
    if right + others == 0 { 1.0 } else { right as f64 / (right + others) as f64 }
}
