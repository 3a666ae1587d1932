//! `nightheron site new` and `site record` on pages of a forum on loopback.

use std::{path::Path, process::Output};

use axum::{Router, response::Html, routing::get};
use tokio::{net::TcpListener, process::Command};

async fn forum() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listing = include_str!("../../crawlers/sites/engines/fixtures/phpbb/listing.html");
    let thread = include_str!("../../crawlers/sites/engines/fixtures/phpbb/thread.html");
    let router = Router::new()
        .route("/viewforum.php", get(async move || Html(listing)))
        .route("/viewtopic.php", get(async move || Html(thread)))
        .route("/nothing", get(async || Html("<html><body><p>hello</p></body></html>")));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nightheron"));
    let arguments = [arguments, &["--allow-private", "127.0.0.0/8"]].concat();
    command.current_dir(folder).args(arguments).kill_on_drop(true).output().await.unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn an_engine_is_recognised_and_its_pages_become_fixtures() {
    let (link, folder) = (forum().await, tempfile::tempdir().unwrap());
    let listing = format!("{link}/viewforum.php?f=2");
    let new = ["site", "new", &listing, "--id", "night-market", "--out", "night-market.yaml"];
    let output = run(folder.path(), &new).await;
    assert!(output.status.success() && said(&output).contains("it looks like phpbb: 3 rows"), "{}", said(&output));
    let text = std::fs::read_to_string(folder.path().join("night-market.yaml")).unwrap();
    assert!(text.contains("extends: phpbb") && text.contains("id: night-market"), "{text}");

    let again = run(folder.path(), &new).await;
    assert!(!again.status.success() && said(&again).contains("give the name of a new file"), "{}", said(&again));

    let record = |page: &'static str, url: String, name: &'static str| {
        let folder = folder.path().to_path_buf();
        async move { run(&folder, &["site", "record", "night-market.yaml", &url, "--page", page, "--name", name]).await }
    };
    let listed = record("listing", listing, "listing.html").await;
    assert_eq!(said(&listed), "  - { file: \"listing.html\", page: listing, rows: 3 }\n");
    let thread = record("thread", format!("{link}/viewtopic.php?t=140"), "thread.html").await;
    assert_eq!(said(&thread), "  - { file: \"thread.html\", page: thread, rows: 3 }\n");
    let other = record("thread", format!("{link}/nothing"), "other.html").await;
    assert_eq!(said(&other), "  - { file: \"other.html\", page: thread, outcome: \"not_the_site\" }\n");
    let outside = record("thread", format!("{link}/nothing"), "../other.html").await;
    assert!(!outside.status.success() && said(&outside).contains("without a folder"), "{}", said(&outside));

    // The printed lines are a test that passes.
    let tests = [&listed, &thread, &other].map(said).concat();
    let mut text = text.trim_end().to_owned();
    assert!(!text.contains("\ntests:"), "{text}");
    text.push_str(&format!("\ntests:\n{tests}"));
    std::fs::write(folder.path().join("night-market.yaml"), text).unwrap();
    let mut test = Command::new(env!("CARGO_BIN_EXE_nightheron"));
    let tested = test.current_dir(folder.path()).args(["site", "test", "night-market.yaml"]).output().await.unwrap();
    assert!(tested.status.success(), "{}", said(&tested));
}

#[tokio::test]
async fn a_page_that_says_nothing_gives_no_definition() {
    let (link, folder) = (forum().await, tempfile::tempdir().unwrap());
    let output = run(folder.path(), &["site", "new", &format!("{link}/nothing")]).await;
    assert!(!output.status.success() && said(&output).contains("give the address of a listing"), "{}", said(&output));
}
