//! Site definitions: data files that say how to read a source, checked whole before anything is fetched.
//!
//! Two levels: [`raw`] holds what the YAML says, [`compile`] makes ready objects of it (selectors, patterns, addresses)
//! and names every problem with its file, line and column.

mod compile;
mod error;
mod hours;
mod library;
mod proof;
pub mod raw;
mod rows;
mod schema;
mod session;
mod units;

use std::{sync::Arc, time::Duration};

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use url::Url;

pub use error::{DefinitionError, Problem};
pub use hours::ActiveHours;
pub use library::Library;
pub use proof::Proof;
pub use raw::{Kind, Response};
pub use rows::{Field, From, Line, Rows, Take};
pub use schema::json_schema;
pub use session::{Body, FormInput, FormLogin, Lifted, ScriptLogin, Session, SessionMethod};

use crate::{PageClass, schedule::Class};

/// Which network plane a source is read over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Through Tor, onion services only.
    Tor,
    /// The clear net.
    Clear,
}

impl Via {
    /// The written form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tor => "tor",
            Self::Clear => "clear",
        }
    }
}

/// How to read one source.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Stable identity.
    pub id: String,
    /// Identities the source had before.
    pub replaces: Vec<String>,
    /// Name for people.
    pub name: String,
    /// Kind of site.
    pub kind: Kind,
    /// What its pages are made of.
    pub response: Response,
    /// The charset to decode with when the site lies about it.
    pub encoding: Option<&'static Encoding>,
    /// The zone of times that carry none.
    pub timezone: TimeZone,
    /// Where its pages tell their zone: its name, its offset from UTC, or a clock, which is a time. It goes before
    /// `timezone`, unless that stands in a layer nearer to the site.
    pub page_zone: Option<Field>,
    /// Addresses of the site, the preferred one first; empty in the base of an engine.
    pub links: Vec<Url>,
    /// Addresses the site had before; a source on one of them belongs on the first link.
    pub legacy_links: Vec<Url>,
    /// How politely and how patiently it is read.
    pub network: Network,
    /// How often.
    pub schedule: Plan,
    /// Proofs that a page is of this site; one must hold. Empty: not asked for.
    pub identity: Vec<Proof>,
    /// How a visitor becomes a member; `None`: it is read as a guest.
    pub session: Option<Session>,
    /// Pages that stand in the way; the first match wins.
    pub page_classes: Vec<(PageClass, Proof)>,
    /// The way through the site.
    pub walk: Way,
    /// Threads of a listing; `None` where none is read.
    pub listing: Option<Rows>,
    /// Posts of a thread, or of a page of posts.
    pub thread: Rows,
    /// What identifies a post.
    pub key: Vec<String>,
    /// The fields whose change is an edit.
    pub content: Vec<String>,
    /// Where it stands among sources.
    pub meta: Meta,
    /// Pages that travel with it, and what must be read from them.
    pub tests: Vec<raw::Test>,
}

/// Politeness and patience towards a host.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Shortest time between two requests.
    pub gap: Duration,
    /// Share of the gap that chance may add.
    pub jitter: f64,
    /// Longest time for one page.
    pub timeout: Option<Duration>,
    /// Largest body in bytes.
    pub max_body: Option<usize>,
    /// Hours in which it is visited; `None`: always.
    pub active_hours: Option<ActiveHours>,
}

/// How often a source is visited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its class.
    pub class: Class,
    /// Shortest time between two visits.
    pub min_interval: Duration,
    /// Longest time between two visits.
    pub max_interval: Duration,
    /// Pages of each listing that the first visit reads; `None`: all.
    pub backfill_pages: Option<u32>,
}

impl Plan {
    /// The same with another longest interval, and the shortest that goes with it.
    #[must_use]
    pub fn within(&self, longest: Duration) -> Self {
        Self { min_interval: self.min_interval.min(shortest_for(longest)), max_interval: longest, ..self.clone() }
    }
}

/// The shortest time between two visits where none is given: a tenth of the longest, ten seconds at least.
pub(crate) fn shortest_for(longest: Duration) -> Duration {
    (longest / 10).max(Duration::from_secs(10)).min(longest)
}

/// The way through a site: boards, listings, threads.
#[derive(Debug, Clone)]
pub struct Way {
    /// Path of the page that names the boards, with the selector of their links.
    pub boards: Option<(String, Arc<scraper::Selector>)>,
    /// Path of the first listing; `None` when boards lead to all of them.
    pub listing: Option<String>,
    /// Link to the next listing page.
    pub listing_next: Option<Arc<scraper::Selector>>,
    /// A poll ends a listing after this many unchanged threads in a row.
    pub seen_in_a_row: u32,
    /// A poll reads at most this many pages of one listing.
    pub max_pages: u32,
    /// Link to the next page of a thread.
    pub thread_next: Option<Arc<scraper::Selector>>,
    /// Links to further pages of a thread, in any direction.
    pub thread_others: Option<Arc<scraper::Selector>>,
    /// Links by which a poll reads a known thread from its end.
    pub backwards: Option<Backwards>,
    /// Paths of threads that are read at every visit.
    pub threads: Vec<String>,
    /// Pages of posts that no listing leads to.
    pub posts: Option<PostPages>,
    /// Query parameters that do not change the page.
    pub drop_query: Vec<String>,
    /// Where the site tells the same times twice: its zone is learnt from them.
    pub times: Option<Times>,
    /// Path of the page that tells the zone where those with posts do not.
    pub zone: Option<String>,
}

/// Where a site tells the same times twice.
#[derive(Debug, Clone)]
pub struct Times {
    /// As all its pages show them.
    pub shown: TimesPage,
    /// In UTC.
    pub utc: TimesPage,
}

/// A list of times.
#[derive(Debug, Clone)]
pub struct TimesPage {
    /// Its path, from the link.
    pub path: String,
    /// What stands around each.
    pub each: Arc<scraper::Selector>,
    /// What it is the time of, alike in both lists.
    pub key: Field,
    /// The time.
    pub told_at: Field,
}

/// Pages of posts that no listing leads to.
#[derive(Debug, Clone)]
pub struct PostPages {
    /// Path of the first one, from the link.
    pub path: String,
    /// Link to the next page.
    pub next: Option<Arc<scraper::Selector>>,
    /// A poll ends after a page with this many known posts in a row.
    pub seen_in_a_row: u32,
    /// A poll reads at most this many pages.
    pub max_pages: u32,
}

/// Links by which a poll reads a known thread from its end.
#[derive(Debug, Clone)]
pub struct Backwards {
    /// On the first page, the link to the last one.
    pub last: Arc<scraper::Selector>,
    /// On any page, the link to the one before.
    pub prev: Arc<scraper::Selector>,
}

/// What is known about a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// Admiralty grade of the source, A to F.
    pub grade: String,
    /// Default TLP marking.
    pub tlp: String,
    /// The day a person last checked the definition, as YYYY-MM-DD.
    pub verified: Option<String>,
}

impl Definition {
    /// The address to visit.
    ///
    /// # Errors
    /// The definition has no links: it is the base of an engine.
    pub fn link(&self) -> Result<&Url, NoLink> {
        self.links.first().ok_or_else(|| NoLink { id: self.id.clone() })
    }

    /// What a page of this kind is made of.
    #[must_use]
    pub fn response_of(&self, kind: crate::walk::PageKind) -> Response {
        use crate::walk::PageKind;
        match kind {
            PageKind::Boards => self.response,
            PageKind::Times => Response::Html,
            PageKind::Listing => self.listing.as_ref().map_or(self.response, |rows| rows.response),
            PageKind::Thread | PageKind::Posts => self.thread.response,
        }
    }

    /// Whether a listing of this site shows when a thread has changed, by a count of replies or the time of the last.
    #[must_use]
    pub fn has_signal(&self) -> bool {
        let field = |name| self.listing.as_ref().and_then(|rows| rows.field(name)).is_some();
        field("replies") || field("last_post_at")
    }

    /// The plane its links belong to; `None` without links.
    #[must_use]
    pub fn via(&self) -> Option<Via> {
        Some(plane_of(self.links.first()?.host_str()?))
    }
}

/// A definition that describes an engine and no site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{id}` describes a kind of site and none in particular; write a definition with `extends: {id}` and `links`")]
pub struct NoLink {
    /// The definition.
    pub id: String,
}

/// The plane that a host belongs to.
pub(crate) fn plane_of(host: &str) -> Via {
    if is_onion(host) { Via::Tor } else { Via::Clear }
}

/// Whether a host is an onion service's.
fn is_onion(host: &str) -> bool {
    host.trim_end_matches('.').to_ascii_lowercase().ends_with(".onion")
}
