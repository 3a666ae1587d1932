//! Pages that cannot be repaired, and must not seem to be.

use nightheron_crawlers::{
    repair::{Known, Proposal, Verdict},
    walk::PageKind::{Listing, Thread},
};

use super::{
    alter::{classes, swapped},
    harness::{Saved, repair, request, saved, site, truth},
};

const SPIRIT: &[Saved] = &[("thread-first.html", "topic/1/", Thread), ("thread-last.html", "topic/1/?page=4", Thread)];

fn known() -> Vec<Known> {
    truth("spirit", SPIRIT).concat()
}

fn proposal(alter: impl Fn(&str) -> String, known: &[Known]) -> Proposal {
    let pages: Vec<_> =
        SPIRIT.iter().map(|(file, path, kind)| (request(path, *kind), alter(&saved("spirit", file)))).collect();
    repair("spirit", &pages, known)
}

/// Nothing is proposed, and the text is the old one.
fn assert_none(proposal: &Proposal, told: &str) {
    let Verdict::None(why) = &proposal.verdict else { panic!("{:?}", proposal.verdict) };
    assert!(why.contains(told), "{why}");
    assert!(proposal.changes.is_empty() && proposal.preview.iter().all(|row| !row.known), "{proposal:?}");
    assert_eq!(proposal.text, site("spirit"));
}

fn assert_partial(proposal: &Proposal, told: &str) {
    let Verdict::Partial(missing) = &proposal.verdict else { panic!("{:?}", proposal.verdict) };
    assert!(missing.iter().any(|sentence| sentence.contains(told)), "{missing:?}");
}

#[test]
fn another_site_gives_nothing() {
    let pages = [
        (request("t", Thread), saved("fluxbb", "thread.html")),
        (request("f", Listing), saved("fluxbb", "listing.html")),
    ];
    assert_none(&repair("spirit", &pages, &known()), "none of 6 known rows");
}

#[test]
fn a_login_wall_gives_nothing() {
    assert_none(&proposal(|_| saved("spirit", "login.html"), &known()), "blocked(login)");
}

#[test]
fn pages_whose_posts_are_all_gone_give_nothing() {
    let strangers: Vec<_> = known()
        .into_iter()
        .enumerate()
        .map(|(n, mut row)| {
            row.fields.insert("post_id".into(), format!("{}", 7_000 + n));
            row.fields.insert("url".into(), format!("http://fixture.invalid/topic/9/#c{}", 7_000 + n));
            row.fields.insert("posted_at".into(), format!("2025-01-0{}T03:04:00Z", n + 1));
            row.fields.insert("body".into(), format!("gone {n}"));
            row
        })
        .collect();
    assert_none(&proposal(classes, &strangers), "none of 6 known rows");
}

#[test]
fn authors_that_changed_places_are_not_believed() {
    let mut shuffled = known();
    let authors: Vec<_> = shuffled.iter().map(|row| row.fields["author"].clone()).collect();
    for (n, row) in shuffled.iter_mut().enumerate() {
        row.fields.insert("author".into(), authors[(n + 1) % authors.len()].clone());
    }
    assert_partial(&proposal(classes, &shuffled), "author");
}

#[test]
fn times_that_the_pages_no_longer_tell_are_missed() {
    let alter = |html: &str| classes(&swapped(html, r#"<li title="[^"]*">[^<]*</li>"#, "<li>some day</li>"));
    assert_partial(&proposal(alter, &known()), "posted_at");
}

#[test]
fn an_author_outside_its_row_is_missed() {
    // Names stand in a column of their own, beside all the posts.
    let alter = |html: &str| {
        let html = swapped(html, "<span>(Иван_П|bob smith|Ёжик|[^<]*)</span>(<i |</a>)", "<b></b>$2");
        classes(&swapped(&html, "</body>", "<ul><li>Иван_П</li><li>bob smith</li><li>Ёжик</li></ul></body>"))
    };
    assert_partial(&proposal(alter, &known()), "author");
}

#[test]
fn one_row_without_an_author_is_told() {
    let alter = |html: &str| classes(&swapped(html, "<span>bob smith</span>", ""));
    assert_partial(&proposal(alter, &known()), "author");
}

#[test]
fn one_known_post_is_too_little() {
    assert_partial(&proposal(classes, &known()[..1]), "too few");
}

#[test]
fn equal_texts_and_quotations_of_other_posts_are_kept_apart() {
    // All posts say the same; the last quotes the first, with its name and its text.
    let alter = |html: &str| swapped(html, r"mark-\d+-\d+", "mark");
    let quoting = |html: &str| {
        let quote = "<blockquote><cite>Иван_П</cite><div>Hello there, mark</div></blockquote></body>";
        classes(&swapped(&alter(html), "</body>", quote))
    };
    let mut known = known();
    for row in &mut known {
        let body = swapped(&row.fields["body"], r"mark-\d+-\d+", "mark");
        row.fields.insert("body".into(), body);
    }
    let proposal = proposal(quoting, &known);
    assert_eq!(proposal.verdict, Verdict::Complete, "{proposal:#?}");
    assert_eq!(proposal.evidence[0].equal, 6);
}

#[test]
fn posts_beside_the_one_that_is_known_of_each_page_are_rows_as_well() {
    let firsts: Vec<_> = truth("spirit", SPIRIT).into_iter().filter_map(|rows| rows.into_iter().next()).collect();
    let proposal = proposal(classes, &firsts);
    assert_eq!(proposal.preview.len(), 6, "{proposal:#?}");
    assert!(proposal.preview.iter().filter(|row| row.known).count() == 2);
}
