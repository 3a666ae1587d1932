//! The drop folder: files that an operator puts there by hand, each one a post.
//!
//! It is a source of its own kind, read by [`read_folder`] and by nothing else: definitions refuse `file:` links, links on
//! pages that are no `http` or `https` are not followed, and the network planes know no files. Nothing in the folder is
//! moved, changed or deleted, no link in the file system is followed, and nothing is unpacked.

mod content;
mod file;
mod link;
mod list;
mod read;
#[cfg(test)]
mod tests;

pub use file::{FileAbout, post_of};
pub use link::{FolderLinkError, folder_of};
pub use read::{FolderFile, FolderLimits, FolderReading, FolderVisit, read_folder};
