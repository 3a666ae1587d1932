//! Drop folders as sources: files that an operator puts there, each one a post.

mod visit;

use std::{collections::HashMap, path::PathBuf, time::Duration};

use nightheron_crawlers::{
    extract::Post,
    folder::{FileAbout, FolderLimits, post_of},
};

use super::{WatchList, enrich::enrich_as};
use crate::{
    captures::{Record, sha256},
    config::FolderSection,
    store::model::{NewPost, NewSource},
};

/// The kind under which the store knows drop folders.
pub const KIND: &str = "folder";

/// A folder that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DropFolder {
    /// Its identity as a source.
    pub id: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Time between two looks.
    pub interval: Duration,
    /// How much of it a visit reads.
    pub limits: FolderLimits,
    row: NewSource,
}

/// All folders that are read, by identity.
pub type Folders = HashMap<String, DropFolder>;

/// The folders of a configuration that are enabled.
#[must_use]
pub fn folders(sections: &[FolderSection]) -> Folders {
    let enabled = sections.iter().filter(|section| section.enabled);
    enabled.map(|section| (section.id.clone(), DropFolder::of(section))).collect()
}

impl DropFolder {
    fn of(section: &FolderSection) -> Self {
        let max_file = section.max_file.bytes;
        let standard = FolderLimits::default();
        Self {
            id: section.id.clone(),
            path: section.path.clone(),
            interval: section.interval.0,
            limits: FolderLimits { max_file, max_visit: standard.max_visit.max(max_file), ..standard },
            row: NewSource {
                id: section.id.clone(),
                name: section.name.clone(),
                kind: KIND.to_owned(),
                class: "normal".to_owned(),
                grade: section.grade.clone(),
                tlp: section.tlp.clone(),
                via: KIND.to_owned(),
                verified: String::new(),
            },
        }
    }

    /// The folder as the store keeps it.
    #[must_use]
    pub fn row(&self) -> NewSource {
        self.row.clone()
    }
}

/// The post of a file that was archived, matched and assessed.
///
/// # Errors
/// A sentence: the record is not of a file that this program read.
pub(super) fn post_of_record(source: &str, record: &Record, list: &WatchList) -> Result<NewPost, String> {
    let about: FileAbout = serde_json::from_str(&record.request).map_err(|e| format!("its description: {e}"))?;
    Ok(matched(source, post_of(&about, &record.block, record.date), list))
}

/// A file is the same post while it has the same name, and another revision when it has other bytes.
fn matched(source: &str, post: Post, list: &WatchList) -> NewPost {
    let fact = |name: &str| post.extra.get(name).map(String::as_str).unwrap_or_default();
    let content_hash = match fact("sha256") {
        "" => sha256(format!("{}/{}", fact("sha256_of_the_part_read"), fact("size")).as_bytes()),
        whole => whole.to_owned(),
    };
    enrich_as(source, post.post_id.clone(), content_hash, post, list)
}
