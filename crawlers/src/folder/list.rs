//! The files of a drop folder, as they stand there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use url::Url;

use super::file::FileAbout;

/// Folders inside one another are read this deep.
const MAX_DEPTH: usize = 8;
/// Endings of files that a transfer has not finished.
const UNFINISHED: [&str; 5] = [".part", ".filepart", ".crdownload", ".tmp", ".swp"];

/// A file as it was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) path: PathBuf,
    /// Path below the folder, with `/` between its parts.
    pub(super) id: String,
    /// Bytes.
    pub(super) size: u64,
    pub(super) modified: Timestamp,
}

impl Listed {
    /// What is known of it besides its bytes.
    pub(super) fn about(&self) -> FileAbout {
        let url = Url::from_file_path(&self.path).map(String::from).unwrap_or_default();
        FileAbout { id: self.id.clone(), url, size: self.size, modified: self.modified }
    }

    /// What changes when the file does.
    pub(super) fn signal(&self) -> String {
        format!("{}|{}", self.size, self.modified)
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Oldest first.
    pub(super) files: Vec<Listed>,
    /// Files that a transfer has not finished, by their names.
    pub(super) unfinished: usize,
    /// Folders and files that could not be looked at, with the reason.
    pub(super) unreadable: Vec<String>,
    /// There are more files than may be listed, or deeper ones.
    pub(super) cut: bool,
}

/// Lists the regular files below a folder, at most `most`.
///
/// # Errors
/// The folder itself cannot be read.
pub(super) fn list(folder: &Path, most: usize) -> io::Result<Listing> {
    let mut listing = Listing::default();
    let mut folders = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((path, prefix, depth)) = folders.pop() {
        let entries = match entries(&path) {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                listing.unreadable.push(format!("{prefix}: {error}"));
                continue;
            }
        };
        for entry in entries {
            let id = format!("{prefix}{}", name(&entry.file_name()));
            let Ok(about) = fs::symlink_metadata(entry.path()) else { continue };
            if about.is_dir() && !id.rsplit('/').next().is_some_and(|name| name.starts_with('.')) {
                listing.cut |= depth >= MAX_DEPTH;
                if depth < MAX_DEPTH {
                    folders.push((entry.path(), id + "/", depth + 1));
                }
            } else if about.is_file() {
                listing.take(entry.path(), id, &about, most);
            }
        }
    }
    listing.files.sort_by(|a, b| (a.modified, &a.id).cmp(&(b.modified, &b.id)));
    Ok(listing)
}

impl Listing {
    fn take(&mut self, path: PathBuf, id: String, about: &fs::Metadata, most: usize) {
        let name = id.rsplit('/').next().unwrap_or_default().to_lowercase();
        if name.starts_with('.') || name.ends_with('~') || UNFINISHED.iter().any(|end| name.ends_with(end)) {
            self.unfinished += 1;
        } else if self.files.len() >= most {
            self.cut = true;
        } else {
            match modified(about) {
                Some(modified) => self.files.push(Listed { path, id, size: about.len(), modified }),
                None => self.unreadable.push(format!("{id}: it has no time of its last change")),
            }
        }
    }
}

/// The entries of a folder in the order of their names, so that a cut is the same every time.
fn entries(path: &Path) -> io::Result<Vec<fs::DirEntry>> {
    let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

/// When a file was last changed.
pub(super) fn modified(about: &fs::Metadata) -> Option<Timestamp> {
    Timestamp::try_from(about.modified().ok()?).ok()
}

/// A name as text; names that are no UTF-8 are told apart by a hash of their bytes.
fn name(raw: &std::ffi::OsStr) -> String {
    if let Some(name) = raw.to_str() {
        return name.to_owned();
    }
    let hash = Sha256::digest(raw.as_encoded_bytes());
    let mark: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}~{mark}", raw.to_string_lossy())
}
