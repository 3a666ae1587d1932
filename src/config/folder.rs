//! Sections `[[folder]]`: folders that an operator drops files into.

use std::{
    collections::HashSet,
    path::{Component, Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{HumanDuration, HumanSize, SourceSection, check::Check};

/// One drop folder: a source whose posts are files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSection {
    /// Its identity as a source: lower-case letters, digits and dashes.
    pub id: String,
    /// Name for people; the identity when not set.
    #[serde(default)]
    pub name: String,
    /// The folder. Nothing in it is moved, changed or deleted.
    pub path: PathBuf,
    /// Whether it is read; `false` keeps its history.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Admiralty grade of what lies there, A to F.
    #[serde(default = "grade")]
    pub grade: String,
    /// TLP marking of what lies there.
    #[serde(default = "tlp")]
    pub tlp: String,
    /// Time between two looks, 1 second to 1 day.
    #[serde(default = "interval")]
    pub interval: HumanDuration,
    /// Bytes read of one file, 1 KiB to 64 MiB; the rest of a longer one is left out, and the outcome says so.
    #[serde(default = "max_file")]
    pub max_file: HumanSize,
}

const GRADES: [&str; 6] = ["A", "B", "C", "D", "E", "F"];
const MARKINGS: [&str; 5] = ["clear", "green", "amber", "amber+strict", "red"];

fn yes() -> bool {
    true
}

fn grade() -> String {
    "F".to_owned()
}

fn tlp() -> String {
    "amber".to_owned()
}

fn interval() -> HumanDuration {
    HumanDuration::from_secs(60)
}

fn max_file() -> HumanSize {
    HumanSize { bytes: 8 << 20 }
}

impl FolderSection {
    pub(super) fn resolve(&mut self, folder: &Path) {
        self.path = folder.join(&self.path);
        if self.name.trim().is_empty() {
            self.name.clone_from(&self.id);
        }
    }
}

/// A path without the steps that lead nowhere.
fn plainly(path: &Path) -> PathBuf {
    path.components().filter(|step| *step != Component::CurDir).collect()
}

/// Checks all folders, and that none is given twice or has the name of a source.
pub(super) fn check(folders: &[FolderSection], sources: &[SourceSection], check: &mut Check<'_>) {
    let (mut ids, mut paths) = (HashSet::new(), HashSet::new());
    for (index, folder) in folders.iter().enumerate() {
        let key = |name: &str| format!("folder[{index}].{name}");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if folder.id.is_empty() || !folder.id.chars().all(plain) {
            check.problem(&key("id"), "lower-case letters, digits and dashes are expected, such as \"drop\"");
        } else if !ids.insert(&folder.id) {
            check.problem(&key("id"), "another folder has this id; give this one another");
        } else if sources.iter().any(|source| source.definition == folder.id) {
            check.problem(&key("id"), "a source has this id; give the folder another");
        }
        if folder.path.as_os_str().is_empty() {
            check.problem(&key("path"), "the path of a folder is expected");
        } else if !paths.insert(plainly(&folder.path)) {
            check.problem(&key("path"), "the same folder is given twice; remove one of the two");
        }
        if !GRADES.contains(&folder.grade.as_str()) {
            check.problem(&key("grade"), "a grade from \"A\" to \"F\" is expected");
        }
        if !MARKINGS.contains(&folder.tlp.as_str()) {
            check.problem(&key("tlp"), &format!("one of {} is expected", MARKINGS.join(", ")));
        }
        check.duration(&key("interval"), folder.interval, Duration::from_secs(1)..=Duration::from_secs(86_400));
        check.size(&key("max_file"), folder.max_file, 1 << 10..=64 << 20);
    }
}
