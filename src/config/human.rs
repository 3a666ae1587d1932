//! Durations and sizes as people write them: `"90s"`, `"30m"`, `"4MiB"`.

use std::{fmt, str::FromStr, time::Duration};

use jiff::SignedDuration;

/// Serde by `FromStr` and `Display`.
macro_rules! text_form {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A length of time, written with its units: `"90s"`, `"30m"`, `"1h 30m"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HumanDuration(pub Duration);

impl HumanDuration {
    /// So many seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

impl FromStr for HumanDuration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = r#"a length of time such as "90s", "30m" or "12h" is expected"#;
        let length: SignedDuration = text.parse().map_err(|_| expected.to_owned())?;
        let length = Duration::try_from(length).map_err(|_| expected.to_owned())?;
        Ok(Self(length))
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match SignedDuration::try_from(self.0) {
            Ok(length) => write!(f, "{length:#}"),
            Err(_) => write!(f, "{}s", self.0.as_secs()),
        }
    }
}

/// An amount of memory or disk, written with its unit: `"512B"`, `"64KiB"`, `"4MiB"`, `"1GiB"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HumanSize {
    /// The amount in bytes.
    pub bytes: usize,
}

impl HumanSize {
    /// So many times 1,048,576 bytes.
    #[must_use]
    pub const fn from_mib(mib: usize) -> Self {
        Self { bytes: mib << 20 }
    }
}

/// Units, largest first, in bytes.
const UNITS: [(&str, usize); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

impl FromStr for HumanSize {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        UNITS
            .iter()
            .find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?.trim_end(), *bytes)))
            .and_then(|(number, bytes)| number.parse::<usize>().ok()?.checked_mul(bytes))
            .map(|bytes| Self { bytes })
            .ok_or_else(|| r#"a size such as "64KiB", "16MiB" or "1GiB" is expected"#.to_owned())
    }
}

impl fmt::Display for HumanSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, bytes)| self.bytes >= *bytes && self.bytes.is_multiple_of(*bytes));
        let (name, bytes) = unit.copied().unwrap_or(("B", 1));
        write!(f, "{}{name}", self.bytes / bytes)
    }
}

text_form!(HumanDuration);
text_form!(HumanSize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_meant() {
        for (text, seconds) in [("90s", 90), ("30m", 1800), ("12h", 43200), ("1h 30m", 5400), ("PT2M", 120)] {
            assert_eq!(text.parse(), Ok(HumanDuration::from_secs(seconds)), "{text}");
        }
        for (text, bytes) in [("512B", 512), ("64KiB", 65536), ("4MiB", 4 << 20), ("1 GiB", 1 << 30)] {
            assert_eq!(text.parse(), Ok(HumanSize { bytes }), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "90", "-5s", "soon", "1mo", "s"] {
            assert!(text.parse::<HumanDuration>().is_err(), "{text}");
        }
        for text in ["", "4", "4MB", "-1MiB", "1.5MiB", "MiB", "99999999999999999999B", "18446744073709551615GiB"] {
            assert!(text.parse::<HumanSize>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_written_form_reads_back() {
        for seconds in [0, 1, 90, 5400, 86400] {
            let length = HumanDuration::from_secs(seconds);
            assert_eq!(length.to_string().parse(), Ok(length), "{length}");
        }
        for bytes in [0, 1, 1500, 64 << 10, 3 << 30] {
            let size = HumanSize { bytes };
            assert_eq!(size.to_string().parse(), Ok(size), "{size}");
        }
    }
}
