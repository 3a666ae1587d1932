//! Members and applicants, their contacts, and their watch terms.

use jiff::Timestamp;

use super::text_enum::text_enum;

text_enum! {
    /// Where an organisation stands with the membership office.
    MemberState {
        /// The application is under review; it is watched already.
        Applied = "applied",
        /// A member.
        Approved = "approved",
    }
}

text_enum! {
    /// Whether a term is watched for.
    TermState {
        /// Being written; not watched.
        Draft = "draft",
        /// Watched.
        Active = "active",
        /// Kept, not watched.
        Paused = "paused",
    }
}

/// An organisation as its application form tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// 統一編號, 8 digits, checked.
    pub business_number: String,
    /// Name of the organisation.
    pub name: String,
    /// Where its application stands.
    pub state: MemberState,
    /// Language of its notices: `zh-TW` or `en`.
    pub language: String,
    /// Fixed IP addresses and networks, as written, checked.
    pub fixed_ips: Vec<String>,
    /// Who is told.
    pub contacts: Vec<NewContact>,
    /// Terms that come with it (its domains, its name).
    pub terms: Vec<NewTerm>,
}

/// A person or machine that is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewContact {
    /// Name of the person.
    pub name: String,
    /// E-mail address; empty when there is none.
    pub email: String,
    /// Phone number; empty when there is none.
    pub phone: String,
    /// Webhook address; empty when there is none.
    pub webhook_url: String,
    /// Secret of the webhook's signature.
    pub webhook_secret: String,
}

/// A stored organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its number here.
    pub id: i64,
    /// 統一編號.
    pub business_number: String,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub state: MemberState,
    /// Language of its notices.
    pub language: String,
    /// Fixed IP addresses.
    pub fixed_ips: Vec<String>,
    /// When it came.
    pub created_at: Timestamp,
}

/// A stored contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its number here.
    pub id: i64,
    /// Its member.
    pub member: i64,
    /// The rest.
    pub contact: NewContact,
}

/// A term to be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTerm {
    /// `domain`, `email`, `keyword`…
    pub kind: String,
    /// Canonical text.
    pub text: String,
    /// What must or must not stand beside it: JSON of `nightheron_watchlists::Context`; `None` without rules.
    pub context: Option<String>,
    /// Whether it is watched.
    pub state: TermState,
    /// Who added it.
    pub author: String,
    /// Why it exists.
    pub reason: String,
    /// When it is to be looked at again.
    pub review_at: Option<Timestamp>,
}

/// A stored term with its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRow {
    /// Its number here.
    pub id: i64,
    /// Whose it is.
    pub member: i64,
    /// The owner's name.
    pub member_name: String,
    /// The rest.
    pub term: NewTerm,
    /// Grows with every change; a change names the version it was made from.
    pub version: i64,
    /// Who last changed what it finds: its kind, text or context.
    pub edited_by: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last fired; `None`: never.
    pub last_fired_at: Option<Timestamp>,
    /// Hits so far.
    pub hits: i64,
}
