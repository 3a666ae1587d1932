//! A fresh database a case, on SQLite and on PostgreSQL.

use std::sync::atomic::{AtomicU64, Ordering};

use nightheron::store::SqlStore;
use tempfile::TempDir;

use crate::cluster::Cluster;

/// What a benchmark gives, or why it could not.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Connections of the store, as the service opens by default.
const CONNECTIONS: u32 = 8;

/// Where databases are made.
pub(crate) enum Database {
    Sqlite,
    Postgres { base: String, _cluster: Option<Cluster> },
}

/// One database; an SQLite file goes with its folder.
pub(crate) struct Fresh {
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        sqlx::any::install_default_drivers();
        Self::Sqlite
    }

    pub(crate) async fn postgres() -> Result<Self> {
        sqlx::any::install_default_drivers();
        let given = std::env::var("NIGHTHERON_TEST_POSTGRES").ok();
        let cluster = if given.is_none() { Some(Cluster::start().await?) } else { None };
        let base = given.or_else(|| cluster.as_ref().map(Cluster::url)).unwrap_or_default();
        Ok(Self::Postgres { base: base.trim_end_matches('/').to_owned(), _cluster: cluster })
    }

    pub(crate) async fn fresh(&self) -> Result<Fresh> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        match self {
            Self::Sqlite => {
                let folder = tempfile::tempdir()?;
                let url = format!("sqlite:{}", folder.path().join("bench.db").display());
                Ok(Fresh { url, _folder: Some(folder) })
            }
            Self::Postgres { base, .. } => {
                let name = format!("bench_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
                let admin = sqlx::AnyPool::connect(&format!("{base}/postgres")).await?;
                sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await?;
                admin.close().await;
                Ok(Fresh { url: format!("{base}/{name}"), _folder: None })
            }
        }
    }

    /// A fresh store with its tables.
    pub(crate) async fn store(&self) -> Result<(SqlStore, Fresh)> {
        let fresh = self.fresh().await?;
        Ok((SqlStore::open(&fresh.url, CONNECTIONS).await?, fresh))
    }
}
