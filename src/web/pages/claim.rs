//! A claim as lines a reader understands: what is asserted, never as a fact.

use crate::assess::{Claim, Reading};
use crate::web::i18n::Lang;
use crate::web::view::plain;

/// One kind of assertion, with the words it was read from.
pub(crate) struct ClaimLine {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) wording: String,
}

/// What the claim asserts, gravest first.
pub(crate) fn claim_lines(lang: Lang, claim: &Claim) -> Vec<ClaimLine> {
    let action = word(&claim.action);
    let mut lines = vec![ClaimLine {
        label: lang.t("claim.action").to_owned(),
        value: lang.word("action", &action),
        wording: wording(&claim.actions),
    }];
    let mut add = |label: &str, value: String, wording: String| {
        if !value.is_empty() {
            lines.push(ClaimLine { label: label.to_owned(), value, wording });
        }
    };
    add(lang.t("claim.volume"), each(&claim.volumes, |bytes| volume(*bytes)), wording(&claim.volumes));
    add(lang.t("claim.records"), each(&claim.records, |count| grouped(*count)), wording(&claim.records));
    add(lang.t("claim.data"), each(&claim.data, |kind| lang.word("data", &word(kind))), wording(&claim.data));
    let price = |price: &crate::assess::Price| format!("{} {}", price.amount, word(&price.currency));
    add(lang.t("claim.price"), each(&claim.prices, price), wording(&claim.prices));
    add(lang.t("claim.sample"), each(&claim.samples, |s| lang.word("sample", &word(s))), wording(&claim.samples));
    let contact = |kind: &crate::assess::ContactKind| lang.word("reach", &word(kind));
    add(lang.t("claim.contact"), each(&claim.contacts, contact), wording(&claim.contacts));
    lines
}

/// The written form of an enumeration's value.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn each<T>(readings: &[Reading<T>], show: impl Fn(&T) -> String) -> String {
    plain(&distinct(readings.iter().map(|reading| show(&reading.value))).join(" · "))
}

fn wording<T>(readings: &[Reading<T>]) -> String {
    let all = distinct(readings.iter().map(|reading| plain(&reading.wording)));
    all.get(..4).unwrap_or(&all).join(" · ")
}

/// Each text once, in the order of the first time.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut all = Vec::new();
    for text in texts {
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// Bytes in decimal units, as disks are sold.
fn volume(bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] =
        [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)];
    for (unit, size) in UNITS {
        if bytes >= size {
            let tenths = bytes / (size / 10);
            return if tenths.is_multiple_of(10) {
                format!("{} {unit}", tenths / 10)
            } else {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            };
        }
    }
    format!("{bytes} B")
}

/// Digits in groups of three.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_readable() {
        assert_eq!(volume(2_000_000_000_000), "2 TB");
        assert_eq!(volume(1_540_000_000), "1.5 GB");
        assert_eq!(volume(12), "12 B");
        assert_eq!(volume(u64::MAX), "18446744 TB");
        assert_eq!(grouped(3_200_000), "3,200,000");
        assert_eq!(grouped(12), "12");
    }
}
