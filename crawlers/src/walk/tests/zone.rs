//! The zone that is learnt from two lists of the same times.

use jiff::Timestamp;

use super::site::definition;
use crate::{
    Outcome,
    definition::Library,
    walk::{Mode, PageKind, PageRequest, RawPage, Seen, Step, Walk},
};

const TIMES: &str = "page_zone: { selector: \".clock\", filters: [{ date: \"yyyy-MM-dd HH:mm\" }] }
walk:
  times:
    shown: { path: shown, each: li, key: { selector: b }, told_at: { selector: i, filters: [{ date: [\"yyyy-MM-dd HH:mm\", fuzzy_time] }] } }
    utc: { path: utc, each: li, key: { selector: b }, told_at: { selector: i, filters: [{ date: rfc3339 }] } }
";
const SHOWN: &str =
    "<li><b>1</b><i>2026-07-01 08:00</i><li><b>2</b><i>2026-01-01 07:00</i><li><b>3</b><i>Today 07:00</i>";
const UTC: &str = "<li><b>2</b><i>2026-01-01T12:00:30Z</i><li><b>1</b><i>2026-07-01T12:00:30Z</i><li><b>3</b><i>2026-07-20T12:00:30Z</i>";

fn begin(more: &str, seen: Seen) -> Walk {
    Walk::new(definition(more), &"http://forum.example/".parse().unwrap(), Mode::Poll, seen, None)
}

fn answer(walk: &mut Walk, request: &PageRequest, status: u16, body: &str, now: &str) -> Step {
    let (body, received_at) = (format!("<div id=t>{body}</div>"), now.parse::<Timestamp>().unwrap());
    let (url, content_type, body) = (&request.url, "text/html", body.as_bytes());
    walk.read(request, &RawPage { url, status, content_type, body, received_at, retry_after: None })
}

/// The kinds of pages that are asked for after an entrance with this clock, and what is known afterwards.
fn visit(more: &str, seen: &Seen, clock: &str, now: &str) -> (Vec<PageKind>, Seen) {
    let mut walk = begin(more, seen.clone());
    let (mut kinds, mut seen) = (vec![], seen.clone());
    while let Some(request) = walk.next_request() {
        kinds.push(request.kind);
        let body = match request.url.path() {
            "/shown" => SHOWN.to_owned(),
            "/utc" => UTC.to_owned(),
            "/" => format!("<p class=clock>{clock}</p><a class=board href='/b1'>b</a>"),
            _ => "<p class=none>".to_owned(),
        };
        seen.extend(answer(&mut walk, &request, 200, &body, now).thread_done);
    }
    (kinds, seen)
}

#[test]
fn the_lists_are_asked_for_before_any_listing_and_kept_for_a_week() {
    use PageKind::{Boards, Listing, Times};
    let (kinds, seen) = visit(TIMES, &Seen::new(), "2026-07-20 06:00", "2026-07-20T10:00:00Z");
    assert_eq!(kinds, [Boards, Times, Times, Listing]);
    assert_eq!(seen["zone:"], "America/New_York 2026-07-20T10:00:00Z");
    let poll = |clock: &str, now: &str| visit(TIMES, &seen, clock, now).0.len();
    assert_eq!(poll("2026-07-26 06:00", "2026-07-26T10:00:00Z"), 2);
    assert_eq!(poll("2026-07-27 06:00", "2026-07-27T10:00:00Z"), 4, "a week old");
    assert_eq!(poll("2026-07-20 18:59", "2026-07-20T10:59:00Z"), 2, "another clock, but just learnt");
    assert_eq!(poll("2026-07-20 19:01", "2026-07-20T11:01:00Z"), 4, "another clock");
    assert_eq!(poll("", "2026-07-20T11:01:00Z"), 2, "no clock");
    let own = format!("timezone: Asia/Taipei\n{TIMES}");
    assert_eq!(
        visit(&own, &Seen::new(), "", "2026-07-20T10:00:00Z").0.len(),
        4,
        "a zone beside it is for those without"
    );
    let site = "schema: 1\nid: s\nname: S\nextends: smf\nlinks: [\"http://forum.example/\"]\n";
    let learns =
        |more: &str| Library::shipped().parse(&format!("{site}{more}"), "s.yaml").unwrap().walk.times.is_some();
    assert!(learns("") && !learns("timezone: Asia/Taipei\n"), "a nearer zone is believed");
}

#[test]
fn a_list_that_does_not_come_is_tried_again_and_then_left_for_the_next_visit() {
    let mut walk = begin(TIMES, Seen::new());
    let request = walk.next_request().unwrap();
    answer(&mut walk, &request, 200, "<a class=board href='/b1'>b</a>", "2026-07-20T10:00:00Z");
    for fails in ["/shown", "/shown", "/shown", "/shown"] {
        let request = walk.next_request().unwrap();
        assert_eq!(request.url.path(), fails);
        match request.page {
            1 => walk.failed(&request, Outcome::Unreachable("timeout".into())),
            _ => assert!(answer(&mut walk, &request, 503, "busy", "2026-07-20T10:00:00Z").posts.is_empty()),
        }
    }
    let request = walk.next_request().unwrap();
    assert_eq!(request.url.path(), "/utc");
    assert_eq!(answer(&mut walk, &request, 200, UTC, "2026-07-20T10:00:00Z").thread_done, None);
    let request = walk.next_request().unwrap();
    assert_eq!((request.url.path(), request.zone.as_deref()), ("/b1", None));
    // A site that has no such lists is asked once.
    let mut walk = begin(TIMES, Seen::new());
    let mut done = vec![];
    while let Some(request) = walk.next_request() {
        let status = if request.kind == PageKind::Times { 404 } else { 200 };
        let body = if request.kind == PageKind::Boards { "<a class=board href='/b1'>b</a>" } else { "<p class=none>" };
        done.extend(answer(&mut walk, &request, status, body, "2026-07-20T10:00:00Z").thread_done);
    }
    assert_eq!(done, [("zone:".to_owned(), " 2026-07-20T10:00:00Z".to_owned())]);
    assert!(walk.summary().outcome.is_good());
}
