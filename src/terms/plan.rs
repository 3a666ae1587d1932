//! An import before it is written: what is new, what is there already, what contradicts it, what is too broad.

use std::collections::HashMap;

use jiff::Timestamp;
use nightheron_watchlists::Term;

use super::{
    file::FileTerm,
    preview::{PreviewError, verdicts},
    verdict::Verdict,
};
use crate::{
    members::watched,
    store::{
        Store, StoreError,
        model::{NewTerm, TermChange, TermRow, TermState, TermsSaved},
    },
};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The store refused or does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The terms cannot be tried.
    #[error(transparent)]
    Preview(#[from] PreviewError),
    /// No member has a number that the file names.
    #[error("line {line}: no member has the number {number}; nothing was imported")]
    NoMember {
        /// Line of the file.
        line: u64,
        /// The number.
        number: String,
    },
    /// Terms are there with other rules, and it was not said which to take.
    #[error("{0} terms are there already and differ; take the file's by --update, or leave them by --keep")]
    Conflicts(usize),
}

/// What to do about terms that are there and differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// Import nothing.
    Refuse,
    /// Leave what is stored.
    Keep,
    /// Take what the file says.
    Update,
}

/// How a term of the file compares with what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The member does not have it.
    New,
    /// The member has it, as it is.
    Same,
    /// The member has it with these things other than in the file.
    Differs(Box<TermRow>, Vec<&'static str>),
}

/// A term of the file, planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Line of the file.
    pub line: u64,
    /// Its member.
    pub member: i64,
    /// The member's name.
    pub member_name: String,
    /// The term.
    pub term: NewTerm,
    /// How it compares.
    pub standing: Standing,
    /// Other members that watch for the same; theirs is not touched.
    pub others: Vec<String>,
    /// What it would have found; judged where it would become active.
    pub verdict: Option<Verdict>,
}

/// An import that is ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// In the file's order.
    pub rows: Vec<Planned>,
}

/// Compares a file with the store; writes nothing.
///
/// # Errors
/// A number that is no member's; the store does not answer.
pub async fn plan(store: &dyn Store, terms: Vec<FileTerm>, now: Timestamp) -> Result<Plan, PlanError> {
    let members: HashMap<String, (i64, String)> =
        store.members().await?.into_iter().map(|m| (m.business_number, (m.id, m.name))).collect();
    let mut stored: HashMap<(String, String), Vec<TermRow>> = HashMap::new();
    for row in store.terms(None).await? {
        stored.entry((row.term.kind.clone(), row.term.text.clone())).or_default().push(row);
    }
    let mut rows = Vec::new();
    for FileTerm { business_number, term, line } in terms {
        let Some((member, member_name)) = members.get(&business_number).cloned() else {
            return Err(PlanError::NoMember { line, number: business_number });
        };
        let equal = stored.get(&(term.kind.clone(), term.text.clone())).map_or(&[][..], Vec::as_slice);
        let standing = standing(equal.iter().find(|row| row.member == member), &term);
        let others = equal.iter().filter(|row| row.member != member).map(|row| row.member_name.clone()).collect();
        rows.push(Planned { line, member, member_name, term, standing, others, verdict: None });
    }
    judge(store, &mut rows, now).await?;
    Ok(Plan { rows })
}

fn standing(stored: Option<&TermRow>, term: &NewTerm) -> Standing {
    let Some(row) = stored else { return Standing::New };
    let old = &row.term;
    let differs = [
        ("context", old.context != term.context),
        ("state", old.state != term.state),
        ("reason", old.reason != term.reason),
        ("review", old.review_at != term.review_at),
    ];
    let differs: Vec<_> = differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
    if differs.is_empty() { Standing::Same } else { Standing::Differs(Box::new(row.clone()), differs) }
}

/// Judges the terms that would be watched for and are not, or not like this.
async fn judge(store: &dyn Store, rows: &mut [Planned], now: Timestamp) -> Result<(), PlanError> {
    let mut tried: Vec<(usize, Term)> = Vec::new();
    for (place, row) in rows.iter().enumerate().filter(|(_, row)| row.term.state == TermState::Active) {
        let watched_so = |old: &TermRow| old.term.state == TermState::Active && old.term.context == row.term.context;
        let seeks = match &row.standing {
            Standing::New => true,
            Standing::Same => false,
            Standing::Differs(old, _) => !watched_so(old),
        };
        if seeks && let Ok(term) = watched(&row.term) {
            tried.push((place, term));
        }
    }
    if tried.is_empty() {
        return Ok(());
    }
    let terms: Vec<Term> = tried.iter().map(|(_, term)| term.clone()).collect();
    for ((place, _), verdict) in tried.iter().zip(verdicts(store, &terms, now).await?) {
        if let Some(row) = rows.get_mut(*place) {
            row.verdict = Some(verdict);
        }
    }
    Ok(())
}

impl Plan {
    /// Terms that are there and differ.
    pub fn conflicts(&self) -> impl Iterator<Item = &Planned> {
        self.rows.iter().filter(|row| matches!(row.standing, Standing::Differs(..)))
    }

    /// Terms that are too broad to be watched for without a reason.
    pub fn too_broad(&self) -> impl Iterator<Item = &Planned> {
        self.rows.iter().filter(|row| row.verdict.is_some_and(Verdict::is_too_broad))
    }

    /// Writes it, all or nothing. What is too broad is saved as a draft for somebody else to activate, unless
    /// `reason` says why it is watched for all the same.
    ///
    /// # Errors
    /// Conflicts that `on_conflict` does not settle; a term that changed since the plan was made.
    pub async fn write(
        &self, store: &dyn Store, on_conflict: OnConflict, reason: &str, by: &str, now: Timestamp,
    ) -> Result<TermsSaved, PlanError> {
        let conflicts = self.conflicts().count();
        if conflicts > 0 && on_conflict == OnConflict::Refuse {
            return Err(PlanError::Conflicts(conflicts));
        }
        let (mut added, mut changed) = (Vec::new(), Vec::new());
        for row in &self.rows {
            let held = row.verdict.is_some_and(Verdict::is_too_broad) && reason.trim().is_empty();
            let mut term = row.term.clone();
            if held {
                term.state = TermState::Draft;
            }
            match &row.standing {
                Standing::New => added.push((row.member, term)),
                Standing::Differs(old, _) if on_conflict == OnConflict::Update => {
                    changed.push(TermChange { id: old.id, version: old.version, term });
                }
                Standing::Same | Standing::Differs(..) => {}
            }
        }
        Ok(store.save_terms(&added, &changed, by, reason.trim(), now).await?)
    }
}
