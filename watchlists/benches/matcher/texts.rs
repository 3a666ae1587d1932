//! The texts that are searched: forum posts, logs and credential lists.

use nightheron_watchlists::{Term, TermKind, defang};

use crate::random::Random;
use crate::terms;
use crate::words::{Words, latin};

/// How many terms of the watch list are strewn in: one in so many sentences or lines. That makes a
/// hit about every 16 KB of forum text, 12 KB of log and 8 KB of credentials.
const SENTENCES_A_HIT: usize = 200;
const LOG_LINES_A_HIT: usize = 100;
const CREDENTIALS_A_HIT: usize = 200;

/// A kind of text by its name in the figures.
pub(crate) const TEXTS: &[&str] = &["forum", "log", "credentials"];

/// About `bytes` bytes of the text called `kind`, with terms of `watched` strewn in.
pub(crate) fn generate(kind: &str, words: &Words, watched: &[Term], bytes: usize) -> String {
    let mut writer = Writer { words, watched, random: Random::new(3), out: String::with_capacity(bytes + 4096) };
    while writer.out.len() < bytes {
        match kind {
            "forum" => writer.post(),
            "log" => writer.log_line(),
            _ => writer.credential(),
        }
    }
    writer.out
}

struct Writer<'a> {
    words: &'a Words,
    watched: &'a [Term],
    random: Random,
    out: String,
}

impl Writer<'_> {
    /// A heading and some sentences of one language: four of ten posts Chinese, four English, two
    /// Russian.
    fn post(&mut self) {
        let (day, hour) = (self.random.below(28) + 1, self.random.below(24));
        let user = latin(&mut self.random);
        self.out += &format!("{user}{} wrote on 2026-03-{day:02} {hour:02}:15\n", self.random.below(99));
        let language = self.random.below(10);
        for _ in 0..2 + self.random.below(12) {
            match language {
                0..=3 => self.chinese(),
                4..=7 => self.spaced(&self.words.english, false),
                _ => self.spaced(&self.words.russian, true),
            }
            if self.random.once_in(SENTENCES_A_HIT) {
                self.term();
            } else if self.random.once_in(25) {
                let link = terms::domain(None, &mut self.random);
                self.out += &format!("https://{link}/{}?id={}\n", latin(&mut self.random), self.random.below(100_000));
            }
        }
        self.out.push('\n');
    }

    fn spaced(&mut self, words: &[String], emoji: bool) {
        let count = 5 + self.random.below(14);
        for index in 0..count {
            let word = &words[self.random.zipf(words.len())];
            match index {
                0 => self.out.extend(word.chars().flat_map(|c| c.to_uppercase().take(1))),
                _ => self.out += word,
            }
            let last = index + 1 == count;
            self.out += if last {
                self.random.pick(&[". ", ". ", "! ", "?\n", ".\n"])
            } else {
                self.random.pick(&[" ", " ", " ", " ", ", "])
            };
        }
        if emoji && self.random.once_in(20) {
            self.out += self.random.pick(&["😀 ", "🔥 ", "❤\u{fe0f} ", "— «да» "]);
        }
    }

    fn chinese(&mut self) {
        for index in 0..6 + self.random.below(16) {
            if index > 0 && self.random.once_in(6) {
                self.out += self.random.pick(&["，", "，", "、", "：", "「", "」", "（", "）"]);
            }
            if self.random.once_in(30) {
                self.out += &self.words.english[self.random.zipf(self.words.english.len())];
            }
            self.out += &self.words.chinese[self.random.zipf(self.words.chinese.len())];
        }
        self.out += self.random.pick(&["。", "。", "！", "？\n", "。\n"]);
    }

    fn log_line(&mut self) {
        let random = &mut self.random;
        let (hour, minute, second) = (random.below(24), random.below(60), random.below(60));
        let address = [random.below(223) + 1, random.below(256), random.below(256), random.below(256)];
        let [a, b, c, d] = address;
        self.out += &format!("{a}.{b}.{c}.{d} - - [12/Mar/2026:{hour:02}:{minute:02}:{second:02} +0800] \"GET /");
        for _ in 0..1 + random.below(3) {
            self.out += &self.words.english[random.zipf(self.words.english.len())];
            self.out += random.pick(&["/", "/", "-", "_"]);
        }
        self.out += &format!(
            "?id={}&token={:08x}{:08x} HTTP/1.1\" ",
            random.below(9_999_999),
            random.below(1 << 32),
            random.below(1 << 32)
        );
        self.out +=
            &format!("{} {} \"https://", random.pick(&["200", "200", "304", "404", "302"]), random.below(99_999));
        if random.once_in(LOG_LINES_A_HIT) {
            self.term();
        } else {
            self.out += &terms::domain(None, random);
        }
        self.out += "/\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36\"\n";
    }

    fn credential(&mut self) {
        if self.random.once_in(CREDENTIALS_A_HIT) {
            self.term();
        } else {
            self.out += &terms::address(None, &mut self.random);
        }
        let random = &mut self.random;
        let password = match random.below(3) {
            0 => format!("{}{}", latin(random), random.below(3000)),
            1 => format!("{:x}", random.below(1 << 40)),
            _ => format!("{}!{}", latin(random), random.below(100)),
        };
        self.out += &format!(":{password}\n");
    }

    /// One watched term as people write it; one domain or address of ten is disarmed.
    fn term(&mut self) {
        let term = &self.watched[self.random.below(self.watched.len())];
        let readable = term.readable();
        let written = match term.kind() {
            TermKind::Keyword => readable,
            _ if self.random.once_in(10) => defang(&readable),
            TermKind::Domain if self.random.once_in(3) => format!("www.{readable}"),
            _ => readable,
        };
        self.out += &written;
        self.out.push(' ');
    }
}
