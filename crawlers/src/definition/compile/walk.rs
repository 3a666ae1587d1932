//! The way through a site.

use super::{
    super::{
        Backwards, PostPages, Rows, Times, TimesPage, Way,
        raw::{self, Text},
    },
    Compiler, Layers, first,
};

impl Compiler {
    pub(super) fn way(&mut self, layers: &Layers, rows: Option<&Rows>) -> Way {
        let boards = first(layers, |s| s.walk.as_ref()?.boards.as_ref());
        let listing = |pick: fn(&raw::ListingWalk) -> Option<&Text>| {
            first(layers, move |s| s.walk.as_ref()?.listing.as_ref().and_then(pick))
        };
        let stop = |pick: fn(&raw::Stop) -> Option<u32>| {
            first(layers, move |s| s.walk.as_ref()?.listing.as_ref()?.stop.as_ref().and_then(pick)).map(|(_, n)| n)
        };
        Way {
            boards: boards.and_then(|(file, b)| Some((b.path.clone(), self.selector(file, &b.each)?))),
            listing: first(layers, |s| s.walk.as_ref()?.listing.as_ref()?.path.clone()).map(|(_, path)| path),
            listing_next: self.shared(listing(|l| l.next.as_ref())),
            seen_in_a_row: stop(|s| s.seen_in_a_row).unwrap_or(40),
            max_pages: stop(|s| s.max_pages).unwrap_or(10),
            thread_next: self.shared(first(layers, |s| s.walk.as_ref()?.thread.as_ref()?.next.as_ref())),
            thread_others: self.shared(first(layers, |s| s.walk.as_ref()?.thread.as_ref()?.others.as_ref())),
            backwards: self.backwards(layers, rows),
            threads: first(layers, |s| s.walk.as_ref()?.thread.as_ref()?.paths.clone())
                .map_or_else(Vec::new, |(_, paths)| paths),
            posts: self.posts(layers),
            drop_query: first(layers, |s| s.walk.as_ref()?.canonical.as_ref().map(|c| c.drop_query.clone()))
                .map_or_else(Vec::new, |(_, names)| names),
            times: self.times(layers),
            zone: first(layers, |s| s.walk.as_ref()?.zone.as_ref()).map(|(_, page)| page.path.clone()),
        }
    }

    /// Where the zone is learnt; nowhere when a nearer layer says it.
    fn times(&mut self, layers: &Layers) -> Option<Times> {
        let said = layers.iter().position(|(_, site)| site.timezone.is_some()).unwrap_or(layers.len());
        let at = layers.iter().position(|(_, site)| site.walk.as_ref().is_some_and(|walk| walk.times.is_some()))?;
        let (file, times) = first(layers, |s| s.walk.as_ref()?.times.as_ref())?;
        let (shown, utc) = (self.times_page(file, &times.shown), self.times_page(file, &times.utc));
        if said < at { None } else { Some(Times { shown: shown?, utc: utc? }) }
    }

    fn times_page(&mut self, file: &str, page: &raw::TimesPage) -> Option<TimesPage> {
        let each = self.selector(file, &page.each);
        let (key, told_at) = (self.field("key", &[(file, &page.key)]), self.field("told_at", &[(file, &page.told_at)]));
        Some(TimesPage { path: page.path.clone(), each: each?, key: key?, told_at: told_at? })
    }

    fn posts(&mut self, layers: &Layers) -> Option<PostPages> {
        let posts = |pick: fn(&raw::ListingWalk) -> Option<&Text>| {
            first(layers, move |s| s.walk.as_ref()?.posts.as_ref().and_then(pick))
        };
        let stop = |pick: fn(&raw::Stop) -> Option<u32>| {
            first(layers, move |s| s.walk.as_ref()?.posts.as_ref()?.stop.as_ref().and_then(pick)).map(|(_, n)| n)
        };
        let (_, path) = first(layers, |s| s.walk.as_ref()?.posts.as_ref()?.path.clone())?;
        Some(PostPages {
            path,
            next: self.shared(posts(|p| p.next.as_ref())),
            seen_in_a_row: stop(|s| s.seen_in_a_row).unwrap_or(40),
            max_pages: stop(|s| s.max_pages).unwrap_or(10),
        })
    }

    /// The links for reading from the end, where `last_page_first` asks for it.
    fn backwards(&mut self, layers: &Layers, rows: Option<&Rows>) -> Option<Backwards> {
        let thread = |pick: fn(&raw::ThreadWalk) -> Option<&Text>| {
            first(layers, move |s| s.walk.as_ref()?.thread.as_ref().and_then(pick))
        };
        let (last, prev) = (thread(|t| t.last.as_ref()), thread(|t| t.prev.as_ref()));
        let (last_ready, prev_ready) = (self.shared(last), self.shared(prev));
        let wanted = first(layers, |s| s.walk.as_ref()?.thread.as_ref()?.last_page_first);
        let (file, true) = wanted? else { return None };
        let (file, site) = layers.iter().find(|(known, _)| known == file)?;
        if last.is_none() || prev.is_none() {
            let message = "`last_page_first` needs `last`, the link to the last page, and `prev`, the one before";
            self.wrong(file, site.id.referenced, message);
        }
        if rows.is_some_and(|rows| rows.field("replies").is_none()) {
            let message = "`last_page_first` needs the listing field `replies`, which tells how far to read back";
            self.wrong(file, site.id.referenced, message);
        }
        Some(Backwards { last: last_ready?, prev: prev_ready? })
    }
}
