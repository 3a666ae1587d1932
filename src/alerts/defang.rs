//! Addresses written so that no reader's program makes a link of them: `hxxp://forum[.]example/`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

static SCHEME: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)(?:https?|ftps?):"));
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    // Labels, the last of which begins with a letter, or four numbers.
    pattern(r"(?:[\p{L}\p{N}_-]+\.)+\p{L}[\p{L}\p{M}\p{N}_-]*|\b\d{1,3}(?:\.\d{1,3}){3}\b")
});

/// Breaks schemes and host names apart: in addresses, in mail addresses and standing alone.
#[must_use]
pub fn defang(text: &str) -> String {
    let text = SCHEME.replace_all(text, |found: &Captures<'_>| {
        found.get(0).map_or("", |m| m.as_str()).to_ascii_lowercase().replace("tt", "xx").replace("ft", "fx")
    });
    HOST.replace_all(&text, |found: &Captures<'_>| found.get(0).map_or("", |m| m.as_str()).replace('.', "[.]"))
        .into_owned()
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern of this program")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_fall_apart_and_numbers_stay() {
        for (text, expected) in [
            ("http://forum.example/t/1", "hxxp://forum[.]example/t/1"),
            ("HTTPS://a.b.onion/x.php", "hxxps://a[.]b[.]onion/x[.]php"),
            ("ftp://files.example", "fxp://files[.]example"),
            ("mail it@acme.example now", "mail it@acme[.]example now"),
            ("from 10.1.2.3, 3.2 M rows, $5.50", "from 10[.]1[.]2[.]3, 3.2 M rows, $5.50"),
            ("台積.電腦 2.5TB", "台積[.]電腦 2.5TB"),
        ] {
            assert_eq!(defang(text), expected);
        }
    }
}
