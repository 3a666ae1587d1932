//! What is a new revision of a post, and what only ticks: the shipped definitions on two states of one page.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{Post, extract};
use crate::{
    definition::{Definition, Library},
    walk::{PageKind, PageRequest, RawPage},
};

fn read(definition: &Definition, body: &str, received_at: Timestamp) -> Vec<Post> {
    let url = Url::parse("http://site.example/").unwrap();
    let request = PageRequest { url: url.clone(), kind: PageKind::Posts, page: 1, thread: None, zone: None };
    let raw =
        RawPage { url: &url, status: 200, content_type: "", body: body.as_bytes(), received_at, retry_after: None };
    extract(definition, &request, &raw).posts
}

/// Whether the first post of each page, so many minutes apart, is the same post, and whether it is the same revision.
fn compare(id: &str, before: &str, after: &str, minutes: i64) -> (bool, bool) {
    let definition = Library::shipped().get(id).unwrap();
    let later = Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
    let (before, after) = (read(&definition, before, Timestamp::UNIX_EPOCH), read(&definition, after, later));
    let (before, after) = (&before[0], &after[0]);
    let same_revision = before.content_hash(&definition) == after.content_hash(&definition);
    (before.key(&definition) == after.key(&definition), same_revision)
}

fn fixture(path: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sites/engines/fixtures/");
    std::fs::read_to_string(format!("{folder}{path}")).unwrap()
}

/// A change of a page: what is replaced, by what, and whether it is a new revision of the first post.
type Change = (&'static str, &'static str, bool);

fn check(id: &str, file: &str, changes: &[Change]) {
    let before = fixture(file);
    for (from, to, revision) in changes {
        assert!(before.contains(from), "{file} has no `{from}`");
        let (same, unchanged) = compare(id, &before, &before.replacen(from, to, 1), 61);
        assert_eq!((same, !unchanged), (true, *revision), "{file}: `{from}` to `{to}`");
    }
}

#[test]
fn a_running_clock_is_no_edit_of_a_leak_and_its_new_end_is() {
    check(
        "leak-blog",
        "leak-blog/cards.html",
        &[
            ("<span>12m</span> <span>05s</span>", "<span>11m</span> <span>59s</span>", false),
            ("Views: 1,204", "Views: 1,999", false),
            ("Published: 2026-11-20 08:15 UTC", "2 days ago", false),
            ("data-id=\"77\"", "data-id=\"1\"", false),
            ("2026-12-01T12:00:00Z", "2026-12-08T12:00:00Z", true),
            ("<span class=\"badge\">Countdown</span>", "<span class=\"badge\">Published</span>", true),
            ("2 TB", "3 TB", true),
            ("$500,000", "$250,000", true),
        ],
    );
    check(
        "leak-blog",
        "leak-blog/blocks.html",
        &[("11h 24m 10s", "10h 23m 12s", false), ("03D 11h 24m 10s", "05D 10h 23m 10s", true)],
    );
    check("leak-blog", "leak-blog/articles.html", &[("10 days 12:00:01", "9 days 01:02:03", false)]);
    check(
        "leak-blog-json",
        "leak-blog-json/list.json",
        &[
            ("1204", "1999", false),
            ("921600", "5", false),
            ("T12:00:00", "T13:00:00", true),
            ("\"countdown\"", "\"published\"", true),
        ],
    );
}

#[test]
fn views_and_reactions_are_no_edit_of_a_message() {
    check(
        "telegram",
        "telegram/channel.html",
        &[
            ("1.2K", "1.3K", false),
            ("Night Leaks 夜", "Night Leaks", false),
            ("sample &lt;b&gt; here", "sample removed", true),
        ],
    );
}
