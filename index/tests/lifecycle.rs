//! Commits, checkpoints, crashes, locks and damage.

mod support;

use std::fs;
use std::path::Path;

use nightheron_index::{Folding, Index, IndexError, IndexOptions, MAX_POST_KEY_BYTES};
use support::{document, found, open, publish};

#[test]
fn a_commit_publishes_documents_and_checkpoint_together() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    assert_eq!((index.checkpoint(), index.documents()), (0, 0));
    publish(&index, vec![document(7, "a", "alpha")]);
    assert_eq!((index.checkpoint(), index.documents()), (7, 1));
    assert_eq!(found(&index, "alpha"), [7]);
    drop(index);
    let index = open(&dir);
    assert_eq!((index.checkpoint(), index.documents()), (7, 1));
    assert_eq!(found(&index, "alpha"), [7]);
}

#[test]
fn what_was_not_committed_does_not_survive() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![document(1, "a", "alpha")]);
    let mut writer = index.writer().unwrap();
    writer.add(document(2, "b", "beta")).unwrap();
    writer.add(document(3, "a", "gamma")).unwrap();
    assert_eq!(found(&index, "beta"), [0; 0]);
    drop(writer);
    drop(index);
    let index = open(&dir);
    assert_eq!(index.checkpoint(), 1);
    assert_eq!(found(&index, ""), [1]);
    assert_eq!(found(&index, "alpha"), [1]);
}

#[test]
fn a_rollback_forgets() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    let mut writer = index.writer().unwrap();
    writer.add(document(1, "a", "alpha")).unwrap();
    writer.rollback().unwrap();
    writer.add(document(2, "b", "beta")).unwrap();
    writer.commit(2).unwrap();
    assert_eq!(found(&index, ""), [2]);
}

#[test]
fn a_revision_replaces_the_post_within_and_across_commits() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![document(1, "a", "alpha"), document(2, "a", "beta"), document(3, "ab", "other")]);
    assert_eq!(found(&index, ""), [2, 3]);
    publish(&index, vec![document(4, "a", "gamma")]);
    assert_eq!(found(&index, ""), [3, 4]);
    assert_eq!(found(&index, "beta"), [0; 0]);
}

#[test]
fn adding_again_after_a_crash_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let posts = || vec![document(1, "a", "alpha"), document(2, "b", "beta")];
    publish(&open(&dir), posts());
    let index = open(&dir);
    let mut writer = index.writer().unwrap();
    for document in posts() {
        writer.add(document).unwrap();
    }
    writer.commit(2).unwrap();
    writer.commit(5).unwrap();
    writer.close().unwrap();
    assert_eq!(index.documents(), 2);
    assert_eq!(found(&index, "alpha OR beta"), [1, 2]);
    assert_eq!(open(&dir).checkpoint(), 5);
}

#[test]
fn a_removed_post_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![document(1, "a", "alpha"), document(2, "b", "alpha")]);
    let mut writer = index.writer().unwrap();
    writer.remove("a");
    writer.commit(2).unwrap();
    assert_eq!(found(&index, "alpha"), [2]);
}

#[test]
fn merged_segments_keep_the_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    let mut writer = index.writer().unwrap();
    for seq in 1..=40 {
        writer.add(document(seq, &format!("p{seq}"), "alpha 資料")).unwrap();
        writer.commit(seq).unwrap();
    }
    writer.close().unwrap();
    let index = open(&dir);
    assert_eq!((index.checkpoint(), index.documents()), (40, 40));
    index.verify().unwrap();
}

#[test]
fn another_handle_sees_a_commit_after_refresh() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (open(&dir), open(&dir));
    publish(&one, vec![document(9, "a", "alpha")]);
    other.refresh().unwrap();
    assert_eq!(other.checkpoint(), 9);
    assert_eq!(found(&other, "alpha"), [9]);
}

#[test]
fn a_second_writer_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    let writer = index.writer().unwrap();
    let refused = open(&dir).writer().err().unwrap();
    assert!(matches!(refused, IndexError::Locked { .. }), "{refused}");
    let refused = Index::destroy(dir.path()).err().unwrap();
    assert!(matches!(refused, IndexError::Locked { .. }), "{refused}");
    drop(writer);
    assert!(index.writer().is_ok());
}

#[test]
fn recreating_starts_from_nothing_and_spares_other_files() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![document(3, "a", "alpha")]);
    fs::write(dir.path().join("notes.txt"), "mine").unwrap();
    let index = Index::recreate(dir.path(), IndexOptions::default()).unwrap();
    assert_eq!((index.checkpoint(), index.documents()), (0, 0));
    assert_eq!(fs::read_to_string(dir.path().join("notes.txt")).unwrap(), "mine");
    publish(&index, vec![document(1, "b", "beta")]);
    assert_eq!(found(&index, ""), [1]);
    Index::destroy(dir.path()).unwrap();
    let left: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| !name.to_string_lossy().ends_with(".lock"))
        .collect();
    assert_eq!(left, ["notes.txt"]);
    Index::destroy(dir.path().join("never-there")).unwrap();
}

fn refused(dir: &Path, options: IndexOptions) -> String {
    let error = Index::open(dir, options).err().expect("refused");
    assert!(matches!(error, IndexError::Unusable { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("nightheron reindex"), "{text}");
    text
}

fn segment_files(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(dir).expect("the index's folder");
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.len() > 32))
        .collect();
    assert!(!files.is_empty());
    files.sort();
    files
}

#[test]
fn damage_is_refused_by_name_and_recreated() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 4] = [
        ("metadata cut short", |dir| {
            let path = dir.join("meta.json");
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, &text[..text.len() / 2]).unwrap();
        }),
        ("files missing", |dir| {
            for path in segment_files(dir) {
                fs::remove_file(path).unwrap();
            }
        }),
        ("files empty", |dir| {
            for path in segment_files(dir) {
                fs::write(path, b"").unwrap();
            }
        }),
        ("files overwritten", |dir| {
            for path in segment_files(dir) {
                fs::write(path, vec![0xA5; 300]).unwrap();
            }
        }),
    ];
    for (name, damage) in damages {
        let dir = tempfile::tempdir().unwrap();
        publish(&open(&dir), vec![document(1, "a", "alpha")]);
        damage(dir.path());
        let text = refused(dir.path(), IndexOptions::default());
        assert!(text.contains(&dir.path().display().to_string()), "{name}: {text}");
        let index = Index::recreate(dir.path(), IndexOptions::default()).unwrap();
        assert_eq!(index.checkpoint(), 0, "{name}");
    }
}

#[test]
fn a_flipped_byte_is_found_by_verify() {
    let dir = tempfile::tempdir().unwrap();
    let index = open(&dir);
    publish(&index, vec![document(1, "a", "alpha")]);
    index.verify().unwrap();
    drop(index);
    let path = segment_files(dir.path())
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "store"))
        .unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[3] ^= 0x40;
    fs::write(&path, bytes).unwrap();
    let error = open(&dir).verify().unwrap_err();
    assert!(error.to_string().contains(".store"), "{error}");
}

#[test]
fn another_schema_or_folding_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    publish(&open(&dir), vec![document(1, "a", "alpha")]);
    let other = IndexOptions { folding: Folding::new("other", |c, out| out.push(c)), ..IndexOptions::default() };
    let text = refused(dir.path(), other);
    assert!(text.contains("\"other\""), "{text}");

    let dir = tempfile::tempdir().unwrap();
    let mut schema = tantivy::schema::Schema::builder();
    schema.add_text_field("something", tantivy::schema::TEXT);
    tantivy::Index::create_in_dir(dir.path(), schema.build()).unwrap();
    let text = refused(dir.path(), IndexOptions::default());
    assert!(text.contains("schema"), "{text}");
}

#[test]
fn options_and_keys_out_of_range_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    for (threads, bytes, option) in [
        (0, 64 << 20, "writer_threads"),
        (9, 1 << 30, "writer_threads"),
        (1, 1 << 20, "memory_budget_bytes"),
        (4, 40_000_000, "memory_budget_bytes"),
    ] {
        let options = IndexOptions { writer_threads: threads, memory_budget_bytes: bytes, ..IndexOptions::default() };
        let error = Index::open(dir.path(), options).err().unwrap();
        assert!(error.to_string().contains(option), "{error}");
    }
    let index = open(&dir);
    let mut writer = index.writer().unwrap();
    writer.add(document(1, &"k".repeat(MAX_POST_KEY_BYTES), "alpha")).unwrap();
    let long = "k".repeat(MAX_POST_KEY_BYTES + 1);
    let error = writer.add(document(2, &long, "beta")).unwrap_err();
    assert!(matches!(error, IndexError::PostKeyTooLong { seq: 2, .. }), "{error}");
    writer.commit(2).unwrap();
    assert_eq!(found(&index, ""), [1]);
}

#[test]
fn a_folder_that_cannot_be_made_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Index::open(file.join("index"), IndexOptions::default()).err().unwrap();
    assert!(matches!(error, IndexError::Io { .. }), "{error:?}");
}
