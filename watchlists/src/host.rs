//! What host names look like inside text.

use crate::fold::script::is_spaced_word;

/// Longest host name, in bytes (RFC 1035, section 2.3.4).
pub(crate) const MAX_HOST: usize = 253;

/// A letter or digit of a label. Han, kana and the like are not: in running text they stand right
/// beside a name that they do not belong to.
pub(crate) fn is_label_char(c: char) -> bool {
    is_spaced_word(c)
}

/// Whether `host`, in lower case, ends in a suffix of the Public Suffix List (`onion` is one).
pub(crate) fn has_known_suffix(host: &str) -> bool {
    psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

/// Whether `before` ends in a percent-escape such as `%2F`, which separates like the character it
/// stands for.
pub(crate) fn ends_in_percent_escape(before: &str) -> bool {
    matches!(before.as_bytes(), [.., b'%', high, low]
        if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}
