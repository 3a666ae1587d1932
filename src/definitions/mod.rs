//! The definitions that sources are read with: their texts, changed while the service runs, and the history of that.
//!
//! ```text
//! person ─▶ change: parse ─▶ file (whole or not at all) ─▶ history and record (one transaction) ─▶ next visit
//!                                                       start: a file that differs from the history joins it
//! pages that cannot be read + what is known ─▶ proposal ─person─▶ change ─▶ everything since is read again
//! ```

mod book;
mod compare;
mod error;
mod file;
mod moves;
mod repair;
mod shelf;
#[cfg(test)]
mod tests;
mod text;
mod workbench;

pub use book::{Book, Changed, Current};
pub use compare::{Difference, Row};
pub use error::BookError;
pub use repair::{Evidence, NoRepair, Repair};
pub use shelf::Shelf;
pub use text::{Configured, Text, configured};
pub use workbench::{Listed, Tried, WorkError, Workbench, digest};
