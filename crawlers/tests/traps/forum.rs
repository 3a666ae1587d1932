//! A forum of ordinary size in the markup of real engines: 4 boards, 12 threads each, 6 posts each, pages of 6 and 3.

use std::collections::BTreeMap;

/// Whose markup it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Skin {
    /// phpBB's prosilver.
    Phpbb,
    /// MyBB's default theme.
    Mybb,
    /// Spirit.
    Spirit,
}

/// What a page is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Index,
    Board(u64, u64),
    Thread(u64, u64),
}

/// A page before it is written; a trap changes it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// Addresses of boards.
    pub(crate) boards: Vec<String>,
    /// Threads: id, address, replies.
    pub(crate) threads: Vec<(u64, String, u64)>,
    /// Ids of posts.
    pub(crate) posts: Vec<u64>,
    /// The next page.
    pub(crate) next: Option<String>,
    /// More markup.
    pub(crate) more: String,
    /// It proves that it is empty.
    pub(crate) empty: bool,
}

pub(crate) const BOARDS: u64 = 4;
const THREADS: u64 = 12;
const POSTS: u64 = 6;

impl Skin {
    pub(crate) fn engine(self) -> &'static str {
        match self {
            Self::Phpbb => "phpbb",
            Self::Mybb => "mybb",
            Self::Spirit => "spirit",
        }
    }

    /// Address of a page, from 1.
    pub(crate) fn address(self, what: What) -> String {
        match (self, what) {
            (_, What::Index) => "/".to_owned(),
            (Self::Phpbb, What::Board(id, page)) => format!("/viewforum.php?f={id}{}", at("start", (page - 1) * 6)),
            (Self::Phpbb, What::Thread(id, page)) => format!("/viewtopic.php?t={id}{}", at("start", (page - 1) * 3)),
            (Self::Mybb, What::Board(id, page)) => format!("/forumdisplay.php?fid={id}{}", at("page", later(page))),
            (Self::Mybb, What::Thread(id, page)) => format!("/showthread.php?tid={id}{}", at("page", later(page))),
            (Self::Spirit, What::Board(id, page)) => format!("/category/{id}/b/{}", first(at("page", later(page)))),
            (Self::Spirit, What::Thread(id, page)) => format!("/topic/{id}/t/{}", first(at("page", later(page)))),
        }
    }

    /// The page of an address, wherever its folder is and whatever else is asked for.
    pub(crate) fn what(self, address: &str) -> Option<What> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let query: BTreeMap<&str, u64> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .filter_map(|(k, v)| Some((k, v.parse().ok()?)))
            .collect();
        // As servers do: what need not be escaped, and how letters are written, makes no difference.
        let path = path.replace("%76", "v").replace("%69", "i").replace("%2E", ".").to_ascii_lowercase();
        let get = |name: &str| query.get(name).copied();
        let number = |word: &str| path.split_once(word)?.1.split('/').next()?.parse().ok();
        let page = get("page").unwrap_or(1).max(1);
        let start = get("start").unwrap_or(0);
        Some(match self {
            Self::Phpbb if path.contains("viewforum") => What::Board(get("f")?, start / 6 + 1),
            Self::Phpbb if path.contains("viewtopic") => What::Thread(get("t")?, start / 3 + 1),
            Self::Mybb if path.contains("forumdisplay") => What::Board(get("fid")?, page),
            Self::Mybb if path.contains("showthread") => What::Thread(get("tid")?, page),
            Self::Spirit if path.contains("/category/") => What::Board(number("/category/")?, page),
            Self::Spirit if path.contains("/topic/") => What::Thread(number("/topic/")?, page),
            _ if path == "/" => What::Index,
            _ => return None,
        })
    }

    /// The forum's own page; `None` where it has none.
    pub(crate) fn page(self, what: What) -> Option<Page> {
        let mut page = Page::default();
        match what {
            What::Index => page.boards = (1..=BOARDS).map(|id| self.address(What::Board(id, 1))).collect(),
            What::Board(id @ 1..=BOARDS, n @ 1..=2) => {
                let ids = (1..=THREADS / 2).map(|k| id * 100 + (n - 1) * THREADS / 2 + k);
                page.threads = ids.map(|id| (id, self.address(What::Thread(id, 1)), POSTS - 1)).collect();
                page.next = (n == 1).then(|| self.address(What::Board(id, 2)));
            }
            What::Thread(id, n @ 1..=2)
                if (1..=BOARDS).contains(&(id / 100)) && (1..=THREADS).contains(&(id % 100)) =>
            {
                page.posts = (1..=POSTS / 2).map(|k| id * 10 + (n - 1) * POSTS / 2 + k).collect();
                page.next = (n == 1).then(|| self.address(What::Thread(id, 2)));
            }
            What::Board(..) | What::Thread(..) => return None,
        }
        Some(page)
    }
}

fn at(name: &str, value: u64) -> String {
    if value == 0 { String::new() } else { format!("&{name}={value}") }
}

fn later(page: u64) -> u64 {
    if page > 1 { page } else { 0 }
}

fn first(query: String) -> String {
    query.replacen('&', "?", 1)
}
