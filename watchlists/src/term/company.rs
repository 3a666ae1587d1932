//! Company names without what their legal form adds to them.

use crate::fold::script::{is_spaced_word, is_unspaced};

/// Legal forms of scripts without spaces, folded; they stand at the end, some at the beginning.
const UNSPACED: [&str; 10] = [
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "股份公司",
    "株式会社",
    "有限会社",
    "(株)",
    "(有)",
    "주식회사",
    "(주)",
];

/// Legal forms that are words, folded, in the Latin and Cyrillic scripts.
const SPACED: &str = "\
    ab ag asa bhd bv co company corp corporation gmbh inc incorporated kg kgaa kk limited llc llp lp \
    ltd nv oy oyj plc pte pty sa sarl sas sdn spa srl ао зао оао ооо пао";

/// Words that many names share, folded: a rest made of them alone names nobody.
const GENERIC: &str = "\
    advanced air alpha america american apex asia bank best blue business capital central century china \
    city cloud computer core data delta design digital eagle east electric electronic electronics energy \
    europe express family first food foods future general global golden green group health holding \
    holdings home industrial industries info innovation international japan life media mega modern \
    national network networks new north ocean one pacific power prime pro service services software \
    solution solutions south standard star sun system systems taiwan target tech technologies technology \
    the trade trading transcend union united universal vision web west wind world and";

/// The same for Chinese, folded: parts that say where a company is and what it does.
const GENERIC_HAN: &str = "\
    国际 科技 台湾 中国 中华 资讯 信息 数位 数字 电子 工业 企业 集团 控股 环球 全球 亚洲 网络 网路 \
    贸易 实业 投资 金融 生活 未来 世界 台北 技术 系统 服务";

/// Names that are common words when nothing else stands beside them, folded.
const WORDS_HAN: &str = "第一 联合 东方 太平洋 统一 全家 大众 大同 新光 远东 和平 光明 希望";

/// Fewest letters of a rest in a script with spaces.
const FEWEST_LETTERS: usize = 3;

/// Fewest characters of a rest in a script without them.
const FEWEST_UNSPACED: usize = 2;

/// The folded name without its legal forms, if it had one and the rest is distinctive: three
/// letters or two Chinese characters at least, and not made of words that many names share.
pub(crate) fn bare(folded: &str) -> Option<String> {
    let mut rest = trim(folded);
    while let Some(shorter) = without_form(rest) {
        rest = trim(shorter);
    }
    (rest.len() < trim(folded).len() && is_distinctive(rest)).then(|| rest.to_owned())
}

fn trim(name: &str) -> &str {
    name.trim_matches([' ', ',', '.', '"', '\'', '«', '»', '“', '”', '「', '」'])
}

fn without_form(name: &str) -> Option<&str> {
    let unspaced = UNSPACED.iter().find_map(|form| name.strip_suffix(form).or_else(|| name.strip_prefix(form)));
    unspaced.or_else(|| {
        let is_form = |word: &str| is_listed(SPACED, word);
        let last = name.rsplit(|c| !is_spaced_word(c)).next().unwrap_or_default();
        let first = name.split(|c| !is_spaced_word(c)).next().unwrap_or_default();
        match name.len() {
            len if len == last.len() => None,
            len if is_form(last) => name.get(..len - last.len()),
            _ if is_form(first) && !first.is_ascii() => name.get(first.len()..),
            _ => None,
        }
    })
}

fn is_distinctive(rest: &str) -> bool {
    let letters = rest.chars().filter(|&c| c.is_alphabetic() && is_spaced_word(c)).count();
    let unspaced = rest.chars().filter(|&c| is_unspaced(c)).count();
    let generic = rest.split(|c: char| !c.is_alphanumeric()).all(is_generic);
    (letters >= FEWEST_LETTERS || unspaced >= FEWEST_UNSPACED) && !generic
}

/// `list` is words with single spaces between them.
fn is_listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// Whether a folded word is one that many names share.
pub(super) fn is_generic(word: &str) -> bool {
    let mut rest = word;
    while let Some(shorter) = GENERIC_HAN.split(' ').find_map(|part| rest.strip_prefix(part)) {
        rest = shorter;
    }
    rest.is_empty() || is_listed(GENERIC, word) || is_listed(WORDS_HAN, word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    fn of(name: &str) -> Option<String> {
        bare(fold(name).text())
    }

    #[test]
    fn a_distinctive_name_is_left_without_its_legal_form() {
        for (name, rest) in [
            ("台灣積體電路製造股份有限公司", "台湾积体电路制造"),
            ("Acme Co., Ltd.", "acme"),
            ("ACME CO.,LTD", "acme"),
            ("Acme, Inc.", "acme"),
            ("Acme Data Systems GmbH", "acme data systems"),
            ("ООО «Ромашка»", "ромашка"),
            ("Ромашка, АО", "ромашка"),
            ("株式会社東芝", "东芝"),
            ("Acer 有限公司", "acer"),
            ("統一企業股份有限公司", "统一企业"),
        ] {
            assert_eq!(of(name).as_deref(), Some(rest), "{name}");
        }
    }

    #[test]
    fn a_rest_that_names_nobody_is_not_taken() {
        for name in [
            "Acme",
            "Limited",
            "HP Inc.",
            "Delta Co.",
            "Global Data Systems Ltd.",
            "統一股份有限公司",
            "台灣國際科技有限公司",
            "光有限公司",
            "Inc Magazine",
            "company of heroes",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
    }
}
