//! A forum with a trap in it.

use std::sync::Arc;

use crate::forum::{Page, Skin, What};
use crate::markup::html;
use crate::server::{Answer, Handler};

/// Posts of the forum.
pub(crate) const ALL: usize = 288;

/// One of the collection.
pub(crate) struct Trap {
    pub(crate) name: &'static str,
    pub(crate) skin: Skin,
    pub(crate) handler: Handler,
    /// Real posts that must be read in spite of it.
    pub(crate) posts: usize,
    /// Pages that a visit may ask for.
    pub(crate) max_pages: u32,
}

/// A request as a trap sees it.
pub(crate) struct Ask<'a> {
    pub(crate) skin: Skin,
    pub(crate) path: &'a str,
    /// Requests before.
    pub(crate) n: usize,
    /// The forum's page at this address, if it has one.
    pub(crate) what: Option<What>,
}

impl Ask<'_> {
    pub(crate) fn is_thread(&self, id: u64) -> bool {
        matches!(self.what, Some(What::Thread(known, _)) if known == id)
    }

    pub(crate) fn is_index(&self) -> bool {
        self.what == Some(What::Index)
    }

    pub(crate) fn is_board(&self) -> bool {
        matches!(self.what, Some(What::Board(..)))
    }

    /// Writes a page of a kind.
    pub(crate) fn write(&self, what: What, page: &Page) -> Answer {
        Answer::Page(html(self.skin, what, page))
    }

    /// An empty board with these links to boards and to a next page.
    pub(crate) fn empty(&self, boards: Vec<String>, next: Option<String>) -> Answer {
        self.write(What::Board(0, 1), &Page { boards, next, empty: true, ..Page::default() })
    }
}

/// A forum in which some requests are answered otherwise.
pub(crate) fn answers(
    name: &'static str, skin: Skin, posts: usize, twist: impl Fn(&Ask<'_>) -> Option<Answer> + Send + Sync + 'static,
) -> Trap {
    let handler: Handler = Arc::new(move |path, n| {
        let what = skin.what(path).filter(|what| skin.page(*what).is_some());
        let ask = Ask { skin, path, n, what };
        let own = || what.and_then(|what| Some(ask.write(what, &skin.page(what)?)));
        twist(&ask).or_else(own).unwrap_or_else(Answer::not_found)
    });
    Trap { name, skin, handler, posts, max_pages: 2_000 }
}

/// A forum whose own pages are changed, and which may have others.
pub(crate) fn changes(
    name: &'static str, skin: Skin, edit: impl Fn(&Ask<'_>, &mut Page) + Send + Sync + 'static,
    others: impl Fn(&Ask<'_>) -> Option<Answer> + Send + Sync + 'static,
) -> Trap {
    answers(name, skin, ALL, move |ask| {
        let Some(what) = ask.what else { return others(ask) };
        let mut page = ask.skin.page(what)?;
        edit(ask, &mut page);
        Some(ask.write(what, &page))
    })
}

/// A forum whose links are all written otherwise; `n` is another number for each link.
pub(crate) fn links(
    name: &'static str, skin: Skin, write: impl Fn(&str, usize) -> String + Send + Sync + 'static,
) -> Trap {
    let edit = move |ask: &Ask<'_>, page: &mut Page| {
        // Every page of a board has the boards in its margin.
        if ask.is_board() {
            page.boards = skin.page(What::Index).map(|index| index.boards).unwrap_or_default();
        }
        let mut n = ask.n * 100;
        let mut rewrite = |to: &mut String| {
            n += 1;
            *to = write(to, n);
        };
        page.boards.iter_mut().for_each(&mut rewrite);
        page.threads.iter_mut().for_each(|(_, to, _)| rewrite(to));
        page.next.iter_mut().for_each(rewrite);
    };
    changes(name, skin, edit, |_| None)
}

/// A forum with markup added to every page, and pages that it leads to without end.
pub(crate) fn markup(
    name: &'static str, skin: Skin, more: impl Fn(&str, usize) -> String + Send + Sync + Clone + 'static,
) -> Trap {
    let added = more.clone();
    changes(
        name,
        skin,
        move |ask, page| page.more = added(ask.path, ask.n),
        move |ask| Some(Answer::Page(format!("<html><body>{}</body></html>", more(ask.path, ask.n)))),
    )
}
