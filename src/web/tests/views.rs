//! Spans, times, searches and errors as a reader sees them.

use axum::http::StatusCode;

use super::desk::{Desk, start};
use crate::web::view::{Piece, around, pieces, plain, time};

fn shown(pieces: &[Piece]) -> String {
    pieces.iter().map(|p| if p.marked { format!("[{}]", p.text) } else { p.text.clone() }).collect()
}

#[test]
fn spans_are_safe_wherever_they_point() {
    for (spans, expected) in [
        (vec![(0, 4)], "[acme] 資料 x"),
        (vec![(6, 7)], "acme [資]料 x"),
        (vec![(0, 2), (1, 4)], "[ac][me] 資料 x"),
        (vec![(8, 900)], "acme 資[料 x]"),
        (vec![(900, 901), (4, 2), (3, 3)], "acme 資料 x"),
        (vec![(u64::MAX, 0)], "acme 資料 x"),
    ] {
        assert_eq!(shown(&pieces("acme 資料 x", spans.clone())), expected, "{spans:?}");
    }
    assert_eq!(pieces("", [(0, 9)]), []);
}

#[test]
fn a_snippet_keeps_what_stands_around_the_first_hit() {
    let text = format!("{}acme{}", "a".repeat(50), "z".repeat(50));
    assert_eq!(shown(&around(pieces(&text, [(50, 54)]), 3, 9)), "…aaa[acme]zzzzz…");
    assert_eq!(shown(&around(pieces("no hit here", []), 3, 6)), "no hit…");
    assert_eq!(shown(&around(Vec::new(), 3, 6)), "");
}

#[test]
fn hidden_characters_are_seen_and_times_are_taipeis() {
    assert_eq!(plain("a\u{202e}b\u{0}\r\n"), "a[U+202E]b\u{fffd}\n");
    assert_eq!(
        time(start()).to_string(),
        "<time datetime=\"2026-11-21T00:00:00Z\" title=\"2026-11-21 00:00:00 UTC\">2026-11-21 08:00</time>"
    );
    assert_eq!(time(None).to_string(), "—");
}

#[tokio::test]
async fn a_wrong_query_is_told_with_its_column() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    let answer = desk.get("/search?q=%22open", &cookie).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text.contains("wrong at column 1:") && answer.text.contains("quote is not closed"),
        "{}",
        answer.text
    );
    let found = desk.get("/search?q=acme&sort=new", &cookie).await;
    assert!(
        found.text.contains("<mark>acme</mark>") && found.text.contains("q=acme&#38;sort=new&#38;page=2"),
        "{}",
        found.text
    );
}

#[tokio::test]
async fn errors_are_pages_in_plain_words() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    for (path, status) in [
        ("/nothing", 404),
        ("/posts/99", 404),
        ("/posts/x", 400),
        ("/findings/none", 404),
        ("/audit", 403),
        ("/logout", 405),
    ] {
        let answer = desk.get(path, &cookie).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        assert!(answer.text.contains("<h1>This did not work</h1>"), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_lost_database_is_told_and_the_health_is_bare() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    desk.store.close().await;
    let answer = desk.get("/findings", &cookie).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("已擷取的資料安全無虞"), "{}", answer.text);
    assert_eq!(desk.get("/healthz", "").await.text, "ok");
}

#[tokio::test]
async fn the_overview_tells_what_is_blind() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    let page = desk.get("/", &cookie).await.text;
    for text in [
        "<b>0<small> / 1</small></b>",
        "No answer: acme",
        "http-equiv=\"refresh\" content=\"15\"",
        "3 &#60;b&#62;circuits",
    ] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[tokio::test]
async fn a_source_shows_what_is_missing_of_it() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    let page = desk.get("/sources/forum", &cookie).await.text;
    for text in ["<b>0 %</b>", "<b>0<small> / 3</small></b>", "<td class=\"n\">3</td><td class=\"n\">0</td>"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert_eq!(desk.get("/sources/no-such", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[test]
fn a_password_is_never_shown_and_hits_stay_where_they_are() {
    let text = "login root@acme.example:Winter2026! then acme again";
    let (first, last) = (text.find("acme").unwrap() as u64, text.rfind("acme").unwrap() as u64);
    let seen = shown(&pieces(text, [(first, first + 4), (last, last + 4)]));
    assert_eq!(seen, "login root@[acme].example:●●●● then [acme] again");
}
