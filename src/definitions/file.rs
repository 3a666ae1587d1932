//! A file replaced whole or not at all.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

/// Puts a text in the place of a file's: after a power cut, one of the two is there and nothing in between. Blocking.
///
/// # Errors
/// The folder cannot be written, is full, or the file is gone; the old text is still there then.
pub(super) fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    // A link to a file elsewhere stays one.
    let file = file.canonicalize()?;
    let folder = file.parent().unwrap_or(Path::new("/"));
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let beside: PathBuf = folder.join(format!(".{name}.new"));
    let written = write(&beside, text, &file).and_then(|()| std::fs::rename(&beside, &file));
    if written.is_err() {
        std::fs::remove_file(&beside).ok();
    }
    written?;
    // The folder's entry must survive as well.
    File::open(folder)?.sync_all()
}

fn write(beside: &Path, text: &str, like: &Path) -> std::io::Result<()> {
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).open(beside)?;
    out.set_permissions(std::fs::metadata(like)?.permissions())?;
    out.write_all(text.as_bytes())?;
    out.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_file_keeps_its_place_and_its_rights() {
        let folder = tempfile::tempdir().unwrap();
        let (file, linked) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &linked).unwrap();
        replace(&linked, "new").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(linked.is_symlink());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left over");
        std::fs::remove_file(&file).unwrap();
        assert!(replace(&file, "new").is_err(), "a file that was taken away is not made anew");
    }
}
