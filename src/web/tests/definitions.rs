//! A definition in the pages: tried without saving, saved whole, taken back; a repair is accepted by a person alone.

use axum::http::{StatusCode, header};
use jiff::SignedDuration;

use super::bench::{FIRST, thread};
use super::desk::{Answer, Desk, start};
use crate::store::model::Advance;
use crate::store::{Definitions, Schedule};

const PAGE: &str = "/sources/forum/definition";
const REPAIR: &str = "/sources/forum/repair";

fn form(text: &str, number: i64, reason: &str) -> String {
    let mut form = url::form_urlencoded::Serializer::new("csrf=the-csrf-token&".to_owned());
    let number = number.to_string();
    // A browser sends the lines of a form so.
    form.extend_pairs([("text", text.replace('\n', "\r\n").as_str()), ("number", &number), ("reason", reason)]);
    form.finish()
}

async fn text(desk: &Desk) -> (i64, String) {
    let newest = desk.store.definitions().await.expect("texts").remove("forum").expect("a text");
    let file = std::fs::read_to_string(desk.dir.path().join("forum.yaml")).expect("a file");
    assert_eq!(newest.text, file);
    (newest.number, file)
}

fn contains(answer: &Answer, all: &[&str]) {
    for text in all {
        assert!(answer.text.contains(text), "{text}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_page_shows_the_text_a_captured_page_and_the_history() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    let page = desk.get(PAGE, &cookie).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    contains(
        &page,
        &["extends: demo-forum", "1-1", "kvartz 1", "text 1 acme", "&#60;article class=post", "text number 1"],
    );
    assert_eq!(desk.recorded().await[0], "ann definition.read");
    assert!(desk.get("/sources/forum", &cookie).await.text.contains("href=\"/sources/forum/definition\""));
    assert_eq!(desk.get("/sources/nobody/definition", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_trial_saves_nothing_and_tells_what_would_be_lost() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    desk.bench.keep(thread(1, "acme", false, start() + SignedDuration::from_secs(60))).await;
    let before = text(&desk).await;
    let blind = format!("{FIRST}rows: {{ thread: {{ selector: div.nothing }} }}\n");
    let tried = desk.post(&format!("{PAGE}/preview"), &cookie, &form(&blind, 2, "")).await;
    assert_eq!(tried.status, StatusCode::OK);
    contains(&tried, &["selector_missing(rows)", "Read then and not now: 1 rows", "div.nothing"]);
    let other = format!("{FIRST}rows: {{ thread: {{ fields: {{ author: {{ selector: time }} }} }} }}\n");
    let tried = desk.post(&format!("{PAGE}/preview"), &cookie, &form(&other, 2, "")).await;
    contains(
        &tried,
        &["<td>author</td><td class=\"wide del\"><bdi>kvartz 1</bdi></td><td class=\"wide add\"><bdi>12:00:01</bdi>"],
    );
    let wrong = format!("{FIRST}rows: {{ thread: {{ selector: \"div[\" }} }}\n");
    let tried = desk.post(&format!("{PAGE}/preview"), &cookie, &form(&wrong, 2, "")).await;
    contains(&tried, &["forum.yaml:6:"]);
    assert_eq!(text(&desk).await, before);
}

#[tokio::test]
async fn a_text_is_saved_whole_and_taken_back() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let renamed = FIRST.replace("name: acme", "name: 新名");
    let saved = desk.post(PAGE, &cookie, &form(&renamed, 2, "its new name")).await;
    assert_eq!(saved.header(header::LOCATION), format!("{PAGE}?said=definition_saved"), "{}", saved.text);
    assert_eq!(text(&desk).await, (3, renamed.clone()), "lines end as they did");
    let row = desk.bench.row("forum").await.expect("a source");
    assert_eq!((row.source.name.as_str(), row.wanted), ("新名", true));
    for (number, text, reason, said) in [
        (2, format!("{renamed}#\n"), "late", "was changed meanwhile"),
        (3, renamed.replace("id: forum", "id: other"), "r", "forum.yaml:2:1: the source is `forum`"),
        (3, format!("{renamed}walks: 1\n"), "r", "forum.yaml:6:1"),
        (3, format!("{renamed}#\n"), " ", "say why"),
    ] {
        let refused = desk.post(PAGE, &cookie, &form(&text, number, reason)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        contains(&refused, &[said]);
    }
    let back = desk.post(&format!("{PAGE}/back"), &cookie, &format!("csrf={csrf}&take=1&number=3")).await;
    assert_eq!(back.header(header::LOCATION), format!("{PAGE}?said=definition_back"), "{}", back.text);
    assert_eq!(text(&desk).await, (4, FIRST.to_owned()));
    let page = desk.get(PAGE, &cookie).await;
    contains(
        &page,
        &["text number 1 is taken back", "<span class=\"del\">− name: 新名", "<span class=\"add\">+ name: acme"],
    );
}

#[tokio::test]
async fn captures_are_read_again_from_a_moment_in_taipei() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let path = format!("{PAGE}/reread");
    let answer = desk.post(&path, &cookie, &format!("csrf={csrf}&since=2026-11-20T08:30")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let queued = desk.store.open_reread().await.expect("rereads").expect("one");
    assert_eq!((queued.since.to_string().as_str(), queued.queued_by.as_str()), ("2026-11-20T00:30:00Z", "ann"));
    assert!(desk.get(PAGE, &cookie).await.text.contains("under way"));
    let wrong = desk.post(&path, &cookie, &format!("csrf={csrf}&since=yesterday")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

/// The forum was read well, then its markup changed.
async fn broken(desk: &Desk) {
    let at = |seconds| start() + SignedDuration::from_secs(seconds);
    for n in 1..=4 {
        desk.bench.keep(thread(n, "acme", false, at(10))).await;
    }
    let advance = Advance {
        outcome: "ok_new".into(),
        outcome_if_new: "ok_new".into(),
        new_so_far: 4,
        healthy: true,
        spared: false,
        mirrors: None,
        rung: 0,
        next_visit_at: at(30),
    };
    desk.store.lease_this("forum", "w", at(11), at(30)).await.expect("a lease").expect("free");
    desk.store.advance("forum", "w", &advance, at(20)).await.expect("a good visit");
    for n in 1..=4 {
        desk.bench.keep(thread(n, "acme", true, at(30))).await;
    }
}

#[tokio::test]
async fn a_repair_is_shown_and_accepted_as_it_was_looked_at() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    let nothing = desk.get(REPAIR, &cookie).await;
    assert!(nothing.text.contains("Nothing is broken"), "{}", nothing.text);
    broken(&desk).await;
    let page = desk.get(REPAIR, &cookie).await;
    contains(&page, &["Complete: every known row", "article.post", ".writer", ">known</span>", "kvartz 3"]);
    let stale = desk.post(REPAIR, &cookie, &format!("csrf={csrf}&proposal=00")).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
    contains(&stale, &["look at it again"]);
    assert_eq!(text(&desk).await.0, 2, "nothing is accepted by itself");
    let digest = page.text.split("name=\"proposal\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let accepted = desk.post(REPAIR, &cookie, &format!("csrf={csrf}&proposal={}", digest.expect("a proposal"))).await;
    assert_eq!(accepted.header(header::LOCATION), format!("{PAGE}?said=definition_repaired"), "{}", accepted.text);
    let (number, now) = text(&desk).await;
    assert!(number == 3 && now.starts_with(FIRST.lines().next().expect("a line")), "{now}");
    let queued = desk.store.open_reread().await.expect("rereads").expect("one");
    assert_eq!(queued.since, start() + SignedDuration::from_secs(20), "since the last good visit");
    assert!(desk.get(REPAIR, &cookie).await.text.contains("Nothing is broken"));
}

#[tokio::test]
async fn a_repair_with_gaps_needs_a_reason() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    broken(&desk).await;
    let mut odd = thread(2, "acme", true, start() + SignedDuration::from_secs(40));
    odd.body = odd.body.replace("kvartz 2", "somebody else");
    desk.bench.keep(odd).await;
    let page = desk.get(REPAIR, &cookie).await;
    contains(&page, &["Partial: correct it first", "no way was found to author"]);
    let digest = page.text.split("name=\"proposal\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let form = format!("csrf={csrf}&proposal={}", digest.expect("a proposal"));
    let refused = desk.post(REPAIR, &cookie, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    contains(&refused, &["say why it is accepted"]);
    assert_eq!(text(&desk).await.0, 2);
    let accepted = desk.post(REPAIR, &cookie, &format!("{form}&reason=he+was+renamed")).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
    assert_eq!(desk.store.definition_history("forum").await.expect("a history")[0].reason, "he was renamed");
}
