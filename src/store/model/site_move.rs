//! Moves of sites to other hosts: proposed by a visit, decided by a person.

use jiff::Timestamp;

use super::text_enum::text_enum;

text_enum! {
    /// Where the proposal of a move stands.
    MoveState {
        /// Nobody has decided.
        Open = "open",
        /// The definition was changed.
        Approved = "approved",
        /// The site is not followed there, and it is not proposed again.
        Dismissed = "dismissed",
    }
}

text_enum! {
    /// Whether the new address shows the same site.
    SameSite {
        /// It was not looked at, or did not answer.
        Unchecked = "unchecked",
        /// The definition's proof of identity holds there. Whoever copies a site copies that as well: it is a hint.
        Proven = "proven",
        /// It does not, or the definition has none.
        NotProven = "not_proven",
    }
}

/// A proposal that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMove {
    /// The source.
    pub source: String,
    /// The link that was visited.
    pub from: String,
    /// Where it points.
    pub to: String,
    /// When it was first seen.
    pub seen_at: Timestamp,
}

/// A proposal as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteMove {
    /// Its number.
    pub id: i64,
    /// What was seen.
    pub seen: NewMove,
    /// Whether the new address shows the same site.
    pub same_site: SameSite,
    /// Where it stands.
    pub state: MoveState,
    /// Who decided; empty while nobody has.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why it was dismissed or approved.
    pub reason: String,
}
