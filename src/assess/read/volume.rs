//! Volumes: "2 TB", "500GB", "兩TB", "1,5 ТБ", "80G数据".

use std::sync::LazyLock;

use regex::Regex;

use super::{Post, Reading, pattern};
use crate::assess::number::{self, DIGITS, HAN};

static VOLUME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?P<span>(?:(?P<n>{DIGITS})|(?P<han>{HAN}))\s*\+?\s*(?:(?P<u>[kmgtp])i?b(?:ytes?)?(?-u:\b)|(?P<r>[кмгтп]б|(?:кило|мега|гига|тера|пета)байт)\p{{Cyrillic}}*))|(?P<span2>(?P<n2>{DIGITS})\s*(?P<u2>[gt]))(?:的|左右|多)?(?:資料|资料|數據|数据|文件|檔案|档案)"
    ))
});

pub(super) fn read(post: &Post<'_>) -> Vec<Reading<u64>> {
    post.readings(&VOLUME, |found| {
        let text = |name| found.name(name).map(|m| m.as_str());
        let amount = text("n").or(text("n2")).and_then(number::digits).or_else(|| text("han").and_then(number::han))?;
        let unit = text("u").or(text("u2")).or(text("r"))?;
        Some(number::whole(amount * unit_bytes(unit)))
    })
}

/// Bytes of a unit, decimal as disks are sold.
fn unit_bytes(unit: &str) -> f64 {
    match unit.chars().next() {
        Some('k' | 'к') => 1e3,
        Some('m' | 'м') => 1e6,
        Some('g' | 'г') => 1e9,
        Some('t' | 'т') => 1e12,
        _ => 1e15,
    }
}
