//! Whom an alert is told: a row per contact and channel, and never an address that the leak itself names.

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::settings::Desk;
use crate::assess::Folded;
use crate::store::Store;
use crate::store::model::{Alert, Audience, Channel, Contact, Member, NewNotice, PostRow};

/// The notices of a release, and who was passed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addressed {
    /// One per contact and channel.
    pub notices: Vec<NewNotice>,
    /// Addresses that are not used, with the reason.
    pub skipped: Vec<Skipped>,
}

/// An address that is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The contact; `None` when the member has none at all.
    pub contact: Option<i64>,
    /// Its mail address or webhook.
    pub address: String,
    /// Why.
    pub reason: SkipReason,
}

/// Why an address is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// The post names it: whoever wrote the post may read that mailbox.
    NamedInLeak,
    /// Another contact of the member has the same one.
    Duplicate,
}

impl SkipReason {
    /// The name under which it is shown and translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NamedInLeak => "address_named_in_leak",
            Self::Duplicate => "duplicate_address",
        }
    }
}

/// The notices of a released alert. `revisions` are all texts the post ever had: an edit does not give a mailbox back.
#[must_use]
pub fn for_member(alert: &Alert, member: &Member, contacts: &[Contact], revisions: &[PostRow]) -> Addressed {
    let leak: Vec<String> =
        revisions.iter().flat_map(|r| [&r.title, &r.body, &r.url]).map(|text| plain(text)).collect();
    let mut addressed = Addressed::default();
    for contact in contacts {
        for (channel, address) in
            [(Channel::Mail, &contact.contact.email), (Channel::Webhook, &contact.contact.webhook_url)]
        {
            let address = address.trim();
            if address.is_empty() {
                continue;
            }
            let named = plain(address);
            let reason = if leak.iter().any(|text| names(text, &named)) {
                SkipReason::NamedInLeak
            } else if addressed.notices.iter().any(|n| n.channel == channel && plain(&n.address) == named) {
                SkipReason::Duplicate
            } else {
                addressed.notices.push(NewNotice {
                    alert: alert.id.clone(),
                    audience: Audience::Member,
                    contact: Some(contact.id),
                    channel,
                    address: address.to_owned(),
                    language: member.language.clone(),
                    payload: None,
                });
                continue;
            };
            addressed.skipped.push(Skipped { contact: Some(contact.id), address: address.to_owned(), reason });
        }
    }
    addressed
}

/// The notices that tell the reviewers of an alert that waits.
#[must_use]
pub fn for_reviewers(alert: &Alert, desk: &Desk) -> Vec<NewNotice> {
    to_desk(desk, &alert.id, Audience::Reviewer, None)
}

/// A source that stopped yielding, or yields again; the payload of a notice to the SOC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceHealth {
    /// The source's identity.
    pub source: String,
    /// Its name.
    pub name: String,
    /// Whether it is read again.
    pub healthy: bool,
    /// The outcome of its last visit.
    pub outcome: String,
    /// Since when, UTC.
    #[serde(with = "rfc3339")]
    pub since: Timestamp,
    /// Where the site points to, when that is for a person to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
}

/// A time as text of RFC 3339 in JSON.
mod rfc3339 {
    use jiff::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(at)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// The notices that tell the SOC (the reviewers' addresses) of a source.
#[must_use]
pub fn for_soc(health: &SourceHealth, desk: &Desk) -> Vec<NewNotice> {
    to_desk(desk, "", Audience::Soc, serde_json::to_string(health).ok())
}

/// Queues the notices that tell the SOC of a source, or of Tor as a whole. What cannot be queued stands in the log.
pub async fn tell_soc(store: &dyn Store, health: &SourceHealth, desk: &Desk, now: Timestamp) {
    for notice in for_soc(health, desk) {
        if let Err(error) = store.queue_notice(&notice, now).await {
            tracing::error!(source.id = %health.source, error = %error, "the SOC cannot be told about a source");
        }
    }
}

fn to_desk(desk: &Desk, alert: &str, audience: Audience, payload: Option<String>) -> Vec<NewNotice> {
    let mails = desk.reviewers.iter().map(|address| (Channel::Mail, address.clone()));
    let hook = desk.reviewer_webhook.iter().map(|(url, _)| (Channel::Webhook, url.to_string()));
    mails
        .chain(hook)
        .map(|(channel, address)| NewNotice {
            alert: alert.to_owned(),
            audience,
            contact: None,
            channel,
            address,
            language: desk.reviewer_language.clone(),
            payload: payload.clone(),
        })
        .collect()
}

static AT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[\[({<]\s*(?:at|@)\s*[\])}>]\s*|\s+at\s+"));
static DOT: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[\[({<]\s*(?:dot|\.)\s*[\])}>]\s*|\s+dot\s+"));

/// Text in which an address stands plainly, however its author hid it: case, width, `[at]`, `(dot)`.
fn plain(text: &str) -> String {
    let folded = Folded::new(text).text;
    DOT.replace_all(&AT.replace_all(&folded, "@"), ".").into_owned()
}

/// Whether `text` names the address as a whole: `ann@x.example` does not name `joann@x.example`.
fn names(text: &str, address: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+');
    text.match_indices(address).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let mut after = text.get(at + address.len()..).unwrap_or_default().chars();
        let next = after.next();
        // A full stop ends a sentence unless a further label follows it.
        let runs_on = next.is_some_and(inner) || (next == Some('.') && after.next().is_some_and(inner));
        !before.is_some_and(|c| inner(c) || c == '.') && !runs_on
    })
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of this program")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::samples;
    use crate::store::model::NewContact;

    fn contact(id: i64, email: &str, hook: &str) -> Contact {
        Contact {
            id,
            member: 1,
            contact: NewContact { email: email.into(), webhook_url: hook.into(), ..NewContact::default() },
        }
    }

    fn addressed(contacts: &[Contact], body: &str) -> Addressed {
        let post = PostRow { body: body.into(), ..samples::post() };
        for_member(&samples::alert(), &samples::member(), contacts, &[samples::post(), post])
    }

    #[test]
    fn a_row_per_contact_and_channel() {
        let contacts = [
            contact(1, "it@acme.example", "https://acme.example/hook"),
            contact(2, "ceo@acme.example", ""),
            contact(3, "", ""),
        ];
        let told = addressed(&contacts, "nothing");
        let rows: Vec<_> = told.notices.iter().map(|n| (n.contact, n.channel, n.address.as_str())).collect();
        assert_eq!(
            rows,
            [
                (Some(1), Channel::Mail, "it@acme.example"),
                (Some(1), Channel::Webhook, "https://acme.example/hook"),
                (Some(2), Channel::Mail, "ceo@acme.example"),
            ]
        );
    }

    #[test]
    fn an_address_named_in_the_leak_is_passed_over() {
        for body in [
            "combo: IT@ACME.example:pass",
            "it[at]acme[.]example",
            "it (at) acme (dot) example",
            "it at acme dot example",
            "ｉｔ@acme.example。",
            "i\u{200b}t@acme.example",
            "write it@acme.example.",
        ] {
            let told = addressed(&[contact(1, "it@acme.example", ""), contact(2, "ceo@acme.example", "")], body);
            assert_eq!(told.notices.len(), 1, "{body}");
            assert_eq!(told.skipped[0].reason, SkipReason::NamedInLeak, "{body}");
        }
    }

    #[test]
    fn a_longer_address_is_another_one() {
        for body in ["audit@acme.example", "it@acme.example.org", "it@acme.examples", "a.it@acme.example"] {
            assert_eq!(addressed(&[contact(1, "it@acme.example", "")], body).notices.len(), 1, "{body}");
        }
    }

    #[test]
    fn the_same_address_is_told_once() {
        let told = addressed(&[contact(1, "it@acme.example", ""), contact(2, "IT@acme.example", "")], "");
        assert_eq!((told.notices.len(), told.skipped[0].reason), (1, SkipReason::Duplicate));
    }
}
