//! A fresh database a test, on SQLite and on PostgreSQL.

use std::sync::atomic::{AtomicU64, Ordering};

use nightheron::store::SqlStore;
use tempfile::TempDir;

/// A store of its own for one test; the folder goes with it.
pub(crate) struct Database {
    pub(crate) store: SqlStore,
    pub(crate) url: String,
    _folder: TempDir,
}

/// An empty SQLite database in a folder of its own.
pub(crate) async fn sqlite() -> Database {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("nightheron.db").display());
    Database { store: SqlStore::open(&url, 4).await.expect("an SQLite database"), url, _folder: folder }
}

/// An empty PostgreSQL database in the cluster that `tests/run` started.
pub(crate) async fn postgres() -> Database {
    let base = std::env::var("NIGHTHERON_TEST_POSTGRES")
        .expect("NIGHTHERON_TEST_POSTGRES names the cluster to test on: start the tests by tests/run, which makes one");
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("nightheron_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    sqlx::any::install_default_drivers();
    let admin = sqlx::AnyPool::connect(&format!("{}/postgres", base.trim_end_matches('/'))).await.expect("the cluster");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&admin).await.expect("a database of its own");
    admin.close().await;
    let url = format!("{}/{name}", base.trim_end_matches('/'));
    let folder = tempfile::tempdir().expect("a temporary folder");
    Database { store: SqlStore::open(&url, 4).await.expect("a PostgreSQL database"), url, _folder: folder }
}
