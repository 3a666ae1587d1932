//! Opening a database, and bringing its tables to this version.

use std::{path::Path, time::Duration};

use sqlx::{
    AnyConnection, AnyPool, Connection, Executor,
    any::AnyPoolOptions,
    migrate::{Migration, MigrationType, Migrator},
};
use url::Url;

use super::{Backend, SqlStore};
use crate::store::{Result, StoreError};

/// How long a caller waits for a connection before the database counts as not answering.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Set on every SQLite connection. FULL: a commit that was answered survives a power cut.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                       PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;";

impl SqlStore {
    /// Opens `sqlite:PATH` or `postgres://…`, creating the SQLite file and the tables where they are missing.
    ///
    /// # Errors
    /// [`StoreError::Open`] with a sentence for the operator.
    pub async fn open(url: &str, connections: u32) -> Result<Self> {
        sqlx::any::install_default_drivers();
        if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(Path::new(path), connections).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url, connections).await
        } else {
            Err(cannot_open(url, "the address must begin with `sqlite:` or `postgres://`"))
        }
    }

    async fn open_sqlite(path: &Path, connections: u32) -> Result<Self> {
        let shown = format!("sqlite:{}", path.display());
        let escaped = path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        let url = format!("sqlite://{escaped}?mode=rwc");
        let pool = |size| {
            AnyPoolOptions::new()
                .max_connections(size)
                .acquire_timeout(ACQUIRE)
                // A file does not hang up: asking before every statement would only cost time.
                .test_before_acquire(false)
                .before_acquire(|connection, _| Box::pin(async move { Ok(is_usable(connection)) }))
                .after_connect(|connection, _| Box::pin(async move { connection.execute(PRAGMAS).await.map(drop) }))
        };
        let open = |size| {
            let (url, shown) = (url.clone(), shown.clone());
            async move { pool(size).connect(&url).await.map_err(|e| cannot_open(&shown, &explain(&e))) }
        };
        let write = open(1).await?;
        migrate(&write, Backend::Sqlite, &shown).await?;
        let read = open(connections.max(1)).await?;
        Ok(Self { backend: Backend::Sqlite, read, write })
    }

    async fn open_postgres(url: &str, connections: u32) -> Result<Self> {
        let shown = without_password(url);
        let pool = AnyPoolOptions::new()
            .max_connections(connections.max(2))
            .acquire_timeout(ACQUIRE)
            .connect(url)
            .await
            .map_err(|e| cannot_open(&shown, &explain(&e)))?;
        migrate(&pool, Backend::Postgres, &shown).await?;
        Ok(Self { backend: Backend::Postgres, read: pool.clone(), write: pool })
    }

    /// Closes all connections once their work is done.
    pub async fn close(&self) {
        self.write.close().await;
        self.read.close().await;
    }

    /// The version of the linked SQLite library, as `3.51.3`; `None` on PostgreSQL.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sqlite_version(&self) -> Result<Option<String>> {
        if self.backend == Backend::Postgres {
            return Ok(None);
        }
        sqlx::query_scalar("SELECT sqlite_version()")
            .fetch_one(&self.read)
            .await
            .map(Some)
            .map_err(super::failed("asking for the version of SQLite"))
    }

    /// The level of `PRAGMA synchronous` on the writing connection, 2 being FULL; `None` on PostgreSQL.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sqlite_synchronous(&self) -> Result<Option<i64>> {
        if self.backend == Backend::Postgres {
            return Ok(None);
        }
        sqlx::query_scalar("PRAGMA synchronous")
            .fetch_one(&self.write)
            .await
            .map(Some)
            .map_err(super::failed("asking how SQLite writes"))
    }
}

/// Whether a connection that waits in the pool can begin a transaction.
///
/// When the disk is full, SQLite may undo a transaction by itself; the driver's own ROLLBACK then fails and it counts
/// that transaction as open for as long as the connection lives, refusing every later one. Such a connection is closed,
/// and another opened in its place.
fn is_usable(connection: &AnyConnection) -> bool {
    !connection.is_in_transaction()
}

async fn migrate(pool: &AnyPool, backend: Backend, shown: &str) -> Result<()> {
    macro_rules! step {
        ($version:literal, $name:literal, $file:literal) => {{
            let sqlite = include_str!(concat!("../../../migrations/sqlite/", $file));
            let postgres = include_str!(concat!("../../../migrations/postgres/", $file));
            let sql = sqlx::SqlSafeStr::into_sql_str(backend.pick(sqlite, postgres));
            Migration::new($version, $name.into(), MigrationType::Simple, sql, false)
        }};
    }
    let steps = vec![
        step!(1, "initial", "0001_initial.sql"),
        step!(2, "terms", "0002_terms.sql"),
        step!(3, "term changes", "0003_term_changes.sql"),
        step!(4, "coverage", "0004_coverage.sql"),
        step!(5, "sessions", "0005_sessions.sql"),
        step!(6, "definitions", "0006_definitions.sql"),
        step!(7, "mirrors", "0007_mirrors.sql"),
        step!(8, "moves", "0008_moves.sql"),
    ];
    let done = Migrator::with_migrations(steps).run(pool).await;
    done.map_err(|e| cannot_open(shown, &format!("its tables cannot be brought to this version: {e}")))
}

fn cannot_open(url: &str, reason: &str) -> StoreError {
    StoreError::Open { url: url.to_owned(), reason: reason.to_owned() }
}

fn explain(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::PoolTimedOut => "no answer within 10 seconds; is the server running?".into(),
        sqlx::Error::Database(e) => format!("{e}; check that the folder exists and can be written, or the account"),
        e => e.to_string(),
    }
}

/// A database address that may be shown.
fn without_password(url: &str) -> String {
    let Ok(mut parsed) = Url::parse(url) else { return "postgres://…".into() };
    if parsed.password().is_some() {
        // Only fails for addresses that cannot have a password.
        parsed.set_password(Some("…")).ok();
    }
    parsed.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transaction_that_sqlite_undid_by_itself_does_not_end_all_writing() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqlStore::open(&format!("sqlite:{}/a.db", folder.path().display()), 1).await.unwrap();
        store.write.execute("CREATE TABLE large (content BLOB)").await.unwrap();
        store.write.execute("PRAGMA max_page_count = 1").await.unwrap(); // no page more than there are: a full disk

        let insert = "INSERT INTO large (content) VALUES (zeroblob(1000000))";
        let mut page = store.begin("writing on a full disk").await.unwrap();
        let error = page.execute(insert).await.unwrap_err();
        assert!(error.to_string().contains("full"), "{error}");
        drop(page);

        let mut page = store.begin("writing when there is room again").await.unwrap();
        page.execute(insert).await.unwrap();
        page.commit().await.unwrap();
        store.close().await;
    }
}
