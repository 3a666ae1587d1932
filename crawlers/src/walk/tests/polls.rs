//! Polls: only what changed is opened, and nothing new is passed over.

use super::site::{Site, Visit, definition};
use crate::walk::{Mode, Seen};

/// A board of six threads on three pages.
fn board(replies: [u32; 6]) -> Site {
    let [a, b, c, d, e, f] = replies;
    let mut site = Site::new(&["/b"])
        .listing("/b", &[(1, a), (2, b)], "/b?page=2")
        .listing("/b?page=2", &[(3, c), (4, d)], "/b?page=3")
        .listing("/b?page=3", &[(5, e), (6, f)], "");
    for id in 1..=6 {
        site = site.thread(&format!("/t{id}"), &[id * 10], "");
    }
    site
}

fn poll(site: &Site, seen: &Seen) -> Visit {
    site.visit(&definition(""), Mode::Poll, seen)
}

#[test]
fn the_first_poll_reads_all_and_the_second_only_the_entrance() {
    let site = board([1; 6]);
    let first = poll(&site, &Seen::new());
    assert_eq!((first.ids(), first.outcome().as_str()), (vec![10, 20, 30, 40, 50, 60], "ok_new"));
    let second = poll(&site, &first.done);
    assert_eq!(second.asked, ["/", "/b"]);
    assert_eq!(second.outcome(), "ok_no_new");
}

#[test]
fn changed_and_new_threads_are_opened_and_paging_goes_on_behind_them() {
    let seen = poll(&board([1; 6]), &Seen::new()).done;
    let visit = poll(&board([1, 2, 1, 1, 1, 1]), &seen);
    assert_eq!(visit.ids(), [20]);
    assert_eq!(visit.asked, ["/", "/b", "/t2", "/b?page=2"], "two unchanged in a row end it");
    let burst = poll(&board([2, 2, 2, 2, 2, 1]), &seen);
    assert_eq!(burst.ids(), [10, 20, 30, 40, 50], "a burst longer than a page");
}

#[test]
fn one_quiet_board_does_not_end_another() {
    let site = |replies| {
        Site::new(&["/b1", "/b2"])
            .listing("/b1", &[(1, 1), (2, 1), (3, 1)], "")
            .listing("/b2", &[(4, 1)], "/b2?page=2")
            .listing("/b2?page=2", &[(5, replies)], "")
            .thread("/t1", &[1], "")
            .thread("/t2", &[2], "")
            .thread("/t3", &[3], "")
            .thread("/t4", &[4], "")
            .thread("/t5", &[5], "")
    };
    let seen = poll(&site(1), &Seen::new()).done;
    assert_eq!(poll(&site(2), &seen).ids(), [5]);
}

#[test]
fn pages_of_threads_do_not_count_as_pages_of_a_listing() {
    let seen: Seen = [("99".to_owned(), "1|".to_owned())].into();
    assert_eq!(poll(&board([1; 6]), &seen).ids(), [10, 20, 30, 40, 50, 60]);
}

#[test]
fn a_first_visit_may_be_short() {
    let definition = definition("schedule: { backfill_pages: 1 }");
    let visit = board([1; 6]).visit(&definition, Mode::Poll, &Seen::new());
    assert_eq!(visit.ids(), [10, 20]);
}

#[test]
fn a_forum_without_signals_is_asked_every_time_and_a_paste_once() {
    let silent = "rows: { listing: { fields: { replies: null } } }\n";
    for (kind, again) in [("forum", vec![10, 20, 30, 40, 50, 60]), ("paste", vec![])] {
        let definition = definition(&format!("kind: {kind}\n{silent}"));
        let seen = board([1; 6]).visit(&definition, Mode::Poll, &Seen::new()).done;
        assert_eq!(board([1; 6]).visit(&definition, Mode::Poll, &seen).ids(), again, "{kind}");
    }
}

/// A thread of four pages of two posts, whose first page links to its last.
fn long(replies: u32) -> Site {
    let mut site = Site::new(&["/b"]).listing("/b", &[(1, replies)], "");
    for page in 1..=4_u32 {
        let rows: String = [0, 1].map(|n| format!("<p class=post id={}><b>u</b><q>x</q></p>", page * 10 + n)).concat();
        let links = match page {
            1 => "<a class=next href='?page=2'>2</a><a class=last href='?page=4'>4</a>".to_owned(),
            4 => "<a class=prev href='?page=3'>3</a>".to_owned(),
            _ => format!("<a class=prev href='?page={}'>.</a><a class=next href='?page={}'>.</a>", page - 1, page + 1),
        };
        let path = if page == 1 { "/t1".to_owned() } else { format!("/t1?page={page}") };
        site = site.page(&path, &(rows + &links));
    }
    site
}

const BACKWARDS: &str = "walk: { thread: { last_page_first: true, last: a.last, prev: a.prev } }";

#[test]
fn a_long_thread_is_read_from_its_end_as_far_as_it_has_grown() {
    let definition = definition(BACKWARDS);
    let first = long(100).visit(&definition, Mode::Poll, &Seen::new());
    assert_eq!(first.asked, ["/", "/b", "/t1", "/t1?page=2", "/t1?page=3", "/t1?page=4"]);
    // Grown by one; five more are read in case others were deleted.
    let grown = long(101).visit(&definition, Mode::Poll, &first.done);
    assert_eq!(grown.asked, ["/", "/b", "/t1", "/t1?page=4", "/t1?page=3", "/t1?page=2"]);
    assert_eq!(grown.done["1"], "101|");
    let shrunk = long(99).visit(&definition, Mode::Poll, &first.done);
    assert_eq!(shrunk.ids().len(), 8, "a thread that lost posts is read again");
    assert_eq!(long(101).visit(&definition, Mode::Everything, &first.done).ids().len(), 8);
}

#[test]
fn a_thread_read_from_its_end_is_done_only_when_the_growth_was_read() {
    let definition = definition(BACKWARDS);
    let seen: Seen = [("1".to_owned(), "1|".to_owned())].into();
    let broken = long(9).page("/t1?page=3", "<p>another layout</p>");
    assert!(broken.visit(&definition, Mode::Poll, &seen).done.is_empty());
}

#[test]
fn a_thread_is_opened_again_while_the_minute_of_its_last_post_lasted() {
    let time = "last_post_at: { selector: s, filters: [{ date: [\"yyyy-MM-dd[ HH:mm][:ss]\", fuzzy_time] }] }";
    let definition = definition(&format!("rows: {{ listing: {{ fields: {{ {time} }} }} }}"));
    let site = |last: &str, post| {
        let row = format!("<li><a id=1 href='/t1'>T</a> <i>3</i> <s>{last}</s></li>");
        Site::new(&["/b"]).page("/b", &row).thread("/t1", &[1, 2, 3, post], "")
    };
    // Every page comes at midnight of the first of January 1970.
    let cases = [
        ("1970-01-01 00:00", true),
        ("1969-12-31 23:59", false),
        ("1970-01-01 00:00:00", false),
        ("1970-01-01", true),
        ("1969-12-31", false),
        ("just now", true),
        ("5 minutes ago", false),
        // A clock that goes ahead tells nothing of the present.
        ("1970-01-01 08:00", false),
    ];
    for (last, again) in cases {
        let first = site(last, 4).visit(&definition, Mode::Poll, &Seen::new());
        // Post 4 was deleted, and another one came in the same minute.
        let second = site(last, 5).visit(&definition, Mode::Poll, &first.done);
        assert_eq!(second.ids().contains(&5), again, "{last}");
    }
}
