//! Finds what looks like a password beside its account, so that none is shown or mailed.
//!
//! It rather hides a harmless word than shows a secret: a member needs the address that is affected, never the password.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::assess::Folded;

/// Stands for a secret.
pub(crate) const MASK: &str = "●●●●";

const ACCOUNT: &str = r"[a-z0-9._%+-]+@[a-z0-9-]+(?:(?:\.|\[\.\]|\(\.\))[a-z0-9-]+)+";
/// A secret in quotes, or else up to the next blank. A closing quote must end a value, or it is part of the secret.
const SECRET: &str = r#"(?:"(?P<a>[^"\n]+)"(?:[\s,;:)}\]]|$)|'(?P<b>[^'\n]+)'(?:[\s,;:)}\]]|$)|(?P<c>\S+))"#;

/// Patterns whose groups `a`, `b`, `c` are secrets without a further look.
static CERTAIN: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let word =
        "passwords?|passwd|passphrase|pass|pwd|pw|pin|secret|token|api[_ -]?key|密碼|密码|口令|пароль|пароли|пасс";
    [
        // Account and secret side by side, as in combo lists, CSV and SQL dumps.
        format!(r#"{ACCOUNT}["']?(?:\s*(?:[:|;=]|=>|->)\s*|\s+(?:/|-+|–|—)\s+|[ ]*\t\s*|,|["']\s*,\s*){SECRET}"#),
        // A word that announces a secret.
        format!(r#"(?:^|[^a-z])(?:{word})["'\])]?\s*(?:[:=|]|=>|->|(?:is|was)\s|是|为|為|-\s)\s*{SECRET}"#),
        // User information of an address.
        r"://[^\s:/@]*:(?P<c>\S+)@".to_owned(),
        // A line of a stealer's log: address, account, secret.
        r"(?:https?|hxxps?|android)://[^\s:|]+(?::\d+)?(?:/[^\s:|]*)?[:|][^\s:|]+[:|](?P<c>\S+)".to_owned(),
        // Hashes of passwords and keys of interfaces.
        r"(?-u:\b)(?P<c>[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|akia[0-9a-z]{16})(?-u:\b)".to_owned(),
        r"(?P<c>\$(?:2[abxy]?|1|5|6|argon2[a-z]*)\$\S+|eyj[a-z0-9_-]{10,}\.\S+|gh[opsru]_\w{20,})".to_owned(),
        r"(?s)-----begin[^-\n]*private key-----(?P<c>.*?)(?:-----end|$)".to_owned(),
    ]
    .iter()
    .map(|text| Regex::new(text).expect("a pattern of this program"))
    .collect()
});

/// A line that is a pair and nothing else: `user:secret`.
static LINE_PAIR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^[ \t]*(?P<u>[^\s:|;]{2,64})[:|;](?P<c>\S{4,})[ \t]*$").expect("a pattern of this program")
});
/// A pair in running text, or a word behind an account: a secret only if it looks like one.
static LOOSE_PAIR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?:(?P<u>(?-u:\b)[a-z0-9._\\-]{{2,64}})[:|]|{ACCOUNT}\s+)(?P<c>\S{{6,}})"))
        .expect("a pattern of this program")
});

/// Names before a colon that announce something else than a secret.
const LABELS: [&str; 19] = [
    "price", "telegram", "tg", "tox", "jabber", "xmpp", "session", "contact", "size", "volume", "records", "rows",
    "date", "country", "revenue", "http", "https", "hxxp", "hxxps",
];

/// The spans of secrets in a text, in order, none overlapping another.
pub(crate) fn spans(text: &str) -> Vec<Range<usize>> {
    let folded = Folded::new(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for pattern in CERTAIN.iter() {
        found.extend(pattern.captures_iter(&folded.text).filter_map(|c| secret(&c)));
    }
    found.extend(LINE_PAIR.captures_iter(&folded.text).filter(|c| !is_label(c)).filter_map(|c| secret(&c)));
    let loose = LOOSE_PAIR.captures_iter(&folded.text).filter(|c| !is_label(c));
    found.extend(loose.filter(|c| c.name("c").is_some_and(|c| looks_secret(c.as_str()))).filter_map(|c| secret(&c)));
    let original = found.into_iter().map(|span| folded.original_span(span)).collect();
    merge(original)
}

/// The text with every secret masked.
pub(crate) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans(text) {
        masked.push_str(text.get(at..span.start).unwrap_or_default());
        masked.push_str(MASK);
        at = span.end;
    }
    masked.push_str(text.get(at..).unwrap_or_default());
    masked
}

/// Sorts spans and joins those that overlap.
pub(crate) fn merge(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}

fn secret(found: &Captures<'_>) -> Option<Range<usize>> {
    ["a", "b", "c"].into_iter().find_map(|group| found.name(group)).map(|m| m.range())
}

fn is_label(found: &Captures<'_>) -> bool {
    found.name("u").is_some_and(|user| LABELS.contains(&user.as_str()))
        || found.name("c").is_some_and(|c| c.as_str().starts_with("//"))
}

/// Letters and digits mixed, or a sign that words do not carry inside.
fn looks_secret(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',', ';', ')', '!', '?']);
    let letter = word.chars().any(char::is_alphabetic);
    let digit = word.chars().any(|c| c.is_ascii_digit());
    let sign = word.chars().any(|c| "!#$%^&*+=~?".contains(c));
    letter && (digit || sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_and_accounts_stay() {
        for (text, expected) in [
            ("user@x.example:Secret", "user@x.example:●●●●"),
            ("user@x.example:S\u{200b}ecret! and more", "user@x.example:●●●● and more"),
            ("user@x.example：Ｓecret", "user@x.example：●●●●"),
            ("user@x.example | hunter2", "user@x.example | ●●●●"),
            ("'user@x.example','hunter2','2020'", "'user@x.example','●●●●','2020'"),
            ("{\"password\":\"pa ss\",\"email\":\"a@b.example\"}", "{\"password\":\"●●●●\",\"email\":\"a@b.example\"}"),
            ("password: \"two words\" ok", "password: \"●●●●\" ok"),
            ("user_password=hunter2", "user_password=●●●●"),
            ("帳號 admin 密碼：abc123", "帳號 admin 密碼：●●●●"),
            ("логин root пароль - qwerty", "логин root пароль - ●●●●"),
            ("ftp://joe:s3cret@files.example/x", "ftp://joe:●●●●@files.example/x"),
            ("https://vpn.example/login:joe:s3cret", "https://vpn.example/login:joe:●●●●"),
            ("CORP\\joe:Winter2024", "CORP\\joe:●●●●"),
            ("hash 5f4dcc3b5aa765d61d8327deb882cf99.", "hash ●●●●."),
            ("user@x.example Winter2024!", "user@x.example ●●●●"),
        ] {
            assert_eq!(mask(text), expected);
        }
    }

    #[test]
    fn plain_words_stay() {
        for text in [
            "Selling 2 TB of acme.example",
            "Price: $5000",
            "telegram:@seller99",
            "see http://forum.example/t/1",
            "a@b.example please",
        ] {
            assert_eq!(mask(text), text);
        }
    }
}
