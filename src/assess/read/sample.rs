//! Samples: a link beside the word, or the word with an offer.

use std::sync::LazyLock;

use regex::Regex;

use super::{Post, Reading, pattern};
use crate::assess::claim::Sample;

static SAMPLE: LazyLock<Regex> = LazyLock::new(|| {
    let word = concat!(
        r"(?-u:\b)(?:samples?|proofs?|preview|screenshots?)(?-u:\b)|\b(?:пример|образ(?:ец|цы)|с[еэ]мпл|пруф|скрин)\p{Cyrillic}*|",
        "樣本|样本|樣品|样品|示例|截圖|截图|預覽|预览|樣例|样例"
    );
    let link = r"(?:h(?:tt|xx)ps?\S{0,4}//|(?-u:\b)(?:mega\.nz|anonfiles|gofile|pastebin|t\.me|[a-z2-7]{56}(?:\.|\[\.\])onion))\S*";
    pattern(&format!(r"(?P<span>(?:{word})(?:.{{0,80}}?(?P<link>{link}))?)"))
});

pub(super) fn read(post: &Post<'_>) -> Vec<Reading<Sample>> {
    post.readings(&SAMPLE, |found| Some(if found.name("link").is_some() { Sample::Link } else { Sample::Offered }))
}
