//! The store on SQLite and PostgreSQL: the same statements for both, the few differences in [`Backend`].

mod alerts;
mod audit;
mod definitions;
mod intake;
mod jobs;
mod look_backs;
mod members;
mod notices;
mod open;
mod posts;
mod raise;
mod row;
mod schedule;
mod site_moves;
mod terms;
mod users;

use sqlx::{Any, AnyPool, Transaction};

use super::{Result, StoreError};

/// Which database answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// The statement of this backend where the two differ.
    fn pick(self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

/// The store on an SQL database.
///
/// SQLite takes one writer at a time: writes go through a pool of one connection, so that waiting happens in
/// order here instead of by polling a lock, and reads never wait for them (WAL).
#[derive(Debug, Clone)]
pub struct SqlStore {
    backend: Backend,
    read: AnyPool,
    write: AnyPool,
}

impl SqlStore {
    /// Starts a transaction that will write.
    async fn begin(&self, doing: &'static str) -> Result<Transaction<'static, Any>> {
        // IMMEDIATE: a transaction that starts by reading and then cannot get the write lock would fail at once.
        self.write.begin_with(self.backend.pick("BEGIN IMMEDIATE", "BEGIN")).await.map_err(failed(doing))
    }
}

/// Names what was being done when the database failed.
fn failed(doing: &'static str) -> impl Fn(sqlx::Error) -> StoreError {
    move |source| StoreError::Database { doing, source }
}
