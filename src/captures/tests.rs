//! The archive as a whole: written, read, continued, torn and tampered with.

use std::io::{Seek, SeekFrom, Write};

use jiff::Timestamp;
use rand::{SeedableRng, rngs::StdRng};

use super::*;

fn captured(n: u64) -> Captured {
    Captured {
        kind: RecordKind::Response,
        source: "forum".into(),
        url: format!("http://a.example/{n}"),
        request: "{}".into(),
        status: 200,
        fetched_at: Timestamp::from_second(1_700_000_000 + i64::try_from(n).unwrap()).unwrap(),
        head: b"HTTP/1.1 200 OK\r\nx-a: 1\r\n\r\n".to_vec(),
        body: format!("body {n} \u{53f0}").repeat(50).into_bytes(),
    }
}

#[test]
fn what_is_written_is_read_back_by_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let mut rng = StdRng::seed_from_u64(1);
    let placed: Vec<_> = (0..5).map(|n| archive.write(&captured(n), &mut rng).unwrap()).collect();
    for (n, capture) in (0..).zip(&placed) {
        let record = archive.read(capture).unwrap();
        let response = Response::parse(&record.block).unwrap();
        assert_eq!((response.status, response.body, response.headers.len()), (200, captured(n).body, 1));
    }
    assert_eq!(verify(folder.path()).unwrap(), Verified { records: 5, defects: vec![] });
}

#[test]
fn the_chain_goes_on_in_the_next_process() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..3 {
        let archive = Archive::open(folder.path()).unwrap();
        archive.write(&captured(n), &mut StdRng::seed_from_u64(n)).unwrap();
    }
    assert_eq!(verify(folder.path()).unwrap(), Verified { records: 3, defects: vec![] });
}

#[test]
fn a_torn_last_record_harms_no_other_and_a_missing_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut rng = StdRng::seed_from_u64(7);
    let archive = Archive::open(folder.path()).unwrap();
    let first = archive.write(&captured(0), &mut rng).unwrap();
    let second = archive.write(&captured(1), &mut rng).unwrap();
    let path = folder.path().join(&second.file);
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(second.offset + second.length / 2).unwrap();
    let scan = scan(&path, 0).unwrap();
    assert_eq!(scan.records.len(), 1);
    assert_eq!(scan.torn.unwrap().0, second.offset);
    assert!(archive.read(&first).is_ok());
    assert!(archive.read(&second).is_err());
    // The next process goes on from the last whole record, in a file of its own.
    let archive = Archive::open(folder.path()).unwrap();
    let third = archive.write(&captured(2), &mut rng).unwrap();
    assert_ne!(third.file, second.file);
    let defects = verify(folder.path()).unwrap().defects;
    assert_eq!(defects.len(), 1, "{defects:?}");
}

#[test]
fn a_changed_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let capture = archive.write(&captured(0), &mut StdRng::seed_from_u64(3)).unwrap();
    let path = folder.path().join(&capture.file);
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(capture.offset + capture.length - 20)).unwrap();
    file.write_all(&[0x55; 8]).unwrap();
    assert!(archive.read(&capture).is_err());
    assert!(!verify(folder.path()).unwrap().defects.is_empty());
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_writing_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let captures = folder.path().join("captures");
    let mut rng = StdRng::seed_from_u64(9);
    let archive = Archive::open(&captures).unwrap();
    std::fs::remove_dir(&captures).unwrap();
    let error = archive.write(&captured(0), &mut rng).unwrap_err().to_string();
    assert!(error.contains("captures") && error.contains("has room"), "{error}");
    std::fs::create_dir(&captures).unwrap();
    let capture = archive.write(&captured(1), &mut rng).unwrap();
    assert!(archive.read(&capture).is_ok());
    assert_eq!(verify(&captures).unwrap(), Verified { records: 1, defects: vec![] });
}
