//! Version numbers: how they are read, and the ranges that they are held against.

/// A version by its numbers, without zeros at the end, so that 7.0 equals 7.0.0. A letter behind
/// a number counts as a number of its own: 1.0.2k is before 1.0.2u, 9.8p1 before 9.8p2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(Vec<u64>);

/// A version as written, with how much of the text it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    parts: Vec<u64>,
    /// Ends in `x` or `*`.
    pub(crate) wild: bool,
    /// Its length in bytes.
    pub(crate) len: usize,
}

/// More numbers than any version has.
const MAX_PARTS: usize = 8;

/// More digits than a number of a version has; longer runs are something else.
const MAX_DIGITS: usize = 12;

impl Written {
    /// Reads a version at the start of folded text: `7`, `v7.0.3`, `9.8p1`, `7.x`.
    pub(crate) fn read(text: &str) -> Option<Written> {
        let prefix = text.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let mut rest = prefix.unwrap_or(text);
        let (mut parts, mut wild) = (Vec::new(), false);
        loop {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 || digits > MAX_DIGITS || parts.len() == MAX_PARTS {
                return None;
            }
            parts.push(rest[..digits].parse().ok()?);
            rest = &rest[digits..];
            if let Some(after) = rest.strip_prefix(".x").or_else(|| rest.strip_prefix(".*"))
                && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
            {
                (rest, wild) = (after, true);
                break;
            }
            match rest.strip_prefix('.').filter(|more| more.starts_with(|c: char| c.is_ascii_digit())) {
                Some(more) => rest = more,
                None => break,
            }
        }
        if !wild {
            rest = read_letter(rest, &mut parts);
        }
        Some(Written { parts, wild, len: text.len() - rest.len() })
    }

    pub(crate) fn has_dot(&self) -> bool {
        self.wild || self.parts.len() > 1
    }

    pub(crate) fn version(&self) -> Version {
        trimmed(self.parts.clone())
    }

    /// Every version that begins as this one: 7.0 and 7.0.3 for `7.0`.
    pub(crate) fn family(&self) -> Range {
        let mut next = self.parts.clone();
        if let Some(last) = next.last_mut() {
            *last = last.saturating_add(1);
        }
        Range { lower: Some((self.version(), true)), upper: Some((trimmed(next), false)) }
    }

    /// Exactly this version, or its family when it ends in `x`.
    pub(crate) fn exactly(&self) -> Range {
        match self.wild {
            true => self.family(),
            false => Range { lower: Some((self.version(), true)), upper: Some((self.version(), true)) },
        }
    }
}

/// Takes in a letter and its number right behind a version: `k`, `p1`. More letters are a word.
fn read_letter<'t>(rest: &'t str, parts: &mut Vec<u64>) -> &'t str {
    let Some(&letter) = rest.as_bytes().first().filter(|b| b.is_ascii_lowercase()) else {
        return rest;
    };
    let digits = rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    let after = &rest[1 + digits..];
    if digits > MAX_DIGITS || after.starts_with(char::is_alphanumeric) {
        return rest;
    }
    parts.push(u64::from(letter - b'a') + 1);
    parts.extend(rest[1..=digits].parse::<u64>());
    after
}

fn trimmed(mut parts: Vec<u64>) -> Version {
    while parts.last() == Some(&0) {
        parts.pop();
    }
    Version(parts)
}

/// A limit and whether it is inside.
type Limit = Option<(Version, bool)>;

/// The versions between two limits, of which either may be missing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Range {
    pub(crate) lower: Limit,
    pub(crate) upper: Limit,
}

impl Range {
    /// The versions in both.
    pub(crate) fn and(self, other: Range) -> Range {
        // Of two equal limits the one that leaves the version out is the narrower.
        let lower = [self.lower, other.lower].into_iter().flatten().max_by(|a, b| (&a.0, !a.1).cmp(&(&b.0, !b.1)));
        let upper = [self.upper, other.upper].into_iter().flatten().min();
        Range { lower, upper }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match (&self.lower, &self.upper) {
            (Some((low, low_in)), Some((high, high_in))) => low > high || (low == high && !(*low_in && *high_in)),
            _ => false,
        }
    }

    pub(crate) fn meets(&self, other: &Range) -> bool {
        !self.clone().and(other.clone()).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Written::read(text).expect(text).version()
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        let rising = ["6.9", "7", "7.0.1", "v7.0.9", "7.0.10", "7.2", "9.8p1", "9.8p2", "10.0.14393.1"];
        assert!(rising.windows(2).all(|pair| version(pair[0]) < version(pair[1])));
        assert_eq!(version("7"), version("7.0.0"));
        assert!(version("1.0.2k") < version("1.0.2u"));
    }

    #[test]
    fn a_version_takes_what_belongs_to_it() {
        for (text, len) in [
            ("7.0.3, x", 5),
            ("v7 ", 2),
            ("7.x)", 3),
            ("7.2.*", 5),
            ("7.0.", 3),
            ("7.0beta", 3),
            ("2.4xyz", 3),
            ("7.", 1),
        ] {
            assert_eq!(Written::read(text).expect(text).len, len, "{text}");
        }
        for text in ["", "x", ".7", "v", "1234567890123", "1.1.1.1.1.1.1.1.1"] {
            assert_eq!(Written::read(text), None, "{text}");
        }
    }

    #[test]
    fn ranges_meet_where_a_version_is_in_both() {
        let read = |text| Written::read(text).expect(text);
        assert!(read("7.x").family().meets(&read("7.4").exactly()));
        assert!(!read("7.x").family().meets(&read("8.0").exactly()));
        assert!(read("7.0").family().meets(&read("7.0.9").exactly()));
        assert!(!read("7.0").exactly().meets(&read("7.0.9").exactly()));
        let open = Range { lower: Some((version("7"), false)), upper: Some((version("7"), true)) };
        assert!(open.is_empty() && !Range::default().is_empty());
    }
}
