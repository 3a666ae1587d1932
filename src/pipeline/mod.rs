//! The pipeline: capture → posts → hits → one transaction; and the index that follows it.
//!
//! ```text
//! workers ─lease─▶ visit: fetch ─▶ archive ─▶ read (crawlers) ─▶ enrich (watch list, assess) ─▶ commit_page
//!                                                                          indexer ◀─ by sequence ─┘
//! reread: captures since a moment, after a changed definition ─▶ read ─▶ enrich ─▶ commit_recovered
//! recover: captures that a crash left outside the store ─▶ read ─▶ enrich ─▶ commit_recovered
//! ```

mod agenda;
mod blindness;
mod budget;
mod coverage;
mod enrich;
mod fetch;
pub mod folder;
mod health;
pub mod indexer;
mod mirrors;
mod replay;
mod reread;
mod saved;
mod sessions;
mod sources;
mod verdict;
mod visit;
mod watchlist;
mod workers;

pub use agenda::{Agenda, Ended};
pub use blindness::Blindness;
pub use coverage::{Ledger, Numbers, Short};
pub use enrich::enrich;
pub(crate) use enrich::{Matched, find_in};
pub use fetch::{fetch_failure, raw_page};
pub use folder::{DropFolder, Folders, folders};
pub use health::{Component, HealthBoard};
pub(crate) use mirrors::mirrors;
pub use replay::{Replayed, recover, reextract};
pub use reread::{RereadStep, reread, reread_step};
pub use saved::SavedPage;
pub use sessions::Sessions;
pub use sources::{LiveSource, SourceSet, row};
pub use verdict::Visited;
pub(crate) use visit::standing;
pub use visit::{Pipeline, VisitError};
pub use watchlist::{Owner, WatchList, WatchLists};
pub use workers::work;
