//! The terms that somebody should look at again: pure choices from their records.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::store::model::{TermRow, TermState, TermVerdicts};

/// Why a term should be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// It is watched for and was never found.
    NeverFired,
    /// It was judged, and never confirmed.
    OnlyFalse,
    /// Its date of review has come.
    Due,
}

impl Review {
    /// Every list.
    pub const ALL: [Self; 3] = [Self::NeverFired, Self::OnlyFalse, Self::Due];

    /// The name under which it is asked for and translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeverFired => "never-fired",
            Self::OnlyFalse => "only-false",
            Self::Due => "due",
        }
    }

    /// Whether a term belongs on the list.
    #[must_use]
    pub fn holds(self, row: &TermRow, verdicts: TermVerdicts, now: Timestamp) -> bool {
        match self {
            Self::NeverFired => row.term.state == TermState::Active && row.last_fired_at.is_none(),
            Self::OnlyFalse => verdicts.dismissed > 0 && verdicts.confirmed == 0,
            Self::Due => row.term.state != TermState::Paused && row.term.review_at.is_some_and(|at| at <= now),
        }
    }

    /// The terms of the list: those that have waited longest first.
    #[must_use]
    pub fn select(self, mut rows: Vec<TermRow>, verdicts: &HashMap<i64, TermVerdicts>, now: Timestamp) -> Vec<TermRow> {
        rows.retain(|row| self.holds(row, verdicts.get(&row.id).copied().unwrap_or_default(), now));
        rows.sort_by_key(|row| (if self == Self::Due { row.term.review_at } else { Some(row.created_at) }, row.id));
        rows
    }
}

impl std::str::FromStr for Review {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|review| review.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is not one of {}", Self::ALL.map(Self::as_str).join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::model::NewTerm;

    fn row(id: i64, state: TermState, fired: bool, review: Option<i64>) -> TermRow {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let term = NewTerm {
            kind: "keyword".into(),
            text: id.to_string(),
            context: None,
            state,
            author: "lin".into(),
            reason: "r".into(),
            review_at: review.map(at),
        };
        TermRow {
            id,
            member: 1,
            member_name: "acme".into(),
            term,
            version: 1,
            edited_by: "lin".into(),
            created_at: at(-id),
            last_fired_at: fired.then(|| at(1)),
            hits: i64::from(fired),
        }
    }

    #[test]
    fn each_list_holds_its_own() {
        let rows = vec![
            row(1, TermState::Active, false, Some(5)),
            row(2, TermState::Active, true, Some(11)),
            row(3, TermState::Active, true, Some(10)),
            row(4, TermState::Paused, false, Some(1)),
            row(5, TermState::Draft, false, Some(2)),
        ];
        let verdicts = HashMap::from([
            (2, TermVerdicts { confirmed: 1, dismissed: 9 }),
            (3, TermVerdicts { confirmed: 0, dismissed: 1 }),
        ]);
        let now = Timestamp::from_second(10).expect("a time");
        for (review, expected) in
            [(Review::NeverFired, vec![1]), (Review::OnlyFalse, vec![3]), (Review::Due, vec![5, 1, 3])]
        {
            let ids: Vec<_> = review.select(rows.clone(), &verdicts, now).iter().map(|row| row.id).collect();
            assert_eq!(ids, expected, "{review:?}");
            assert_eq!(review.as_str().parse(), Ok(review));
        }
        assert!("all".parse::<Review>().is_err());
    }
}
