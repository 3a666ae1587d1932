//! Links to further pages are found again as well.

use std::collections::BTreeSet;

use nightheron_crawlers::{
    definition::Library,
    extract::PageReading,
    repair::{Known, Verdict},
    walk::PageKind::{Boards, Listing, Thread},
};
use url::Url;

use super::{
    alter::{classes, swapped},
    harness::{Saved, read, repair, request, saved, site, truth},
};

/// Pages of one program under the addresses that its own links name.
type Program = (&'static str, &'static [Saved]);

const PROGRAMS: &[Program] = &[
    (
        "spirit",
        &[
            ("thread-first.html", "topic/1/", Thread),
            ("thread-middle.html", "topic/1/?page=2", Thread),
            ("thread-last.html", "topic/1/?page=4", Thread),
        ],
    ),
    (
        "misago",
        &[
            ("thread.html", "t/qing-lu-wu-liu-full-dump-3/4/", Thread),
            ("thread-last.html", "t/qing-lu-wu-liu-full-dump-3/4/2/", Thread),
        ],
    ),
    ("phpbb", &[("listing.html", "viewforum.php?f=2", Listing), ("thread.html", "viewtopic.php?t=140", Thread)]),
    ("mybb", &[("listing.html", "forumdisplay.php?fid=2", Listing), ("thread.html", "showthread.php?tid=140", Thread)]),
    ("smf", &[("listing.html", "index.php?board=2.0", Listing), ("thread.html", "index.php?topic=140.0", Thread)]),
    ("fluxbb", &[("listing.html", "viewforum.php?id=2", Listing), ("thread.html", "viewtopic.php?id=140", Thread)]),
    (
        "discuz",
        &[
            ("listing.html", "forum.php?mod=forumdisplay&fid=2", Listing),
            ("thread.html", "forum.php?mod=viewthread&tid=140&extra=page%3D1", Thread),
        ],
    ),
    ("xenforo", &[("listing.html", "forums/data.2/", Listing), ("thread.html", "threads/full-dump.140/", Thread)]),
    ("invision", &[("listing.html", "forum/2-data/", Listing), ("thread.html", "topic/140-x/", Thread)]),
];

/// Where the link of a direction is found: elsewhere a note says that it is not.
const FOUND: &[(&str, &str, &str)] = &[
    ("spirit", "thread", "next"),
    ("misago", "thread", "next prev"),
    ("phpbb", "listing", "next"),
    ("phpbb", "thread", "next"),
    ("mybb", "listing", "next"),
    ("mybb", "thread", "last"),
    ("smf", "listing", "next"),
    ("smf", "thread", "next"),
    ("fluxbb", "listing", "next"),
    ("fluxbb", "thread", "next"),
    ("discuz", "listing", "next"),
    ("discuz", "thread", "next last"),
    ("xenforo", "listing", "next"),
    ("xenforo", "thread", "next"),
    ("invision", "listing", "next"),
    ("invision", "thread", "next last"),
];

#[test]
fn links_that_lead_on_are_found_when_classes_are_renamed() {
    for (base, pages) in PROGRAMS {
        let known: Vec<_> = truth(base, pages).concat();
        let altered: Vec<_> =
            pages.iter().map(|(file, path, kind)| (request(path, *kind), classes(&saved(base, file)))).collect();
        let proposal = repair(base, &altered, &known);
        let old = Library::shipped().parse(&site(base), "watched.yaml").unwrap();
        let new = Library::shipped().parse(&proposal.text, "watched.yaml").unwrap();
        for ((request, body), (file, _, kind)) in altered.iter().zip(*pages) {
            let (truth, read) = (read(&old, request, &saved(base, file)), read(&new, request, body));
            let kind = if *kind == Listing { "listing" } else { "thread" };
            let is_found =
                |name: &str| FOUND.iter().any(|(b, k, names)| b == base && *k == kind && names.contains(name));
            let links =
                [("next", truth.next, read.next), ("last", truth.last, read.last), ("prev", truth.prev, read.prev)];
            for (name, truth, read) in links {
                let expected = truth.filter(|_| is_found(name));
                assert_eq!(read, expected, "{base} {file} {name}\n{}\n{:#?}", proposal.text, proposal.notes);
            }
        }
    }
}

#[test]
fn a_first_page_alone_does_not_tell_the_next_link_from_the_others() {
    // A bare list of numbers, without a name for any direction.
    let numbers = "<p class='nr'><b>1</b> <a class='nr' href='?page=2'>2</a> <a class='nr' href='?page=3'>3</a></p>";
    let pager = r#"(?s)<ul class="(?:nu-)?paginator.*?</ul>"#;
    let path = ["topic/1/", "topic/1/?page=4"];
    let pages: Vec<_> = ["thread-first.html", "thread-last.html"].into_iter().zip(path).collect();
    let known: Vec<_> =
        pages.iter().flat_map(|(file, path)| truth("spirit", &[(*file, *path, Thread)]).concat()).collect();
    let altered: Vec<_> = pages[..1]
        .iter()
        .map(|(file, path)| (request(path, Thread), classes(&swapped(&saved("spirit", file), pager, numbers))))
        .collect();
    let proposal = repair("spirit", &altered, &known);
    assert!(!proposal.text.contains("walk"), "{}", proposal.text);
    assert!(proposal.notes.iter().any(|note| note.contains("walk.thread.next picks nothing")), "{:?}", proposal.notes);
}

/// Pages that name boards, the ways of the programs to them, and links picked besides; `None` where the altered page is
/// taken for a login wall, as the small form of the entrance has lost its name.
const INDEXES: &[(&str, &str, Option<usize>)] = &[
    ("phpbb", "", None),
    ("mybb", "index.php", Some(1)),
    ("smf", "index.php", Some(0)),
    ("fluxbb", "index.php", Some(0)),
    ("discuz", "forum.php", Some(0)),
    ("xenforo", "", Some(0)),
    ("vbulletin4", "forum.php", Some(0)),
    ("invision", "", Some(0)),
];

#[test]
fn boards_are_found_when_classes_are_renamed() {
    for (base, path, others) in INDEXES {
        let old = Library::shipped().parse(&site(base), "watched.yaml").unwrap();
        let request = request(path, Boards);
        let truth = read(&old, &request, &saved(base, "index.html"));
        let altered = classes(&saved(base, "index.html"));
        let proposal = repair(base, &[(request.clone(), altered.clone())], &Known::of(&truth));
        let new = Library::shipped().parse(&proposal.text, "watched.yaml").unwrap();
        let boards = |reading: PageReading| reading.boards.into_iter().collect::<BTreeSet<_>>();
        let (truth, read) = (boards(truth), boards(read(&new, &request, &altered)));
        match others {
            Some(0) => assert_eq!((&proposal.verdict, &read), (&Verdict::Complete, &truth), "{base}: {proposal:#?}"),
            Some(others) => {
                assert!(matches!(proposal.verdict, Verdict::Partial(_)), "{base}: {proposal:#?}");
                assert!(read.is_superset(&truth) && read.len() == truth.len() + others, "{base}: {proposal:#?}");
            }
            None => assert!(matches!(proposal.verdict, Verdict::None(_)), "{base}: {proposal:#?}"),
        }
    }
}

#[test]
fn boards_that_the_page_no_longer_names_give_nothing() {
    let known: Vec<_> = ["/forums/a.91/", "/forums/b.92/"]
        .iter()
        .map(|path| Known::board(&Url::parse("http://fixture.invalid").unwrap().join(path).unwrap()))
        .collect();
    let proposal = repair("xenforo", &[(request("", Boards), classes(&saved("xenforo", "index.html")))], &known);
    assert!(matches!(proposal.verdict, Verdict::None(_)), "{proposal:#?}");
    assert_eq!(proposal.text, site("xenforo"));
}
