//! What a definition file says, as it stands there; the published JSON Schema is made from these types.
//!
//! Every value that can be wrong in itself keeps its place in the file.

mod rows;
mod session;
mod texts;
mod walk;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use crate::{PageClass, schedule::Class};

pub use rows::{Case, Expect, Field, Filter, Pair, PatternPair, RowSets, Rows, Scope, Split};
pub use session::{Body, Lifted, Method, Session};
pub use texts::Texts;
pub use walk::{Boards, Canonical, ListingWalk, Stop, ThreadWalk, Times, TimesPage, Walk, ZonePage};

/// Text with its place.
pub type Text = Spanned<String>;

/// Kind of site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A forum: boards, threads, posts.
    Forum,
    /// A paste site.
    Paste,
    /// A ransomware group's blog.
    LeakBlog,
    /// A market.
    Market,
    /// A news feed.
    Feed,
    /// A channel of a messenger.
    Channel,
}

impl Kind {
    /// The written form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forum => "forum",
            Self::Paste => "paste",
            Self::LeakBlog => "leak_blog",
            Self::Market => "market",
            Self::Feed => "feed",
            Self::Channel => "channel",
        }
    }
}

/// What pages are made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// HTML.
    #[default]
    Html,
    /// JSON: a member is picked by its key as a class, an item of an array by the class `item`; `id` and `type` are the
    /// attributes `data-id` and `data-type`.
    Json,
    /// A news feed: RSS, Atom or JSON Feed, as an element `feed` with an `entry` for each entry.
    Feed,
    /// Plain text: the one element `text`, taken as it is. Nothing proves the identity of such a page but that it does
    /// not come as HTML.
    Text,
}

/// How to read one source, or the base of many.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Version of this format: 1.
    #[schemars(with = "u32")]
    pub schema: Spanned<u32>,
    /// Stable identity: lower-case letters, digits and dashes.
    #[schemars(with = "String")]
    pub id: Text,
    /// Identities this source had before; what is stored under them belongs to it.
    pub replaces: Option<Vec<String>>,
    /// Name for people.
    pub name: String,
    /// The definition whose parts this one takes over where it is silent.
    #[schemars(with = "Option<String>")]
    pub extends: Option<Text>,
    /// Kind of site.
    pub kind: Option<Kind>,
    /// What the pages are made of; HTML when absent.
    pub response: Option<Response>,
    /// Charset to decode with, only when the site lies about it (WHATWG label).
    #[schemars(with = "Option<String>")]
    pub encoding: Option<Text>,
    /// IANA zone of times that carry none; UTC when absent.
    #[schemars(with = "Option<String>")]
    pub timezone: Option<Text>,
    /// Where the pages tell their zone: a name, an offset as `GMT+8`, or a clock, read with `date`. A `timezone` of the
    /// same definition is for pages that do not; one of a definition that extends it goes before it.
    pub page_zone: Option<Field>,
    /// Addresses of the site; the first is preferred, the others are mirrors.
    #[schemars(with = "Option<Vec<String>>")]
    pub links: Option<Vec<Text>>,
    /// Addresses the site had before; a source still on one of them is moved to the first link.
    #[schemars(with = "Option<Vec<String>>")]
    pub legacy_links: Option<Vec<Text>>,
    /// Politeness and patience.
    pub network: Option<Network>,
    /// How often it is visited.
    pub schedule: Option<Schedule>,
    /// Proof that a page is of this site.
    pub identity: Option<Identity>,
    /// Login.
    pub session: Option<Session>,
    /// Pages that stand in the way; the first match wins. They are looked for before those of the definition extended.
    #[schemars(with = "Option<Vec<ClassRule>>")]
    pub page_classes: Option<Vec<Spanned<ClassRule>>>,
    /// With `false`, the page classes of the definition extended do not hold here.
    pub inherit_page_classes: Option<bool>,
    /// The way through the site.
    pub walk: Option<Walk>,
    /// Repeated parts of pages: `listing` and `thread`.
    pub rows: Option<RowSets>,
    /// What makes a post the same post, and an edit an edit.
    pub dedupe: Option<Dedupe>,
    /// What is kept of each page.
    pub evidence: Option<Evidence>,
    /// What is known about the source.
    pub meta: Option<Meta>,
    /// Saved pages, and what must be read from them.
    pub tests: Option<Vec<Test>>,
}

/// Politeness and patience.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// `tor` or `clear`; must agree with the links. Absent: the links say it.
    pub via: Option<Via>,
    /// Shortest time between two requests, such as `8s`.
    #[schemars(with = "Option<String>")]
    pub gap: Option<Text>,
    /// Share of the gap that chance may add, 0 to 1.
    #[schemars(with = "Option<f64>")]
    pub jitter: Option<Spanned<f64>>,
    /// Longest time for one page, such as `90s`.
    #[schemars(with = "Option<String>")]
    pub timeout: Option<Text>,
    /// Largest body, such as `4MiB`.
    #[schemars(with = "Option<String>")]
    pub max_body: Option<Text>,
    /// Hours of the day, in the definition's time zone, in which it is visited, such as `07:00-01:00`; absent: always.
    #[schemars(with = "Option<String>")]
    pub active_hours: Option<Text>,
}

/// A network plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// Through Tor.
    Tor,
    /// The clear net.
    Clear,
}

/// How often a source is visited.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Its class.
    pub class: Option<Class>,
    /// Longest time between two visits, such as `30m`; the class gives one when absent.
    #[schemars(with = "Option<String>")]
    pub max_interval: Option<Text>,
    /// Shortest time between two visits, such as `30s`; a tenth of the longest, ten seconds at least, when absent.
    #[schemars(with = "Option<String>")]
    pub min_interval: Option<Text>,
    /// Pages of each listing that the first visit reads; absent: all.
    #[schemars(with = "Option<u32>")]
    pub backfill_pages: Option<Spanned<u32>>,
}

/// Proofs of identity.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// One of these must hold on every page.
    #[schemars(with = "Vec<Proof>")]
    pub any: Vec<Spanned<Proof>>,
}

/// Something to be found on a page: exactly one of the two.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// A CSS selector that picks something.
    #[schemars(with = "Option<String>")]
    pub selector: Option<Text>,
    /// A regular expression found in the text of the page's source.
    #[schemars(with = "Option<String>")]
    pub regex: Option<Text>,
}

/// A page that stands in the way.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// What it is.
    pub class: PageClass,
    /// A CSS selector that picks something on it.
    #[schemars(with = "Option<String>")]
    pub selector: Option<Text>,
    /// A regular expression found in its source.
    #[schemars(with = "Option<String>")]
    pub regex: Option<Text>,
}

/// What makes a post the same post, and an edit an edit.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dedupe {
    /// Fields that identify a post: a name, or a list of names.
    pub key: Texts,
    /// Fields whose change is an edit: a name, or a list of names.
    pub content: Texts,
}

/// What is kept of each page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// `html`: the response as it came, the one thing that is kept.
    pub keep: Keep,
}

/// What is kept of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The response as it came.
    Html,
}

/// What is known about a source.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// Admiralty grade of the source, A to F.
    #[schemars(with = "Option<String>")]
    pub grade: Option<Text>,
    /// Default TLP 2.0 marking: clear, green, amber, amber+strict or red.
    #[schemars(with = "Option<String>")]
    pub tlp: Option<Text>,
    /// Who looks after the definition.
    pub owner: Option<String>,
    /// When it was last checked against the site, as 2026-11-01.
    #[schemars(with = "Option<String>")]
    pub verified: Option<Text>,
    /// On what ground it is read.
    pub legal: Option<String>,
}

/// A saved page, and what must be read from it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// File name in the fixtures' folder.
    pub file: String,
    /// What kind of page it is.
    pub page: crate::walk::PageKind,
    /// Path the page stood at, below the link, where a field is read from the address.
    pub path: Option<String>,
    /// The Content-Type header, where it matters.
    pub content_type: Option<String>,
    /// HTTP status; 200 when absent.
    pub status: Option<u16>,
    /// Rows that must be read.
    pub rows: Option<usize>,
    /// Values of the first row.
    #[serde(default)]
    pub first: BTreeMap<String, String>,
    /// Values of the last row.
    #[serde(default)]
    pub last: BTreeMap<String, String>,
    /// When the page came, as 2026-11-21T04:00:00Z: for times told from then. The epoch when absent.
    #[schemars(with = "Option<String>")]
    pub received_at: Option<Text>,
    /// Where the page leads, as paths: `next`, `prev`, `last` or `boards`, the latter with blanks in between. An empty
    /// text: nowhere.
    #[serde(default)]
    pub leads: BTreeMap<String, String>,
    /// The outcome, such as `blocked(login)`; `ok_new` for pages with rows when absent.
    #[schemars(with = "Option<String>")]
    pub outcome: Option<Text>,
}
