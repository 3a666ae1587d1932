//! One suite for both databases: each test below runs on SQLite and on PostgreSQL.

mod alerts;
mod definitions;
mod governance;
mod intake;
mod look_backs;
mod outbox;
mod registry;
mod schedule;
mod site_moves;
mod terms;

use crate::support::databases::{postgres, sqlite};

/// Runs each named test of a module on both databases.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test] async fn $name() { super::$name(&crate::store::sqlite().await.store).await })+
        }
        mod on_postgres {
            $(#[tokio::test] async fn $name() { super::$name(&crate::store::postgres().await.store).await })+
        }
    };
}
pub(crate) use on_both;

#[tokio::test]
async fn the_linked_sqlite_is_one_that_cannot_corrupt_its_log() {
    let version = sqlite().await.store.sqlite_version().await.expect("an answer").expect("SQLite");
    let parts: Vec<u32> = version.split('.').map(|p| p.parse().expect("a number")).collect();
    assert!(parts >= vec![3, 51, 3], "SQLite {version} is older than 3.51.3");
}

#[tokio::test]
async fn sqlite_writes_ahead_and_waits_for_the_disk() {
    let database = sqlite().await;
    let pool = sqlx::sqlite::SqlitePool::connect(&database.url).await.expect("a second connection");
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&pool).await.expect("an answer");
    assert_eq!(journal, "wal");
    // FULL is a setting of a connection: ask through the store's own.
    let level = database.store.sqlite_synchronous().await.expect("an answer");
    assert_eq!(level, Some(2));
}

#[tokio::test]
async fn an_address_that_cannot_be_opened_says_what_to_do() {
    let cases = [
        ("mysql://x", "must begin with `sqlite:` or `postgres://`"),
        ("sqlite:/nonexistent/folder/a.db", "check that the folder exists and can be written"),
    ];
    for (url, expected) in cases {
        let error = nightheron::store::SqlStore::open(url, 1).await.expect_err(url).to_string();
        assert!(error.contains(expected), "{error}");
    }
    let error = nightheron::store::SqlStore::open("postgres://u:secret@127.0.0.1:1/x", 1).await.expect_err("refused");
    assert!(!error.to_string().contains("secret"), "{error}");
}
