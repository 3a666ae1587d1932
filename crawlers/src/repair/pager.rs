//! Which links of a page lead to other pages of the same list, told from their addresses alone.

use std::collections::BTreeMap;

use scraper::Html;
use url::Url;

/// Names under which programs number pages, or count what stands before one.
const PAGES: [&str; 6] = ["page", "paged", "cpage", "pg", "pagenumber", "p"];
const OFFSETS: [&str; 6] = ["start", "offset", "st", "skip", "from", "begin"];

/// Where a page stands in a list of pages, and where its links lead.
#[derive(Debug, Default)]
pub(super) struct Pager {
    here: u64,
    /// The addresses of other pages by their number.
    others: BTreeMap<u64, Vec<Url>>,
}

/// Which of the other pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Towards {
    Next,
    Last,
    Previous,
}

impl Pager {
    /// The pager of a page that came from `url`; what is named in `dropped` changes no page.
    pub(super) fn of(html: &Html, url: &Url, dropped: &[String]) -> Self {
        let mut pager = Pager::default();
        let links = html.tree.nodes().filter_map(scraper::ElementRef::wrap);
        let links = links.filter(|link| matches!(link.value().name(), "a" | "link"));
        for target in links.filter_map(|link| url.join(link.attr("href")?.trim()).ok()) {
            // Some programs lead from the first page to one before it.
            let step = step(url, &target, dropped).filter(|(here, there)| *here != 1 || *there > 0);
            if let Some((here, there)) = step {
                pager.here = here;
                pager.others.entry(there).or_default().push(target);
            }
        }
        pager
    }

    /// The addresses of the page that lies in this direction.
    pub(super) fn towards(&self, towards: Towards) -> Option<&[Url]> {
        let number = match towards {
            Towards::Next => self.others.range(self.here + 1..).next(),
            Towards::Last => self.others.range(self.here + 1..).next_back(),
            Towards::Previous => self.others.range(..self.here).next_back(),
        };
        number.map(|(_, addresses)| addresses.as_slice())
    }

    /// Whether pages lie on both sides: only then two directions cannot be taken for one another.
    pub(super) fn is_between(&self) -> bool {
        self.towards(Towards::Next).is_some() && self.towards(Towards::Previous).is_some()
    }
}

/// The numbers of two pages of one list, if the addresses are of such.
fn step(here: &Url, there: &Url, dropped: &[String]) -> Option<(u64, u64)> {
    // `#p501` is one post, whatever page shows it.
    let post = there.fragment().is_some_and(|place| place.contains(|c: char| c.is_ascii_digit()));
    if post || here.origin() != there.origin() {
        return None;
    }
    let (queries, same_path) = ([query(here, dropped), query(there, dropped)], here.path() == there.path());
    if same_path {
        by_query(&queries[0], &queries[1])
    } else {
        by_path(here, there).filter(|_| queries[0] == queries[1])
    }
}

/// An address as far as it tells a page: without what is dropped, sessions and the place on the page.
pub(super) fn address(url: &Url, dropped: &[String]) -> String {
    let query = query(url, dropped).into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    format!("{}{}?{}", url.origin().ascii_serialization(), url.path(), query.join("&"))
}

fn query(url: &Url, dropped: &[String]) -> BTreeMap<String, String> {
    let lasting = |name: &str| !dropped.iter().any(|drop| drop == name);
    url.query_pairs().into_owned().filter(|(name, _)| lasting(name) && !is_session(name)).collect()
}

fn is_session(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("sessid") || name.ends_with("sessionid") || name == "sid"
}

/// One parameter differs: `?page=2`, `&start=25`, `topic=140.15`.
fn by_query(here: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> Option<(u64, u64)> {
    let mut names: Vec<_> =
        here.keys().chain(there.keys()).filter(|name| here.get(*name) != there.get(*name)).collect();
    names.dedup();
    names.sort_unstable();
    names.dedup();
    let [name] = names.as_slice() else { return None };
    let (one, two) = (here.get(*name).map(String::as_str), there.get(*name).map(String::as_str));
    if let Some(first) = first_of(name) {
        let number = |value: Option<&str>| value.map_or(Some(first), |value| value.parse().ok());
        return Some((number(one)?, number(two)?));
    }
    let ((list, from), (other, to)) = (one?.rsplit_once('.')?, two?.rsplit_once('.')?);
    (list == other).then_some((from.parse().ok()?, to.parse().ok()?))
}

/// The number of a list's first page, if pages are numbered under this name.
fn first_of(name: &str) -> Option<u64> {
    let name = name.to_ascii_lowercase();
    if PAGES.contains(&name.as_str()) {
        return Some(1);
    }
    OFFSETS.contains(&name.as_str()).then_some(0)
}

/// A segment is put behind, `/page-2` or `/2`, or one of its numbers but the first differs, as in `thread-140-2-1.html`.
fn by_path(here: &Url, there: &Url) -> Option<(u64, u64)> {
    let segments =
        |url: &Url| url.path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (here, there) = (segments(here), segments(there));
    if here.len() == there.len() {
        let differ: Vec<_> = here.iter().zip(&there).filter(|(one, two)| one != two).collect();
        let [(one, two)] = differ.as_slice() else { return None };
        return numbered(one).zip(numbered(two)).or_else(|| within(one, two));
    }
    let (short, long) = if here.len() < there.len() { (&here, &there) } else { (&there, &here) };
    let rest = long.strip_prefix(short.as_slice())?;
    let number = match rest {
        [one] => numbered(one),
        [word, number] if PAGES.contains(&word.as_str()) => number.parse().ok(),
        _ => None,
    };
    number.map(|number| if here.len() < there.len() { (1, number) } else { (number, 1) })
}

/// The number of a segment that is nothing but one, or one behind a word for pages.
fn numbered(segment: &str) -> Option<u64> {
    let word = segment.trim_end_matches(|c: char| c.is_ascii_digit());
    let known = word.is_empty() || PAGES.contains(&word.trim_end_matches(['-', '_']));
    segment.strip_prefix(word).filter(|_| known)?.parse().ok()
}

/// The number that differs within two segments, if it is not their first, which names the list.
fn within(one: &str, two: &str) -> Option<(u64, u64)> {
    let parts = |segment: &str| -> (Vec<u64>, Vec<String>) {
        let numbers = segment.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
        let words = segment.split(|c: char| c.is_ascii_digit()).filter(|word| !word.is_empty());
        (numbers, words.map(str::to_owned).collect())
    };
    let ((numbers, words), (others, other_words)) = (parts(one), parts(two));
    let differ: Vec<_> = numbers.iter().zip(&others).enumerate().filter(|(_, (one, two))| one != two).collect();
    let [(place, (from, to))] = differ.as_slice() else { return None };
    (*place > 0 && words == other_words && numbers.len() == others.len()).then_some((**from, **to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(here: &str, there: &str) -> Option<(u64, u64)> {
        let url = |path: &str| Url::parse("http://forum.example/").unwrap().join(path).unwrap();
        step(&url(here), &url(there), &["s".to_owned()])
    }

    #[test]
    fn pages_of_a_list_are_told_from_other_lists() {
        for (here, there, expected) in [
            ("viewtopic.php?t=140", "viewtopic.php?t=140&start=10", Some((0, 10))),
            ("viewtopic.php?t=140&start=10&sid=0f3a", "viewtopic.php?t=140", Some((10, 0))),
            ("showthread.php?tid=140", "showthread.php?tid=140&page=2", Some((1, 2))),
            ("index.php?topic=140.0", "index.php?PHPSESSID=x&topic=140.15", Some((0, 15))),
            ("topic/1/", "topic/1/?page=2&s=9", Some((1, 2))),
            ("t/x/4/", "t/x/4/2/", Some((1, 2))),
            ("threads/x.140/page-3", "threads/x.140/page-2", Some((3, 2))),
            ("threads/x.140/page-3", "threads/x.140/", Some((3, 1))),
            ("thread-140-1-1.html", "thread-140-2-1.html", Some((1, 2))),
            ("blog/page/2/", "blog/", Some((2, 1))),
            ("viewtopic.php?t=140", "viewtopic.php?t=141", None),
            ("viewtopic.php?t=140", "viewtopic.php?t=140&p=501#p501", None),
            ("viewtopic.php?id=140", "viewtopic.php?id=140&p=2", Some((1, 2))),
            ("index.php?topic=140.0", "index.php?topic=141.0", None),
            ("index.php?topic=140.0", "index.php?topic=140.msg503", None),
            ("threads/x.140/", "threads/x.140/post-501", None),
            ("thread-140-1-1.html", "thread-141-1-1.html", None),
            ("t/x/4/", "t/x/4/post/29/", None),
            ("topic/1/", "user/1/", None),
            ("topic/1/", "http://elsewhere.example/topic/1/?page=2", None),
        ] {
            assert_eq!(steps(here, there), expected, "{here} → {there}");
        }
    }
}
