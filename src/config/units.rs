//! Durations and sizes as people write them: `90s`, `4MiB`.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A duration, written with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

/// A number of bytes, written with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes(pub usize);

const SPANS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
const SIZES: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1)];

fn read(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..split].parse().ok()?;
    let (_, unit) = units.iter().find(|(name, _)| *name == &text[split..])?;
    number.checked_mul(*unit)
}

/// The largest unit that leaves a whole number.
fn write(f: &mut fmt::Formatter<'_>, value: u64, units: &[(&str, u64)]) -> fmt::Result {
    let (name, unit) = units.iter().find(|(_, unit)| value > 0 && value.is_multiple_of(*unit)).unwrap_or(&units[3]);
    write!(f, "{}{name}", value / unit)
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX), &SPANS)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.0 as u64, &SIZES)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let ms = read(&text, &SPANS).ok_or_else(|| {
            D::Error::custom(format!(
                "`{text}` is not a duration; write a number with ms, s, m, h or d, such as \"90s\""
            ))
        })?;
        Ok(Self(Duration::from_millis(ms)))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let bytes = read(&text, &SIZES).and_then(|bytes| usize::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| {
            D::Error::custom(format!("`{text}` is not a size; write a number with KiB, MiB or GiB, such as \"4MiB\""))
        })
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// Networks as text, `127.0.0.0/8`.
pub(super) mod networks {
    use ipnet::IpNet;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

    pub(in crate::config) fn serialize<S: Serializer>(networks: &[IpNet], s: S) -> Result<S::Ok, S::Error> {
        networks.iter().map(ToString::to_string).collect::<Vec<_>>().serialize(s)
    }

    pub(in crate::config) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<IpNet>, D::Error> {
        let read = |text: String| {
            text.parse().map_err(|_| D::Error::custom(format!("`{text}` is not a network such as \"127.0.0.0/8\"")))
        };
        Vec::<String>::deserialize(d)?.into_iter().map(read).collect()
    }
}
