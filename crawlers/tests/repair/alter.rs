//! Changes of layout, as functions on the source of a page.

use regex::{Captures, Regex};

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Every class gets another name.
pub(crate) fn classes(html: &str) -> String {
    each_class(html, |class| format!("nu-{}", class.replace('_', "")))
}

/// Every class becomes what a build tool prints.
pub(crate) fn hashed(html: &str) -> String {
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
pub(crate) fn without(html: &str, attribute: &str) -> String {
    pattern(&format!(r#"\s{attribute}=("[^"]*"|'[^']*')"#)).replace_all(html, "").into_owned()
}

/// Tables become boxes.
pub(crate) fn untabled(html: &str) -> String {
    let boxed = |found: &Captures<'_>| match &found[1] {
        "" => format!("<div data-cell-kind=\"{}\"", &found[2]),
        _ => "</div".to_owned(),
    };
    pattern(r"<(/?)(table|tbody|thead|tr|td|th)\b").replace_all(html, boxed).into_owned()
}

/// One kind of element becomes another.
pub(crate) fn retagged(html: &str, from: &str, to: &str) -> String {
    pattern(&format!(r"<(/?){from}\b")).replace_all(html, format!("<${{1}}{to}")).into_owned()
}

/// What a pattern matches, replaced.
pub(crate) fn swapped(html: &str, from: &str, to: &str) -> String {
    pattern(from).replace_all(html, to).into_owned()
}

/// Django's `July 9, 2026, 7:35 p.m.` becomes `09.07.2026 в 19:35`.
pub(crate) fn dates_in_numbers(html: &str) -> String {
    let written = |found: &Captures<'_>| {
        let number = |group: usize| found.get(group).map_or(0, |digits| digits.as_str().parse::<u32>().unwrap());
        let hour = number(2) % 12 + if &found[4] == "p" { 12 } else { 0 };
        format!("{:02}.07.2026 в {hour:02}:{:02}", number(1), number(3))
    };
    pattern(r"July (\d+), 2026, (\d+)(?::(\d\d))? ([ap])\.m\.").replace_all(html, written).into_owned()
}
