//! Captured and entered text is only ever text, on every page and in both languages.

use axum::http::{StatusCode, header};
use scraper::{Html, Selector};

use super::access::PAGES;
use super::desk::Desk;
use crate::store::Users;
use crate::web::headers::CSP;

const CORPUS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "</title></textarea></style><svg/onload=alert(1)>",
    "<!--<iframe srcdoc='<script>1</script>'>",
    "{{ 7*7 }}{% raw %}</main>&lt;b&gt;",
    "javascript:alert(1)",
    "好\u{202e}gpj.exe\u{0}\u{7}<b>",
];

const OURS: &[&str] = &[
    "html",
    "head",
    "meta",
    "title",
    "link",
    "body",
    "a",
    "header",
    "img",
    "strong",
    "nav",
    "div",
    "form",
    "input",
    "button",
    "span",
    "main",
    "p",
    "h1",
    "h2",
    "section",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "ul",
    "li",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "mark",
    "bdi",
    "small",
    "time",
    "code",
    "label",
    "select",
    "option",
    "details",
    "summary",
    "datalist",
    "b",
    "textarea",
    "pre",
];

fn check(path: &str, text: &str, page: &str) {
    let document = Html::parse_document(page);
    for element in document.select(&Selector::parse("*").expect("a selector")) {
        let name = element.value().name();
        assert!(OURS.contains(&name), "{path}: <{name}> from {text}\n{page}");
        for (attribute, value) in element.value().attrs() {
            assert!(
                !attribute.starts_with("on") && attribute != "style" && attribute != "srcdoc",
                "{path}: {attribute}"
            );
            assert!(!(attribute == "src" || attribute == "href") || value.starts_with(['/', '#']), "{path}: {value}");
        }
    }
    let images = document.select(&Selector::parse("img").expect("a selector")).count();
    assert_eq!(images, 1, "{path}: only our own emblem");
    assert!(!page.contains('\u{202e}') && !page.contains('\u{0}'), "{path}");
}

#[tokio::test]
async fn nothing_captured_becomes_markup() {
    for text in CORPUS {
        let desk = Desk::with(text).await;
        let (cookie, csrf) = desk.session("admin").await;
        for lang in ["en", "zh-TW"] {
            desk.store.set_user_language(1, lang).await.expect("a language");
            for path in PAGES {
                let answer = desk.get(path, &cookie).await;
                assert_eq!(answer.status, StatusCode::OK, "{path} {text}: {}", answer.text);
                assert!(answer.text.contains(&format!("<html lang=\"{lang}\"")));
                check(path, text, &answer.text);
            }
        }
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [format!("/search?q={encoded}"), format!("/terms?q={encoded}"), format!("/members?q={encoded}")] {
            check(&path, text, &desk.get(&path, &cookie).await.text);
        }
        let form = format!("csrf={csrf}&business_number={encoded}&kind=domain&text={encoded}&reason={encoded}");
        let answer = desk.post("/terms", &cookie, &form).await;
        check("POST /terms", text, &answer.text);
    }
}

#[tokio::test]
async fn raw_bytes_are_a_file_and_never_a_page() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    let answer = desk.get("/captures/cap-1/raw", &cookie).await;
    assert_eq!(answer.text, "<script>alert(1)</script>");
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/octet-stream");
    assert_eq!(answer.header(header::CONTENT_DISPOSITION), "attachment; filename=\"capture.bin\"");
    assert_eq!(answer.header(header::CONTENT_SECURITY_POLICY), CSP);
}

#[tokio::test]
async fn addresses_of_sources_are_no_links() {
    let desk = Desk::new().await;
    let (cookie, _) = desk.session("ann").await;
    for path in ["/posts/1", "/findings/alert-1"] {
        let answer = desk.get(path, &cookie).await;
        assert!(answer.text.contains("hxxp://forum[.]example/acme"), "{}", answer.text);
        assert!(!answer.text.contains("http://forum"), "{path}");
    }
}
