//! The store: the only SQL, behind one trait, on SQLite and on PostgreSQL.
//!
//! The store is the queue, the schedule and the outbox as well, so that one transaction covers a
//! capture, its posts, hits and alerts, and the step of the schedule. See [`Intake::commit_page`].

pub mod model;
mod sql;
mod traits;

pub use sql::SqlStore;
pub use traits::{
    Alerts, Audit, Definitions, Intake, Jobs, LookBacks, Members, Notices, Posts, Schedule, SiteMoves, Store, Terms,
    Users,
};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused, is locked, full or unreachable; trying again later may help.
    #[error("{doing}: the database did not answer as expected: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// The database cannot be opened.
    #[error("cannot open the database {url}: {reason}")]
    Open {
        /// Its address, without the password.
        url: String,
        /// Why not, and what to do.
        reason: String,
    },
    /// A row that was asked for by its identity is not there.
    #[error("there is no {what} {id}")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
        /// The identity asked for.
        id: String,
    },
    /// Somebody else changed the thing meanwhile, or it is not in a state that allows this.
    #[error("{what} {id}: {reason}")]
    Conflict {
        /// The kind of thing.
        what: &'static str,
        /// Its identity.
        id: String,
        /// What stands against it.
        reason: String,
    },
    /// A stored value cannot be read back: the database was written by something else.
    #[error("the database holds a {what} that this version cannot read: {value}")]
    Corrupt {
        /// The column or value.
        what: &'static str,
        /// The text found.
        value: String,
    },
}

/// What a store call gives back.
pub type Result<T> = std::result::Result<T, StoreError>;
