//! Numbers of records: "3.2M rows", "120 萬筆", "1,5 млн строк", "Records: 50k".

use std::sync::LazyLock;

use regex::Regex;

use super::{Post, Reading, pattern};
use crate::assess::number::{self, DIGITS, HAN, MULTIPLIER};

/// What is counted, in English; up to three words may stand between ("3.2M unique customer records").
const LATIN: &str = "rows?|records?|lines?|users?|accounts?|customers?|clients?|people|persons?|citizens|entries|emails?|mails|\
    credentials|profiles|employees|patients|students|passports|cards|logins|subscribers|members|phones?|numbers|persons";
const CYRILLIC: &str =
    "строк|строчек|запис|пользовател|аккаунт|клиент|человек|людей|граждан|сотрудник|пациент|email|паспорт|карт|номер";
const HAN_NOUN: &str = "筆|笔|條|条|行|組|组|人|名|戶|户|[個个](?:用|帳|账|賬|客|會|会|人|手|身)|份|則";
const LABEL: &str = "rows|records|lines|users|accounts|entries|count|quantity|строк|записей|количество|筆數|笔数|數量|数量|條數|条数|資料量|数据量";

static COUNT: LazyLock<Regex> = LazyLock::new(|| {
    let amount = format!(r"(?:(?P<n>{DIGITS})(?:\s*(?P<m>{MULTIPLIER}))?|(?P<han>{HAN}))");
    let noun = format!(
        r"(?:(?:of )?(?:[a-z'/-]+ ){{0,3}}(?:{LATIN})(?-u:\b)|(?:\p{{Cyrillic}}+ ){{0,2}}(?:{CYRILLIC})|(?:多|餘|余|來|来)?\s*(?:{HAN_NOUN}))"
    );
    pattern(&format!(r"(?P<span>{amount}\s*\+?\s*{noun})"))
});

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"(?:{LABEL})\s*[:=]\s*(?P<span>(?P<n>{DIGITS})(?:\s*(?P<m>{MULTIPLIER}))?|(?P<han>{HAN}))"))
});

pub(super) fn read(post: &Post<'_>) -> Vec<Reading<u64>> {
    let mut all = post.readings(&COUNT, value);
    for reading in post.readings(&LABELLED, value) {
        if !all.iter().any(|known| known.field == reading.field && known.start == reading.start) {
            all.push(reading);
        }
    }
    all.truncate(super::MAX_READINGS);
    all
}

fn value(found: &regex::Captures<'_>) -> Option<u64> {
    let text = |name| found.name(name).map(|m| m.as_str());
    let amount = match text("n") {
        Some(digits) => grouped(digits)? * number::multiplier(text("m")),
        None => number::han(text("han")?)?,
    };
    (amount >= 1.0).then(|| number::whole(amount))
}

/// Records are counted whole: without a multiplier a single dot before three digits parts thousands ("1.200 строк").
fn grouped(digits: &str) -> Option<f64> {
    match digits.split_once('.') {
        Some((whole, rest))
            if rest.len() == 3 && whole != "0" && !digits.contains(',') && rest.bytes().all(|b| b.is_ascii_digit()) =>
        {
            format!("{whole}{rest}").parse().ok()
        }
        _ => number::digits(digits),
    }
}
