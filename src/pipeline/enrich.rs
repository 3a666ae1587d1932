//! A post as read becomes a post as stored: with every term of every member found in it, and what it claims.

use std::collections::BTreeMap;

use nightheron_crawlers::{definition::Definition, extract::Post};

use super::WatchList;
use crate::{
    alerts::identity::{alert_id, edit_alert_id},
    assess::{HitKind, assess},
    store::model::{Class, NewFinding, NewHit, NewPost, Severity},
};

/// What a text holds for one member.
#[derive(Debug)]
pub(crate) struct Matched {
    pub(crate) business_number: String,
    pub(crate) kinds: Vec<HitKind>,
    pub(crate) hits: Vec<NewHit>,
}

/// Finds terms in the fields of a post, by member; pure.
pub(crate) fn find_in(fields: [(&str, &str); 5], list: &WatchList) -> BTreeMap<i64, Matched> {
    let mut by_member: BTreeMap<i64, Matched> = BTreeMap::new();
    for (field, text) in fields {
        for (hit, owner) in list.find(text) {
            let entry = by_member.entry(owner.member).or_insert_with(|| Matched {
                business_number: owner.business_number.clone(),
                kinds: Vec::new(),
                hits: Vec::new(),
            });
            // What may be something else is no better than a word, whatever the term's kind.
            let sure = hit.confidence == nightheron_watchlists::Confidence::High;
            entry.kinds.push(if sure { HitKind::of_term(&owner.kind) } else { HitKind::Word });
            entry.hits.push(NewHit {
                term: hit.term,
                field: field.to_owned(),
                start: hit.start as u64,
                end: hit.end as u64,
                matched: hit.matched.to_owned(),
            });
        }
    }
    by_member
}

/// Matches and assesses a post; pure.
#[must_use]
pub fn enrich(source: &str, definition: &Definition, post: Post, list: &WatchList) -> NewPost {
    let (key, content_hash) = (post.key(definition), post.content_hash(definition));
    enrich_as(source, key, content_hash, post, list)
}

/// The same for a post with this identity in its source, and this hash of what an edit would change; pure.
pub(super) fn enrich_as(source: &str, key: String, content_hash: String, post: Post, list: &WatchList) -> NewPost {
    let author = post.author.clone().unwrap_or_default();
    let links = post.extra.get("links").cloned().unwrap_or_default();
    let fields =
        [("title", &*post.title), ("body", &*post.body), ("author", &*author), ("url", &*post.url), ("links", &*links)];
    let by_member = find_in(fields, list);
    let mut claim = None;
    let mut findings = Vec::new();
    for (member, Matched { business_number: number, kinds, hits }) in by_member {
        let assessed = assess(&post.title, &post.body, post.author.as_deref(), &kinds);
        claim = claim.or_else(|| assessed.claim.as_ref().map(crate::assess::Claim::to_json));
        findings.push(NewFinding {
            member,
            alert: alert_id(source, &key, &number, Class::Post),
            edit_alert: edit_alert_id(source, &key, &number, &content_hash),
            severity: assessed.severity.max(Severity::Low),
            confidence: assessed.confidence,
            hits,
        });
    }
    NewPost {
        key,
        post_id: post.post_id,
        thread_id: post.thread_id,
        url: post.url,
        author: post.author,
        posted_at: post.posted_at,
        edited_at: post.edited_at,
        title: post.title,
        body: post.body,
        content_hash,
        extra: serde_json::to_string(&post.extra).unwrap_or_else(|_| "{}".to_owned()),
        claim,
        findings,
    }
}
