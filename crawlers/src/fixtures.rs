//! Saved pages that travel with a definition, and whether it still reads them as it must.

use std::path::Path;

use url::Url;

use crate::{
    definition::{Definition, raw::Test},
    extract::{PageReading, Post, ReadOutcome, Thread, extract},
    walk::{PageKind, PageRequest, RawPage, ThreadContext},
};

/// How one saved page was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixtureResult {
    /// The file.
    pub file: String,
    /// What is not as it must be; empty when all is.
    pub failures: Vec<String>,
}

/// Reads every fixture of a definition from a folder.
#[must_use]
pub fn run_fixtures(definition: &Definition, folder: &Path) -> Vec<FixtureResult> {
    let run = |test: &Test| FixtureResult { file: test.file.clone(), failures: run(definition, folder, test) };
    definition.tests.iter().map(run).collect()
}

fn run(definition: &Definition, folder: &Path, test: &Test) -> Vec<String> {
    // A fixture's name is a name, never a way out of its folder.
    if test.file.contains(['/', '\\']) {
        return vec!["the file must be a plain name inside the fixtures' folder".into()];
    }
    let body = match std::fs::read(folder.join(&test.file)) {
        Ok(body) => body,
        Err(error) => return vec![format!("{} cannot be read: {error}", folder.join(&test.file).display())],
    };
    let base = definition.links.first().cloned().or_else(|| Url::parse("http://fixture.invalid/").ok());
    let path = test.path.as_deref().unwrap_or_default();
    let Some(url) = base.and_then(|base| base.join(path).ok()) else {
        return vec![format!("`path: {path}` is no path below the definition's link")];
    };
    let thread = ThreadContext { id: "fixture".into(), fields: std::collections::BTreeMap::new() };
    let thread = (test.page == PageKind::Thread).then_some(thread);
    let request = PageRequest { url: url.clone(), kind: test.page, page: 1, thread, zone: None };
    let received_at = test.received_at.as_ref().and_then(|time| time.value.parse().ok());
    let received_at = received_at.unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let (status, content_type) = (test.status.unwrap_or(200), test.content_type.as_deref().unwrap_or_default());
    let raw = RawPage { url: &url, status, content_type, body: &body, received_at, retry_after: None };
    compare(test, &extract(definition, &request, &raw))
}

fn compare(test: &Test, reading: &PageReading) -> Vec<String> {
    let mut failures = Vec::new();
    let mut expect = |what: &str, expected: &str, found: &str| {
        if expected != found {
            failures.push(format!("{what}: expected `{expected}`, found `{found}`"));
        }
    };
    let outcome = match &reading.outcome {
        ReadOutcome::Rows => "ok_new".to_owned(),
        ReadOutcome::Empty => "ok_empty".to_owned(),
        ReadOutcome::Gone => "blocked(not_found)".to_owned(),
        ReadOutcome::Failed(outcome) => outcome.to_string(),
    };
    expect("outcome", test.outcome.as_ref().map_or("ok_new", |outcome| outcome.value.as_str()), &outcome);
    let rows = reading.posts.len() + reading.threads.len();
    if let Some(expected) = test.rows {
        expect("rows", &expected.to_string(), &rows.to_string());
    }
    for (name, expected) in &test.first {
        expect(name, expected, &value(reading.posts.first(), reading.threads.first(), name).unwrap_or_default());
    }
    for (name, expected) in &test.last {
        let found = value(reading.posts.last(), reading.threads.last(), name).unwrap_or_default();
        expect(&format!("{name} of the last row"), expected, &found);
    }
    for (name, expected) in &test.leads {
        expect(&format!("leads.{name}"), expected, &leads(reading, name));
    }
    failures
}

/// Where a page leads, without scheme and host.
fn leads(reading: &PageReading, name: &str) -> String {
    let path = |url: &Url| url[url::Position::BeforePath..].to_owned();
    match name {
        "next" => reading.next.as_ref().map(path).unwrap_or_default(),
        "prev" => reading.prev.as_ref().map(path).unwrap_or_default(),
        "last" => reading.last.as_ref().map(path).unwrap_or_default(),
        "zone" => reading.zone.clone().unwrap_or_default(),
        "boards" => reading.boards.iter().map(path).collect::<Vec<_>>().join(" "),
        other => format!("no such link: {other}"),
    }
}

fn value(post: Option<&Post>, thread: Option<&Thread>, name: &str) -> Option<String> {
    if let Some(post) = post {
        return match name {
            "post_id" => Some(post.post_id.clone()),
            "thread_id" => post.thread_id.clone(),
            "url" => Some(post.url.clone()),
            "author" => post.author.clone(),
            "posted_at" => post.posted_at.map(|t| t.to_string()),
            "edited_at" => post.edited_at.map(|t| t.to_string()),
            "title" => Some(post.title.clone()),
            "body" => Some(post.body.clone()),
            other => post.extra.get(other).cloned(),
        };
    }
    let thread = thread?;
    match name {
        "thread_id" => Some(thread.context.id.clone()),
        "thread_url" => Some(thread.url.to_string()),
        other => thread.context.fields.get(other).cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Library;

    fn folder(id: &str) -> std::path::PathBuf {
        let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("sites");
        let engine = sites.join("engines/fixtures").join(id);
        if engine.is_dir() { engine } else { sites.join("fixtures").join(id) }
    }

    #[test]
    fn every_shipped_definition_reads_its_fixtures() {
        let library = Library::shipped();
        let mut failures = Vec::new();
        for id in library.ids() {
            let definition = library.get(id).unwrap_or_else(|error| panic!("{error}"));
            let results = run_fixtures(&definition, &folder(id));
            assert!(results.len() >= 5, "{id} needs a listing, a thread, an empty page, a broken layout, another site");
            let wrong = results.into_iter().filter(|result| !result.failures.is_empty());
            failures.extend(wrong.map(|result| format!("{id}/{}: {:#?}", result.file, result.failures)));
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }

    #[test]
    fn every_fixture_is_used() {
        let library = Library::shipped();
        for id in library.ids() {
            let definition = library.get(id).unwrap();
            for entry in std::fs::read_dir(folder(id)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!(definition.tests.iter().any(|test| test.file == name), "{id}/{name} is in no test");
            }
        }
    }

    #[test]
    fn what_differs_is_named() {
        let mut definition = Library::shipped().get("spirit").unwrap();
        definition.tests.truncate(1);
        definition.tests[0].rows = Some(21);
        definition.tests[0].first.insert("title".into(), "another".into());
        let results = run_fixtures(&definition, &folder("spirit"));
        assert_eq!(results[0].failures.len(), 2, "{:?}", results[0].failures);
        assert_eq!(results[0].failures[0], "rows: expected `21`, found `20`");
        for (file, told) in [("absent.html", "cannot be read"), ("../spirit/empty.html", "plain name")] {
            definition.tests[0].file = file.to_owned();
            assert!(run_fixtures(&definition, &folder("spirit"))[0].failures[0].contains(told));
        }
    }
}
