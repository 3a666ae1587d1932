//! Pagers that do not end, threads that lead to themselves, listings that loop.

use crate::forum::{
    Page,
    Skin::{self, Mybb, Phpbb, Spirit},
    What,
};
use crate::server::Answer;
use crate::trap::{Ask, Trap, answers, changes};

/// A next page on every page; beyond the end come pages of nothing.
fn always_next(name: &'static str, skin: Skin, listing: bool) -> Trap {
    let next = move |what: What| match what {
        What::Board(id, n) if listing => Some(skin.address(What::Board(id, n + 1))),
        What::Thread(id, n) if !listing => Some(skin.address(What::Thread(id, n + 1))),
        _ => None,
    };
    changes(
        name,
        skin,
        move |ask, page| page.next = ask.what.and_then(next).or(page.next.take()),
        move |ask| {
            let what = ask.skin.what(ask.path)?;
            Some(ask.write(what, &Page { next: next(what), empty: true, ..Page::default() }))
        },
    )
}

/// A next page on every page; whatever its number, the first one comes.
fn first_again(name: &'static str, skin: Skin, listing: bool) -> Trap {
    let next = move |what: What| match what {
        What::Board(id, n) if listing && n > 1 => Some(skin.address(What::Board(id, n + 1))),
        What::Thread(id, n) if !listing && n > 1 => Some(skin.address(What::Thread(id, n + 1))),
        _ => None,
    };
    changes(
        name,
        skin,
        move |ask, page| page.next = ask.what.and_then(next).or(page.next.take()),
        move |ask| {
            let what = ask.skin.what(ask.path)?;
            let first = match what {
                What::Board(id, _) => What::Board(id, 1),
                What::Thread(id, _) => What::Thread(id, 1),
                What::Index => return None,
            };
            let mut page = ask.skin.page(first)?;
            page.next = next(what);
            Some(ask.write(what, &page))
        },
    )
}

fn last(ask: &Ask<'_>) -> bool {
    matches!(ask.what, Some(What::Board(_, 2) | What::Thread(_, 2)))
}

/// Posts without end in one thread, whose listing counts five replies.
fn endless_thread(name: &'static str, skin: Skin) -> Trap {
    answers(name, skin, 288, move |ask| {
        let What::Thread(101, n) = skin.what(ask.path)? else { return None };
        let posts =
            (1..=3).map(|k| 1010 + (n - 1) * 3 + k).map(|id| if id > 1016 { id + 900_000 } else { id }).collect();
        let next = Some(skin.address(What::Thread(101, n + 1)));
        Some(ask.write(What::Thread(101, n), &Page { posts, next, ..Page::default() }))
    })
}

pub(crate) fn all() -> Vec<Trap> {
    vec![
        always_next("listings always have a next page", Phpbb, true),
        always_next("listings of MyBB always have a next page", Mybb, true),
        always_next("listings of Spirit always have a next page", Spirit, true),
        always_next("threads always have a next page", Phpbb, false),
        always_next("threads of MyBB always have a next page", Mybb, false),
        first_again("beyond its end a listing begins again", Phpbb, true),
        first_again("beyond its end a thread begins again", Mybb, false),
        changes(
            "the last page leads to the first",
            Phpbb,
            |ask, page| {
                if last(ask) {
                    page.next = ask.what.map(|what| match what {
                        What::Board(id, _) => ask.skin.address(What::Board(id, 1)),
                        What::Thread(id, _) => ask.skin.address(What::Thread(id, 1)),
                        What::Index => "/".to_owned(),
                    });
                }
            },
            |_| None,
        ),
        changes(
            "threads lead to themselves",
            Mybb,
            |ask, page| {
                if last(ask) {
                    page.next = Some(ask.path.to_owned());
                }
            },
            |_| None,
        ),
        endless_thread("a thread without end", Phpbb),
        changes(
            "a board of everything is another board again",
            Phpbb,
            |ask, page| {
                if ask.is_index() {
                    page.boards.push("/latest/viewforum.php?f=1".to_owned());
                    page.boards.push("/today/viewforum.php?f=2".to_owned());
                }
            },
            |_| None,
        ),
        changes(
            "a thread stands in its listing under many addresses",
            Mybb,
            |ask, page| {
                if ask.is_board() {
                    let more: Vec<_> =
                        page.threads.iter().map(|(id, to, r)| (*id, format!("{to}&goto=new{}", ask.n), *r)).collect();
                    page.threads.extend(more);
                }
            },
            |_| None,
        ),
        answers("redirects in a circle", Phpbb, 282, |ask| {
            ask.is_thread(101).then(|| Answer::redirect(&format!("/viewtopic.php?t=101&r={}", ask.n)))
        }),
        answers("a redirect to another host", Mybb, 282, |ask| {
            ask.is_thread(101).then(|| Answer::redirect("http://evil.example/"))
        }),
    ]
}
