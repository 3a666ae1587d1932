//! Everything a notice may tell of one alert, read from the store once.

use std::ops::Range;

use crate::assess::Claim;
use crate::store::model::{Alert, Contact, HitRow, Member, NewSource, PostRow};
use crate::store::{Result, Store, StoreError};

/// An alert with its member, source, post and hits.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The alert.
    pub alert: Alert,
    /// The member concerned.
    pub member: Member,
    /// Where it was found.
    pub source: NewSource,
    /// The revision that raised the alert.
    pub post: PostRow,
    /// The claim read from that revision.
    pub claim: Option<Claim>,
    /// The member's hits in it.
    pub hits: Vec<HitRow>,
    /// Other members' hits in it: their words are hidden from this one.
    pub others: Vec<HitRow>,
}

impl Finding {
    /// Reads what belongs to an alert.
    ///
    /// # Errors
    /// Those of the store; `NotFound` when the source of the alert is not known any more.
    pub async fn load(store: &dyn Store, alert_id: &str) -> Result<Self> {
        let alert = store.alert(alert_id).await?;
        let member = store.member(alert.member).await?;
        let post = store.post(alert.post).await?;
        let sources = store.sources().await?;
        let source = sources.into_iter().map(|row| row.source).find(|source| source.id == alert.source);
        let source = source.ok_or_else(|| StoreError::NotFound { what: "source", id: alert.source.clone() })?;
        let (hits, others) = store.hits(alert.post).await?.into_iter().partition(|hit| hit.member == alert.member);
        let claim = alert.claim.as_deref().or(post.claim.as_deref()).and_then(Claim::from_json);
        Ok(Self { alert, member, source, post, claim, hits, others })
    }

    /// Byte spans in a field (`title`, `body`, `author`, `url`) in which only other members were found.
    #[must_use]
    pub(crate) fn others_in(&self, field: &str) -> Vec<Range<usize>> {
        let own: Vec<_> = self.hits.iter().filter(|hit| hit.field == field).map(span).collect();
        let others = self.others.iter().filter(|hit| hit.field == field).map(span);
        others.filter(|other| !own.iter().any(|own| own.start < other.end && other.start < own.end)).collect()
    }

    /// The hit whose surroundings prove the finding: in the text rather than in the title.
    #[must_use]
    pub(crate) fn proof(&self) -> Option<&HitRow> {
        ["body", "title", "author", "url"].iter().find_map(|field| self.hits.iter().find(|hit| hit.field == *field))
    }

    /// A field's text.
    #[must_use]
    pub(crate) fn field(&self, field: &str) -> &str {
        match field {
            "title" => &self.post.title,
            "author" => self.post.author.as_deref().unwrap_or_default(),
            "url" => &self.post.url,
            _ => &self.post.body,
        }
    }
}

/// The byte span of a hit, as far as this machine can count.
pub(crate) fn span(hit: &HitRow) -> Range<usize> {
    usize::try_from(hit.start).unwrap_or(usize::MAX)..usize::try_from(hit.end).unwrap_or(usize::MAX)
}

/// What is needed to choose whom to tell: the contacts, and every revision of the post.
#[derive(Debug, Clone)]
pub(crate) struct Circle {
    pub(crate) contacts: Vec<Contact>,
    pub(crate) revisions: Vec<PostRow>,
}

impl Circle {
    pub(crate) async fn load(store: &dyn Store, alert: &Alert) -> Result<Self> {
        let contacts = store.contacts(alert.member).await?;
        let revisions = store.revisions(&alert.source, &alert.post_key).await?;
        Ok(Self { contacts, revisions })
    }
}
