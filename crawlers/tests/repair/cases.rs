//! The altered templates, and how many are repaired at the first proposal.

use nightheron_crawlers::{repair::Verdict, walk::PageKind::{Listing, Thread}};

use super::{
    alter::{classes, dates_in_numbers, hashed, retagged, swapped, untabled, without},
    harness::{Case, Saved, run},
};

const SPIRIT: &[Saved] =
    &[("thread-first.html", "topic/1/", Thread), ("thread-middle.html", "topic/1/?page=2", Thread), ("thread-last.html", "topic/1/?page=4", Thread)];
const SPIRIT_ALL: &[Saved] = &[("listing.html", "", Listing), ("thread-first.html", "topic/1/", Thread), ("thread-middle.html", "topic/1/?page=2", Thread)];
const MISAGO: &[Saved] = &[("thread.html", "t/x/4/", Thread), ("thread-last.html", "t/x/4/2/", Thread)];
const MISAGO_ALL: &[Saved] = &[("listing.html", "", Listing), ("thread.html", "t/x/4/", Thread), ("thread-last.html", "t/x/4/2/", Thread)];
const PASTES: &[Saved] = &[("item-code.html", "jGtCvq6q", Thread), ("item-text.html", "xwMQqrar", Thread)];
const PASTE_LIST: &[Saved] = &[("listing.html", "+list", Listing)];
const WORDPRESS: &[Saved] = &[("thread-last.html", "?p=9", Thread), ("thread-classic.html", "?p=5", Thread)];
const WORDPRESS_LIST: &[Saved] = &[("listing-classic.html", "", Listing)];
const FORUM: &[Saved] = &[("listing.html", "f", Listing), ("thread.html", "t", Thread), ("thread-last.html", "t2", Thread)];
const POSTS: &[Saved] = &[("thread.html", "t", Thread), ("thread-last.html", "t2", Thread)];

const CASES: &[Case] = &[
    Case { name: "Spirit, classes renamed", base: "spirit", pages: SPIRIT_ALL, unknown: 3, alter: classes },
    Case { name: "Spirit, classes hashed", base: "spirit", pages: SPIRIT, unknown: 0, alter: hashed },
    Case {
        name: "Spirit, date format changed",
        base: "spirit",
        pages: SPIRIT,
        unknown: 4,
        alter: dates_in_numbers,
    },
    Case {
        name: "Spirit, wrapper added, author moved below the text",
        base: "spirit",
        pages: SPIRIT,
        unknown: 0,
        alter: |html| {
            let html = swapped(html, r#"<div class="layout">"#, "<div class=\"frame\"><div class=\"layout\">");
            let html = swapped(&html, "</body>", "</div></body>");
            let author = r#"(?s)(<div class="comment__info__username"><a[^>]*><span>([^<]*)</span>.*?</div></div>)(.*?)<div class="comment__footer "#;
            swapped(&html, author, "$3<p class=\"by\">Written by <em>$2</em></p><div class=\"comment__footer ")
        },
    },
    Case { name: "Misago, classes renamed", base: "misago", pages: MISAGO_ALL, unknown: 0, alter: classes },
    Case {
        name: "Misago, ids and item properties dropped, lists to boxes",
        base: "misago",
        pages: MISAGO,
        unknown: 0,
        alter: |html| retagged(&without(&without(html, "id"), "itemprop"), "li", "div"),
    },
    Case { name: "bepasty, table turned into boxes", base: "bepasty", pages: PASTE_LIST, unknown: 0, alter: untabled },
    Case {
        name: "bepasty, paste in another frame",
        base: "bepasty",
        pages: PASTES,
        unknown: 0,
        alter: |html| classes(&retagged(html, "h1", "h2")),
    },
    Case { name: "WordPress, listing's articles to boxes, classes renamed", base: "wordpress", pages: WORDPRESS_LIST, unknown: 0,
        alter: |html| retagged(&swapped(html, "entry-(title|content)", "card-$1"), "article", "div") },
    Case { name: "WordPress, classes of comments renamed", base: "wordpress", pages: WORDPRESS, unknown: 0,
        alter: |html| swapped(html, "comment-(author|content|metadata)", "reply-$1") },
    Case { name: "phpBB, classes renamed", base: "phpbb", pages: FORUM, unknown: 0, alter: classes },
    Case { name: "SMF, classes renamed", base: "smf", pages: FORUM, unknown: 0, alter: classes },
    Case { name: "FluxBB, classes hashed", base: "fluxbb", pages: POSTS, unknown: 0, alter: hashed },
    Case { name: "MyBB, table turned into boxes, classes renamed", base: "mybb", pages: FORUM, unknown: 0, alter: |html| classes(&untabled(html)) },
    Case { name: "XenForo, classes renamed", base: "xenforo", pages: FORUM, unknown: 0, alter: classes },
    Case { name: "XenForo, articles to boxes, data attributes dropped", base: "xenforo", pages: POSTS, unknown: 0,
        alter: |html| retagged(&without(&without(html, "data-content"), "data-author"), "article", "div") },
    Case { name: "Discuz!, tables turned into boxes", base: "discuz", pages: FORUM, unknown: 0, alter: |html| classes(&untabled(html)) },
    Case { name: "vBulletin 4, classes renamed", base: "vbulletin4", pages: FORUM, unknown: 0, alter: classes },
    Case { name: "Invision, classes renamed", base: "invision", pages: FORUM, unknown: 0, alter: classes },
];

#[test]
fn altered_templates_are_repaired_at_the_first_proposal() {
    let mut report = Vec::new();
    let mut right = 0;
    for case in CASES {
        let begun = std::time::Instant::now();
        let repaired = run(case);
        eprintln!("{} {:?} {}", case.name, begun.elapsed(), repaired.proposal.verdict == Verdict::Complete);
        assert!(repaired.broke, "{}: the old definition still reads the pages", case.name);
        let complete = repaired.proposal.verdict == Verdict::Complete;
        if complete && !repaired.wrong.is_empty() { report.push(format!("{}: WRONG YET COMPLETE: {:#?}", case.name, repaired.wrong)); }
        right += usize::from(complete);
        if !complete {
            let Repairs { verdict, wrong, text } = Repairs::of(&repaired);
            report.push(format!("{}: {verdict}\n{wrong:#?}\n{text}", case.name));
        }
    }
    assert!(right >= CASES.len(), "{right} of {} right\n{}", CASES.len(), report.join("\n"));
}

/// What is told of a repair that is not right.
struct Repairs {
    verdict: String,
    wrong: Vec<String>,
    text: String,
}

impl Repairs {
    fn of(repaired: &super::harness::Repaired) -> Self {
        let wrong = repaired.wrong.iter().take(6).cloned().collect();
        Self { verdict: format!("{:?}", repaired.proposal.verdict), wrong, text: repaired.proposal.text.clone() }
    }
}
