//! Bytes to text: what the site declares, then what the bytes look like.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::script;

/// A declaration in the page itself stands within its first kilobyte (the HTML standard's rule).
const PRESCAN: usize = 1024;

/// Share of characters that people write below which a declared charset is in doubt, and above which a guess is better.
const DOUBTFUL: f64 = 0.85;
const CERTAIN: f64 = 0.95;

/// Decodes a page. In order: the definition's own word, a byte order mark, UTF-8 if the bytes are valid UTF-8 with
/// something beyond ASCII, the HTTP header, the page's `meta` or XML declaration, and last what chardetng guesses. A
/// declaration whose decoding shows errors is not believed, nor one that makes of the page what nobody writes while another
/// charset makes it a text: sites that declare one charset and serve another are common.
#[must_use]
pub fn decode_text(bytes: &[u8], forced: Option<&'static Encoding>, content_type: &str) -> String {
    if let Some(encoding) = forced {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Wrong only for text that is valid UTF-8 by chance, which real text of other charsets is not; ISO-2022-JP
        // is ASCII throughout and must be declared.
        if !text.is_ascii() || !bytes.contains(&0x1b) {
            return text.to_owned();
        }
    }
    // A title cut in the middle of a character makes the whole page invalid; no other charset looks like UTF-8.
    let (lossy, _, _) = UTF_8.decode(bytes);
    if !lossy.is_ascii() && wrong_share(&lossy, 10) {
        return lossy.into_owned();
    }
    let mut doubtful = None;
    for label in [header_charset(content_type), meta_charset(bytes)].into_iter().flatten() {
        if let Some(encoding) = Encoding::for_label(label.as_bytes()).filter(|e| *e != UTF_8) {
            let (text, _, errors) = encoding.decode(bytes);
            if errors && !wrong_share(&text, 100) {
                continue;
            }
            match script::likeness(&text) {
                Some(share) if share < DOUBTFUL => doubtful = doubtful.or(Some(text)),
                _ => return text.into_owned(),
            }
        }
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Allow).decode(bytes).0;
    let better = script::likeness(&guess).is_some_and(|share| share > CERTAIN);
    doubtful.filter(|_| !better).unwrap_or(guess).into_owned()
}

/// The charset that a page says it is in, which is also the one its forms are sent in.
pub(crate) fn declared(bytes: &[u8], content_type: &str) -> Option<&'static Encoding> {
    let labels = [header_charset(content_type), meta_charset(bytes)];
    labels.into_iter().flatten().find_map(|label| Encoding::for_label(label.as_bytes()))
}

/// Whether at most one in so many characters beyond ASCII could not be decoded, and some could.
fn wrong_share(text: &str, one_in: usize) -> bool {
    let beyond = text.chars().filter(|c| !c.is_ascii()).count();
    let wrong = text.chars().filter(|c| *c == '\u{fffd}').count();
    beyond > 0 && wrong * one_in <= beyond
}

fn header_charset(content_type: &str) -> Option<String> {
    let lower = content_type.to_ascii_lowercase();
    let (_, rest) = lower.split_once("charset=")?;
    Some(rest.trim_matches(['"', '\'', ' ']).split([';', ' ', '"']).next()?.to_owned())
}

fn meta_charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(PRESCAN)]).to_ascii_lowercase();
    let xml = || head.trim_start().strip_prefix("<?xml")?.split_once("encoding=");
    let (_, rest) = head.split_once("charset=").or_else(xml)?;
    let rest = rest.trim_start_matches(['"', '\'', ' ']);
    Some(rest.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GBK, SHIFT_JIS, WINDOWS_1251};

    use super::*;

    const TEXT: [(&str, &Encoding); 4] = [
        ("<p>晶湛電子內部資料 2 TB 出售,只收比特幣,樣本請私訊,價格可議</p>", BIG5),
        ("<p>出售台积电员工数据库,包含姓名、电话与邮箱,价格面议</p>", GBK),
        ("<p>データベースを販売します。サンプルあり、価格は応相談です</p>", SHIFT_JIS),
        ("<p>Продам базу данных клиентов, цена договорная, гарант приветствуется</p>", WINDOWS_1251),
    ];

    #[test]
    fn a_page_is_read_whatever_it_declares() {
        for (text, encoding) in TEXT {
            let (bytes, _, _) = encoding.encode(text);
            let label = encoding.name();
            let right = format!("text/html; charset={label}");
            let wrong = ["utf-8", "iso-8859-1", "big5", "gbk", "shift_jis", "windows-1251"];
            let wrong = wrong.map(|label| format!("text/html; charset={label}"));
            for declared in [right.as_str(), "text/html", ""].into_iter().chain(wrong.iter().map(String::as_str)) {
                assert_eq!(decode_text(&bytes, None, declared), text, "{label} declared as `{declared}`");
            }
            assert_eq!(decode_text(text.as_bytes(), None, &right), text, "UTF-8 declared as {label}");
            assert_eq!(decode_text(&bytes, Some(encoding), "text/html; charset=big5"), text);
        }
    }

    #[test]
    fn a_character_cut_in_half_spoils_no_page() {
        for (text, encoding) in TEXT {
            let long = text.repeat(8);
            for encoding in [encoding, UTF_8] {
                let (bytes, _, _) = encoding.encode(&long);
                // A title in front, cut after a byte of its last character.
                let cut = [b"<title>", &bytes[3..4], b"</title>", &bytes[..]].concat();
                let read = decode_text(&cut, None, &format!("text/html; charset={}", encoding.name()));
                assert!(read.contains(text), "{}: {read}", encoding.name());
            }
        }
    }

    #[test]
    fn a_declaration_in_the_page_counts() {
        let text = "<meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\"><p>Да</p>";
        let (bytes, _, _) = WINDOWS_1251.encode(text);
        assert_eq!(decode_text(&bytes, None, ""), text);
    }
}
