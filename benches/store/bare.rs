//! The ceiling: the rows of a page by one INSERT a transaction, with the same driver, pragmas and durability.

use std::time::Duration;

use sqlx::{AnyPool, Executor as _, any::AnyPoolOptions};
use tokio::task::JoinSet;

use crate::database::{Database, Result};

/// As the store sets them.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                       PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;";
/// A page makes three rows: capture, post and thread mark.
const INSERT: &str = "INSERT INTO rows (id, body) VALUES ($1, $2), ($3, $4), ($5, $6)";
const BYTES: [usize; 3] = [500, 1500, 50];

/// Transactions a second of `writers` tasks during `time`.
pub(crate) async fn rate(database: &Database, writers: usize, time: Duration) -> Result<f64> {
    let fresh = database.fresh().await?;
    let pool = open(database, &fresh.url).await?;
    pool.execute("CREATE TABLE rows (id BIGINT PRIMARY KEY, body TEXT NOT NULL)").await?;
    let start = crate::clock();
    let mut tasks: JoinSet<Result<i64>> = JoinSet::new();
    for writer in 0..i64::try_from(writers)? {
        let pool = pool.clone();
        tasks.spawn(async move {
            let mut done = 0;
            while start.elapsed() < time {
                insert(&pool, writer * 1_000_000_000 + done * 3).await?;
                done += 1;
            }
            Ok(done)
        });
    }
    let mut transactions = 0;
    while let Some(done) = tasks.join_next().await {
        transactions += done??;
    }
    let rate = transactions as f64 / start.elapsed().as_secs_f64();
    pool.close().await;
    Ok(rate)
}

/// A statement outside a transaction is one of its own.
async fn insert(pool: &AnyPool, first: i64) -> Result<()> {
    let mut query = sqlx::query(INSERT);
    for (id, bytes) in (first..).zip(BYTES) {
        query = query.bind(id).bind("x".repeat(bytes));
    }
    query.execute(pool).await?;
    Ok(())
}

async fn open(database: &Database, url: &str) -> Result<AnyPool> {
    let options = match database {
        // One connection, as SQLite takes one writer at a time.
        Database::Sqlite => AnyPoolOptions::new()
            .max_connections(1)
            .after_connect(|connection, _| Box::pin(async move { connection.execute(PRAGMAS).await.map(drop) })),
        Database::Postgres { .. } => AnyPoolOptions::new().max_connections(8),
    };
    let url = match database {
        Database::Sqlite => format!("{}?mode=rwc", url.replacen("sqlite:", "sqlite://", 1)),
        Database::Postgres { .. } => url.to_owned(),
    };
    Ok(options.connect(&url).await?)
}
