//! Boards inside boards, and threads that more than one of them shows.

use super::site::{Site, definition};
use crate::walk::{Mode, Seen};

fn links(boards: &[&str]) -> String {
    boards.iter().map(|board| format!("<a class=board href='{board}'>b</a>")).collect()
}

fn rows(threads: &[u32]) -> String {
    threads.iter().map(|id| format!("<li><a id={id} href='/t{id}'>T{id}</a> <i>1</i></li>")).collect()
}

#[test]
fn boards_are_followed_at_any_depth_and_each_is_read_once() {
    // A category without threads, three levels, and a board that links back to its parents.
    let site = Site::new(&["/b1"])
        .page("/b1", &(links(&["/b2", "/b3"]) + "<p class=none>boards only</p>"))
        .page("/b2", &(links(&["/b4", "/b1"]) + &rows(&[2])))
        .page("/b3", &(links(&["/b1"]) + "<p class=none>empty</p>"))
        .page("/b4", &(links(&["/b1", "/b2"]) + &rows(&[4])))
        .thread("/t2", &[21], "")
        .thread("/t4", &[41], "");
    let visit = site.visit(&definition(""), Mode::Everything, &Seen::new());
    assert_eq!((visit.ids(), visit.outcome().as_str()), (vec![21, 41], "ok_new"));
    let listings: Vec<_> = visit.asked.iter().filter(|path| path.starts_with("/b")).collect();
    assert_eq!(listings, ["/b1", "/b2", "/b3", "/b4"]);
}

#[test]
fn a_thread_that_stands_on_top_of_every_board_is_read_once() {
    let site = Site::new(&["/b1", "/b2"])
        .page("/b1", &rows(&[9, 1]))
        .page("/b2", &rows(&[9, 2]))
        .thread("/t9", &[91], "/t9?page=2")
        .thread("/t9?page=2", &[92], "")
        .thread("/t1", &[11], "")
        .thread("/t2", &[21], "");
    let visit = site.visit(&definition(""), Mode::Everything, &Seen::new());
    assert_eq!((visit.ids(), visit.threads()), (vec![11, 21, 91, 92], vec!["1", "2", "9"]));
    assert_eq!(visit.asked.iter().filter(|path| path.starts_with("/t9")).count(), 2);
    // Nor does a sticky thread at the top hide what changed below it.
    let site = site.page("/b1", &(rows(&[9]) + "<li><a id=1 href='/t1'>T1</a> <i>2</i></li>"));
    let poll = site.thread("/t1", &[11, 12], "").visit(&definition(""), Mode::Poll, &visit.done);
    assert_eq!((poll.ids(), poll.threads()), (vec![11, 12], vec!["1"]));
}

#[test]
fn a_merged_thread_and_one_that_is_gone_end_nothing() {
    let site = Site::new(&["/b"])
        .page("/b", &rows(&[1, 2, 3]))
        .thread("/t1", &[11, 21], "")
        .answer("/t2", 404, "merged into another")
        .thread("/t3", &[31], "");
    let visit = site.visit(&definition(""), Mode::Everything, &Seen::new());
    assert_eq!((visit.ids(), visit.outcome().as_str()), (vec![11, 21, 31], "ok_new"));
    let posts = visit.posts.iter().filter(|post| post.thread_id.as_deref() == Some("1"));
    assert_eq!(posts.count(), 2, "merged posts belong to the thread that shows them");
}
