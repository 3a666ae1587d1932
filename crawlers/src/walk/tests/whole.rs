//! Whole readings: every board, thread and page, once.

use super::site::{Site, definition};
use crate::walk::{Mode, PageKind, PageRequest, Seen, ThreadContext, Walk};

fn forum() -> Site {
    Site::new(&["/b1", "/b2"])
        .listing("/b1", &[(1, 3), (2, 1)], "/b1?page=2")
        .listing("/b1?page=2", &[(3, 1)], "")
        .listing("/b2", &[(4, 1)], "")
        .thread("/t1", &[11, 12], "/t1?page=2")
        .thread("/t1?page=2", &[13], "")
        .thread("/t2", &[21], "")
        .thread("/t3", &[31], "")
        .thread("/t4", &[41], "")
}

#[test]
fn every_board_thread_and_page_is_read_once() {
    let visit = forum().visit(&definition(""), Mode::Everything, &Seen::new());
    assert_eq!(visit.ids(), [11, 12, 13, 21, 31, 41]);
    assert_eq!(visit.threads(), ["1", "2", "3", "4"]);
    assert_eq!(visit.outcome(), "ok_new");
    let mut asked = visit.asked.clone();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), visit.asked.len(), "{:?}", visit.asked);
    let post = &visit.posts.iter().find(|post| post.post_id == "13").unwrap();
    assert_eq!((post.thread_id.as_deref(), post.title.as_str()), (Some("1"), "T1"));
    assert_eq!(post.url, "http://forum.example/t1?page=2");
}

#[test]
fn a_listing_that_is_read_whole_is_read_before_its_threads() {
    let visit = forum().visit(&definition(""), Mode::Everything, &Seen::new());
    let first_thread = visit.asked.iter().position(|path| path.starts_with("/t")).unwrap();
    assert!(visit.asked[..first_thread].contains(&"/b1?page=2".to_owned()), "{:?}", visit.asked);
}

#[test]
fn a_limit_of_pages_is_kept_and_brings_posts_soon() {
    let base = url::Url::parse("http://forum.example/").unwrap();
    let mut walk = Walk::new(definition(""), &base, Mode::Everything, Seen::new(), Some(4));
    let visit = forum().pump(&mut walk);
    assert_eq!(visit.asked, ["/", "/b1", "/t1", "/t1?page=2"]);
    assert!(walk.is_over());
    assert_eq!(walk.summary().pages, 4);
}

#[test]
fn a_thread_is_done_with_its_last_page_and_not_before() {
    let broken = forum().page("/t1?page=2", "<p>another layout</p>");
    let visit = broken.visit(&definition(""), Mode::Everything, &Seen::new());
    assert_eq!(visit.threads(), ["2", "3", "4"]);
    assert_eq!(visit.outcome(), "partial(selector_missing(rows))");
    // Nor when a page in between could not be read.
    let first = forum().page("/t1", "<p>another layout</p><a class=next href='/t1?page=2'>next</a>");
    assert_eq!(first.visit(&definition(""), Mode::Everything, &Seen::new()).threads(), ["2", "3", "4"]);
}

#[test]
fn a_request_is_kept_with_its_capture() {
    let fields = [("title".to_owned(), "出售".to_owned())].into();
    let thread = Some(ThreadContext { id: "7".into(), fields });
    let url = "http://forum.example/t7?page=2".parse().unwrap();
    let request = PageRequest { url, kind: PageKind::Thread, page: 2, thread, zone: None };
    let json = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<PageRequest>(&json).unwrap(), request);
}

#[test]
fn the_same_content_is_the_same_hash_and_an_edit_is_another() {
    let definition = definition("");
    let read = |site: Site| site.visit(&definition, Mode::Everything, &Seen::new()).posts;
    let (before, after) = (read(forum()), read(forum().page("/t2", "<p class=post id=21><b>u</b><q>edited</q></p>")));
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(old.key(&definition), new.key(&definition));
        assert_eq!(old.content_hash(&definition) != new.content_hash(&definition), old.post_id == "21");
    }
}
