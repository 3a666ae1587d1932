//! The altered templates, and which of them are repaired at the first proposal.

use nightheron_crawlers::{
    repair::Verdict,
    walk::PageKind::{Listing, Thread},
};

use super::{
    alter::{classes, dates_in_numbers, hashed, retagged, swapped, untabled, without},
    harness::{
        Case,
        First::{Asked, Short, Sure},
        Saved, run,
    },
};

const SPIRIT: &[Saved] = &[
    ("thread-first.html", "topic/1/", Thread),
    ("thread-middle.html", "topic/1/?page=2", Thread),
    ("thread-last.html", "topic/1/?page=4", Thread),
];
const SPIRIT_ALL: &[Saved] = &[
    ("listing.html", "", Listing),
    ("thread-first.html", "topic/1/", Thread),
    ("thread-middle.html", "topic/1/?page=2", Thread),
];
const MISAGO: &[Saved] = &[("thread.html", "t/x/4/", Thread), ("thread-last.html", "t/x/4/2/", Thread)];
const MISAGO_ALL: &[Saved] =
    &[("listing.html", "", Listing), ("thread.html", "t/x/4/", Thread), ("thread-last.html", "t/x/4/2/", Thread)];
const PASTES: &[Saved] = &[("item-code.html", "jGtCvq6q", Thread), ("item-text.html", "xwMQqrar", Thread)];
const PASTE_LIST: &[Saved] = &[("listing.html", "+list", Listing)];
const WORDPRESS: &[Saved] = &[("thread-last.html", "?p=9", Thread), ("thread-classic.html", "?p=5", Thread)];
const WORDPRESS_LIST: &[Saved] = &[("listing-classic.html", "", Listing)];
const FORUM: &[Saved] =
    &[("listing.html", "f", Listing), ("thread.html", "t", Thread), ("thread-last.html", "t2", Thread)];
const POSTS: &[Saved] = &[("thread.html", "t", Thread), ("thread-last.html", "t2", Thread)];

const PHPBB_LIST: &[Saved] = &[("listing.html", "f", Listing)];

const CASES: &[Case] = &[
    Case {
        name: "Spirit, classes renamed",
        base: "spirit",
        pages: SPIRIT_ALL,
        first: Sure,
        unknown: 3,
        alter: classes,
    },
    Case { name: "Spirit, classes hashed", base: "spirit", pages: SPIRIT, first: Sure, unknown: 0, alter: hashed },
    Case {
        name: "Spirit, date format changed",
        base: "spirit",
        pages: SPIRIT,
        first: Sure,
        unknown: 4,
        alter: dates_in_numbers,
    },
    Case {
        name: "Spirit, wrapper added, author moved below the text",
        base: "spirit",
        pages: SPIRIT,
        first: Sure,
        unknown: 0,
        alter: |html| {
            let html = swapped(html, r#"<div class="layout">"#, "<div class=\"frame\"><div class=\"layout\">");
            let html = swapped(&html, "</body>", "</div></body>");
            let author = r#"(?s)(<div class="comment__info__username"><a[^>]*><span>([^<]*)</span>.*?</div></div>)(.*?)<div class="comment__footer "#;
            swapped(&html, author, "$3<p class=\"by\">Written by <em>$2</em></p><div class=\"comment__footer ")
        },
    },
    Case {
        name: "Misago, classes renamed",
        base: "misago",
        pages: MISAGO_ALL,
        first: Sure,
        unknown: 0,
        alter: classes,
    },
    Case {
        name: "Misago, ids and item properties dropped, lists to boxes",
        base: "misago",
        pages: MISAGO,
        first: Sure,
        unknown: 0,
        alter: |html| retagged(&without(&without(html, "id"), "itemprop"), "li", "div"),
    },
    Case {
        name: "bepasty, table turned into boxes",
        base: "bepasty",
        pages: PASTE_LIST,
        first: Sure,
        unknown: 0,
        alter: untabled,
    },
    Case {
        name: "bepasty, paste in another frame",
        base: "bepasty",
        pages: PASTES,
        first: Sure,
        unknown: 0,
        alter: |html| classes(&retagged(html, "h1", "h2")),
    },
    Case {
        name: "WordPress, listing's articles to boxes, classes renamed",
        base: "wordpress",
        pages: WORDPRESS_LIST,
        first: Sure,
        unknown: 0,
        alter: |html| retagged(&swapped(html, "entry-(title|content)", "card-$1"), "article", "div"),
    },
    Case {
        name: "WordPress, classes of comments renamed",
        base: "wordpress",
        pages: WORDPRESS,
        first: Short,
        unknown: 0,
        alter: |html| swapped(html, "comment-(author|content|metadata)", "reply-$1"),
    },
    Case { name: "phpBB, classes renamed", base: "phpbb", pages: FORUM, first: Asked, unknown: 0, alter: classes },
    Case { name: "SMF, classes renamed", base: "smf", pages: FORUM, first: Asked, unknown: 0, alter: classes },
    Case { name: "FluxBB, classes hashed", base: "fluxbb", pages: POSTS, first: Short, unknown: 0, alter: hashed },
    Case {
        name: "MyBB, table turned into boxes, classes renamed",
        base: "mybb",
        pages: FORUM,
        first: Asked,
        unknown: 0,
        alter: |html| classes(&untabled(html)),
    },
    Case { name: "XenForo, classes renamed", base: "xenforo", pages: POSTS, first: Sure, unknown: 0, alter: classes },
    Case {
        name: "XenForo, classes renamed, a moved thread in the listing",
        base: "xenforo",
        pages: FORUM,
        first: Asked,
        unknown: 0,
        alter: classes,
    },
    Case {
        name: "MyBB, posts, table turned into boxes, classes renamed",
        base: "mybb",
        pages: POSTS,
        first: Sure,
        unknown: 0,
        alter: |html| classes(&untabled(html)),
    },
    Case {
        name: "phpBB, listing, wrapper added, lists to boxes",
        base: "phpbb",
        pages: PHPBB_LIST,
        first: Asked,
        unknown: 0,
        alter: |html| retagged(&swapped(html, "topictitle", "subject"), "li", "div"),
    },
    Case {
        name: "XenForo, articles to boxes, data attributes dropped",
        base: "xenforo",
        pages: POSTS,
        first: Sure,
        unknown: 0,
        alter: |html| retagged(&without(&without(html, "data-content"), "data-author"), "article", "div"),
    },
    Case {
        name: "Discuz!, tables turned into boxes",
        base: "discuz",
        pages: FORUM,
        first: Short,
        unknown: 0,
        alter: |html| classes(&untabled(html)),
    },
    Case {
        name: "vBulletin 4, classes renamed",
        base: "vbulletin4",
        pages: FORUM,
        first: Sure,
        unknown: 0,
        alter: classes,
    },
    Case { name: "Invision, classes renamed", base: "invision", pages: FORUM, first: Sure, unknown: 0, alter: classes },
];

/// Runs the cases of some bases: what is right is complete, what is complete is right, and all else says what is missing.
fn check(bases: &[&str]) {
    for case in CASES.iter().filter(|case| bases.contains(&case.base)) {
        let repaired = run(case);
        let (name, verdict) = (case.name, &repaired.proposal.verdict);
        assert!(repaired.broke, "{name}: the old definition still reads the pages");
        let first = match (verdict, repaired.wrong.is_empty()) {
            (Verdict::Complete, true) => Sure,
            (Verdict::Complete, false) => panic!("{name}: complete, yet wrong: {:#?}", repaired.wrong),
            (_, true) => Asked,
            (_, false) => Short,
        };
        assert_eq!(first, case.first, "{name}: {verdict:#?}\n{}", repaired.proposal.text);
        for evidence in repaired.proposal.evidence.iter().filter(|_| first == Sure) {
            assert_eq!(evidence.equal, evidence.found, "{name}: {evidence:?}");
            assert!(evidence.found >= 2 && evidence.found == evidence.known, "{name}: {evidence:?}");
        }
    }
}

#[test]
fn spirit() {
    check(&["spirit"]);
}

#[test]
fn misago() {
    check(&["misago"]);
}

#[test]
fn bepasty_and_wordpress() {
    check(&["bepasty", "wordpress"]);
}

#[test]
fn engines_with_their_own_zone_or_moved_threads() {
    check(&["phpbb", "smf", "fluxbb", "mybb"]);
}

#[test]
fn discuz() {
    check(&["discuz"]);
}

#[test]
fn xenforo_vbulletin_and_invision() {
    check(&["xenforo", "vbulletin4", "invision"]);
}

#[test]
fn most_are_right_at_the_first_proposal() {
    let right = CASES.iter().filter(|case| case.first != Short).count();
    assert!(CASES.len() >= 12 && 6 * right >= 5 * CASES.len(), "{right} of {}", CASES.len());
}
