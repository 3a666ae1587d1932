//! What a word looks like: characters that are taken for one another become one.

/// Letters of other scripts that look like a Latin letter in lower or upper case, for text in
/// lower case; from Unicode's confusables (UTS #39, `confusables.txt`), both cases taken together.
const ALIKE: [(&str, char); 23] = [
    ("аαɑ", 'a'),
    ("вβь", 'b'),
    ("сϲ", 'c'),
    ("ԁ", 'd'),
    ("еεҽ", 'e'),
    ("ԍց", 'g'),
    ("нһհ", 'h'),
    ("іιӏı", 'l'),
    ("јϳ", 'j'),
    ("кκ", 'k'),
    ("мμ", 'm'),
    ("ոη", 'n'),
    ("оοσօ", 'o'),
    ("рρ", 'p'),
    ("ԛ", 'q'),
    ("ѕ", 's'),
    ("тτ", 't'),
    ("ս", 'u'),
    ("гⲅ", 'r'),
    ("νѵ", 'v'),
    ("ԝωɯ", 'w'),
    ("хχ", 'x'),
    ("уγү", 'y'),
];

/// Digits written for letters, and letters that are hard to tell apart.
pub(super) const fn of_ascii(byte: u8) -> u8 {
    match byte {
        b'0' => b'o',
        b'1' | b'i' => b'l',
        b'2' => b'z',
        b'3' => b'e',
        b'4' => b'a',
        b'5' => b's',
        b'6' | b'8' => b'b',
        b'7' => b't',
        b'9' => b'g',
        other => other,
    }
}

/// Whether two shapes that follow one another look like one.
pub(super) enum Merged {
    /// They are two.
    No,
    /// They look like this one.
    Into(u8),
}

#[inline(always)]
pub(super) fn merged(last: u8, shape: u8) -> Merged {
    match (last, shape) {
        (b'r', b'n') => Merged::Into(b'm'),
        (b'v', b'v') => Merged::Into(b'w'),
        _ => Merged::No,
    }
}

/// Writes what folded `word` looks like into `out`. Words with equal skeletons look alike.
pub(super) fn write(word: &str, out: &mut String) {
    out.clear();
    for c in word.chars() {
        let shape = match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => char::from(of_ascii(byte)),
            _ => ALIKE.iter().find(|(letters, _)| letters.contains(c)).map_or(c, |&(_, latin)| latin),
        };
        let last = out.as_bytes().last().copied().unwrap_or_default();
        match u8::try_from(shape).map_or(Merged::No, |shape| merged(last, shape)) {
            Merged::Into(one) => {
                out.pop();
                out.push(char::from(one));
            }
            Merged::No => out.push(shape),
        }
    }
}

pub(super) fn of(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    write(word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_look_alike_have_one_skeleton() {
        for (word, alike) in [
            ("adata", "4d4t4"),
            ("gigabyte", "gig4byte"),
            ("paypal", "p4ypa1"),
            ("example.com", "examp1e.com"),
            ("example.com", "exarnple.com"),
            ("example.com", "exampie.com"),
            ("acer", "асеr"),
            ("microsoft", "mιcrοsοft"),
            ("wave", "vvave"),
            ("сбер", "cбep"),
        ] {
            assert_eq!(of(word), of(alike), "{word} {alike}");
        }
        assert_ne!(of("acer"), of("accr"));
    }
}
