//! Checking the whole archive: every hash, and the chain from the first record to the last.

use std::path::Path;

use super::{CaptureError, read, record};

/// What a check found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Whole records.
    pub records: u64,
    /// One sentence a defect: a block that was changed, a link that does not follow, a torn end.
    pub defects: Vec<String>,
}

/// Reads every file of a folder.
///
/// # Errors
/// [`CaptureError::Io`] when a file cannot be read at all.
pub fn verify(folder: &Path) -> Result<Verified, CaptureError> {
    let mut verified = Verified::default();
    let mut chain = String::new();
    for file in read::files(folder)? {
        let scan = read::scan(&folder.join(&file), 0)?;
        for ((offset, _), record) in scan.records {
            verified.records += 1;
            let digest = record::sha256(&record.block);
            if digest != record.sha256 {
                verified.defects.push(format!("{file} at byte {offset}: the response was changed after capture"));
            }
            if record.chain != record::link(&chain, &record.sha256) {
                verified
                    .defects
                    .push(format!("{file} at byte {offset}: a record before this one is missing or changed"));
            }
            chain = record.chain;
        }
        if let Some((offset, reason)) = scan.torn {
            verified.defects.push(format!("{file} at byte {offset}: {reason}"));
        }
    }
    Ok(verified)
}
