//! Times as they are written in a query.

use jiff::Timestamp;
use jiff::civil::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Milliseconds since 1970 UTC of a UTC day (`2026-11-01`, its first instant) or an RFC 3339 time.
pub(crate) fn parse_ms(text: &str) -> Option<i64> {
    if text.len() == "2026-11-01".len() {
        let day = text.parse::<Date>().ok()?;
        return i64::try_from(day.duration_since(EPOCH).as_millis()).ok();
    }
    let time = text.parse::<Timestamp>().ok()?;
    Some(time.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_are_read() {
        assert_eq!(parse_ms("1970-01-02"), Some(86_400_000));
        assert_eq!(parse_ms("9999-12-31"), Some(253_402_214_400_000));
        assert_eq!(parse_ms("1970-01-01T08:00:01.250+08:00"), Some(1250));
        assert_eq!(parse_ms("1970-01-01T00:00:01Z"), Some(1000));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "2026-13-01", "2026-11-1", "yesterday", "2026-11-01T08:00"] {
            assert_eq!(parse_ms(text), None, "{text}");
        }
    }
}
