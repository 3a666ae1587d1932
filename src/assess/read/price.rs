//! Prices: "$5,000", "0.5 BTC", "5000 USDT", "五千美元", "3000 руб".

use std::sync::LazyLock;

use regex::Regex;

use super::{Post, Reading, pattern};
use crate::assess::claim::{Currency, Price};
use crate::assess::number::{self, DIGITS, HAN, MULTIPLIER};

const BEFORE: &str = r"us\$|nt\$|\$|€|£|₽|¥|(?-u:\b)(?:usdt|usd|eur|gbp|rub|twd|ntd|cny|rmb|btc|xmr|eth|ltc)(?-u:\b)";
const BEHIND: &str = concat!(
    r"(?:usdt|usd|dollars?|bucks|eur|euros?|gbp|pounds|rub|rubles|twd|ntd|cny|rmb|btc|bitcoins?|xmr|monero|eth|ltc)(?-u:\b)|\$|€|£|₽|u(?-u:\b)|",
    r"(?:рубл|руб|доллар|долл|бакс|евро|биткоин)\p{Cyrillic}*|美元|美金|美刀|刀|歐元|欧元|新台幣|新臺幣|台幣|臺幣|人民幣|人民币|泰達幣|泰达币|比特幣|比特币|元"
);
/// Words before an amount that is not a price: a victim's revenue is told to advertise it.
const NOT_A_PRICE: [&str; 12] =
    ["revenue", "turnover", "worth", "выручк", "оборот", "доход", "營收", "营收", "市值", "資本", "资本", "balance"];

static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    let amount = |n: u8| format!(r"(?P<n{n}>{DIGITS})(?:\s*(?P<m{n}>{MULTIPLIER}))?");
    let (first, second) = (amount(1), amount(2));
    pattern(&format!(
        r"(?P<before>.{{0,16}}?)(?P<span>(?P<c1>{BEFORE})\s*{first}|(?:{second}|(?P<han>{HAN}))\s*(?P<c2>{BEHIND}))"
    ))
});

pub(super) fn read(post: &Post<'_>) -> Vec<Reading<Price>> {
    post.readings(&PRICE, |found| {
        let text = |name| found.name(name).map(|m| m.as_str());
        if text("before").is_some_and(|before| NOT_A_PRICE.iter().any(|word| before.contains(word))) {
            return None;
        }
        let currency = currency(text("c1").or(text("c2"))?)?;
        let amount = match (text("n1").or(text("n2")), text("han")) {
            (Some(digits), _) => number::digits(digits)? * number::multiplier(text("m1").or(text("m2"))),
            (None, Some(han)) => number::han(han)?,
            (None, None) => return None,
        };
        Some(Price { amount: decimal(amount), currency })
    })
}

/// Up to eight decimals, as coins have, without trailing zeros.
fn decimal(amount: f64) -> String {
    let text = format!("{amount:.8}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn currency(text: &str) -> Option<Currency> {
    Some(match text {
        "usdt" | "u" | "泰達幣" | "泰达币" => Currency::Usdt,
        "$" | "us$" | "usd" | "dollar" | "dollars" | "bucks" | "美元" | "美金" | "美刀" | "刀" => Currency::Usd,
        "€" | "eur" | "euro" | "euros" | "歐元" | "欧元" => Currency::Eur,
        "£" | "gbp" | "pounds" => Currency::Gbp,
        "₽" | "rub" | "rubles" => Currency::Rub,
        "nt$" | "twd" | "ntd" | "新台幣" | "新臺幣" | "台幣" | "臺幣" => Currency::Twd,
        "cny" | "rmb" | "人民幣" | "人民币" => Currency::Cny,
        "¥" | "元" => Currency::Yuan,
        "btc" | "bitcoin" | "bitcoins" | "比特幣" | "比特币" => Currency::Btc,
        "xmr" | "monero" => Currency::Xmr,
        "eth" => Currency::Eth,
        "ltc" => Currency::Ltc,
        _ if text.starts_with("руб") => Currency::Rub,
        _ if text.starts_with("долл") || text.starts_with("бакс") => Currency::Usd,
        _ if text.starts_with("евро") => Currency::Eur,
        _ if text.starts_with("биткоин") => Currency::Btc,
        _ => return None,
    })
}
