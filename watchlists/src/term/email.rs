//! E-mail addresses as terms.

use unicode_normalization::UnicodeNormalization;

use super::{TermError, domain};

/// Longest name before the `@`, in bytes (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// An address in lower case with its domain in ASCII.
pub(super) fn parse(text: &str) -> Result<String, TermError> {
    let normal: String = text.nfkc().collect();
    let Some((local, name)) = normal.split_once('@').filter(|(_, name)| !name.contains('@')) else {
        return Err(TermError::NoAt { text: text.to_owned() });
    };
    let local = local.to_lowercase();
    if !is_local_part(&local) {
        return Err(TermError::BadLocalPart { text: text.to_owned() });
    }
    Ok(format!("{local}@{}", domain::parse_name(name, name)?))
}

/// A dot-atom of RFC 5322, section 3.2.3, with letters of any script (RFC 6531).
fn is_local_part(local: &str) -> bool {
    let atom = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    local.len() <= MAX_LOCAL && local.split('.').all(|part| !part.is_empty() && part.chars().all(atom))
}

/// The address with its domain in its own script.
pub(super) fn to_unicode(address: &str) -> String {
    match address.split_once('@') {
        Some((local, name)) => format!("{local}@{}", domain::to_unicode(name)),
        None => address.to_owned(),
    }
}
