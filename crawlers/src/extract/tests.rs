//! Reading pages: fields in every form, and pages that mean harm.

use encoding_rs::{BIG5, Encoding, GBK, SHIFT_JIS, WINDOWS_1251};
use proptest::prelude::*;

use super::*;
use crate::{
    Outcome,
    definition::{Definition, Library},
    walk::{PageKind, PageRequest, RawPage, ThreadContext},
};

const DEFINITION: &str = r#"schema: 1
id: t
name: T
kind: KIND
timezone: Europe/Moscow
links: ["http://forum.example/"]
walk: { listing: { path: "" } }
rows:
  listing:
    selector: li
    fields: { thread_id: { selector: a, attribute: id }, thread_url: { selector: a, attribute: href } }
  thread:
    selector: p.post
    remove: .quote
    expect: { min: 1 }
    fields:
      post_id: { attribute: id }
      body: { selector: .body, remove: .sig }
"#;

fn definition(kind: &str, fields: &str) -> Definition {
    let text = DEFINITION.replace("KIND", kind) + fields;
    Library::shipped().parse(&text, "t.yaml").unwrap_or_else(|error| panic!("{error}"))
}

fn read_bytes(definition: &Definition, body: &[u8], content_type: &str) -> PageReading {
    let fields = [("title", "listed"), ("author", "starter"), ("posted_at", "2026-01-02T03:04:05Z")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let thread = Some(ThreadContext { id: "7".into(), fields });
    let url: url::Url = "http://forum.example/topic/42/x?page=2".parse().unwrap();
    let request = PageRequest { url: url.clone(), kind: PageKind::Thread, page: 1, thread, zone: None };
    let received_at = "2026-11-21T04:00:00Z".parse().unwrap();
    extract(
        definition,
        &request,
        &RawPage { url: &url, status: 200, content_type, body, received_at, retry_after: None },
    )
}

fn read(definition: &Definition, body: &str) -> PageReading {
    read_bytes(definition, body.as_bytes(), "text/html")
}

/// What one field of the row `<p class=post id=1>…` reads.
fn field(spec: &str, row: &str) -> Option<String> {
    let definition = definition("forum", &format!("      x: {{ {spec} }}\n"));
    let reading = read(&definition, &format!("<h1>Page</h1><p class=post id=1 data-x=y><i class=body>b</i>{row}</p>"));
    reading.posts.first().and_then(|post| post.extra.get("x").cloned())
}

#[test]
fn every_form_of_a_field() {
    let cases = [
        ("selector: b", "<b> one  two </b>", Some("one two")),
        ("selector: b, attribute: title", "<b title='t'>x</b>", Some("t")),
        ("selector: b, attribute: \"\"", "<b title='t'>x</b>", Some("x")),
        ("attribute: data-x", "", Some("y")),
        ("selector: b, in_place: title", "<b>on <i title='1 May'>Yesterday</i>, 7:08</b>", Some("on 1 May, 7:08")),
        ("selector: b, in_place: title", "<b title='1 May 7:08'>Yesterday</b>", Some("1 May 7:08")),
        ("selector: b, in_place: title", "<b>1 May <i title>7:08</i></b>", Some("1 May 7:08")),
        (
            "selector: b, and: { selector: i.t, attribute: title }",
            "<b>1 May</b><i class=t title='7:08'>",
            Some("1 May 7:08"),
        ),
        ("selector: b, and: { selector: i.t, attribute: title }", "<b>1 May</b><i class=t>", Some("1 May")),
        ("selector: b, and: { selector: u }, filters: [{ regexp: 'x y' }]", "<b>x</b><u>y</u>", Some("x y")),
        ("selector: b, optional: true, and: { selector: u }", "<u>y</u>", None),
        ("selector: b, remove: u", "<b>one<u>two</u></b>", Some("one")),
        ("selector: b, attribute: title, default_from: u", "<b>x</b><u>second</u>", Some("second")),
        ("selector: b, default_from: u, filters: [number]", "<b>none</b><u>n 5</u>", Some("5")),
        ("selector: b, or: { attribute: data-x }", "<b></b>", Some("y")),
        ("selector: b, or: { from: page, selector: h1, filters: [{ regexp: g }] }", "", Some("g")),
        ("selector: b, or: { selector: u, or: { text: third } }", "<u></u>", Some("third")),
        ("selector: b, default: none", "", Some("none")),
        ("selector: b, optional: true", "", None),
        ("text: fixed", "", Some("fixed")),
        ("from: page, selector: h1", "", Some("Page")),
        ("from: url, filters: [{ regexp: \"/topic/(\\\\d+)/\" }]", "", Some("42")),
        ("from: url, filters: [{ querystring: page }]", "", Some("2")),
        ("case: [{ selector: s, value: sold }, { selector: b, value: open }]", "<b></b>", Some("open")),
        ("case: [{ selector: s, value: sold }, { selector: b, value: open }]", "<b></b><s></s>", Some("sold")),
        ("case: [{ selector: \"[data-x=y]\", value: self }]", "", Some("self")),
        ("case: [{ selector: s, value: sold }], default: open", "", Some("open")),
    ];
    for (spec, row, expected) in cases {
        assert_eq!(field(spec, row).as_deref(), expected, "{spec}");
    }
}

#[test]
fn a_field_is_given_one_way() {
    let text = DEFINITION.replace("KIND", "forum") + "      x: { text: a, attribute: b }\n";
    let error = Library::shipped().parse(&text, "t.yaml").unwrap_err().to_string();
    assert!(error.contains("t.yaml:19:18") && error.contains("one of"), "{error}");
}

#[test]
fn what_is_left_out_of_rows_is_left_out_of_the_body() {
    let definition = definition("forum", "");
    let body = "<p class=post id=1><span class=body>a<span class=quote>b</span><span class=sig>c</span>d</span></p>";
    assert_eq!(read(&definition, body).posts[0].body, "ad");
}

#[test]
fn a_listing_speaks_for_a_paste_and_not_for_the_posts_of_a_forum() {
    let optional = "      author: { selector: b, optional: true }\n      title: { selector: h2 }\n";
    let page = "<p class=post id=1><i class=body>x</i></p>";
    let forum = read(&definition("forum", optional), page);
    assert_eq!((forum.posts[0].author.as_deref(), forum.posts[0].posted_at), (None, None));
    let paste = read(&definition("paste", optional), page);
    assert_eq!(paste.posts[0].author.as_deref(), Some("starter"));
    assert_eq!(paste.posts[0].posted_at.map(|t| t.to_string()).as_deref(), Some("2026-01-02T03:04:05Z"));
    for post in [&forum.posts[0], &paste.posts[0]] {
        assert_eq!((post.title.as_str(), post.thread_id.as_deref()), ("listed", Some("7")));
    }
}

#[test]
fn times_are_read_in_the_sites_zone_and_from_when_the_page_came() {
    let definition = definition(
        "forum",
        "      posted_at: { selector: time, filters: [{ date: [yyyy-MM-dd HH:mm, fuzzy_time] }] }\n",
    );
    for (shown, expected) in [
        ("2026-11-20 10:00", "2026-11-20T07:00:00Z"),
        ("вчера в 10:00", "2026-11-20T07:00:00Z"),
        ("3 小时前", "2026-11-21T01:00:00Z"),
    ] {
        let reading = read(&definition, &format!("<p class=post id=1><i class=body>x</i><time>{shown}</time></p>"));
        assert_eq!(reading.posts[0].posted_at.unwrap().to_string(), expected, "{shown}");
    }
    let reading = read(&definition, "<p class=post id=1><i class=body>x</i><time>soon</time></p>");
    assert_eq!(reading.outcome, ReadOutcome::Failed(Outcome::SelectorMissing("posted_at".into())));
}

#[test]
fn pages_in_every_charset_whatever_they_declare() {
    let cases: [(&str, &'static Encoding); 4] = [
        ("晶湛電子內部資料兩百萬筆出售,只收比特幣,樣本請私訊", BIG5),
        ("出售台积电员工数据库,包含姓名、电话与邮箱,价格面议", GBK),
        ("データベースを販売します。サンプルあり、価格は応相談です", SHIFT_JIS),
        ("Продам базу данных клиентов, цена договорная, гарант приветствуется", WINDOWS_1251),
    ];
    let definition = definition("forum", "");
    for (text, encoding) in cases {
        for declared in [encoding.name(), "utf-8", ""] {
            let page = format!("<meta charset=\"{declared}\"><p class=post id=1><i class=body>{text}</i></p>");
            let (bytes, _, _) = encoding.encode(&page);
            let reading = read_bytes(&definition, &bytes, &format!("text/html; charset={declared}"));
            assert_eq!(reading.posts[0].body, text, "{} declared as `{declared}`", encoding.name());
        }
    }
}

#[test]
fn a_listing_of_few_words_and_its_thread_are_read_in_a_charset_that_is_not_declared() {
    let cases: [(&str, &str, &'static Encoding); 4] = [
        ("出售資料庫", "晶湛電子內部資料，樣本請私訊", BIG5),
        ("出售数据库", "公司内部资料，价格面议", GBK),
        ("データベース販売", "サンプルあり、価格は応相談です", SHIFT_JIS),
        ("Продам базу", "Цена договорная, пишите в личку", WINDOWS_1251),
    ];
    let fluxbb = Library::shipped().get("fluxbb").unwrap();
    let url: url::Url = "http://forum.example/viewforum.php?id=2".parse().unwrap();
    for (title, body, encoding) in cases {
        for declared in ["", "utf-8", "iso-8859-1", "gbk", "windows-1251"] {
            let head = format!("<meta charset=\"{declared}\"><div class=pun><div id=brdmain>");
            let listing = format!(
                "{head}<div id=vf><table><tbody><tr class=rowodd><td class=tcl><div class=tclcon>\
                 <a href=viewtopic.php?id=7>{title}</a></div><td class=tc2>3<td class=tcr>\
                 <a href=viewtopic.php?pid=9>2026-07-20 10:00:00</a></table></div>"
            );
            let thread = format!(
                "{head}<ul class=crumbs><li><strong>{title}</strong></ul><div id=p9 class=blockpost><h2>\
                 <a href=viewtopic.php?pid=9>2026-07-20 10:00:00</a></h2><div class=postleft><dl><dt><strong>bob\
                 </strong></dl></div><div class=postright><div class=postmsg>{body}</div></div></div>"
            );
            for (kind, page) in [(PageKind::Listing, listing), (PageKind::Thread, thread)] {
                let (bytes, _, _) = encoding.encode(&page);
                let request = PageRequest { url: url.clone(), kind, page: 1, thread: None, zone: None };
                let content_type = format!("text/html; charset={declared}");
                let (received_at, content_type) = ("2026-11-21T04:00:00Z".parse().unwrap(), content_type.as_str());
                let raw =
                    RawPage { url: &url, status: 200, content_type, body: &bytes, received_at, retry_after: None };
                let reading = extract(&fluxbb, &request, &raw);
                let shown = reading.threads.first().map(|thread| thread.context.fields["title"].as_str());
                let found = shown.or(reading.posts.first().map(|post| post.body.as_str()));
                let expected = if kind == PageKind::Listing { title } else { body };
                assert_eq!(found, Some(expected), "{} declared as `{declared}`", encoding.name());
            }
        }
    }
}

#[test]
fn hostile_pages_are_refused_or_read_but_never_believed() {
    let definition = definition("forum", "");
    let why = |page: &str| match read(&definition, page).outcome {
        ReadOutcome::Failed(outcome) => outcome.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!(why(&"<div>".repeat(100_000)), "unreachable(page_too_deep)");
    assert_eq!(why(&"<b></b>".repeat(400_000)), "unreachable(page_too_large)");
    assert_eq!(why(""), "selector_missing(rows)");
    assert_eq!(why("\0\0\0"), "selector_missing(rows)");
    assert_eq!(why(&"<p class=post><i class=body>x</i>".repeat(3)), "selector_missing(post_id)");
    let huge = format!("<p class=post id=1 title='{}'><i class=body>x</i></p>", "A".repeat(4 << 20));
    assert_eq!(read(&definition, &huge).posts[0].body, "x");
    let nul = read(&definition, "<p class=post id=1><i class=body>a&#0;b<script>alert(1)</script></i></p>");
    assert!(!nul.posts[0].body.contains(['\0', '<']), "{:?}", nul.posts[0].body);
}

/// Every definition there is, and the one of these tests.
static SHIPPED: std::sync::LazyLock<Vec<Definition>> = std::sync::LazyLock::new(|| {
    let library = Library::shipped();
    let shipped = library.ids().map(|id| library.get(id).unwrap());
    shipped.chain([definition("forum", "")]).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_page_makes_reading_panic_or_claims_rows_it_has_not(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<p class=post id=1>", "<p class='post' id>", "</p>", "<i class=body>", "</i>", "<table><tr><td>", "</table>",
            "<a href='http://[::1'>", "<a href='//'>", "<!--", "-->", "<script>", "</script>", "<pre>\n", "&#x0;", "台", "\u{1f4a9}",
            "<div class=spirit><div class=layout>", "<svg><p>", "<template>", "<select><option>", "</html>", "<b></p><p></b>",
        ]), 0..60),
        noise in any::<Vec<u8>>(),
    ) {
        let mut page = parts.concat().into_bytes();
        page.extend(noise);
        for definition in SHIPPED.iter() {
            let reading = read_bytes(definition, &page, "text/html");
            if reading.posts.is_empty() {
                prop_assert!(reading.outcome != ReadOutcome::Rows);
            }
        }
    }

    #[test]
    fn no_text_makes_a_time_panic(text in "\\PC{0,24}", number in any::<u64>()) {
        let zone = jiff::tz::TimeZone::UTC;
        let at = Moment { zone: &zone, received_at: jiff::Timestamp::UNIX_EPOCH, format: None };
        let texts = [text.clone(), format!("{number} years ago"), format!("昨天 {text}"), format!("{number}:{number}")];
        for format in ["yyyy-MM-dd HH:mm", "d MMMM[, h:mm a]", "rfc3339", "unix", "time_ago", "fuzzy_time"] {
            for text in &texts {
                let _ = DateFormat::parse(format).unwrap().read(text, &at);
            }
        }
        let _ = DateFormat::parse(&text);
    }
}
