//! Numbers as traders write them: "3.2M", "1,5 млн", "120 萬", "五千".

/// An amount in digits: groups parted by spaces, dots, commas or apostrophes, with or without a fraction.
pub(crate) const DIGITS: &str = r"(?:\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,']\d+)*)";

/// An amount in Chinese numerals.
pub(crate) const HAN: &str = "[〇零一二兩两三四五六七八九十百千萬万億亿]{1,12}";

/// A multiplier written behind the digits. The letters must not run on into a word.
pub(crate) const MULTIPLIER: &str = concat!(
    r"(?:千萬|千万|百萬|百万|萬|万|億|亿|",
    r"(?:thousand|million|billion|mln|mil|bn|mm|kk|k|m|b)(?:\.|(?-u:\b))|",
    r"(?:тысяч[аи]?|тыс|миллион(?:а|ов)?|миллиард(?:а|ов)?|млн|млрд|кк|к|м)(?:\.|\b))"
);

/// The value of an amount written in digits; `None` when it is not a number.
///
/// A dot or comma that stands once parts the fraction, except that a comma before exactly three digits parts
/// thousands ("1,500"); of two different signs the last one parts the fraction; a sign that repeats parts groups.
pub(crate) fn digits(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\'')).collect();
    let dots = text.matches('.').count();
    let commas = text.matches(',').count();
    let fraction = match (dots, commas) {
        (0, 0) => None,
        (1, 0) => Some('.'),
        (0, 1) => (!groups_thousands(&text)).then_some(','),
        (1, 1) => text.rfind(['.', ',']).and_then(|at| text.get(at..)?.chars().next()),
        (_, 1) => Some(','),
        (1, _) => Some('.'),
        _ => None,
    };
    let plain: String = text
        .chars()
        .filter_map(|c| if Some(c) == fraction { Some('.') } else { c.is_ascii_digit().then_some(c) })
        .collect();
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

fn groups_thousands(text: &str) -> bool {
    text.split_once(',')
        .is_some_and(|(whole, rest)| rest.len() == 3 && !whole.is_empty() && whole.len() <= 3 && whole != "0")
}

/// The value of a multiplier; 1 for none.
pub(crate) fn multiplier(text: Option<&str>) -> f64 {
    let text = text.unwrap_or_default().trim_end_matches('.');
    match text {
        "k" | "к" | "thousand" => 1e3,
        _ if text.starts_with("тыс") => 1e3,
        "m" | "м" | "mm" | "kk" | "кк" | "mln" | "mil" | "млн" | "million" | "百萬" | "百万" => 1e6,
        _ if text.starts_with("миллион") => 1e6,
        "b" | "bn" | "млрд" | "billion" => 1e9,
        _ if text.starts_with("миллиард") => 1e9,
        "萬" | "万" => 1e4,
        "千萬" | "千万" => 1e7,
        "億" | "亿" => 1e8,
        _ => 1.0,
    }
}

/// The value of an amount in Chinese numerals; `None` when it is none ("萬" alone is not a number).
pub(crate) fn han(text: &str) -> Option<f64> {
    let (mut total, mut section, mut digit, mut seen) = (0_f64, 0_f64, 0_f64, false);
    for c in text.chars() {
        if let Some(value) = "零一二三四五六七八九".chars().position(|d| d == plain_han(c)) {
            digit = f64::from(u32::try_from(value).ok()?);
            seen = true;
            continue;
        }
        match c {
            '十' | '百' | '千' => {
                let unit = match c {
                    '十' => 10.0,
                    '百' => 100.0,
                    _ => 1000.0,
                };
                section += unit * if digit == 0.0 { 1.0 } else { digit };
                seen = true;
            }
            _ => {
                let unit = if matches!(c, '萬' | '万') { 1e4 } else { 1e8 };
                total = (total + section + digit) * unit;
                section = 0.0;
            }
        }
        digit = 0.0;
    }
    seen.then_some(total + section + digit)
}

fn plain_han(c: char) -> char {
    match c {
        '〇' => '零',
        '兩' | '两' => '二',
        other => other,
    }
}

/// A value as a whole number; what is too large for one becomes the largest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates; values are not negative")]
pub(crate) fn whole(value: f64) -> u64 {
    value.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_in_every_hand() {
        for (text, value) in [
            ("2", 2.0),
            ("3.2", 3.2),
            ("1,5", 1.5),
            ("1,500", 1500.0),
            ("1,500,000", 1_500_000.0),
            ("1.500.000", 1_500_000.0),
            ("1 500 000", 1_500_000.0),
            ("1,234.5", 1234.5),
            ("1.234,5", 1234.5),
            ("0,500", 0.5),
            ("1'200", 1200.0),
        ] {
            assert_eq!(digits(text), Some(value), "{text}");
        }
    }

    #[test]
    fn chinese_numerals() {
        for (text, value) in [
            ("五千", Some(5000.0)),
            ("十萬", Some(1e5)),
            ("三百二十万", Some(3.2e6)),
            ("兩億", Some(2e8)),
            ("一百零五", Some(105.0)),
            ("二十", Some(20.0)),
            ("萬", None),
            ("億", None),
        ] {
            assert_eq!(han(text), value, "{text}");
        }
    }

    #[test]
    fn a_huge_value_saturates() {
        assert_eq!(whole(1e40), u64::MAX);
    }
}
