//! What a definition file says, as it stands there; the published JSON Schema is made from these types.
//!
//! Every value that can be wrong in itself keeps its place in the file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;

use crate::{PageClass, schedule::Class};

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
        }
    }
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
    /// Name for people.
    pub name: String,
    /// The definition whose parts this one takes over where it is silent.
    #[schemars(with = "Option<String>")]
    pub extends: Option<Text>,
    /// Kind of site.
    pub kind: Option<Kind>,
    /// Charset to decode with, only when the site lies about it (WHATWG label).
    #[schemars(with = "Option<String>")]
    pub encoding: Option<Text>,
    /// IANA zone of times that carry none; UTC when absent.
    #[schemars(with = "Option<String>")]
    pub timezone: Option<Text>,
    /// Addresses of the site; the first is preferred, the others are mirrors.
    #[schemars(with = "Option<Vec<String>>")]
    pub links: Option<Vec<Text>>,
    /// Politeness and patience.
    pub network: Option<Network>,
    /// How often it is visited.
    pub schedule: Option<Schedule>,
    /// Proof that a page is of this site.
    pub identity: Option<Identity>,
    /// Pages that stand in the way; the first match wins.
    pub page_classes: Option<Vec<ClassRule>>,
    /// The way through the site.
    pub walk: Option<Walk>,
    /// Repeated parts of pages: `listing` and `thread`.
    pub rows: Option<RowSets>,
    /// What makes a post the same post, and an edit an edit.
    pub dedupe: Option<Dedupe>,
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
}

/// Proofs of identity.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// One of these must hold on every page.
    pub any: Vec<Proof>,
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

/// The way through a site.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Walk {
    /// Where boards are named.
    pub boards: Option<Boards>,
    /// Listings of threads.
    pub listing: Option<ListingWalk>,
    /// Threads.
    pub thread: Option<ThreadWalk>,
    /// The same page under one address.
    pub canonical: Option<Canonical>,
}

/// Where boards are named.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Boards {
    /// Path of the page, from the link.
    pub path: String,
    /// Selector of the links to boards, on that page and on the listings themselves.
    #[schemars(with = "String")]
    pub each: Text,
}

/// Listings of threads.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListingWalk {
    /// Path of the first listing, from the link.
    pub path: Option<String>,
    /// Selector of the link to the next page.
    #[schemars(with = "Option<String>")]
    pub next: Option<Text>,
    /// When a poll has read enough.
    pub stop: Option<Stop>,
}

/// When a poll has read enough of a listing.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Unchanged threads in a row; 40 when absent.
    pub seen_in_a_row: Option<u32>,
    /// Pages; 10 when absent.
    pub max_pages: Option<u32>,
}

/// Threads.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreadWalk {
    /// Selector of the link to the next page.
    #[schemars(with = "Option<String>")]
    pub next: Option<Text>,
}

/// The same page under one address.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Canonical {
    /// Query parameters that do not change the page.
    pub drop_query: Vec<String>,
}

/// Repeated parts of pages.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowSets {
    /// Threads of a listing; must have the fields `thread_id` and `thread_url`.
    pub listing: Option<Rows>,
    /// Posts of a thread; must have the fields `post_id` and `body`.
    pub thread: Option<Rows>,
}

/// One repeated part.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    /// Selector of one row.
    #[schemars(with = "String")]
    pub selector: Text,
    /// Selector of what is not read inside rows: signatures, buttons.
    #[schemars(with = "Option<String>")]
    pub remove: Option<Text>,
    /// Proof that no rows is the truth and not a changed layout.
    pub empty: Option<Proof>,
    /// How many rows there must be at least, where emptiness is not proven; 1 when absent.
    pub expect: Option<Expect>,
    /// What is read from each row.
    pub fields: BTreeMap<String, Field>,
}

/// How many rows there must be.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// At least.
    pub min: usize,
}

/// One value of a row.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Where to look: inside the row, or on the whole page.
    pub from: Option<Scope>,
    /// Selector of the element; the row itself when absent.
    #[schemars(with = "Option<String>")]
    pub selector: Option<Text>,
    /// Attribute to read; the element's text when absent.
    pub attribute: Option<String>,
    /// Selector of what is left out of the text.
    #[schemars(with = "Option<String>")]
    pub remove: Option<Text>,
    /// A fixed value instead of anything on the page.
    pub text: Option<String>,
    /// Whether a row may lack it.
    #[serde(default)]
    pub optional: bool,
    /// Value when the page has none.
    pub default: Option<String>,
    /// What is done to the value, in order.
    #[serde(default)]
    pub filters: Vec<Filter>,
}

/// Where a field looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Inside the row.
    Row,
    /// On the whole page.
    Page,
}

/// One step from what stands on a page to a value.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// White space removed at both ends, and runs of it made one space.
    Trim,
    /// The first number, grouping signs removed.
    Number,
    /// Character references such as `&amp;` decoded.
    HtmlDecode,
    /// The first group of a regular expression, or all it matches; no match is no value.
    #[schemars(with = "String")]
    Regexp(#[schemars(with = "String")] Text),
    /// A text replaced by another.
    Replace(Pair),
    /// What a regular expression matches, replaced; `$1` is its first group.
    ReReplace(PatternPair),
    /// Put behind.
    Append(String),
    /// Put before.
    Prepend(String),
    /// One part of the value.
    Split(Split),
    /// A parameter of the value's query string.
    Querystring(String),
    /// A time in one of these formats, in the definition's zone.
    Date(#[schemars(with = "Vec<String>")] Vec<Text>),
}

/// A text and its replacement.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// What is replaced.
    pub from: String,
    /// By what.
    pub to: String,
}

/// A pattern and its replacement.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PatternPair {
    /// Regular expression.
    #[schemars(with = "String")]
    pub from: Text,
    /// By what.
    pub to: String,
}

/// One part of a value.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// What stands between the parts.
    pub by: String,
    /// Which part, from 0; negative counts from the end.
    pub at: i32,
}

/// What makes a post the same post, and an edit an edit.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dedupe {
    /// Fields that identify a post.
    #[schemars(with = "Vec<String>")]
    pub key: Vec<Text>,
    /// Fields whose change is an edit.
    #[schemars(with = "Vec<String>")]
    pub content: Vec<Text>,
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
    /// HTTP status; 200 when absent.
    pub status: Option<u16>,
    /// Rows that must be read.
    pub rows: Option<usize>,
    /// Values of the first row.
    #[serde(default)]
    pub first: BTreeMap<String, String>,
    /// The outcome, such as `blocked(login)`; `ok_new` for pages with rows when absent.
    pub outcome: Option<String>,
}
