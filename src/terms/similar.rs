//! The record of terms that are equal or similar to one: what they brought is what it will bring.

use nightheron_watchlists::{Term, fold};
use serde::Serialize;

use crate::store::model::{TermRow, TermVerdicts};

/// Most similar terms that are shown.
const MAX: usize = 20;
/// Shortest folded text, in characters, that makes a longer term similar; shorter ones stand in everything.
const MIN_CHARS: usize = 3;

/// How a stored term compares with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same kind and text.
    Equal,
    /// The same text of another kind, or one text holds the other.
    Similar,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 2] = [Self::Equal, Self::Similar];

    /// The name under which it is shown and translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Similar => "similar",
        }
    }
}

/// An equal or similar term with its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Similar {
    /// The term's number.
    pub id: i64,
    /// How it compares.
    pub relation: Relation,
    /// Whose it is.
    pub member: String,
    /// Its kind.
    pub kind: String,
    /// Its text.
    pub text: String,
    /// `draft`, `active` or `paused`.
    pub state: &'static str,
    /// Hits so far.
    pub hits: i64,
    /// Alerts confirmed.
    pub confirmed: i64,
    /// Alerts dismissed.
    pub dismissed: i64,
}

/// The stored terms that are equal or similar to `term`, equal ones first; `except` is the term itself.
pub(super) fn similar(
    term: &Term, except: Option<i64>, rows: &[TermRow], verdicts: impl Fn(i64) -> TermVerdicts,
) -> Vec<Similar> {
    let wanted = fold(term.text()).text().to_owned();
    let mut found = Vec::new();
    for row in rows.iter().filter(|row| Some(row.id) != except) {
        let Some(relation) = compare(term.kind().name(), &wanted, row) else { continue };
        let of_term = verdicts(row.id);
        found.push(Similar {
            id: row.id,
            relation,
            member: row.member_name.clone(),
            kind: row.term.kind.clone(),
            text: row.term.text.clone(),
            state: row.term.state.as_str(),
            hits: row.hits,
            confirmed: of_term.confirmed,
            dismissed: of_term.dismissed,
        });
    }
    found.sort_by_key(|other| (other.relation, -other.hits, other.id));
    found.truncate(MAX);
    found
}

fn compare(kind: &str, wanted: &str, row: &TermRow) -> Option<Relation> {
    let folded = fold(&row.term.text);
    let other = folded.text();
    if other == wanted {
        return Some(if row.term.kind == kind { Relation::Equal } else { Relation::Similar });
    }
    let holds = |long: &str, short: &str| short.chars().nth(MIN_CHARS - 1).is_some() && long.contains(short);
    (holds(wanted, other) || holds(other, wanted)).then_some(Relation::Similar)
}
