//! Whether a term is fit to be watched for, judged by what it would have found; pure.

use serde::Serialize;

use crate::store::model::TermVerdicts;

/// Most alerts a day, on average, that a term may raise: beyond it the duty desk reads this term and little else.
pub const MAX_ALERTS_A_DAY: f64 = 3.0;
/// Most alerts that a term may have raised on its worst day.
pub const MAX_ALERTS_ON_ONE_DAY: u64 = 20;
/// Fewer alerts than this are never too many, however short the history is.
pub const MIN_ALERTS: u64 = 10;
/// Verdicts on equal terms from which their precision counts.
pub const MIN_VERDICTS: i64 = 5;
/// Least precision of equal terms: below it four alerts in five were about something else.
pub const MIN_PRECISION: f64 = 0.2;

/// What a preview comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may be watched for.
    Fine,
    /// It needs a context, a stated reason, or a second person.
    TooBroad(Breadth),
    /// Nothing of it was found; it may still be right.
    NeverSeen,
}

/// Why a term is too broad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Breadth {
    /// More than [`MAX_ALERTS_A_DAY`].
    ManyADay,
    /// More than [`MAX_ALERTS_ON_ONE_DAY`] on one day.
    ManyOnOneDay,
    /// Equal terms were judged [`MIN_VERDICTS`] times or more, with less than [`MIN_PRECISION`].
    MostlyFalse,
    /// Posts and files are full of the word, whatever was captured until now.
    OrdinaryWord,
}

impl Verdict {
    /// The name under which it is shown and translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::NeverSeen => "never_seen",
            Self::TooBroad(Breadth::ManyADay) => "many_a_day",
            Self::TooBroad(Breadth::ManyOnOneDay) => "many_on_one_day",
            Self::TooBroad(Breadth::MostlyFalse) => "mostly_false",
            Self::TooBroad(Breadth::OrdinaryWord) => "ordinary_word",
        }
    }

    /// Every verdict.
    pub const ALL: [Self; 6] = [
        Self::Fine,
        Self::NeverSeen,
        Self::TooBroad(Breadth::ManyADay),
        Self::TooBroad(Breadth::ManyOnOneDay),
        Self::TooBroad(Breadth::MostlyFalse),
        Self::TooBroad(Breadth::OrdinaryWord),
    ];

    /// Whether it may not simply be watched for.
    #[must_use]
    pub fn is_too_broad(self) -> bool {
        matches!(self, Self::TooBroad(_))
    }

    /// One sentence for the command line.
    #[must_use]
    pub fn sentence(self) -> String {
        match self {
            Self::Fine => "fine".to_owned(),
            Self::NeverSeen => {
                "never seen: nothing of it was found; check its spelling, it may still be right".to_owned()
            }
            Self::TooBroad(Breadth::ManyADay) => {
                format!("too broad: more than {MAX_ALERTS_A_DAY} alerts a day; give it a context, or say why")
            }
            Self::TooBroad(Breadth::ManyOnOneDay) => {
                format!("too broad: more than {MAX_ALERTS_ON_ONE_DAY} alerts on one day; give it a context, or say why")
            }
            Self::TooBroad(Breadth::MostlyFalse) => format!(
                "too broad: of {MIN_VERDICTS} alerts and more of equal terms, less than {:.0} % were confirmed; \
                 give it a context, or say why",
                MIN_PRECISION * 100.0
            ),
            Self::TooBroad(Breadth::OrdinaryWord) => {
                "too broad: posts and files are full of this word; give it a context, or say why".to_owned()
            }
        }
    }
}

/// Judges a term by the alerts it would have raised in `days` days (at least 1), on its worst day, by the
/// verdicts on equal terms, and by whether it is an ordinary word: a history that is still short shows nothing of that.
#[must_use]
pub(super) fn judge(alerts: u64, worst_day: u64, days: u64, equal: TermVerdicts, ordinary: bool) -> Verdict {
    let judged = equal.confirmed + equal.dismissed;
    #[expect(clippy::cast_precision_loss, reason = "a window holds far fewer than 2^52 alerts")]
    let a_day = alerts as f64 / days.max(1) as f64;
    if judged >= MIN_VERDICTS && equal.precision().is_some_and(|precision| precision < MIN_PRECISION) {
        Verdict::TooBroad(Breadth::MostlyFalse)
    } else if alerts >= MIN_ALERTS && a_day > MAX_ALERTS_A_DAY {
        Verdict::TooBroad(Breadth::ManyADay)
    } else if worst_day > MAX_ALERTS_ON_ONE_DAY {
        Verdict::TooBroad(Breadth::ManyOnOneDay)
    } else if ordinary {
        Verdict::TooBroad(Breadth::OrdinaryWord)
    } else if alerts == 0 {
        Verdict::NeverSeen
    } else {
        Verdict::Fine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_of_verdicts() {
        let none = TermVerdicts::default();
        for (alerts, worst, days, equal, expected) in [
            (0, 0, 90, none, Verdict::NeverSeen),
            (270, 5, 90, none, Verdict::Fine),
            (271, 5, 90, none, Verdict::TooBroad(Breadth::ManyADay)),
            (9, 9, 1, none, Verdict::Fine),
            (10, 10, 1, none, Verdict::TooBroad(Breadth::ManyADay)),
            (21, 20, 90, none, Verdict::Fine),
            (21, 21, 90, none, Verdict::TooBroad(Breadth::ManyOnOneDay)),
            (1, 1, 90, TermVerdicts { confirmed: 0, dismissed: 4 }, Verdict::Fine),
            (1, 1, 90, TermVerdicts { confirmed: 1, dismissed: 4 }, Verdict::Fine),
            (0, 0, 90, TermVerdicts { confirmed: 0, dismissed: 5 }, Verdict::TooBroad(Breadth::MostlyFalse)),
        ] {
            assert_eq!(judge(alerts, worst, days, equal, false), expected, "{alerts} {worst} {days} {equal:?}");
        }
        assert_eq!(judge(0, 0, 1, none, true), Verdict::TooBroad(Breadth::OrdinaryWord));
        assert_eq!(judge(10, 10, 1, none, true), Verdict::TooBroad(Breadth::ManyADay), "what was seen says more");
    }
}
