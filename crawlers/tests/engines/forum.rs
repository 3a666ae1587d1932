//! A forum of 160 threads and 1,687 posts in three languages, of which each engine makes its pages.

use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};

/// Threads on a page of a listing.
pub(crate) const THREADS: usize = 15;
/// Posts on a page of a thread.
pub(crate) const POSTS: usize = 10;
/// Boards.
pub(crate) const BOARDS: u32 = 8;

/// Who writes.
const AUTHORS: [&str; 7] = ["seller_77", "賣家", "Иван_П", "o'neil & sons", "买家 <2>", "Гость", "x"];
/// What threads are called.
const TITLES: [&str; 4] = ["青鷺物流 full dump", "Продам базу & гарант", "出售数据库", "2 TB of \"internal\" data"];

/// A language pack, as far as times are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    English,
    Chinese,
    Russian,
}

pub(crate) const TONGUES: [Tongue; 3] = [Tongue::English, Tongue::Chinese, Tongue::Russian];

/// One post as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Post {
    pub(crate) id: u32,
    pub(crate) author: &'static str,
    pub(crate) at: Timestamp,
}

/// A thread.
#[derive(Debug, Clone)]
pub(crate) struct Thread {
    pub(crate) id: u32,
    pub(crate) board: u32,
    pub(crate) title: &'static str,
    pub(crate) sticky: bool,
    pub(crate) posts: Vec<Post>,
}

impl Thread {
    pub(crate) fn last(&self) -> &Post {
        self.posts.last().expect("a thread begins with a post")
    }

    pub(crate) fn replies(&self) -> usize {
        self.posts.len() - 1
    }
}

/// The forum at a moment.
#[derive(Debug, Clone)]
pub(crate) struct Forum {
    pub(crate) threads: Vec<Thread>,
    pub(crate) now: Timestamp,
    pub(crate) zone: TimeZone,
    pub(crate) tongue: Tongue,
    next: u32,
}

impl Forum {
    /// 160 threads and 1,687 posts, the last of them half an hour old.
    pub(crate) fn new(tongue: Tongue, zone: &str) -> Self {
        let now: Timestamp = "2026-07-20T10:00:00Z".parse().unwrap();
        let mut forum = Self { threads: vec![], now, zone: TimeZone::get(zone).unwrap(), tongue, next: 500 };
        for n in 0..160_u32 {
            let (id, board, title) = (n + 11, n % BOARDS + 2, TITLES[n as usize % TITLES.len()]);
            forum.threads.push(Thread { id, board, title, sticky: n < BOARDS, posts: vec![] });
        }
        // The first threads are long; every thread has a post.
        for post in 0..1_687_usize {
            let thread = if post < 160 { post } else { (post * post + 7 * post) % 61 };
            let age = SignedDuration::from_mins(30 + 37 * (1_686 - i64::try_from(post).unwrap()));
            forum.write(thread, now - age);
        }
        forum
    }

    /// Adds a post to a thread.
    pub(crate) fn write(&mut self, thread: usize, at: Timestamp) {
        self.next += 1;
        let author = AUTHORS[self.next as usize % AUTHORS.len()];
        self.threads[thread].posts.push(Post { id: self.next, author, at });
    }

    /// The threads of a page of a board, those that stay on top first, and how many pages there are.
    pub(crate) fn listing(&self, board: u32, page: usize) -> (Vec<&Thread>, usize) {
        let mut threads: Vec<_> = self.threads.iter().filter(|thread| thread.board == board).collect();
        threads.sort_by_key(|thread| (!thread.sticky, std::cmp::Reverse(thread.last().at)));
        let pages = threads.len().div_ceil(THREADS);
        (threads.into_iter().skip((page - 1) * THREADS).take(THREADS).collect(), pages)
    }

    /// A thread, the posts of one of its pages, and how many pages there are.
    pub(crate) fn thread(&self, id: u32, page: usize) -> Option<(&Thread, &[Post], usize)> {
        let thread = self.threads.iter().find(|thread| thread.id == id)?;
        let posts = thread.posts.chunks(POSTS).nth(page - 1)?;
        Some((thread, posts, thread.posts.len().div_ceil(POSTS)))
    }

    /// A time on the site's own clock.
    pub(crate) fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    /// Days of the site's calendar since a time.
    pub(crate) fn days_since(&self, at: Timestamp) -> i32 {
        self.local(self.now).date().since(self.local(at).date()).unwrap().get_days()
    }
}

/// Text as it stands in HTML.
pub(crate) fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
