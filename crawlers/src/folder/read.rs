//! One visit to a drop folder.

use std::{collections::BTreeMap, fs, io, os::unix::fs::MetadataExt, path::Path, time::Duration};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    content,
    list::{self, Listed, Listing},
};
use crate::{
    Outcome,
    extract::{Post, decode_text},
    walk::Seen,
};

/// How much of a folder a visit reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderLimits {
    /// Bytes read of one file; what is longer is cut, and the outcome says so.
    pub max_file: usize,
    /// Bytes read in one visit; the files beyond are read by the next one.
    pub max_visit: usize,
    /// Files that a folder may hold.
    pub max_files: usize,
    /// A file that was changed less than this ago may still be being written; it waits for a later visit.
    pub settle: Duration,
}

impl Default for FolderLimits {
    fn default() -> Self {
        Self { max_file: 8 << 20, max_visit: 64 << 20, max_files: 100_000, settle: Duration::from_secs(10) }
    }
}

/// What a visit brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderVisit {
    /// A post for each file that is new or has changed since it was read, oldest first. A changed file is the same post.
    pub posts: Vec<Post>,
    /// What the next visit knows these files by: a post's id and the signal of its file, in the order of `posts`. To be
    /// stored with the posts, and not before.
    pub done: Vec<(String, String)>,
    /// How it ended.
    pub outcome: Outcome,
    /// Files that are still being written, by their times or their names.
    pub waiting: usize,
    /// Whether the limit of a visit was reached, so that the next one should follow at once.
    pub more: bool,
}

/// Reads the files of a folder that `known`, the signals of earlier visits, does not name. `now` is the time of the visit.
///
/// A post's id and title are the file's path below the folder and its name; it was posted when the file was last changed.
/// Text is decoded whatever its charset. Archives and other binary files are named with their kind, size and SHA-256, and
/// not opened. Symbolic links, pipes and devices are passed over.
#[must_use]
pub fn read_folder(folder: &Path, known: &Seen, limits: &FolderLimits, now: Timestamp) -> FolderVisit {
    let mut visit = FolderVisit { posts: vec![], done: vec![], outcome: Outcome::OkEmpty, waiting: 0, more: false };
    let listing = match list::list(folder, limits.max_files) {
        Ok(listing) => listing,
        Err(error) => {
            visit.outcome = Outcome::Unreachable(why(&error).to_owned());
            return visit;
        }
    };
    visit.waiting = listing.unfinished;
    let mut troubles = listing.unreadable.clone();
    let mut left = limits.max_visit;
    for file in &listing.files {
        let signal = file.signal();
        if known.get(&file.id) == Some(&signal) {
            continue;
        }
        if is_fresh(file.modified, limits.settle, now) {
            visit.waiting += 1;
            continue;
        }
        if left == 0 {
            visit.more = true;
            break;
        }
        // One file is read whatever its size, or it would wait for ever.
        let room = if visit.posts.is_empty() { usize::MAX } else { left };
        match read(file, room, limits.max_file) {
            Ok(Read::Whole(bytes)) => {
                left = left.saturating_sub(bytes.len());
                troubles.extend(cut(file, bytes.len()));
                visit.posts.push(post(file, &bytes, now));
                visit.done.push((file.id.clone(), signal));
            }
            Ok(Read::NextTime) => (visit.more, left) = (true, 0),
            Ok(Read::Changed) => visit.waiting += 1,
            Err(error) => troubles.push(format!("{}: {}", file.id, why(&error))),
        }
    }
    visit.outcome = outcome(&visit, &listing, troubles);
    visit
}

/// Written moments ago. A time ahead of the clock by more than that is a file brought from elsewhere.
fn is_fresh(modified: Timestamp, settle: Duration, now: Timestamp) -> bool {
    now.duration_since(modified).unsigned_abs() < settle
}

enum Read {
    Whole(Vec<u8>),
    /// It does not fit in what is left of this visit.
    NextTime,
    /// It was changed while it was read, or another file took its place.
    Changed,
}

fn read(file: &Listed, room: usize, most: usize) -> io::Result<Read> {
    if usize::try_from(file.size).unwrap_or(usize::MAX).min(most) > room {
        return Ok(Read::NextTime);
    }
    let before = fs::symlink_metadata(&file.path)?;
    let mut opened = fs::File::open(&file.path)?;
    let same = |about: &fs::Metadata| {
        about.is_file()
            && (about.dev(), about.ino()) == (before.dev(), before.ino())
            && (about.len(), list::modified(about)) == (file.size, Some(file.modified))
    };
    if !same(&opened.metadata()?) {
        return Ok(Read::Changed);
    }
    let mut bytes = Vec::new();
    io::copy(&mut io::Read::take(&mut opened, most as u64), &mut bytes)?;
    Ok(if same(&opened.metadata()?) { Read::Whole(bytes) } else { Read::Changed })
}

/// What is said of a file of which only a part was read. What is not opened anyway is not cut.
fn cut(file: &Listed, read: usize) -> Option<String> {
    ((read as u64) < file.size).then(|| format!("{}: the first {read} of {} bytes", file.id, file.size))
}

fn post(file: &Listed, bytes: &[u8], now: Timestamp) -> Post {
    let name = file.id.rsplit('/').next().unwrap_or_default().to_owned();
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let whole = bytes.len() as u64 == file.size;
    let (kind, body) = match content::sealed(bytes) {
        Some(kind) => (kind, format!("{name}\n{kind}, {} bytes, not opened", file.size)),
        None => ("text", decode_text(bytes, None, "").replace("\r\n", "\n")),
    };
    let mut extra = BTreeMap::from([("kind".to_owned(), kind.to_owned()), ("size".to_owned(), file.size.to_string())]);
    extra.insert(if whole { "sha256" } else { "sha256_of_the_part_read" }.to_owned(), hash);
    Post {
        post_id: file.id.clone(),
        thread_id: None,
        url: Url::from_file_path(&file.path).map(String::from).unwrap_or_default(),
        author: None,
        posted_at: Some(file.modified.min(now)),
        edited_at: None,
        title: name,
        body,
        extra,
    }
}

fn outcome(visit: &FolderVisit, listing: &Listing, mut troubles: Vec<String>) -> Outcome {
    if listing.cut {
        troubles.push("more files or deeper folders than are listed".to_owned());
    }
    if let Some(first) = troubles.first() {
        let others = troubles.len() - 1;
        let told = if others > 0 { format!("{first}; and {others} more") } else { first.clone() };
        return Outcome::Partial(told.chars().filter(|c| !c.is_control()).collect());
    }
    match (visit.posts.is_empty(), listing.files.is_empty() && listing.unfinished == 0) {
        (false, _) => Outcome::OkNew,
        (true, true) => Outcome::OkEmpty,
        (true, false) => Outcome::OkNoNew,
    }
}

/// A word for the outcome.
fn why(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "no_such_folder_or_file",
        io::ErrorKind::PermissionDenied => "permission_denied",
        io::ErrorKind::NotADirectory => "not_a_folder",
        _ => "cannot_be_read",
    }
}
