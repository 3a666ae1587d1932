//! Assessment: the claim read from a post, how grave it is and how sure; pure, and the same for the same text.
//!
//! **Severity** (what is said): a mention is low; talk of a leak, or somebody looking for the data, is medium; an
//! offer of data is high; an offer of at least 100 GB or 1,000,000 records, or of access, is critical. A sale that
//! names no data, volume, records or sample is medium: it may be a second-hand laptop.
//!
//! **Confidence** (whether it is about the member): an exact term (domain, address, network, business number)
//! together with a claim is high; one of the two is medium; a keyword in passing is low.

mod claim;
mod fold;
mod number;
mod read;
#[cfg(test)]
mod tests;

pub use claim::{Action, Claim, ContactKind, Currency, DataKind, Field, MAX_READINGS, Price, Reading, Sample};
pub(crate) use fold::{Folded, is_invisible};

use crate::store::model::{Confidence, Severity};

/// Volume from which an offer is critical: 100 GB, in bytes.
pub const CRITICAL_BYTES: u64 = 100_000_000_000;
/// Number of records from which an offer is critical.
pub const CRITICAL_RECORDS: u64 = 1_000_000;

/// How much a hit of a term says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HitKind {
    /// A word that may mean something else: keyword, brand, phrase, person, product, pattern.
    Word,
    /// An identifier that is nobody else's: domain, mail address, IP address or network, business number.
    Exact,
}

impl HitKind {
    /// The strength of a term's kind; a kind this version does not know is a word.
    #[must_use]
    pub fn of_term(kind: &str) -> Self {
        match kind {
            "domain" | "email" | "email_domain" | "ip" | "cidr" | "business_number" => Self::Exact,
            _ => Self::Word,
        }
    }
}

/// What came of reading a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The claim; `None` when nothing is claimed.
    pub claim: Option<Claim>,
    /// How grave.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Named reasons, gravest first: `access_for_sale`, `volume_from_100_gb`, `records_from_1m`, `data_offered`,
    /// `offer_without_data`, `leak_talk`, `data_wanted`, `mention`, then `exact_term` or `word_only`.
    pub reasons: Vec<&'static str>,
}

/// Reads a post. `author` is the author as shown; `hits` are the kinds of the terms found in it.
#[must_use]
pub fn assess(title: &str, body: &str, author: Option<&str>, hits: &[HitKind]) -> Assessment {
    let claim = read::claim(title, body, author);
    let (severity, mut reasons) = severity(claim.as_ref());
    let exact = hits.contains(&HitKind::Exact);
    reasons.push(if exact { "exact_term" } else { "word_only" });
    // A sale of something unnamed is not yet a sign that the word means the member.
    let claimed = severity >= Severity::Medium && !reasons.contains(&"offer_without_data");
    let confidence = match (exact, claimed) {
        (true, true) => Confidence::High,
        (true, false) | (false, true) => Confidence::Medium,
        (false, false) => Confidence::Low,
    };
    Assessment { claim, severity, confidence, reasons }
}

fn severity(claim: Option<&Claim>) -> (Severity, Vec<&'static str>) {
    let Some(claim) = claim else { return (Severity::Low, vec!["mention"]) };
    match claim.action {
        Action::Talk => (Severity::Medium, vec!["leak_talk"]),
        Action::Buying => (Severity::Medium, vec!["data_wanted"]),
        Action::AccessOffer => (Severity::Critical, vec!["access_for_sale"]),
        Action::Leaking | Action::Selling | Action::Ransom => offer(claim),
    }
}

fn offer(claim: &Claim) -> (Severity, Vec<&'static str>) {
    let mut reasons = Vec::new();
    if claim.volume() >= CRITICAL_BYTES {
        reasons.push("volume_from_100_gb");
    }
    if claim.record_count() >= CRITICAL_RECORDS {
        reasons.push("records_from_1m");
    }
    if !reasons.is_empty() {
        return (Severity::Critical, reasons);
    }
    let named =
        !(claim.data.is_empty() && claim.volumes.is_empty() && claim.records.is_empty() && claim.samples.is_empty());
    if named || claim.action == Action::Ransom {
        (Severity::High, vec!["data_offered"])
    } else {
        (Severity::Medium, vec!["offer_without_data"])
    }
}
