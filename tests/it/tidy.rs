//! The house rules, held against every file of the repository.

mod bad_samples;
mod rules;

use std::path::{Path, PathBuf};

const LEAVES: [&str; 3] = ["watchlists", "crawlers", "index"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files of the repository under `folder`, as paths from its root; what git ignores is left out by name.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the repository") {
            let entry = entry.expect("an entry");
            let (path, name) = (entry.path(), entry.file_name());
            let hidden = name.to_string_lossy().starts_with('.') && name != ".ci" && name != ".config";
            if hidden || name == "target" || name == "__pycache__" {
                continue;
            }
            if entry.file_type().expect("its type").is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(root()).expect("a path inside").to_owned());
            }
        }
    }
    found.sort();
    found
}

fn rust(folder: &str) -> Vec<(PathBuf, String)> {
    let rust = files(folder).into_iter().filter(|p| p.extension().is_some_and(|e| e == "rs"));
    let read: Vec<_> = rust.map(|p| (p.clone(), read(&p))).collect();
    assert!(!read.is_empty(), "no source under {folder:?}: the rules would hold of nothing");
    read
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Fails with every complaint at once.
fn expect_none(complaints: impl IntoIterator<Item = String>) {
    let all: Vec<String> = complaints.into_iter().collect();
    assert!(all.is_empty(), "{} place(s) break the rule:\n{}", all.len(), all.join("\n"));
}

fn at<'a>(path: &'a Path, complaints: impl IntoIterator<Item = String> + 'a) -> impl Iterator<Item = String> + 'a {
    complaints.into_iter().map(move |c| format!("{}: {c}", path.display()))
}

/// The modules a source file stands for: `src/store/sql/open.rs` is `store`, `sql`, `open`.
fn module(path: &Path) -> Vec<String> {
    let inside = path.strip_prefix("src").expect("a file of the trunk").with_extension("");
    let mut names: Vec<String> = inside.iter().map(|n| n.to_string_lossy().into_owned()).collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        names.pop();
    }
    names
}

/// Paths from the crate's root that files under `folder` name, each with its file.
fn imports(folder: &str) -> Vec<(PathBuf, Vec<String>)> {
    let of_file = |(path, text): (PathBuf, String)| {
        let module = module(&path);
        let module: Vec<&str> = module.iter().map(String::as_str).collect();
        rules::crate_paths(&text, &module).into_iter().map(move |i| (path.clone(), i)).collect::<Vec<_>>()
    };
    rust(folder).into_iter().flat_map(of_file).collect()
}

#[test]
fn no_file_is_long() {
    expect_none(rust("").iter().flat_map(|(p, text)| at(p, rules::long_file(text))));
}

#[test]
fn no_function_is_long() {
    expect_none(rust("").iter().flat_map(|(p, text)| at(p, rules::long_functions(text))));
}

#[test]
fn every_module_says_what_it_is() {
    expect_none(rust("").iter().flat_map(|(p, text)| at(p, rules::untitled(text))));
}

#[test]
fn nothing_is_left_unfinished() {
    // Pictures and archives are no text; nobody leaves notes in them.
    let texts = files("").into_iter().filter_map(|p| Some((std::fs::read_to_string(root().join(&p)).ok()?, p)));
    expect_none(texts.flat_map(|(text, p)| at(&p, rules::unfinished(&text)).collect::<Vec<_>>()));
}

#[test]
fn leaves_know_neither_each_other_nor_the_trunk() {
    let packages = LEAVES.map(|l| format!("nightheron-{l}"));
    let mut banned: Vec<&str> = packages.iter().map(String::as_str).collect();
    banned.extend(["nightheron", "sqlx", "axum", "lettre"]);
    for leaf in LEAVES {
        let manifest = Path::new(leaf).join("Cargo.toml");
        expect_none(at(&manifest, rules::takes(&read(&manifest), &banned)));
        expect_none(rust(leaf).iter().flat_map(|(p, text)| at(p, rules::names(text, &["sqlx", "axum"]))));
    }
}

#[test]
fn only_the_store_speaks_sql() {
    let outside = rust("src").into_iter().filter(|(p, _)| !p.starts_with("src/store"));
    expect_none(outside.flat_map(|(p, text)| at(&p, rules::names(&text, &["sqlx"])).collect::<Vec<_>>()));
}

#[test]
fn assessment_knows_the_words_of_the_store_alone() {
    let foreign = |i: &[String]| i[0] == "store" && i.get(1).is_none_or(|m| m != "model");
    let bad = imports("src/assess").into_iter().filter(|(_, i)| !i.is_empty() && foreign(i));
    expect_none(bad.flat_map(|(p, i)| at(&p, [format!("names crate::{}", i.join("::"))]).collect::<Vec<_>>()));
}

#[test]
fn the_store_knows_nobody_above_it() {
    let above = ["alerts", "web", "pipeline", "cli"];
    let bad = imports("src/store").into_iter().filter(|(_, i)| i.first().is_some_and(|m| above.contains(&m.as_str())));
    expect_none(bad.flat_map(|(p, i)| at(&p, [format!("names crate::{}", i.join("::"))]).collect::<Vec<_>>()));
}

#[test]
fn the_code_map_names_what_exists() {
    let paths = rules::code_map(&read(Path::new("README.md"))).unwrap_or_else(|e| panic!("README.md {e}"));
    let missing = paths.into_iter().filter(|p| !root().join(p).exists());
    expect_none(missing.map(|p| format!("README.md: `{p}` of the code map does not exist")));
}
