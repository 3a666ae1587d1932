//! Traps: pagers that answer the same page, sessions in addresses, mazes.

use super::site::{Site, definition, read};
use crate::walk::{Mode, Seen, Walk};

fn everything(site: &Site) -> super::site::Visit {
    site.visit(&definition(""), Mode::Everything, &Seen::new())
}

#[test]
fn a_session_id_in_every_link_makes_no_new_page() {
    let row = "<li><a id=1 href='/t1?sid=b'>T</a><i>1</i></li>";
    let site = Site::default()
        .page("/", "<a class=board href='/b?sid=1'>b</a><a class=board href='/b?sid=2'>b</a>")
        .page("/b?sid=1", &format!("{row}<a class=next href='/b?sid=3&page=2'>n</a>"))
        .page("/b?sid=3&page=2", &format!("{row}<a class=next href='/b?page=2&sid=4'>n</a>"))
        .thread("/t1?sid=b", &[1], "/t1?sid=c#top");
    let visit = everything(&site);
    assert_eq!(visit.asked, ["/", "/b?sid=1", "/b?sid=3&page=2", "/t1?sid=b"]);
    assert_eq!(visit.threads(), ["1"]);
}

#[test]
fn a_pager_that_the_server_ignores_ends() {
    let base = "http://forum.example/".parse().unwrap();
    let mut walk = Walk::new(definition(""), &base, Mode::Everything, Seen::new(), None);
    let (mut asked, mut posts) = (0, 0);
    while let Some(request) = walk.next_request() {
        asked += 1;
        assert!(asked < 50, "the walk does not end");
        let next = format!("<a class=next href='?page={}'>n</a>", request.page + 1);
        let body = match request.url.path() {
            "/" => "<a class=board href='/b'>b</a>".to_owned(),
            "/b" => format!("<li><a id=1 href='/t1'>T</a><i>1</i></li>{next}"),
            _ => format!("<p class=post id=1><b>u</b><q>x</q></p>{next}"),
        };
        posts += read(&mut walk, &request, 200, &format!("<div id=t>{body}</div>")).posts.len();
    }
    assert_eq!(posts, 1, "the same post is not brought twice");
    assert!(asked <= 6, "{asked} requests");
}

#[test]
fn a_page_of_known_posts_ends_a_thread_and_the_thread_is_done() {
    let site = Site::new(&["/b"])
        .listing("/b", &[(1, 3), (2, 1)], "")
        .thread("/t1", &[11, 12], "/t1?page=2")
        .thread("/t1?page=2", &[12, 11], "/t1?page=3")
        .thread("/t1?page=3", &[13], "")
        .thread("/t2", &[21], "");
    let visit = everything(&site);
    assert_eq!((visit.ids(), visit.threads()), (vec![11, 12, 21], vec!["1", "2"]));
    assert_eq!(visit.asked, ["/", "/b", "/t1", "/t1?page=2", "/t2"]);
}

#[test]
fn a_thread_that_is_linked_by_its_last_page_is_read_whole() {
    let page = |posts: &[u32], links: &[(&str, &str)]| {
        let rows: String = posts.iter().map(|id| format!("<p class=post id={id}><b>u</b><q>x</q></p>")).collect();
        let links = links.iter().map(|(class, to)| format!("<a class={class} href='{to}'>p</a>"));
        rows + &links.collect::<String>()
    };
    let site = Site::new(&["/b"])
        .listing("/b", &[(1, 5), (2, 1)], "")
        .page("/t1", &page(&[1, 5], &[("prev", "/t1/2")]))
        .page("/t1/1", &page(&[1, 2, 3], &[("next", "/t1/2")]))
        .page("/t1/2", &page(&[1, 4], &[("prev", "/t1/1"), ("next", "/t1/3")]))
        .page("/t1/3", &page(&[1, 5], &[("prev", "/t1/2")]))
        .thread("/t2", &[21], "");
    let definition = definition("walk: { thread: { others: a.prev } }\n");
    let visit = site.visit(&definition, Mode::Everything, &Seen::new());
    assert_eq!((visit.ids(), visit.threads()), (vec![1, 2, 3, 4, 5, 21], vec!["1", "2"]));
    assert_eq!(visit.asked, ["/", "/b", "/t1", "/t1/2", "/t1/3", "/t1/1", "/t2"]);
}

#[test]
fn an_endless_row_of_empty_pages_ends() {
    let base = "http://forum.example/".parse().unwrap();
    let mut walk = Walk::new(definition(""), &base, Mode::Everything, Seen::new(), None);
    let mut asked = 0;
    while let Some(request) = walk.next_request() {
        asked += 1;
        let next = format!("<a class=next href='/b?page={}'>n</a>", request.page + 1);
        let body = format!("<div id=t><a class=board href='/b'>b</a><p class=none>nothing</p>{next}</div>");
        read(&mut walk, &request, 200, &body);
    }
    assert!(asked <= 6, "{asked} requests");
}

#[test]
fn pages_without_posts_in_the_middle_of_a_thread_end_nothing() {
    let none = |next: &str| format!("<p class=none>closed</p><a class=next href='{next}'>n</a>");
    let site = Site::new(&["/b"])
        .listing("/b", &[(1, 1)], "")
        .thread("/t1", &[1], "/t1?page=2")
        .page("/t1?page=2", &none("/t1?page=3"))
        .page("/t1?page=3", &none("/t1?page=4"))
        .thread("/t1?page=4", &[4], "");
    assert_eq!(everything(&site).ids(), [1, 4]);
}

#[test]
fn links_to_elsewhere_are_not_followed() {
    let rows = "<li><a id=1 href='http://evil.example/t1'>T</a><i>1</i></li>\
                <li><a id=2 href='https://forum.example/t2'>T</a><i>1</i></li>\
                <li><a id=3 href='http://forum.example:81/t3'>T</a><i>1</i></li>\
                <li><a id=4 href='javascript:alert(1)'>T</a><i>1</i></li>\
                <li><a id=5 href='//forum.example/t5'>T</a><i>1</i></li>";
    let site = Site::default()
        .page("/", "<a class=board href='/b'>b</a><a class=board href='http://evil.example/b'>b</a>")
        .page("/b", rows)
        .thread("/t5", &[5], "http://evil.example/t5?page=2");
    let visit = everything(&site);
    assert_eq!(visit.asked, ["/", "/b", "/t5"]);
    assert_eq!(visit.outcome(), "partial(1 of 5 rows lack thread_url)");
}

#[test]
fn a_maze_of_threads_ends_at_the_limit() {
    let base = "http://forum.example/".parse().unwrap();
    let mut walk = Walk::new(definition(""), &base, Mode::Everything, Seen::new(), Some(100));
    let mut asked = 0_u32;
    while let Some(request) = walk.next_request() {
        asked += 1;
        let row = format!("<li><a id={asked} href='/t{asked}'>T</a><i>1</i></li>");
        let next = format!("<a class=next href='/b?page={asked}'>n</a>");
        let body =
            format!("<div id=t><a class=board href='/b{asked}'>b</a>{row}{next}<p class=post id={asked}></p></div>");
        read(&mut walk, &request, 200, &body);
    }
    assert_eq!(asked, 100);
}
