//! How visits end.

use super::site::{Site, definition, read};
use crate::{
    Outcome,
    walk::{Mode, RawPage, Seen, Walk},
};

fn outcome(site: &Site) -> String {
    site.visit(&definition(""), Mode::Poll, &Seen::new()).outcome()
}

fn forum(threads: u32) -> Site {
    let rows: Vec<(u32, u32)> = (1..=threads).map(|id| (id, 1)).collect();
    let site = Site::new(&["/b"]).listing("/b", &rows, "");
    (1..=threads).fold(site, |site, id| site.thread(&format!("/t{id}"), &[id], ""))
}

#[test]
fn zero_rows_are_never_a_success_without_proof() {
    let board = Site::new(&["/b"]);
    assert_eq!(outcome(&board.clone().page("/b", "<p class=none>no threads</p>")), "ok_empty");
    assert_eq!(outcome(&board.clone().page("/b", "<div class=row>new layout</div>")), "selector_missing(rows)");
    assert_eq!(outcome(&board.page("/b", "<li><span>new markup</span><i>1</i></li>")), "selector_missing(thread_id)");
    assert_eq!(outcome(&Site::default().page("/", "no boards")), "selector_missing(boards)");
    assert_eq!(outcome(&forum(2).page("/t1", "x").page("/t2", "x")), "selector_missing(rows)");
}

#[test]
fn rows_that_lack_a_field_are_told_by_its_name() {
    let post = |author: &str| format!("<p class=post id=1>{author}<q>x</q></p>");
    assert_eq!(outcome(&forum(1).page("/t1", &post(""))), "selector_missing(author)");
    let some = format!("{}{}", post("<b>u</b>"), post("").replace("id=1", "id=2"));
    assert_eq!(outcome(&forum(1).page("/t1", &some)), "partial(1 of 2 rows lack author)");
    let picture = "<p class=post id=1><b>u</b><q><img src=x></q></p>";
    assert_eq!(outcome(&forum(1).page("/t1", picture)), "ok_new", "a post may be a picture");
}

#[test]
fn what_stands_in_the_way_is_named_and_asked_no_more() {
    let cases = [
        (200, "<div id=t class=captcha>", "blocked(captcha)"),
        (200, "<h1>Nice domain for sale</h1>", "not_the_site"),
        (429, "slow down", "blocked(rate_limited)"),
        (403, "no", "blocked(banned)"),
        (401, "no", "blocked(login)"),
        (502, "bad gateway", "unreachable(http_502)"),
    ];
    for (status, body, expected) in cases {
        let visit = Site::default().answer("/", status, body).visit(&definition(""), Mode::Poll, &Seen::new());
        assert_eq!((visit.outcome().as_str(), visit.asked.len()), (expected, 1), "{status} {body}");
    }
    // In the middle of a visit as well: asking on would be asking a guard again.
    let visit =
        forum(9).answer("/t2", 200, "<div id=t class=captcha>").visit(&definition(""), Mode::Poll, &Seen::new());
    assert_eq!((visit.outcome().as_str(), visit.ids()), ("blocked(captcha)", vec![1]));
}

#[test]
fn one_unreachable_thread_stops_no_other_and_three_in_a_row_do() {
    let without = |gone: &[u32]| {
        let rows: Vec<(u32, u32)> = (1..=9).map(|id| (id, 1)).collect();
        let site = Site::new(&["/b"]).listing("/b", &rows, "");
        let there = (1..=9).filter(|id| !gone.contains(id));
        there.fold(site, |site, id| site.thread(&format!("/t{id}"), &[id], ""))
    };
    let one = without(&[2, 4, 5]).visit(&definition(""), Mode::Poll, &Seen::new());
    assert_eq!((one.outcome().as_str(), one.ids()), ("partial(unreachable(timeout))", vec![1, 3, 6, 7, 8, 9]));
    assert!(!one.done.contains_key("2"));
    let three = without(&[2, 3, 4]).visit(&definition(""), Mode::Poll, &Seen::new());
    assert_eq!(three.ids(), [1]);
    assert_eq!(outcome(&Site::default()), "unreachable(timeout)");
}

#[test]
fn a_deleted_thread_is_no_failure() {
    let visit = forum(3).answer("/t2", 404, "gone").visit(&definition(""), Mode::Poll, &Seen::new());
    assert_eq!((visit.outcome().as_str(), visit.ids()), ("ok_new", vec![1, 3]));
}

#[test]
fn a_withheld_thread_is_asked_for_once_and_a_closed_site_is_told() {
    let closed = |ids: &[u32]| ids.iter().fold(forum(5), |site, id| site.answer(&format!("/t{id}"), 403, "no"));
    let site = closed(&[2, 3, 4]);
    let first = site.visit(&definition(""), Mode::Poll, &Seen::new());
    assert_eq!((first.outcome().as_str(), first.ids()), ("ok_new", vec![1, 5]));
    let second = site.visit(&definition(""), Mode::Poll, &first.done);
    assert_eq!((second.outcome().as_str(), second.asked.len()), ("ok_no_new", 2));
    assert_eq!(outcome(&closed(&[1, 2, 3, 4, 5])), "blocked(banned)");
    let opened = forum(5).visit(&definition(""), Mode::Everything, &first.done);
    assert_eq!(opened.ids(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_board_that_is_kept_from_us_or_leads_elsewhere_stops_no_other() {
    let site = |status| {
        let site = Site::new(&["/b1", "/b2", "/b3"]).answer("/b1", status, "no").answer("/b2", 404, "gone");
        site.listing("/b3", &[(1, 1)], "").thread("/t1", &[1], "")
    };
    for status in [401, 403] {
        let visit = site(status).visit(&definition(""), Mode::Poll, &Seen::new());
        assert_eq!((visit.outcome().as_str(), visit.ids()), ("ok_new", vec![1]), "{status}");
        assert_eq!(outcome(&site(status).answer("/b3", status, "no")).split('(').next(), Some("blocked"), "{status}");
    }
    // However many there are: a visit that opens no thread, for there is nothing new, is not shut out.
    let members = ["/b1", "/b2", "/b3", "/b4"];
    let site =
        members.iter().fold(Site::new(&["/b1", "/b2", "/b3", "/b4", "/b5"]), |site, b| site.answer(b, 403, "no"));
    let site = site.listing("/b5", &[(1, 1)], "").thread("/t1", &[1], "");
    let first = site.visit(&definition(""), Mode::Poll, &Seen::new());
    let second = site.visit(&definition(""), Mode::Poll, &first.done);
    assert_eq!((first.outcome().as_str(), second.outcome().as_str()), ("ok_new", "ok_no_new"));
    let base = "http://forum.example/".parse().unwrap();
    let mut walk = Walk::new(definition(""), &base, Mode::Poll, Seen::new(), None);
    let request = walk.next_request().unwrap();
    read(&mut walk, &request, 200, "<div id=t><a class=board href='/b1'>b</a><a class=board href='/b2'>b</a>");
    let request = walk.next_request().unwrap();
    let url = "http://elsewhere.example/".parse().unwrap();
    let (content_type, received_at) = ("", jiff::Timestamp::UNIX_EPOCH);
    walk.read(
        &request,
        &RawPage { url: &url, status: 200, content_type, body: b"<p>", received_at, retry_after: None },
    );
    assert_eq!(walk.next_request().unwrap().url.path(), "/b2");
    // The network does not follow to another host.
    let mut walk = Walk::new(definition(""), &base, Mode::Poll, Seen::new(), None);
    let request = walk.next_request().unwrap();
    read(&mut walk, &request, 200, "<div id=t><a class=board href='/b1'>b</a><a class=board href='/b2'>b</a>");
    let request = walk.next_request().unwrap();
    walk.failed(&request, Outcome::Moved("elsewhere.example".into()));
    assert_eq!(walk.next_request().unwrap().url.path(), "/b2");
}

#[test]
fn a_board_that_is_a_link_elsewhere_ends_nothing_though_the_network_did_not_follow_it() {
    let base = "http://forum.example/".parse().unwrap();
    let mut walk = Walk::new(definition(""), &base, Mode::Poll, Seen::new(), None);
    let request = walk.next_request().unwrap();
    read(&mut walk, &request, 200, "<div id=t><a class=board href='/b1'>b</a><a class=board href='/b2'>b</a>");
    let request = walk.next_request().unwrap();
    walk.failed(&request, Outcome::Moved("elsewhere.example".into()));
    assert_eq!(walk.summary().outcome.to_string(), "moved(elsewhere.example)", "no board is here");
    let request = walk.next_request().unwrap();
    assert_eq!(request.url.path(), "/b2");
    read(&mut walk, &request, 200, "<div id=t><p class=none>");
    assert!(walk.summary().outcome.is_good(), "{}", walk.summary().outcome);
    // The entrance is no board: with it the whole site has moved.
    let mut walk = Walk::new(definition(""), &base, Mode::Poll, Seen::new(), None);
    let request = walk.next_request().unwrap();
    walk.failed(&request, Outcome::Moved("new.example".into()));
    assert!(walk.is_over());
    assert_eq!(walk.summary().outcome, Outcome::Moved("new.example".into()));
}

#[test]
fn a_board_that_is_another_page_of_the_host_hides_no_board_behind_it() {
    let site = Site::new(&["/b1", "/b2"]).answer("/b1", 200, "a wiki").listing("/b2", &[(1, 1)], "");
    let visit = site.thread("/t1", &[1], "").visit(&definition(""), Mode::Poll, &Seen::new());
    assert_eq!((visit.outcome().as_str(), visit.ids()), ("partial(not_the_site)", vec![1]));
}

#[test]
fn another_host_is_a_move() {
    let base = "http://forum.example/".parse().unwrap();
    let mut walk = Walk::new(definition(""), &base, Mode::Poll, Seen::new(), None);
    let request = walk.next_request().unwrap();
    let url = "http://new.example/".parse().unwrap();
    let (content_type, received_at) = ("", jiff::Timestamp::UNIX_EPOCH);
    walk.read(
        &request,
        &RawPage { url: &url, status: 200, content_type, body: b"<div id=t>", received_at, retry_after: None },
    );
    assert!(walk.is_over());
    assert_eq!(walk.summary().outcome, Outcome::Moved("new.example".into()));
}

#[test]
fn a_visit_that_read_nothing_claims_nothing() {
    let base = "http://forum.example/".parse().unwrap();
    let mut walk = Walk::new(definition(""), &base, Mode::Poll, Seen::new(), Some(0));
    assert_eq!(walk.next_request(), None);
    assert_eq!(walk.summary().outcome, Outcome::OkNoNew);
    let mut walk = Walk::new(definition(""), &base, Mode::Poll, Seen::new(), None);
    let request = walk.next_request().unwrap();
    let step = read(&mut walk, &request, 200, &"<div id=t>".repeat(5_000));
    assert!(step.posts.is_empty());
    assert_eq!(walk.summary().outcome.to_string(), "unreachable(page_too_deep)");
}
