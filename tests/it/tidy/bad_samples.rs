//! Every rule refuses a bad sample, so that none passes by being blind.

use super::rules::*;

#[test]
fn a_file_over_the_limit() {
    assert_eq!(long_file(&"x\n".repeat(FILE_LINES)), None);
    assert!(long_file(&"x\n".repeat(FILE_LINES + 1)).is_some_and(|c| c.starts_with("501 lines")));
}

#[test]
fn a_function_over_the_limit_wherever_it_stands() {
    let body = |lines: usize| format!("{{\n{}}}", "    f();\n\n    // why\n".repeat(lines));
    // The two braces count as well.
    let (good, bad) = (body(FUNCTION_LINES - 2), body(FUNCTION_LINES - 1));
    for (before, after) in
        [("fn a() ", ""), ("mod m { fn a() ", "}"), ("impl S { fn a() ", "}"), ("trait T { fn a() ", "}")]
    {
        assert_eq!(long_functions(&format!("{before}{good}{after}")), [""; 0]);
        let found = long_functions(&format!("{before}{bad}{after}"));
        assert_eq!(found, ["line 1: `a` has 81 lines of code, 80 are the most"], "{before}");
    }
    let nested = format!("fn outer() {{\n fn inner() {bad}\n}}");
    assert_eq!(long_functions(&nested).len(), 2);
    assert!(long_functions("fn").iter().any(|c| c.starts_with("cannot be parsed")));
}

#[test]
fn a_module_without_its_sentence() {
    for bad in ["", "use std::fs;", "//!", "// A comment.", "//! Word", "\n//! Too late.\n"] {
        assert!(untitled(bad).is_some(), "{bad:?}");
    }
    assert_eq!(untitled("//! Two words.\n"), None);
    assert_eq!(untitled("#![doc = include_str!(\"../README.md\")]\n"), None);
}

#[test]
fn work_left_undone() {
    let text = format!(
        "fine\n// {} later\n{}!()\n{}!()\n{}",
        "TO".to_owned() + "DO",
        "to".to_owned() + "do",
        "unimpl".to_owned() + "emented",
        "FIX".to_owned() + "ME"
    );
    let lines: Vec<String> = unfinished(&text).into_iter().map(|c| c[..6].to_owned()).collect();
    assert_eq!(lines, ["line 2", "line 3", "line 4", "line 5"]);
    assert_eq!(unfinished("a todo list"), [""; 0]);
}

#[test]
fn a_banned_name_in_code_but_not_in_words() {
    let text = "// sqlx\n/// sqlx\nfn a() {\n    let s = \"sqlx\";\n    m!(sqlx::query(s));\n}\n";
    assert_eq!(names(text, &["sqlx"]), ["line 5: names sqlx"]);
}

#[test]
fn paths_from_the_root_however_they_are_written() {
    let text = "use crate::{web::{Page, i18n::*}, cli};\nuse super::super::alerts::Finding;\nuse super::row;\n\
                fn a() { m!(crate::pipeline::run()); }";
    let found: Vec<String> = crate_paths(text, &["store", "sql", "open"]).iter().map(|p| p.join("::")).collect();
    assert_eq!(found, ["web::Page", "web::i18n", "cli", "store::alerts::Finding", "store::sql::row", "pipeline::run"]);
    let climbs = crate_paths("use super::super::super::alerts::Finding;", &["store", "sql", "open"]);
    assert_eq!(climbs, [["alerts", "Finding"]]);
}

#[test]
fn a_manifest_that_takes_what_it_may_not() {
    let manifest =
        "[dependencies]\nserde = \"1\"\nsqlx.workspace = true\n[dev-dependencies]\naxum = { version = \"1\" }\n";
    assert_eq!(takes(manifest, &["sqlx", "axum"]), ["[dependencies] takes sqlx", "[dev-dependencies] takes axum"]);
}

#[test]
fn a_code_map_that_says_nothing() {
    assert!(code_map("# A\n\nwords\n").is_err_and(|e| e.contains("no section")));
    assert!(code_map("# A\n\n## Code map\n\nwords\n\n## Next\n- `src`\n").is_err_and(|e| e.contains("names no path")));
    let good = "# A\n\n## Code map\n\n- `src` – the trunk\n- `index/src`: …\n\n## Next\n- `other`\n";
    assert_eq!(code_map(good), Ok(vec!["src".to_owned(), "index/src".to_owned()]));
}
