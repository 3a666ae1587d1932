//! One visit to a drop folder.

use std::{fs, io, os::unix::fs::MetadataExt, path::Path, time::Duration};

use jiff::Timestamp;

use super::{
    content,
    file::{FileAbout, post_of},
    list::{self, Listed},
};
use crate::{Outcome, extract::Post, walk::Seen};

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
/// All at once, for what is small; [`FolderReading`] gives one file at a time.
#[must_use]
pub fn read_folder(folder: &Path, known: &Seen, limits: &FolderLimits, now: Timestamp) -> FolderVisit {
    let mut reading = match FolderReading::open(folder, known, limits, now) {
        Ok(reading) => reading,
        Err(outcome) => return FolderVisit { posts: vec![], done: vec![], outcome, waiting: 0, more: false },
    };
    let (mut posts, mut done) = (vec![], vec![]);
    while let Some(file) = reading.next_file() {
        posts.push(post_of(&file.about, &file.bytes, now));
        done.push((file.about.id, file.signal));
    }
    let (outcome, waiting, more) = (reading.outcome(), reading.waiting(), reading.more());
    FolderVisit { posts, done, outcome, waiting, more }
}

/// A visit to a folder that gives one file at a time, so that only one is held in memory.
#[derive(Debug)]
pub struct FolderReading {
    left: std::vec::IntoIter<Listed>,
    limits: FolderLimits,
    room: usize,
    read: usize,
    troubles: Vec<String>,
    waiting: usize,
    more: bool,
    is_empty: bool,
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFile {
    /// What is known of it besides its bytes.
    pub about: FileAbout,
    /// Its bytes, from the first to the limit.
    pub bytes: Vec<u8>,
    /// What the next visit knows it by; to be stored with its post, and not before.
    pub signal: String,
}

impl FolderReading {
    /// Lists a folder and what of it is to be read: what `known`, the signals of earlier visits, does not name.
    ///
    /// # Errors
    /// The outcome of the visit, when the folder cannot be listed.
    pub fn open(folder: &Path, known: &Seen, limits: &FolderLimits, now: Timestamp) -> Result<Self, Outcome> {
        let listing = list::list(folder, limits.max_files).map_err(|error| {
            let told = format!("{}: {}", why(&error), folder.display());
            Outcome::Unreachable(told.chars().filter(|c| !c.is_control()).collect())
        })?;
        let mut troubles = listing.unreadable;
        if listing.cut {
            troubles.push("more files or deeper folders than are listed".to_owned());
        }
        let is_empty = listing.files.is_empty() && listing.unfinished == 0;
        let new = |file: &Listed| known.get(&file.id) != Some(&file.signal());
        let (fresh, settled): (Vec<_>, Vec<_>) =
            listing.files.into_iter().filter(new).partition(|file| is_fresh(file.modified, limits.settle, now));
        let (room, waiting) = (limits.max_visit, listing.unfinished + fresh.len());
        let (left, limits) = (settled.into_iter(), *limits);
        Ok(Self { left, limits, room, read: 0, troubles, waiting, more: false, is_empty })
    }

    /// The next file, oldest first; `None` when all were read, or the limit of a visit was reached. A file that cannot
    /// be read is passed over and told in the outcome.
    pub fn next_file(&mut self) -> Option<FolderFile> {
        for file in self.left.by_ref() {
            if self.room == 0 {
                self.more = true;
                break;
            }
            // One file is read whatever its size, or it would wait for ever.
            let room = if self.read == 0 { usize::MAX } else { self.room };
            match read(&file, room, self.limits.max_file) {
                Ok(Read::Whole(bytes)) => {
                    self.room = self.room.saturating_sub(bytes.len());
                    self.read += 1;
                    self.troubles.extend(cut(&file, &bytes));
                    return Some(FolderFile { about: file.about(), bytes, signal: file.signal() });
                }
                Ok(Read::NextTime) => (self.more, self.room) = (true, 0),
                Ok(Read::Changed) => self.waiting += 1,
                Err(error) => self.troubles.push(format!("{}: {}", file.id, why(&error))),
            }
        }
        self.left = vec![].into_iter();
        None
    }

    /// How the visit ended, once [`FolderReading::next_file`] gives no more.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if let Some(first) = self.troubles.first() {
            let others = self.troubles.len() - 1;
            let told = if others > 0 { format!("{first}; and {others} more") } else { first.clone() };
            return Outcome::Partial(told.chars().filter(|c| !c.is_control()).collect());
        }
        match (self.read, self.is_empty) {
            (1.., _) => Outcome::OkNew,
            (0, true) => Outcome::OkEmpty,
            (0, false) => Outcome::OkNoNew,
        }
    }

    /// Files that are still being written, by their times or their names.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// Whether the limit of a visit was reached, so that the next one should follow at once.
    #[must_use]
    pub fn more(&self) -> bool {
        self.more
    }
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
fn cut(file: &Listed, bytes: &[u8]) -> Option<String> {
    let cut = (bytes.len() as u64) < file.size && content::sealed(bytes).is_none();
    cut.then(|| format!("{}: the first {} of {} bytes", file.id, bytes.len(), file.size))
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
