//! Pages generated without end, and links that no reader of posts should follow.

use crate::forum::{
    BOARDS, Page,
    Skin::{self, Mybb, Phpbb, Spirit},
    What,
};
use crate::server::Answer;
use crate::trap::{Ask, Trap, answers, changes, markup};

/// A further board in the index, and a function of what is behind it.
fn behind(
    name: &'static str, skin: Skin, board: &'static str,
    others: impl Fn(&Ask<'_>) -> Option<Answer> + Send + Sync + 'static,
) -> Trap {
    let edit = move |ask: &Ask<'_>, page: &mut Page| {
        if ask.is_index() {
            page.boards.push(board.to_owned());
        }
    };
    changes(name, skin, edit, others)
}

/// The number at the end of an address.
fn number(path: &str) -> usize {
    path.rsplit(['/', '=']).find_map(|part| part.parse().ok()).unwrap_or(0)
}

fn boards() -> Vec<Trap> {
    vec![
        behind("calendar as a board", Phpbb, "/calendar/1", |ask| {
            let n = number(ask.path);
            Some(ask.empty(vec![format!("/calendar/{}", n + 1)], Some(format!("/calendar/{}", n + 2))))
        }),
        behind("archive of future months", Mybb, "/archive/forum-202612", |ask| {
            let month = ask.path.rsplit('-').next()?.parse::<u64>().ok()?;
            Some(ask.empty(vec![], Some(format!("/archive/forum-{}", month + 1))))
        }),
        behind("maze of boards", Phpbb, "/viewforum.php?f=1000", |ask| {
            let n = number(ask.path);
            Some(ask.empty((1..=10).map(|k| format!("/viewforum.php?f={}", n * 10 + k)).collect(), None))
        }),
        behind("maze of boards in a theme of categories", Spirit, "/category/999/b/", |ask| {
            Some(ask.empty((1..=5).map(|k| format!("/category/{}/b/", 1_000 + ask.n * 5 + k)).collect(), None))
        }),
        behind("ids that count up", Mybb, "/forumdisplay.php?fid=5", |ask| {
            Some(ask.empty(vec![format!("/forumdisplay.php?fid={}", number(ask.path) + 1)], None))
        }),
        behind("relative links that nest", Phpbb, "/a/b/viewforum.php?f=77", |ask| {
            Some(ask.empty(vec!["a/b/viewforum.php?f=77".to_owned()], None))
        }),
        behind("hosts without end", Phpbb, "http://x1.evil.example/viewforum.php?f=1", |_| None),
        changes(
            "subdomains without end",
            Spirit,
            |ask, page| {
                if ask.is_board() {
                    page.boards.push(format!("http://n{}.127.0.0.1.example/category/1/b/", ask.n));
                    page.next = page.next.take().or_else(|| Some(format!("http://m{}.example/category/1/b/", ask.n)));
                }
            },
            |_| None,
        ),
        generated("forum generated without end", Phpbb),
    ]
}

/// Every board leads to a new board with new threads of new posts: no machine can tell, so the visit's limit must.
fn generated(name: &'static str, skin: Skin) -> Trap {
    let mut trap = answers(name, skin, 0, move |ask| match skin.what(ask.path)? {
        What::Index => None,
        What::Board(id, n) => {
            let threads = (1..=6).map(|k| id * 1_000 + n * 10 + k);
            let threads = threads.map(|id| (id, skin.address(What::Thread(id, 1)), 2)).collect();
            let next = Some(skin.address(What::Board(id, n + 1)));
            let page =
                Page { boards: vec![skin.address(What::Board(id + BOARDS, 1))], threads, next, ..Page::default() };
            Some(ask.write(What::Board(id, n), &page))
        }
        What::Thread(id, n) => {
            let page = Page { posts: (1..=3).map(|k| id * 10 + k).collect(), ..Page::default() };
            Some(ask.write(What::Thread(id, n), &page))
        }
    });
    trap.max_pages = 150;
    trap
}

fn links() -> Vec<Trap> {
    vec![
        markup("calendar beside the posts", Phpbb, |_, n| format!("<a href='/calendar.php?month={n}'>next month</a>")),
        markup("printable views", Phpbb, |path, _| format!("<a href='{path}&view=print'>print</a>")),
        markup("forms and links to reply", Mybb, |_, n| {
            format!(
                "<a href='/newreply.php?tid={n}'>reply</a><form method=post action='/newreply.php'><input name=message></form>"
            )
        }),
        markup("cloud of tags", Spirit, |_, n| (0..50).map(|k| format!("<a href='/tags/{n}-{k}'>tag</a>")).collect()),
        markup("pages that refresh themselves", Phpbb, |path, n| {
            format!("<meta http-equiv=refresh content='0; url={path}&again={n}'>")
        }),
        markup("profiles and searches", Mybb, |_, n| {
            format!(
                "<a href='/member.php?action=profile&uid={n}'>u</a><a href='/search.php?action=getnew&x={n}'>new</a>"
            )
        }),
        markup("links hidden from readers", Spirit, |_, n| {
            format!("<div style='display:none'><a rel=nofollow href='/topic/{n}/trap/'>x</a></div>")
        }),
    ]
}

pub(crate) fn all() -> Vec<Trap> {
    boards().into_iter().chain(links()).collect()
}
