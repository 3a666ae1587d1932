//! kill -9 in the middle of a look back: it goes on from its last batch, and tells once.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use nightheron::{
    clock::{Clock as _, SystemClock},
    store::{Alerts, Intake, LookBacks, Notices, SqlStore, Terms, model::*},
};

use crate::support::{databases, samples::*};

const POSTS: i64 = 1_200;

fn service(folder: &Path, point: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nightheron"));
    let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log")).unwrap();
    command.current_dir(folder).arg("run").env("NIGHTHERON_CRASH_AT", point).stdout(Stdio::null()).stderr(log);
    command.spawn().unwrap()
}

/// Runs the service until it kills itself at a point.
async fn die_at(folder: &Path, point: &str) {
    let mut child = service(folder, point);
    let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
    let ended = tokio::time::timeout(Duration::from_secs(90), ended).await;
    let said = || std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    assert!(!ended.unwrap_or_else(|_| panic!("{point} was never reached:\n{}", said())).unwrap().success());
}

/// A minute ago, so that the terms have settled when the service starts.
fn lately() -> Timestamp {
    SystemClock.now() - SignedDuration::from_mins(1)
}

/// Posts in which nobody was looked for, and a term that is in each.
async fn prepare(store: &SqlStore) -> i64 {
    let [(acme, _), _] = populate(store).await;
    let first = store.open_look_back().await.unwrap().unwrap();
    store.finish_look_back(first.id, &[], at(1)).await.unwrap();
    for batch in 0..POSTS / 100 {
        let posts = (0..100).map(|n| post(&format!("{batch}-{n}"), &format!("{batch} {n} morningstar"), Vec::new()));
        let number = batch.unsigned_abs();
        store.commit_page(&page("forum", capture(&format!("c{number}"), number), posts.collect())).await.unwrap();
    }
    let saved = store.save_terms(&[(acme, term("morningstar"))], &[], "lin", "", lately()).await.unwrap();
    saved.look_back.unwrap()
}

async fn killed(store: &SqlStore, url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let config = format!(
        "data_dir = \"data\"\n[web]\nlisten = \"127.0.0.1:0\"\n[store]\nurl = \"{url}\"\n\
         [alerts]\nreviewers = [\"desk@cert.example\"]\n[mail]\nfolder = \"mail\"\nfrom = \"nightheron@cert.example\"\n"
    );
    std::fs::write(folder.path().join("nightheron.toml"), config).unwrap();
    let id = prepare(store).await;
    die_at(folder.path(), "after_look_back_batch").await;
    let half = store.look_back(id).await.unwrap();
    assert_eq!((half.done, half.alerts, half.finished_at), (500, 500, None), "the first batch is stored");
    die_at(folder.path(), "after_look_back_batch").await;
    assert_eq!(store.look_back(id).await.unwrap().done, 1_000);
    die_at(folder.path(), "before_look_back_end").await;
    assert_eq!(store.look_back(id).await.unwrap().finished_at, None);
    let mut child = service(folder.path(), "");
    let told = async {
        while store.notices(Some(NoticeState::Sent), 10, 0).await.unwrap().is_empty() {
            // Another process cannot be awaited, only looked at.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    // In vain, the figures below tell how far it came.
    tokio::time::timeout(Duration::from_secs(90), told).await.ok();
    child.kill().unwrap();
    child.wait().unwrap();
    let ended = store.look_back(id).await.unwrap();
    assert_eq!((ended.done, ended.alerts, ended.hits), (POSTS, POSTS, POSTS));
    let told = store.notices(None, 10, 0).await.unwrap();
    assert_eq!((told.len(), told[0].notice.state), (1, NoticeState::Sent), "one digest");
    assert_eq!(store.alert_counts().await.unwrap().held, POSTS);
    assert_eq!(std::fs::read_dir(folder.path().join("mail")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_killed_look_back_goes_on_and_tells_once_on_sqlite() {
    let database = databases::sqlite().await;
    killed(&database.store, &database.url).await;
}

#[tokio::test]
async fn a_killed_look_back_goes_on_and_tells_once_on_postgresql() {
    let database = databases::postgres().await;
    killed(&database.store, &database.url).await;
}
