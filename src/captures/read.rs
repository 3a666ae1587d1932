//! Reading: one record by its place, or all of a file in order.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use flate2::bufread::GzDecoder;

use super::{CaptureError, Record};

/// No record of ours is larger in bytes: the largest body a fetch may bring, and its head.
const MAX_RECORD: u64 = 80 << 20;

/// The records of a file.
#[derive(Debug, Default)]
pub struct Scan {
    /// Each response with its byte offset and length.
    pub records: Vec<((u64, u64), Record)>,
    /// Where reading ended before the end of the file, and why: a torn write, or damage.
    pub torn: Option<(u64, String)>,
}

/// The names of the WARC files of a folder, oldest first.
pub(super) fn files(folder: &Path) -> Result<Vec<String>, CaptureError> {
    let io = |source| CaptureError::Io { doing: "reading the folder of captures", file: folder.into(), source };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let name = entry.map_err(io)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".warc.gz") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Reads a file from a byte offset that begins a record, until its end or until it is torn.
///
/// # Errors
/// [`CaptureError::Io`] when the file cannot be opened; damage inside it is told in the result.
pub fn scan(path: &Path, from: u64) -> Result<Scan, CaptureError> {
    let mut reader = open(path, from)?;
    let mut scan = Scan::default();
    let mut offset = from;
    loop {
        match next_member(&mut reader) {
            Ok(None) => return Ok(scan),
            Ok(Some(bytes)) => {
                let end = reader.stream_position().map_err(|source| io(path, source))?;
                match Record::from_bytes(&bytes) {
                    Ok(Some(record)) => scan.records.push(((offset, end - offset), record)),
                    Ok(None) => {}
                    Err(reason) => {
                        scan.torn = Some((offset, reason));
                        return Ok(scan);
                    }
                }
                offset = end;
            }
            Err(error) => {
                scan.torn = Some((offset, format!("the record is torn: {error}")));
                return Ok(scan);
            }
        }
    }
}

/// Bytes of a file that its first record takes: the `warcinfo`, which no store knows of.
///
/// # Errors
/// [`CaptureError`] when the file cannot be read, or is torn there.
pub fn info_length(path: &Path) -> Result<u64, CaptureError> {
    let mut reader = open(path, 0)?;
    next_member(&mut reader).and_then(|_| reader.stream_position()).map_err(|source| io(path, source))
}

/// The record at a place.
pub(super) fn record_at(path: &Path, offset: u64, length: u64) -> Result<Record, CaptureError> {
    let broken = |reason: String| CaptureError::Broken { file: path.into(), offset, reason };
    let mut reader = BufReader::new(open(path, offset)?.take(length));
    let bytes = next_member(&mut reader)
        .map_err(|error| broken(format!("the record is torn: {error}")))?
        .ok_or_else(|| broken("the file ends before the record".into()))?;
    Record::from_bytes(&bytes).map_err(&broken)?.ok_or_else(|| broken("this is no response record".into()))
}

fn open(path: &Path, from: u64) -> Result<BufReader<File>, CaptureError> {
    let open = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from))?;
        Ok(BufReader::new(file))
    };
    open().map_err(|source| io(path, source))
}

/// One gzip member, unpacked; `None` at the end.
fn next_member(reader: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    if reader.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    // One byte more than allowed tells a record that is too large from one that just fits.
    let read = std::io::copy(&mut GzDecoder::new(reader).take(MAX_RECORD + 1), &mut bytes)?;
    if read > MAX_RECORD {
        return Err(std::io::Error::other("the record is larger than any this program writes"));
    }
    Ok(Some(bytes))
}

fn io(path: &Path, source: std::io::Error) -> CaptureError {
    CaptureError::Io { doing: "reading", file: path.into(), source }
}
