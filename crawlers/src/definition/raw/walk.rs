//! The way through a site, as a definition describes it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Field, Text};

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
    /// Pages of posts that no listing leads to: a feed, a channel, the cards of a blog.
    pub posts: Option<ListingWalk>,
    /// The same page under one address.
    pub canonical: Option<Canonical>,
    /// Two lists that tell the same times, as all pages show them and in UTC: the zone is learnt from them, with its
    /// hours of summer, and goes before an offset that a clock tells. A `timezone` of a definition that extends this one
    /// goes before it.
    pub times: Option<Times>,
    /// The page that tells the zone where those with posts do not.
    pub zone: Option<ZonePage>,
}

/// A page from which `page_zone` is read. It is asked for once a week; what it tells holds for all pages that do not tell
/// it themselves. A `timezone` of a definition that extends this one goes before it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ZonePage {
    /// Path of the page, from the link.
    pub path: String,
}

/// Two lists that tell the same times.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// As all pages show them.
    pub shown: TimesPage,
    /// In UTC.
    pub utc: TimesPage,
}

/// A list of times.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimesPage {
    /// Path of the page, from the link.
    pub path: String,
    /// Selector of what stands around each time.
    #[schemars(with = "String")]
    pub each: Text,
    /// What it is the time of, alike in both lists.
    pub key: Field,
    /// The time, read with `date`; those told from now are left out.
    pub told_at: Field,
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

/// Listings of threads, or pages of posts.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
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
    /// Unchanged threads in a row, within one listing, or known posts in a row on one page of posts; 40 when absent.
    pub seen_in_a_row: Option<u32>,
    /// Pages of one listing; 10 when absent.
    pub max_pages: Option<u32>,
}

/// Threads.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreadWalk {
    /// Paths, from the link, of threads or pastes that are read at every visit, whether or not a listing names them.
    pub paths: Option<Vec<String>>,
    /// Selector of the link to the next page.
    #[schemars(with = "Option<String>")]
    pub next: Option<Text>,
    /// Selector of links to further pages, for threads whose first page need not be the one they are linked by: all
    /// that were not asked for yet are followed as well.
    #[schemars(with = "Option<String>")]
    pub others: Option<Text>,
    /// A poll reads a known thread from its last page backwards, as far as its reply count has grown; needs `last`,
    /// `prev` and the listing field `replies`.
    pub last_page_first: Option<bool>,
    /// Selector of the link to the last page, on the first one.
    #[schemars(with = "Option<String>")]
    pub last: Option<Text>,
    /// Selector of the link to the page before.
    #[schemars(with = "Option<String>")]
    pub prev: Option<Text>,
}

/// The same page under one address.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Canonical {
    /// Query parameters that do not change the page.
    pub drop_query: Vec<String>,
}
