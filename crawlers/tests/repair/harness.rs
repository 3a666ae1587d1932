//! Saved pages of a program are altered, the definition is repaired from what was known, and the result compared with what
//! the unaltered pages say.

use std::{collections::BTreeMap, path::Path};

use jiff::Timestamp;
use nightheron_crawlers::{
    definition::{Definition, Library},
    extract::{PageReading, ReadOutcome, extract},
    repair::{Known, Page, Proposal, propose},
    walk::{PageKind, PageRequest, RawPage, ThreadContext},
};
use url::Url;

/// Host of the watched site.
const LINK: &str = "http://fixture.invalid/";

/// A saved page: file, path below the link, kind.
pub(crate) type Saved = (&'static str, &'static str, PageKind);

/// A definition whose layout changed.
pub(crate) struct Case {
    /// What changed.
    pub(crate) name: &'static str,
    /// The shipped definition that the watched site extends.
    pub(crate) base: &'static str,
    /// Its saved pages.
    pub(crate) pages: &'static [Saved],
    /// Known rows left out, every n-th: posts that were written since. 0: none.
    pub(crate) unknown: usize,
    /// What the first proposal is.
    pub(crate) first: First,
    /// The change.
    pub(crate) alter: fn(&str) -> String,
}

/// What a first proposal is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    /// Right, and it says so.
    Sure,
    /// Right, and it asks a person to look at something before it is believed.
    Asked,
    /// Not right everywhere, and it says what is missing.
    Short,
}

/// What a repair came to.
pub(crate) struct Repaired {
    pub(crate) proposal: Proposal,
    /// Rows that the proposed definition reads otherwise than the unaltered pages say.
    pub(crate) wrong: Vec<String>,
    /// Whether the old definition failed on the altered pages.
    pub(crate) broke: bool,
}

/// The definition of the watched site.
pub(crate) fn site(base: &str) -> String {
    format!("schema: 1\nid: watched\nname: Watched\nextends: {base}\nlinks: [\"{LINK}\"]\n")
}

/// A saved page of a base.
pub(crate) fn saved(base: &str, file: &str) -> String {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("sites");
    let engine = sites.join("engines/fixtures").join(base).join(file);
    let path = if engine.is_file() { engine } else { sites.join("fixtures").join(base).join(file) };
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// When the pages came: what they call today and yesterday counts from here.
pub(crate) fn received_at() -> Timestamp {
    "2026-07-20T10:00:21Z".parse().unwrap()
}

/// The request for a page.
pub(crate) fn request(path: &str, kind: PageKind) -> PageRequest {
    let url = Url::parse(LINK).unwrap().join(path).unwrap();
    let thread = ThreadContext { id: "fixture".into(), fields: BTreeMap::new() };
    PageRequest { url, kind, page: 1, thread: (kind == PageKind::Thread).then_some(thread), zone: None }
}

/// Reads one page.
pub(crate) fn read(definition: &Definition, request: &PageRequest, body: &str) -> PageReading {
    extract(definition, request, &raw(request, body))
}

fn raw<'a>(request: &'a PageRequest, body: &'a str) -> RawPage<'a> {
    let (content_type, received_at) = ("text/html; charset=utf-8", received_at());
    RawPage { url: &request.url, status: 200, content_type, body: body.as_bytes(), received_at, retry_after: None }
}

/// Proposes a repair for altered pages.
pub(crate) fn repair(base: &str, pages: &[(PageRequest, String)], known: &[Known]) -> Proposal {
    let pages: Vec<_> = pages.iter().map(|(request, body)| Page { request, raw: raw(request, body) }).collect();
    propose(&Library::shipped(), &site(base), "watched.yaml", &pages, known).unwrap()
}

/// What the unaltered pages say, page by page.
pub(crate) fn truth(base: &str, pages: &[Saved]) -> Vec<Vec<Known>> {
    let definition = Library::shipped().parse(&site(base), "watched.yaml").unwrap();
    let read = |(file, path, kind): &Saved| {
        let reading = read(&definition, &request(path, *kind), &saved(base, file));
        assert_eq!(reading.outcome, ReadOutcome::Rows, "{base}/{file}");
        Known::of(&reading)
    };
    pages.iter().map(read).collect()
}

/// Runs a case.
pub(crate) fn run(case: &Case) -> Repaired {
    let truth = truth(case.base, case.pages);
    let every = |n: &usize| case.unknown == 0 || !(n + 1).is_multiple_of(case.unknown);
    let rows = truth.iter().flatten().cloned().enumerate();
    let known: Vec<_> = rows.filter(|(n, _)| every(n)).map(|(_, row)| row).collect();
    let altered = |(file, path, kind): &Saved| (request(path, *kind), (case.alter)(&saved(case.base, file)));
    let pages: Vec<_> = case.pages.iter().map(altered).collect();
    let old = Library::shipped().parse(&site(case.base), "watched.yaml").unwrap();
    let differs = |definition: &Definition| {
        let compared = pages.iter().zip(&truth).flat_map(|((request, body), truth)| {
            compare(&Known::of(&read(definition, request, body)), truth, &request.url)
        });
        compared.collect::<Vec<_>>()
    };
    let broke = !differs(&old).is_empty();
    let proposal = repair(case.base, &pages, &known);
    let new = Library::shipped().parse(&proposal.text, "watched.yaml").unwrap();
    Repaired { wrong: differs(&new), proposal, broke }
}

/// The posts and threads that differ. Times may be told to the second where minutes were known.
fn compare(read: &[Known], truth: &[Known], page: &Url) -> Vec<String> {
    let rows = |all: &[Known]| all.iter().filter(|row| row.kind != PageKind::Boards).cloned().collect::<Vec<_>>();
    let (read, truth, mut wrong) = (rows(read), rows(truth), Vec::new());
    if read.len() != truth.len() {
        wrong.push(format!("{page}: {} rows instead of {}", read.len(), truth.len()));
    }
    for (read, truth) in read.iter().zip(&truth) {
        for (name, expected) in &truth.fields {
            let found = read.get(name).unwrap_or_default();
            let same = match name.ends_with("_at") {
                true => found.get(..16) == expected.get(..16),
                false => found.split_whitespace().eq(expected.split_whitespace()),
            };
            if !same {
                wrong.push(format!("{page}: {name} is `{found}` instead of `{expected}`"));
            }
        }
    }
    wrong
}
