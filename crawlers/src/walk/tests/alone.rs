//! Pages of posts that no listing leads to, and threads that the definition names itself.

use std::{collections::HashMap, sync::Arc};

use super::site::Site;
use crate::{
    definition::{Definition, Library},
    walk::{Mode, Seen},
};

const ROWS: &str = r##"
rows:
  thread: { selector: "p.post", empty: { selector: ".none" }, fields: { post_id: { attribute: id }, body: { selector: "q" } } }
"##;

fn definition(walk: &str) -> Arc<Definition> {
    let head = "schema: 1\nid: f\nname: F\nkind: feed\nlinks: [\"http://forum.example/\"]\nidentity: { any: [{ selector: \"#t\" }] }\n";
    let text = format!("{head}walk: {walk}{ROWS}");
    Arc::new(Library::shipped().parse(&text, "f.yaml").unwrap_or_else(|error| panic!("{error}")))
}

fn pages() -> Arc<Definition> {
    definition("{ posts: { path: feed, next: a.next, stop: { seen_in_a_row: 2, max_pages: 3 } } }")
}

#[test]
fn a_first_visit_reads_every_page_and_a_poll_ends_where_it_knows_the_posts() {
    let site = Site::default().thread("/feed", &[9, 8, 7], "/p2").thread("/p2", &[6, 5], "/p3").thread("/p3", &[4], "");
    let first = site.visit(&pages(), Mode::Poll, &Seen::new());
    assert_eq!(first.ids(), [4, 5, 6, 7, 8, 9]);
    assert_eq!(first.threads(), ["posts:feed"]);
    assert!(first.posts.iter().all(|post| post.thread_id.is_none()));
    let later = site.clone().thread("/feed", &[10, 9, 8], "/p2");
    let poll = later.visit(&pages(), Mode::Poll, &first.done);
    assert_eq!((poll.ids(), poll.asked), (vec![8, 9, 10], vec!["/feed".to_owned()]));
    // The newest post may stand last, as in a channel.
    let poll = site.clone().thread("/feed", &[8, 9, 10], "/p2").visit(&pages(), Mode::Poll, &first.done);
    assert_eq!(poll.asked, ["/feed"]);
    assert_eq!(later.visit(&pages(), Mode::Everything, &first.done).asked.len(), 3);
}

#[test]
fn a_burst_is_followed_to_the_posts_known() {
    let site = Site::default().thread("/feed", &[2, 1], "");
    let first = site.visit(&pages(), Mode::Poll, &Seen::new());
    let site =
        Site::default().thread("/feed", &[6, 5, 4], "/p2").thread("/p2", &[3, 2, 1], "/p3").thread("/p3", &[0], "");
    assert_eq!(site.visit(&pages(), Mode::Poll, &first.done).ids(), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_page_that_cannot_be_read_is_no_success_and_nothing_is_known_by_it() {
    let cases: HashMap<&str, (u16, &str)> = HashMap::from([
        ("blocked(not_found)", (404, "gone")),
        ("blocked(login)", (401, "login")),
        ("not_the_site", (200, "another")),
        ("selector_missing(rows)", (200, "<i id=t>new layout</i>")),
        ("ok_empty", (200, "<i id=t class=none>nothing yet</i>")),
    ]);
    for (outcome, (status, body)) in cases {
        let visit = Site::default().answer("/feed", status, body).visit(&pages(), Mode::Poll, &Seen::new());
        assert_eq!(visit.outcome(), outcome);
        assert_eq!(visit.done.is_empty(), outcome != "ok_empty", "{outcome}");
    }
    let site = Site::default().thread("/feed", &[2, 1], "/p2").answer("/p2", 500, "");
    let visit = site.visit(&pages(), Mode::Poll, &Seen::new());
    assert_eq!((visit.outcome(), visit.done.len()), ("partial(unreachable(http_500))".to_owned(), 0));
}

#[test]
fn a_pager_that_answers_the_same_page_again_ends() {
    let site =
        Site::default().thread("/feed", &[2, 1], "/p2").thread("/p2", &[2, 1], "/p3").thread("/p3", &[2, 1], "/p4");
    let visit = site.visit(&pages(), Mode::Everything, &Seen::new());
    assert_eq!((visit.ids(), visit.asked.len()), (vec![1, 2], 2));
}

#[test]
fn threads_named_by_the_definition_are_read_at_every_visit() {
    let named = definition("{ thread: { paths: [a, b, c] } }");
    let site = Site::default().thread("/a", &[1], "").answer("/b", 404, "gone").thread("/c", &[3], "");
    let first = site.visit(&named, Mode::Poll, &Seen::new());
    assert_eq!((first.ids(), first.outcome()), (vec![1, 3], "ok_new".to_owned()));
    assert_eq!(site.visit(&named, Mode::Poll, &first.done).ids(), [1, 3]);
}
