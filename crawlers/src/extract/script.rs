//! Whether a text looks like one that people write: what bytes read in a wrong charset do not.

use encoding_rs::{BIG5, GBK, SHIFT_JIS};

/// Characters beyond ASCII that are looked at, and the fewest that tell anything.
const LOOKED_AT: usize = 2_000;
const FEWEST: usize = 4;

/// Signs that stand anywhere.
const NEUTRAL: [char; 8] = ['\u{a0}', '©', '®', '·', '°', '±', '№', '€'];

/// The share of characters beyond ASCII that stand where people write them; `None` when there are too few to tell.
pub(super) fn likeness(text: &str) -> Option<f64> {
    let (mut seen, mut fitting) = (0_u32, 0_u32);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_ascii() && !NEUTRAL.contains(&c) {
            let behind = chars.peek().copied().unwrap_or(' ');
            seen += 1;
            fitting += u32::from(fits(c, before, behind));
            if seen as usize >= LOOKED_AT {
                break;
            }
        }
        before = c;
    }
    (seen as usize >= FEWEST).then(|| f64::from(fitting) / f64::from(seen))
}

fn fits(c: char, before: char, behind: char) -> bool {
    match c {
        // Small letters before capital ones are no Russian word, nor Latin letters beside Russian ones.
        'А'..='я' | 'Ё' | 'ё' => {
            !(before.is_lowercase() && c.is_uppercase() || before.is_ascii_alphabetic() || behind.is_ascii_alphabetic())
        }
        // Latin letters with marks stand in words with plain ones.
        '\u{c0}'..='\u{24f}' => {
            before.is_ascii_alphabetic() || behind.is_ascii_alphabetic() || before.is_ascii() && behind.is_ascii()
        }
        '\u{a0}'
        | '«'
        | '»'
        | '©'
        | '®'
        | '·'
        | '°'
        | '±'
        | '№'
        | '€'
        | '\u{2010}'..='\u{2027}'
        | '\u{2190}'..='\u{21ff}' => true,
        // Kana, punctuation of Chinese and Japanese, letters of full width.
        '\u{3000}'..='\u{30ff}' | '\u{ff01}'..='\u{ff60}' => true,
        '\u{4e00}'..='\u{9fff}' => is_common(c),
        '\u{ac00}'..='\u{d7a3}' => true,
        _ => false,
    }
}

/// Whether a Chinese character is of the frequent ones, which the standards of all three scripts put first.
fn is_common(c: char) -> bool {
    let mut bytes = [0; 4];
    let text = c.encode_utf8(&mut bytes);
    // The first byte of the frequent ones; in GBK rare ones share it, and have a low second byte.
    [(GBK, 0xb0..=0xd7, 0xa1), (BIG5, 0xa4..=0xc6, 0), (SHIFT_JIS, 0x88..=0x97, 0)].into_iter().any(
        |(encoding, first, least)| {
            let (bytes, _, unknown) = encoding.encode(text);
            !unknown && matches!(*bytes, [one, two] if first.contains(&one) && two >= least)
        },
    )
}

#[cfg(test)]
mod tests {
    use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};

    use super::*;

    #[test]
    fn what_people_write_is_told_from_what_comes_of_a_wrong_charset() {
        let texts: [(&str, &'static Encoding); 5] = [
            ("晶湛電子內部資料兩百萬筆出售，只收比特幣，樣本請私訊", BIG5),
            ("出售台积电员工数据库，包含姓名、电话与邮箱，价格面议", GBK),
            ("データベースを販売します。サンプルあり、価格は応相談です", SHIFT_JIS),
            ("Продам базу данных клиентов, цена договорная, гарант", WINDOWS_1251),
            ("Base de données à vendre, échantillon privé, prix négociable; größte Zahl für Käufer", WINDOWS_1252),
        ];
        for (text, encoding) in texts {
            assert!(likeness(text).unwrap() > 0.95, "{text}");
            for (_, other) in texts.iter().filter(|(_, other)| *other != encoding) {
                let (bytes, _, _) = encoding.encode(text);
                let (read, _, errors) = other.decode(&bytes);
                let told = errors || likeness(&read).unwrap() < 0.8;
                assert!(told, "{} as {}: {read} {:?}", encoding.name(), other.name(), likeness(&read));
            }
        }
        assert_eq!(likeness("plain, with an é"), None);
    }
}
