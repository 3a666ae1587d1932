//! Folded text and its map back to the bytes of the original.

use std::ops::Range;

/// Folded text with a total map back: every folded byte belongs to a byte range of the original,
/// always on character borders, in order. Removed characters belong to no folded byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folded {
    text: String,
    segments: Vec<Segment>,
}

/// A stretch of folded text; it ends where the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Segment {
    folded: usize,
    start: usize,
    end: usize,
    /// Folded and original characters correspond one to one and byte for byte; otherwise all of
    /// the folded stretch comes from all of the original one.
    aligned: bool,
}

impl Folded {
    /// The folded text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a byte range of [`text`](Self::text) comes from, widened to
    /// whole characters on both sides. Offsets beyond the end are cut to the end; an empty range
    /// maps to an empty range.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.ceil_char_boundary(range.end);
        let from = self.segment_at(start);
        if start >= end {
            let at = from.map_or(0, |s| s.range(start, start).start);
            return at..at;
        }
        let to = self.segment_at(end - 1);
        let from = from.map_or(0, |s| s.range(start, end).start);
        from..to.map_or(from, |s| s.range(start, end).end)
    }

    /// The bytes of [`text`](Self::text) that come from a byte range of the original: the opposite
    /// of [`original`](Self::original), likewise widened to whole characters.
    pub fn folded(&self, original: Range<usize>) -> Range<usize> {
        let first = self.segments.partition_point(|s| s.end <= original.start);
        let next = self.segments.partition_point(|s| s.start < original.end);
        let begin = self.segments.get(first).map_or(self.text.len(), |s| s.folded_start(original.start));
        let last = next.checked_sub(1).and_then(|last| self.segments.get(last).filter(|_| last >= first));
        let end = last.map_or(begin, |s| {
            let limit = self.segments.get(next).map_or(self.text.len(), |s| s.folded);
            if s.aligned { (s.folded + original.end.saturating_sub(s.start)).min(limit) } else { limit }
        });
        let begin = self.text.floor_char_boundary(begin);
        begin..self.text.ceil_char_boundary(end).max(begin)
    }

    /// The folded characters, each with the byte range of the original that it comes from;
    /// characters of one original share its range.
    pub fn chars(&self) -> impl Iterator<Item = (char, Range<usize>)> + '_ {
        self.text.char_indices().map(|(at, c)| (c, self.original(at..at + c.len_utf8())))
    }

    fn segment_at(&self, folded: usize) -> Option<Segment> {
        let next = self.segments.partition_point(|s| s.folded <= folded);
        self.segments.get(next.checked_sub(1)?).copied()
    }
}

impl Segment {
    fn folded_start(self, original: usize) -> usize {
        if self.aligned { self.folded + original.saturating_sub(self.start) } else { self.folded }
    }

    /// The original of the part of this segment that lies in `start..end` of the folded text.
    fn range(self, start: usize, end: usize) -> Range<usize> {
        if self.aligned {
            let at = |folded: usize| (self.start + folded.saturating_sub(self.folded)).min(self.end);
            at(start)..at(end)
        } else {
            self.start..self.end
        }
    }
}

/// Builds a [`Folded`] from left to right.
#[derive(Debug, Default)]
pub(crate) struct FoldedBuilder {
    folded: Folded,
}

impl FoldedBuilder {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut builder = Self::default();
        builder.folded.text.reserve(bytes);
        builder
    }

    /// Appends `text`, which comes from `original`. `one_to_one` says that both are one
    /// character, or ASCII throughout.
    pub(crate) fn push(&mut self, text: &str, original: Range<usize>, one_to_one: bool) {
        let aligned = one_to_one && text.len() == original.len();
        self.push_segment(Segment {
            folded: self.folded.text.len(),
            start: original.start,
            end: original.end,
            aligned,
        });
        self.folded.text.push_str(text);
    }

    /// Appends a part of other folded text with its map.
    pub(crate) fn copy(&mut self, from: &Folded, range: Range<usize>) {
        let Some(text) = from.text.get(range.clone()) else {
            return;
        };
        let first = from.segments.partition_point(|s| s.folded <= range.start);
        let shift = self.folded.text.len();
        for (index, segment) in from.segments.iter().enumerate().skip(first.saturating_sub(1)) {
            if segment.folded >= range.end {
                break;
            }
            let next = from.segments.get(index + 1).map_or(from.text.len(), |s| s.folded);
            let begin = segment.folded.max(range.start);
            let original = segment.range(begin, next.min(range.end));
            self.push_segment(Segment {
                folded: shift + begin - range.start,
                start: original.start,
                end: original.end,
                aligned: segment.aligned,
            });
        }
        self.folded.text.push_str(text);
    }

    fn push_segment(&mut self, segment: Segment) {
        if let Some(last) = self.folded.segments.last_mut()
            && last.aligned
            && segment.aligned
            && last.end == segment.start
        {
            last.end = segment.end;
        } else {
            self.folded.segments.push(segment);
        }
    }

    /// The last character written.
    pub(crate) fn last(&self) -> Option<char> {
        self.folded.text.chars().next_back()
    }

    pub(crate) fn len(&self) -> usize {
        self.folded.text.len()
    }

    pub(crate) fn finish(self) -> Folded {
        self.folded
    }
}
