//! Changes of layout, as functions on the source of a page.

use regex::{Captures, Regex};

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Every class gets another name.
pub fn classes(html: &str) -> String {
    each_class(html, |class| format!("nu-{}", class.replace('_', "")))
}

/// Every class becomes what a build tool prints.
pub fn hashed(html: &str) -> String {
    each_class(html, |class| {
        let hash = class.bytes().fold(7_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
        format!("css-{hash:x}0")
    })
}

fn each_class(html: &str, name: impl Fn(&str) -> String) -> String {
    let renamed = |found: &Captures<'_>| {
        let classes: Vec<_> = found[2].split_whitespace().map(&name).collect();
        format!("{}class={q}{}{q}", &found[1], classes.join(" "), q = "\"")
    };
    pattern(r#"(?s)(\s)class=["']([^"']*)["']"#).replace_all(html, renamed).into_owned()
}

/// An attribute is no longer printed.
pub fn without(html: &str, attribute: &str) -> String {
    pattern(&format!(r#"\s{attribute}=("[^"]*"|'[^']*')"#)).replace_all(html, "").into_owned()
}

/// Tables become boxes.
pub fn untabled(html: &str) -> String {
    let boxed = |found: &Captures<'_>| match &found[1] {
        "" => format!("<div data-cell-kind=\"{}\"", &found[2]),
        _ => "</div".to_owned(),
    };
    pattern(r"<(/?)(table|tbody|thead|tr|td|th)\b").replace_all(html, boxed).into_owned()
}

/// One kind of element becomes another.
pub fn retagged(html: &str, from: &str, to: &str) -> String {
    pattern(&format!(r"<(/?){from}\b")).replace_all(html, format!("<${{1}}{to}")).into_owned()
}

/// What a pattern matches, replaced.
pub fn swapped(html: &str, from: &str, to: &str) -> String {
    let out = pattern(from).replace_all(html, to).into_owned();
    assert_ne!(out, html, "`{from}` is not in the page");
    out
}
