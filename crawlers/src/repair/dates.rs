//! How sites write times: the formats that are tried when a known time is looked for in a page.

use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use regex::Regex;

use crate::extract::{DateFormat, Filter, Moment};

/// A clock: hours, minutes, maybe seconds, maybe a half of the day.
const CLOCK: &str = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[aApP]\.?[mM]\.?)?";

/// What such a time looks like within a longer text, and the formats it may be in. Of two readings of the same text
/// what is known decides.
const STYLES: [(&str, &[&str]); 9] = [
    (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)", &["rfc3339"]),
    (r"\d{4}-\d\d?-\d\d?[T ,]+CLOCK", &["yyyy-M-d[,] H:mm[:ss]", "yyyy-M-d'T'H:mm[:ss]", "yyyy-M-d[,] h:mm[:ss][ ]a"]),
    (r"\d{4}[/.]\d\d?[/.]\d\d?[ ,]+CLOCK", &["yyyy/M/d[,] H:mm[:ss]", "yyyy.M.d[,] H:mm[:ss]"]),
    (r"\d\d?\.\d\d?\.\d{4}[ ,]+(?:в )?CLOCK", &["d.M.yyyy[,] ['в ']H:mm[:ss]"]),
    (
        r"\d\d?/\d\d?/\d{4}[ ,]+CLOCK",
        &["d/M/yyyy[,] H:mm[:ss]", "M/d/yyyy[,] H:mm[:ss]", "M/d/yyyy[,] h:mm[:ss][ ]a", "d/M/yyyy[,] h:mm[:ss][ ]a"],
    ),
    (
        r"\d\d?-\d\d?-\d{4}[ ,]+CLOCK",
        &["d-M-yyyy[,] H:mm[:ss]", "M-d-yyyy[,] H:mm[:ss]", "M-d-yyyy[,] h:mm[:ss][ ]a", "d-M-yyyy[,] h:mm[:ss][ ]a"],
    ),
    (
        r"\p{L}{3,9}\.? \d\d?,? \d{4},?(?: at)? CLOCK",
        &[
            "MMMM d[,] yyyy[,] h:mm[:ss][ ]a",
            "MMMM d[,] yyyy[,] H:mm[:ss]",
            "MMMM d[,] yyyy 'at' h:mm[:ss][ ]a",
            "MMMM d[,] yyyy 'at' H:mm[:ss]",
        ],
    ),
    (
        r"\d\d?[ -]\p{L}{3,9}\.?[ -]\d{4}(?: г\.)?,?(?: at| в)? CLOCK",
        &[
            "d MMMM yyyy[,] H:mm[:ss]",
            "d MMMM yyyy[,] h:mm[:ss][ ]a",
            "d MMMM yyyy[ 'г.'][ 'в'] H:mm[:ss]",
            "d-MMMM-yyyy[,] H:mm[:ss]",
            "d MMMM yyyy 'at' H:mm[:ss]",
        ],
    ),
    (r"\d{4}年\d\d?月\d\d?日[ ,]*CLOCK", &["yyyy年M月d日[,][ ]H:mm[:ss]"]),
];

/// One way to read a time: what is cut out of the text first, and the format.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// Pattern of the time within a text; `None` when the whole text is the time.
    pub(crate) cut: Option<String>,
    /// Formats, as a definition writes them.
    pub(crate) formats: Vec<String>,
    steps: Vec<Filter>,
}

impl Style {
    fn new(cut: Option<String>, formats: &[&str]) -> Option<Self> {
        let ready: Result<Vec<_>, _> = formats.iter().map(|format| DateFormat::parse(format)).collect();
        let mut steps = Vec::new();
        if let Some(pattern) = &cut {
            steps.push(Filter::Regexp(Arc::new(Regex::new(pattern).ok()?)));
        }
        steps.extend([Filter::Trim, Filter::Date(ready.ok()?)]);
        Some(Self { cut, formats: formats.iter().map(|format| (*format).to_owned()).collect(), steps })
    }

    /// Reads a text.
    pub(crate) fn read(&self, text: &str, at: &Moment<'_>) -> Option<Timestamp> {
        let value = self.steps.iter().try_fold(text.to_owned(), |value, step| step.apply(value, at));
        value?.parse().ok()
    }

    /// The steps of a definition's field.
    pub(crate) fn steps(&self) -> Vec<Filter> {
        self.steps.clone()
    }
}

/// Every way to read a time, whole texts first.
pub(crate) static STYLES_TRIED: LazyLock<Vec<Style>> = LazyLock::new(|| {
    let each = || STYLES.iter().flat_map(|(cut, formats)| formats.iter().map(move |format| (*cut, *format)));
    let whole = each().map(|(_, format)| (None, vec![format, "fuzzy_time"]));
    let cut = each().map(|(cut, format)| (Some(format!("({})", cut.replace("CLOCK", CLOCK))), vec![format]));
    let unix = [(None, vec!["unix"]), (Some(r"^(\d{10})\d{3}$".to_owned()), vec!["unix"])];
    whole.chain(unix).chain(cut).filter_map(|(cut, formats)| Style::new(cut, &formats)).collect()
});

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn each_style_is_read() {
        let at = Moment { zone: &TimeZone::UTC, received_at: "2026-07-20T10:00:00Z".parse().unwrap(), format: None };
        let cuts: usize = STYLES.iter().map(|(_, formats)| formats.len()).sum();
        assert_eq!(STYLES_TRIED.len(), 2 * cuts + 2, "a pattern or a format cannot be read");
        for text in [
            "2026-07-09T19:35:00+00:00",
            "2026-07-09 19:35",
            "posted 2026/7/9 19:35:00 by bob",
            "09.07.2026 в 19:35",
            "9/7/2026, 19:35",
            "7/9/2026 7:35 PM",
            "July 9, 2026 at 7:35 pm",
            "Posted on 9 июля 2026 г. в 19:35",
            "2026年7月9日 19:35",
            "1783625700",
            "1783625700000",
        ] {
            let expected = "2026-07-09T19:35:00Z".parse().unwrap();
            assert!(STYLES_TRIED.iter().any(|style| style.read(text, &at) == Some(expected)), "{text}");
        }
    }
}
