//! Whose definitions win, and what `extends` may lead to.

use super::*;
use crate::definition::Via;

/// A definition that is complete, to be spoiled line by line.
const GOOD: &str = r#"schema: 1
id: a
name: A forum
kind: forum
timezone: Asia/Taipei
links: ["http://forum.example/board"]
identity: { any: [{ selector: "body" }] }
walk:
  listing: { path: "" }
rows:
  listing:
    selector: "li"
    fields:
      thread_id: { selector: "a", attribute: href }
      thread_url: { selector: "a", attribute: href }
  thread:
    selector: "div.post"
    fields:
      post_id: { attribute: id }
      posted_at: { selector: "time", filters: [{ date: "yyyy-MM-dd HH:mm" }] }
      body: { selector: "p" }
dedupe: { key: post_id, content: body }
"#;

fn parse(text: &str) -> Result<Definition, DefinitionError> {
    Library::shipped().parse(text, "sites/a.yaml")
}

/// The problems of a definition, as they are shown.
fn problems(text: &str) -> Vec<String> {
    let error = parse(text).expect_err("must be refused");
    error.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn every_shipped_definition_is_right() {
    let library = Library::shipped();
    for id in ["bepasty", "phpbb", "spirit"] {
        assert!(library.ids().any(|known| known == id), "{id}");
    }
    for id in library.ids() {
        let definition = library.get(id).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(definition.id, id);
        assert!(definition.link().unwrap_err().to_string().contains("`links`"));
    }
}

#[test]
fn the_page_classes_of_a_file_come_before_those_it_extends() {
    let classes = |more: &str| {
        let text = format!("schema: 1\nid: x\nname: X\nextends: mybb\n{more}");
        parse(&text).unwrap().page_classes.into_iter().map(|(class, _)| class).collect::<Vec<_>>()
    };
    let (base, own) = (classes(""), "page_classes: [{ class: queue, selector: \"#queue\" }]\n");
    assert!(!base.is_empty());
    assert_eq!(classes(own), [vec![crate::PageClass::Queue], base].concat());
    assert_eq!(classes(&format!("{own}inherit_page_classes: false\n")), [crate::PageClass::Queue]);
    assert!(classes("inherit_page_classes: false\n").is_empty());
}

#[test]
fn a_site_needs_only_what_differs_from_its_engine() {
    let site = parse("schema: 1\nid: x\nname: X\nextends: spirit\nlinks: [\"http://127.0.0.1:8000/forum\"]\n").unwrap();
    let base = Library::shipped().get("spirit").unwrap();
    assert_eq!(site.link().unwrap().as_str(), "http://127.0.0.1:8000/forum/");
    assert_eq!((site.id.as_str(), site.via()), ("x", Some(Via::Clear)));
    assert_eq!(site.thread.fields.len(), base.thread.fields.len());
    assert_eq!((site.key, site.schedule), (base.key, base.schedule));
    // The engine's fixtures are the engine's.
    assert!(site.tests.is_empty());
}

#[test]
fn the_parts_of_a_field_are_layered_too() {
    let text = "schema: 1\nid: x\nname: X\nextends: spirit\nrows:\n  thread:\n    fields:\n      \
                posted_at: { selector: \"time\" }\n      edits: null\n      rank: { selector: \".rank\", optional: true }\n";
    let site = parse(text).unwrap();
    let base = Library::shipped().get("spirit").unwrap();
    let (time, base_time) = (site.thread.field("posted_at").unwrap(), base.thread.field("posted_at").unwrap());
    assert_eq!(time.filters.len(), base_time.filters.len());
    assert_ne!(time.selector, base_time.selector);
    assert!(site.thread.field("edits").is_none() && site.thread.field("rank").is_some());
    assert!(site.thread.field("body").is_some() && site.thread.empty.is_some());
}

#[test]
fn the_link_of_a_source_that_is_one_page_is_that_page() {
    for (base, link, expected) in [
        ("feed", "https://blog.example/feed?type=rss", "https://blog.example/feed?type=rss"),
        ("feed", "https://blog.example/feed", "https://blog.example/feed"),
        ("telegram", "https://t.me/s/nightleaks", "https://t.me/s/nightleaks"),
        ("leak-blog", "https://leaks.example", "https://leaks.example/"),
        ("pinnwand", "https://host.example/paste", "https://host.example/paste/"),
        ("stikked", "https://host.example/paste", "https://host.example/paste/"),
    ] {
        let site = parse(&format!("schema: 1\nid: x\nname: X\nextends: {base}\nlinks: [\"{link}\"]\n")).unwrap();
        assert_eq!(site.link().unwrap().as_str(), expected, "{base}");
    }
}

#[test]
fn each_mistake_is_named_with_its_place_and_what_to_do() {
    let cases = [
        ("kind: forum", "kind: forum\ncolour: red", 5, 1, "unknown field `colour`"),
        ("kind: forum", "kind: shop", 4, 7, "unknown variant `shop`"),
        ("kind: forum", "kind: forum\nkind: forum", 5, 1, "duplicate"),
        ("schema: 1", "schema: 2", 1, 9, "reads schema 1"),
        ("id: a", "id: A B", 2, 5, "lower-case letters"),
        ("Asia/Taipei", "Asia/Taibei", 5, 11, "no time zone"),
        ("\"http://forum.example/board\"", "\"forum.example\"", 6, 9, "no"),
        ("\"http://forum.example/board\"", "\"ftp://forum.example/\"", 6, 9, "not an http or https address"),
        ("selector: \"li\"", "selector: \"li[\"", 12, 15, "no CSS selector"),
        ("{ selector: \"body\" }", "{ regex: \"(\" }", 7, 28, "no regular expression"),
        ("{ selector: \"body\" }", "{ }", 7, 19, "needs a `selector` or a `regex`"),
        ("{ selector: \"body\" }", "{ selector: a, regex: b }", 7, 19, "not both"),
        ("yyyy-MM-dd HH:mm", "yyyy-QQ-dd", 20, 56, "`QQ`, which means nothing"),
        ("yyyy-MM-dd HH:mm", "HH:mm", 20, 56, "needs a month"),
        ("[{ date: \"yyyy-MM-dd HH:mm\" }]", "[trim]", 20, 30, "is a time"),
        ("[{ date: \"yyyy-MM-dd HH:mm\" }]", "[{ dote: x }]", 20, 50, "unknown variant `dote`"),
        ("      body: { selector: \"p\" }\n", "", 17, 15, "need the field `body`"),
        ("    selector: \"div.post\"\n", "", 2, 5, "`rows.thread.selector` is missing"),
        ("\"div.post\"", "\"div.post\"\n    lines: [\"x {y}\"]", 18, 13, "needs one field"),
        ("kind: forum\n", "", 2, 5, "`kind` is missing"),
        ("  listing: { path: \"\" }", "  listing: { next: a }", 2, 5, "`walk.listing.path` is missing"),
        ("content: body", "content: [body, text]", 22, 41, "no field `text`"),
        ("kind: forum", "kind: forum\nextends: phpbb2", 5, 10, "no definition `phpbb2`"),
        ("kind: forum", "kind: forum\nextends: a", 5, 10, "leads back to itself"),
        ("kind: forum", "kind: forum\nencoding: utf-9", 5, 11, "no charset label"),
        ("kind: forum", "kind: forum\nnetwork: { gap: soon }", 5, 17, "not a duration"),
        ("kind: forum", "kind: forum\nnetwork: { max_body: 4MB }", 5, 22, "not a size"),
        ("kind: forum", "kind: forum\nnetwork: { jitter: 2.0 }", 5, 20, "from 0 to 1"),
        ("kind: forum", "kind: forum\nnetwork: { active_hours: \"7-9\" }", 5, 26, "two different times"),
        ("kind: forum", "kind: forum\nnetwork: { via: tor }", 7, 9, "never touches the clear net"),
        ("kind: forum", "kind: forum\nschedule: { backfill_pages: 0 }", 5, 29, "at least one page"),
        ("kind: forum", "kind: forum\nmeta: { grade: G }", 5, 16, "not one of A, B"),
        ("kind: forum", "kind: forum\nmeta: { verified: yesterday }", 5, 19, "no day"),
        ("kind: forum", "kind: forum\nevidence: { keep: pdf }", 5, 19, "unknown variant `pdf`"),
        ("kind: forum", "kind: forum\ntests: [{ file: a.html, page: thread, outcome: good }]", 5, 48, "is no outcome"),
        (
            "listing: { path: \"\" }",
            "listing: { path: \"\" }\n  thread: { last_page_first: true }",
            2,
            5,
            "needs `last`",
        ),
    ];
    are_told(&cases);
}

#[test]
fn each_mistake_in_a_session_is_named_as_well() {
    let cases = [
        ("{ method: form }", 5, 20, "needs `session.logged_in`"),
        ("{ method: cookie }", 5, 20, "needs `session.logged_in`"),
        ("{ method: post }", 5, 20, "unknown variant `post`"),
        ("{ password: hunter2 }", 5, 12, "unknown field `password`"),
        ("{ inputs: { u: \"x{{ secret.user }}\" } }", 5, 25, "as the whole text"),
        ("{ form: \"form[\" }", 5, 18, "no CSS selector"),
        ("{ headers: { a: { cookie: c, text: t } } }", 5, 26, "give one of"),
        ("{ headers: { a: { regex: \"x\" } } }", 5, 35, "has no group"),
        ("{ headers: { Cookie: { text: t } } }", 5, 31, "leave it out"),
        ("{ headers: { \"a b\": { text: t } } }", 5, 30, "no HTTP header"),
        ("{ headers: { X-Pass: { text: t } } }", 5, 39, "lift it from the page"),
        ("{ method: script, credentials: a, logged_in: { selector: a }, post: b }", 5, 20, "`session.inputs`"),
        ("{ logged_in: {} }", 5, 23, "needs a `selector` or a `regex`"),
        ("{ method: none, inputs: { password: hunter2 } }", 5, 46, "must not stand in a definition"),
    ]
    .map(|(session, line, column, told)| (format!("kind: forum\nsession: {session}"), line, column, told));
    let cases: Vec<_> =
        cases.iter().map(|(to, line, column, told)| ("kind: forum", to.as_str(), *line, *column, *told)).collect();
    are_told(&cases);
}

/// Each case: what is replaced in the good example, by what, and the line, the column and the words of the message.
fn are_told(cases: &[(&str, &str, u32, u32, &str)]) {
    assert!(parse(GOOD).is_ok());
    let mut failures = Vec::new();
    for (from, to, line, column, told) in cases {
        let text = GOOD.replacen(from, to, 1);
        assert_ne!(text, GOOD, "`{from}` is not in the example");
        let shown = problems(&text);
        let place = format!("sites/a.yaml:{line}:{column}: ");
        if !shown[0].starts_with(&place) || !shown[0].contains(told) {
            failures.push(format!("{to}\n  wanted {place}…{told}\n  got {shown:#?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_zone_that_a_site_names_goes_before_what_its_pages_tell() {
    let of = |more: &str| parse(&format!("schema: 1\nid: x\nname: X\nextends: discuz\n{more}")).unwrap();
    assert!(of("").page_zone.is_some());
    assert!(of("timezone: Asia/Taipei\n").page_zone.is_none());
    let both = of("timezone: Asia/Taipei\npage_zone: { selector: .clock }\n");
    let field = both.page_zone.unwrap();
    assert!(field.selector.is_some() && !field.filters.is_empty(), "its parts are layered too");
}

#[test]
fn planes_are_never_mixed() {
    let onion = "http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion/";
    let of = |links: &str, via: &str| GOOD.replace("\"http://forum.example/board\"", links) + via;
    assert_eq!(parse(&of(&format!("\"{onion}\""), "")).unwrap().via(), Some(Via::Tor));
    let clear = problems(&of(&format!("\"{onion}\""), "network: { via: clear }\n"));
    assert!(clear[0].contains("never asked for on the clear net"), "{clear:?}");
    let mixed = problems(&of(&format!("\"{onion}\", \"http://a.example/\""), ""));
    assert!(mixed[0].contains("two sources"), "{mixed:?}");
    let legacy = problems(&(GOOD.to_owned() + &format!("legacy_links: [\"{onion}\"]\n")));
    assert!(legacy[0].contains("two sources"), "{legacy:?}");
}

#[test]
fn all_problems_are_told_at_once() {
    let text = GOOD.replace("\"li\"", "\"li[\"").replace("Asia/Taipei", "Mars").replace("yyyy", "QQQQ");
    assert_eq!(problems(&text).len(), 3);
}

#[test]
fn a_folder_wins_over_what_is_shipped() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("mine.yaml", &GOOD.replace("id: a", "id: spirit"));
    write("x.yaml", "schema: 1\nid: x\nname: X\nextends: spirit\n");
    write("notes.txt", "not a definition");
    let library = Library::shipped().with_folder(folder.path()).unwrap();
    assert_eq!(library.get("spirit").unwrap().name, "A forum");
    assert_eq!(library.get("x").unwrap().link().unwrap().as_str(), "http://forum.example/board/");
    assert!(library.get("y").unwrap_err().to_string().contains("known are bepasty, "));
    // A circle over two files.
    write("mine.yaml", &GOOD.replace("id: a", "id: spirit\nextends: x"));
    let library = Library::shipped().with_folder(folder.path()).unwrap();
    let error = library.get("x").unwrap_err();
    assert!(error.problems[0].file.ends_with("mine.yaml") && error.problems[0].line == 3, "{error}");
    // What is wrong in a base is told with the base's file.
    write("mine.yaml", &GOOD.replace("id: a", "id: spirit").replace("\"li\"", "\"li[\""));
    let error = Library::shipped().with_folder(folder.path()).unwrap().get("x").unwrap_err();
    assert!(error.problems[0].file.ends_with("mine.yaml") && error.problems[0].line == 12, "{error}");
    write("bad.yaml", "schema: [");
    let error = Library::shipped().with_folder(folder.path()).unwrap_err();
    assert!(error.problems[0].file.ends_with("bad.yaml") && error.problems[0].line > 0, "{error}");
    assert!(library.load_file(&folder.path().join("absent.yaml")).unwrap_err().to_string().contains("cannot be read"));
}

#[test]
fn aliases_cannot_blow_up() {
    let mut text = String::from("schema: 1\nid: a\nname: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let before = format!("*a{}, ", n - 1).repeat(9);
        text += &format!("k{n}: &a{n} [{before}]\n");
    }
    assert!(parse(&text).is_err());
}
