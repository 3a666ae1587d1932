//! From a file's bytes to text: UTF-8, or a sentence that says how to get there.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, GBK};

use super::fault::{Place, TermFileFault};

/// Largest file, in bytes: a million terms with their reasons fit.
const MAX_BYTES: usize = 256 << 20;

/// Bytes from which an encoding is guessed.
const GUESS_BYTES: usize = 1 << 20;

const CONVERT: &str = "save it again as UTF-8 (in Excel: Save As → CSV UTF-8), or convert it with: iconv -f";

/// The text without its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, TermFileFault> {
    if bytes.len() > MAX_BYTES {
        let mib = MAX_BYTES >> 20;
        return Err(TermFileFault::whole(format!("the file has {} bytes, more than {mib} MiB: split it", bytes.len())));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let reason = format!("the file is in UTF-16, and UTF-8 is expected: {CONVERT} UTF-16 -t UTF-8");
        return Err(TermFileFault::whole(reason));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))
}

fn not_utf8(bytes: &[u8], at: usize) -> TermFileFault {
    // The bytes in front of a wrong one are valid, so line ends among them are line ends.
    let (line, _) = Lines::of(&bytes[..at]).place(at);
    let (looks, from) = match guess(bytes) {
        Some((name, iconv)) => (format!("it looks like {name}"), iconv),
        None => ("it is in another encoding".to_owned(), "BIG5"),
    };
    let reason = format!("the file is not UTF-8 from here on; {looks}: {CONVERT} {from} -t UTF-8");
    Place::line(line).fault(None, reason)
}

/// The encoding and its name for iconv, when it is one that is usual for Chinese.
fn guess(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(GUESS_BYTES)], true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let known = [(BIG5, "Big5", "BIG5"), (GBK, "GBK", "GB18030")];
    known.iter().find(|known| known.0 == encoding).map(|known| (known.1, known.2))
}

/// Where the lines of a text begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    /// Lines end with `\n`, `\r` or both.
    pub(super) fn of(bytes: &[u8]) -> Lines {
        let ends = bytes.iter().enumerate().filter(|&(at, &byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        Lines(ends.map(|(at, _)| at + 1).collect())
    }

    /// The line of a byte, from 1, and where that line begins.
    pub(super) fn place(&self, offset: usize) -> (u64, usize) {
        let before = self.0.partition_point(|&start| start <= offset);
        (before as u64 + 1, before.checked_sub(1).and_then(|last| self.0.get(last).copied()).unwrap_or(0))
    }
}
