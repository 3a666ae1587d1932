//! Visits to folders that are made for each test.

use std::{fs, path::Path, time::Duration};

use encoding_rs::{BIG5, GBK, WINDOWS_1251};
use jiff::{Timestamp, ToSpan};

use super::{FolderLimits, FolderVisit, folder_of, read_folder};
use crate::{Outcome, definition::Library, walk::Seen};

const NOW: &str = "2026-11-21T04:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Writes a file that was last changed so many seconds before the visit.
fn put(folder: &Path, name: &str, bytes: &[u8], seconds: i64) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    let time = now().checked_sub(seconds.seconds()).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(time.into()).unwrap();
}

fn visit(folder: &Path, known: &Seen, limits: FolderLimits) -> FolderVisit {
    read_folder(folder, known, &limits, now())
}

fn ids(visit: &FolderVisit) -> Vec<&str> {
    visit.posts.iter().map(|post| post.post_id.as_str()).collect()
}

#[test]
fn every_file_is_a_post_in_the_order_of_its_time_and_known_ones_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "b.txt", "出售 2 TB\r\n樣本".as_bytes(), 60);
    put(folder.path(), "sub/a.csv", b"id,name", 3_600);
    let first = visit(folder.path(), &Seen::new(), FolderLimits::default());
    assert_eq!((ids(&first), &first.outcome), (vec!["sub/a.csv", "b.txt"], &Outcome::OkNew));
    let post = &first.posts[1];
    assert_eq!((post.title.as_str(), post.body.as_str()), ("b.txt", "出售 2 TB\n樣本"));
    assert_eq!(post.posted_at.unwrap().to_string(), "2026-11-21T03:59:00Z");
    assert!(post.url == "file:///b.txt" && post.extra["kind"] == "text" && post.extra["sha256"].len() == 64);
    let known: Seen = first.done.into_iter().collect();
    let second = visit(folder.path(), &known, FolderLimits::default());
    assert_eq!((second.posts.len(), second.outcome), (0, Outcome::OkNoNew));
    assert!(folder.path().join("b.txt").exists() && folder.path().join("sub/a.csv").exists());
    // Another text under the same name is the same post.
    put(folder.path(), "b.txt", b"sold", 30);
    assert_eq!(ids(&visit(folder.path(), &known, FolderLimits::default())), ["b.txt"]);
}

#[test]
fn text_is_read_in_any_charset() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("1", "晶湛電子內部資料 2 TB 出售,只收比特幣,樣本請私訊", BIG5),
        ("2", "出售台积电员工数据库,包含姓名、电话与邮箱,价格面议", GBK),
        ("3", "Продам базу данных клиентов, цена договорная", WINDOWS_1251),
    ];
    for (name, text, encoding) in cases {
        put(folder.path(), name, &encoding.encode(text).0, 60);
    }
    let utf16: Vec<u8> = "\u{feff}資料 2 TB".encode_utf16().flat_map(u16::to_le_bytes).collect();
    put(folder.path(), "4", &utf16, 50);
    let read = visit(folder.path(), &Seen::new(), FolderLimits::default());
    let bodies: Vec<&str> = read.posts.iter().map(|post| post.body.as_str()).collect();
    assert_eq!(bodies, [cases[0].1, cases[1].1, cases[2].1, "資料 2 TB"]);
}

#[test]
fn archives_and_binaries_are_named_and_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "dump.zip", b"PK\x03\x04secret.txt", 60);
    put(folder.path(), "x.bin", b"\x01\x00\x02", 50);
    let read = visit(folder.path(), &Seen::new(), FolderLimits::default());
    assert_eq!(read.posts[0].body, "dump.zip\narchive (zip), 14 bytes, not opened");
    assert_eq!((read.posts[1].extra["kind"].as_str(), read.outcome), ("binary", Outcome::OkNew));
    // What is not opened anyway is not cut.
    let limits = FolderLimits { max_file: 10, ..FolderLimits::default() };
    put(folder.path(), "dump.zip", &[b"PK\x03\x04", &[b'x'; 96][..]].concat(), 40);
    let read = visit(folder.path(), &Seen::new(), limits);
    assert_eq!(read.posts[1].body, "dump.zip\narchive (zip), 100 bytes, not opened");
    assert_eq!((read.outcome, read.posts[1].extra.contains_key("sha256_of_the_part_read")), (Outcome::OkNew, true));
}

#[test]
fn files_still_being_written_wait() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "fresh.txt", b"half", 3);
    put(folder.path(), "upload.txt.part", b"half", 600);
    put(folder.path(), ".hidden.Xy12", b"half", 600);
    let read = visit(folder.path(), &Seen::new(), FolderLimits::default());
    assert_eq!((read.posts.len(), read.waiting, read.outcome), (0, 3, Outcome::OkNoNew));
    let later = now().checked_add(60.seconds()).unwrap();
    assert_eq!(ids(&read_folder(folder.path(), &Seen::new(), &FolderLimits::default(), later)), ["fresh.txt"]);
    // Brought from a machine whose clock is wrong: it does not wait for years.
    put(folder.path(), "future.txt", b"x", -86_400);
    let read = visit(folder.path(), &Seen::new(), FolderLimits::default());
    assert_eq!((ids(&read), read.posts[0].posted_at), (vec!["future.txt"], Some(now())));
}

#[test]
fn what_is_too_long_is_cut_and_said() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "long.txt", "資料".repeat(100).as_bytes(), 60);
    let limits = FolderLimits { max_file: 100, ..FolderLimits::default() };
    let read = visit(folder.path(), &Seen::new(), limits);
    assert_eq!(read.outcome, Outcome::Partial("long.txt: the first 100 of 600 bytes".into()));
    assert!(read.posts[0].body.starts_with("資料資料") && read.posts[0].extra.contains_key("sha256_of_the_part_read"));
}

#[test]
fn a_full_visit_leaves_the_rest_to_the_next() {
    let folder = tempfile::tempdir().unwrap();
    for (i, name) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        put(folder.path(), name, &[b'x'; 40], 600 - i as i64);
    }
    let limits = FolderLimits { max_file: 50, max_visit: 100, ..FolderLimits::default() };
    let (mut known, mut read) = (Seen::new(), Vec::new());
    for round in 0..3 {
        let visit = visit(folder.path(), &known, limits);
        assert_eq!(visit.more, round < 2, "round {round}");
        read.extend(visit.posts.iter().map(|post| post.post_id.clone()));
        known.extend(visit.done);
    }
    assert_eq!(read, ["a", "b", "c", "d", "e"]);
    let tight = FolderLimits { max_visit: 1, ..limits };
    assert_eq!(ids(&visit(folder.path(), &Seen::new(), tight)), ["a"]);
    let few = FolderLimits { max_files: 2, ..FolderLimits::default() };
    assert!(
        matches!(visit(folder.path(), &Seen::new(), few).outcome, Outcome::Partial(what) if what.contains("more files"))
    );
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_passed_over() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put(outside.path(), "secret", b"not for posts", 60);
    std::os::unix::fs::symlink(outside.path().join("secret"), folder.path().join("link.txt")).unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("folder")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    let read = visit(folder.path(), &Seen::new(), FolderLimits { settle: Duration::ZERO, ..FolderLimits::default() });
    assert_eq!((read.posts.len(), read.outcome), (0, Outcome::OkEmpty));
}

#[test]
fn a_folder_that_is_not_there_is_no_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let read = visit(&folder.path().join("gone"), &Seen::new(), FolderLimits::default());
    let path = folder.path().join("gone").display().to_string();
    assert_eq!(read.outcome, Outcome::Unreachable(format!("no_such_folder_or_file: {path}")));
    assert_eq!(visit(folder.path(), &Seen::new(), FolderLimits::default()).outcome, Outcome::OkEmpty);
}

#[test]
fn the_address_is_a_folder_of_this_machine_and_no_definition_may_have_it() {
    assert_eq!(folder_of("file:///srv/drop%20box").unwrap(), Path::new("/srv/drop box"));
    for wrong in ["file://host/srv", "file:///", "http://x.example/", "/srv/drop", "file:///srv?x", "file:///srv#x", ""]
    {
        assert!(folder_of(wrong).is_err(), "{wrong}");
    }
    for base in ["feed", "spirit"] {
        let text = format!("schema: 1\nid: x\nname: X\nextends: {base}\nlinks: [\"file:///etc/\"]\n");
        let refused = Library::shipped().parse(&text, "x.yaml").unwrap_err();
        assert!(refused.to_string().contains("not an http or https address"), "{refused}");
    }
}
