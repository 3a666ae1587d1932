//! Matching a stream of any length in constant memory, with offsets into its bytes.

mod decode;

use std::io::{self, Read};

use crate::matcher::{Confidence, Form, Hit, Matcher, TermId};
use crate::term::TermKind;

use decode::{Decoded, character_start};

/// How much of a stream is looked at on either side of the place where a hit begins, in bytes. A
/// hit and all that decides on it (its boundaries, its context) must lie within.
pub const STREAM_MARGIN: usize = 64 << 10;

/// How much of a stream is searched at a time beside its margins, in bytes.
const CORE: usize = 1 << 20;

/// A term found in a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamHit {
    /// The number the term was given to the matcher with.
    pub term: TermId,
    /// The term's kind.
    pub kind: TermKind,
    /// Where the match begins, in bytes from the start of the stream.
    pub start: u64,
    /// Where it ends, exclusive.
    pub end: u64,
    /// The text between; bytes that are no UTF-8 are U+FFFD.
    pub matched: String,
    /// How the text wrote it.
    pub form: Form,
    /// How surely it is the term that is meant.
    pub confidence: Confidence,
}

/// The hits of a stream in order, each exactly once, as [`Matcher::find`] gives them for the text
/// as a whole. Memory does not grow with the stream.
///
/// The stream is searched in windows that overlap by [`STREAM_MARGIN`]. What cannot be the same as
/// in the whole text: a hit longer than that, or decided by something further away; the words of
/// `all_of`, which must stand in the window of the hit, at least that near and at most 1.2 MiB
/// away; regular expressions on lines longer than that, whose matches depend on where the line
/// began; and the most hits of one expression, which count by window.
///
/// After an error of the reader there is nothing more.
#[derive(Debug)]
pub struct StreamMatcher<'m, R> {
    matcher: &'m Matcher,
    reader: R,
    core: usize,
    margin: usize,
    /// What is held of the stream.
    bytes: Vec<u8>,
    /// Where in the stream it begins.
    offset: u64,
    /// Where in `bytes` the part begins whose hits are still to be given.
    next: usize,
    is_read: bool,
    hits: std::vec::IntoIter<StreamHit>,
}

impl Matcher {
    /// The hits of everything that `reader` gives, to be read in order.
    pub fn stream<R: Read>(&self, reader: R) -> StreamMatcher<'_, R> {
        StreamMatcher::with_sizes(self, reader, CORE, STREAM_MARGIN)
    }
}

impl<'m, R: Read> StreamMatcher<'m, R> {
    fn with_sizes(matcher: &'m Matcher, reader: R, core: usize, margin: usize) -> StreamMatcher<'m, R> {
        let hits = Vec::new().into_iter();
        StreamMatcher { matcher, reader, core, margin, bytes: Vec::new(), offset: 0, next: 0, is_read: false, hits }
    }

    /// Reads until a core and its margin are there, or the stream ends.
    fn fill(&mut self) -> io::Result<()> {
        let wanted = (self.next + self.core + self.margin).saturating_sub(self.bytes.len()) as u64;
        if self.is_read || wanted == 0 {
            return Ok(());
        }
        // At most what one window holds.
        #[expect(clippy::disallowed_methods, reason = "bounded by `take`")]
        let read = self.reader.by_ref().take(wanted).read_to_end(&mut self.bytes)?;
        self.is_read = (read as u64) < wanted;
        Ok(())
    }

    /// Searches the next window and keeps of it what the one behind it needs.
    fn advance(&mut self) {
        let end = if self.is_read { self.bytes.len() } else { self.next + self.core };
        let decoded = Decoded::of(&self.bytes);
        let hits = self.matcher.find(&decoded.text).into_iter();
        let hits = hits.map(|hit| (decoded.byte(hit.start)..decoded.byte(hit.end), hit));
        let inside = hits.filter(|(span, _)| (self.next..end).contains(&span.start));
        let found: Vec<StreamHit> = inside.map(|(span, hit)| StreamHit::new(&hit, self.offset, span)).collect();
        self.hits = found.into_iter();
        let keep = self.window_start(end);
        self.bytes.drain(..keep);
        self.offset += keep as u64;
        self.next = end - keep;
    }

    /// Where the next window begins, for a core that begins at `core`: at a line start if there is
    /// one, because the matches of an expression depend on where its text begins.
    fn window_start(&self, core: usize) -> usize {
        let latest = core.saturating_sub(self.margin);
        let earliest = latest.saturating_sub(self.margin);
        let before = self.bytes.get(earliest..latest).unwrap_or_default();
        match before.iter().rposition(|&byte| byte == b'\n') {
            Some(line_end) => earliest + line_end + 1,
            None => character_start(&self.bytes, latest),
        }
    }
}

impl<R: Read> Iterator for StreamMatcher<'_, R> {
    type Item = io::Result<StreamHit>;

    fn next(&mut self) -> Option<io::Result<StreamHit>> {
        loop {
            if let Some(hit) = self.hits.next() {
                return Some(Ok(hit));
            }
            if let Err(error) = self.fill() {
                self.is_read = true;
                self.next = self.bytes.len();
                return Some(Err(error));
            }
            if self.next >= self.bytes.len() {
                return None;
            }
            self.advance();
        }
    }
}

impl StreamHit {
    fn new(hit: &Hit<'_>, offset: u64, span: std::ops::Range<usize>) -> StreamHit {
        StreamHit {
            term: hit.term,
            kind: hit.kind,
            start: offset + span.start as u64,
            end: offset + span.end as u64,
            matched: hit.matched.to_owned(),
            form: hit.form,
            confidence: hit.confidence,
        }
    }
}

#[cfg(test)]
mod tests;
