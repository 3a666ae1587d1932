//! A post as it was read, and what identifies it.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use url::{Position, Url};

use crate::definition::Definition;

/// One message, paste or listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The site's own id.
    pub post_id: String,
    /// The thread's id.
    pub thread_id: Option<String>,
    /// Its address.
    pub url: String,
    /// Author as shown.
    pub author: Option<String>,
    /// When it was posted.
    pub posted_at: Option<Timestamp>,
    /// When the site says it was edited.
    pub edited_at: Option<Timestamp>,
    /// Title of the thread or paste.
    pub title: String,
    /// Text.
    pub body: String,
    /// Further fields of the definition; `links`, a line each, are the links of the body that its text cuts short or
    /// does not show.
    pub extra: BTreeMap<String, String>,
}

impl Post {
    fn part(&self, name: &str) -> &str {
        match name {
            "post_id" => &self.post_id,
            "thread_id" => self.thread_id.as_deref().unwrap_or_default(),
            "url" => &self.url,
            "author" => self.author.as_deref().unwrap_or_default(),
            "title" => &self.title,
            "body" => &self.body,
            other => self.extra.get(other).map(String::as_str).unwrap_or_default(),
        }
    }

    /// What identifies the post within its source.
    #[must_use]
    pub fn key(&self, definition: &Definition) -> String {
        definition.key.iter().map(|name| self.part(name)).collect::<Vec<_>>().join("/")
    }

    /// `://` with the host and port of each mirror and of the post's own address, the longest first.
    fn hosts(&self, definition: &Definition) -> Vec<String> {
        let own = Url::parse(&self.url).ok();
        let urls = definition.links.iter().chain(&definition.legacy_links).chain(&own);
        let mut hosts: Vec<String> = urls
            .map(|url| format!("://{}", &url[Position::BeforeHost..Position::AfterPort]))
            .filter(|host| host.len() > "://".len())
            .collect();
        hosts.sort_by_key(|host| std::cmp::Reverse(host.len()));
        hosts.dedup();
        hosts
    }

    /// SHA-256 in hex over the fields whose change is an edit. A site's own host is left out of its links, so that
    /// a post read on two mirrors is one and the same.
    #[must_use]
    pub fn content_hash(&self, definition: &Definition) -> String {
        let mut hash = Sha256::new();
        let hosts = self.hosts(definition);
        for name in &definition.content {
            let mut part = Cow::Borrowed(self.part(name));
            for host in &hosts {
                if part.contains(host.as_str()) {
                    part = Cow::Owned(part.replace(host, "://"));
                }
            }
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
