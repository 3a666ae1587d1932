//! The address of a drop folder.

use std::path::PathBuf;

use url::Url;

/// The folder that a `file:` address names, as `file:///srv/nightheron/drop`.
///
/// # Errors
/// It is no address of a folder on this machine.
pub fn folder_of(link: &str) -> Result<PathBuf, FolderLinkError> {
    let refused = || FolderLinkError { link: link.to_owned() };
    let url = Url::parse(link.trim()).map_err(|_| refused())?;
    let plain = url.scheme() == "file" && url.host_str().is_none() && url.query().is_none() && url.fragment().is_none();
    let path = url.to_file_path().ok().filter(|path| plain && path.is_absolute());
    path.filter(|path| path.parent().is_some()).ok_or_else(refused)
}

/// An address that names no drop folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{link}` names no folder on this machine; write file:// and its absolute path, as file:///srv/nightheron/drop"
)]
pub struct FolderLinkError {
    /// The address.
    pub link: String,
}
