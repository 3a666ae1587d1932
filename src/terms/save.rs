//! Saving a term: what is too broad becomes active only with a stated reason or by a second person.

use jiff::Timestamp;

use super::preview::{Preview, PreviewError, preview};
use crate::{
    members::watched,
    store::{
        Store, StoreError,
        model::{NewTerm, TermChange, TermRow, TermState, TermsSaved},
    },
};

/// Why a term was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The store refused or does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be tried.
    #[error(transparent)]
    Preview(#[from] PreviewError),
    /// The term cannot be read.
    #[error("{0}")]
    Term(String),
    /// It is too broad to be watched for as it is.
    #[error(
        "{} {} is {}; save it as a draft that somebody else activates, or state the reason", .0.kind, .0.text,
        .0.verdict.sentence()
    )]
    TooBroad(Box<Preview>),
}

/// What became of a term.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// What the store did; empty when the member has the term already.
    pub saved: TermsSaved,
    /// What it would have found; `None` when it is not watched for, or finds what it found before.
    pub preview: Option<Preview>,
}

/// Adds a term for a member. `reason` says why it is watched for although it is too broad; may be empty.
///
/// # Errors
/// [`SaveError::TooBroad`] for a term that is to be active and is too broad, without a reason.
pub async fn add(
    store: &dyn Store, member: i64, term: NewTerm, reason: &str, now: Timestamp,
) -> Result<Saved, SaveError> {
    let tried = if term.state == TermState::Active { Some(tried(store, &term, None, now).await?) } else { None };
    refuse_broad(tried.as_ref(), reason)?;
    let by = term.author.clone();
    let saved = store.save_terms(&[(member, term)], &[], &by, reason.trim(), now).await?;
    Ok(Saved { saved, preview: tried })
}

/// Changes a stored term. A term that is too broad is made active with a reason, or by somebody else than `by` who
/// last changed what it finds, unchanged.
///
/// # Errors
/// As [`add`]; `Conflict` when it changed since the version that is given.
pub async fn change(
    store: &dyn Store, row: &TermRow, term: NewTerm, by: &str, reason: &str, now: Timestamp,
) -> Result<Saved, SaveError> {
    let (was, is) = (row.term.state == TermState::Active, term.state == TermState::Active);
    let finds_same = row.term.kind == term.kind && row.term.text == term.text && row.term.context == term.context;
    let tried = if is && !(was && finds_same) { Some(tried(store, &term, Some(row.id), now).await?) } else { None };
    let second_person = finds_same && row.edited_by != by;
    if !second_person {
        refuse_broad(tried.as_ref(), reason)?;
    }
    let change = TermChange { id: row.id, version: row.version, term };
    let saved = store.save_terms(&[], &[change], by, reason.trim(), now).await?;
    Ok(Saved { saved, preview: tried })
}

async fn tried(store: &dyn Store, term: &NewTerm, except: Option<i64>, now: Timestamp) -> Result<Preview, SaveError> {
    let term = watched(term).map_err(SaveError::Term)?;
    let mut made = preview(store, &[term], except, now).await?;
    made.pop().ok_or_else(|| SaveError::Term("the term was not tried".to_owned()))
}

fn refuse_broad(tried: Option<&Preview>, reason: &str) -> Result<(), SaveError> {
    match tried {
        Some(tried) if tried.verdict.is_too_broad() && reason.trim().is_empty() => {
            Err(SaveError::TooBroad(Box::new(tried.clone())))
        }
        _ => Ok(()),
    }
}
