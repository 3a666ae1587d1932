//! Terms as they stood at one generation, as one matcher.

use std::collections::HashMap;

use nightheron_watchlists::Matcher;

use crate::store::{Result, StoreError, model::TermRow, model::TermState};

/// Whose a term is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The member.
    pub member: i64,
    /// Its business number.
    pub business_number: String,
    /// The term's kind.
    pub kind: String,
}

/// A matcher with the owners of its terms.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) matcher: Matcher,
    /// Owner by term; `None`: the term is watched no longer.
    pub(super) owners: HashMap<i64, Option<Owner>>,
}

impl Layer {
    /// Builds the matcher, on a thread of its own. A term that this version cannot read is told in the log and passed
    /// over, so that it does not blind the others.
    pub(super) async fn build(rows: Vec<TermRow>, numbers: &HashMap<i64, String>) -> Result<Self> {
        let (mut terms, mut owners) = (Vec::new(), HashMap::with_capacity(rows.len()));
        for row in rows {
            let active = row.term.state == TermState::Active;
            let watched = active.then(|| crate::members::watched(&row.term)).transpose().unwrap_or_else(|reason| {
                tracing::error!(term.id = row.id, reason, "a stored term cannot be watched for");
                None
            });
            let owner = watched.is_some().then(|| Owner {
                member: row.member,
                business_number: numbers.get(&row.member).cloned().unwrap_or_default(),
                kind: row.term.kind,
            });
            terms.extend(watched.map(|term| (row.id, term)));
            owners.insert(row.id, owner);
        }
        let matcher = tokio::task::spawn_blocking(move || Matcher::new(terms)).await;
        match matcher {
            Ok(Ok(matcher)) => Ok(Self { matcher, owners }),
            Ok(Err(error)) => Err(unbuildable(&error.to_string())),
            Err(error) => Err(unbuildable(&error.to_string())),
        }
    }
}

fn unbuildable(reason: &str) -> StoreError {
    StoreError::Conflict { what: "matcher", id: "of the watch terms".into(), reason: reason.to_owned() }
}
