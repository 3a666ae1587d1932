//! What the author says he does: sells, leaks, threatens, looks for, or only talks of it.

use std::sync::LazyLock;

use regex::Regex;

use super::{Post, Reading, is_traded, words};
use crate::assess::claim::{Action, Claim, DataKind};

static SELLING: LazyLock<Regex> = LazyLock::new(|| {
    words(
        "selling|sells?|for sale|wts|auction(?:ing)?|start(?:ing)? ?(?:price|bid)?:? ?\\$?[0-9.,k]+.{0,60}blitz|offering (?:for|the full)",
        "прода(?:м|ю|ем|[её]тся|ются|жа|жу)|реализую",
        "出售|售賣|售卖|販售|贩售|販賣|贩卖|拋售|抛售|兜售|求售|誠售|诚售|轉售|转售|[賣卖]\\s*(?:\\d|一批|數據|数据|資料|资料|個資|[庫库])|出\\s*(?:一批|\\d+\\s*[萬万gt]|數據|数据|資料|资料|[庫库])",
    )
});
static RANSOM: LazyLock<Regex> = LazyLock::new(|| {
    words(
        "ransom(?:ed)?|will (?:be )?(?:publish(?:ed)?|leak(?:ed)?|release(?:d)?)|refus(?:ed|es|ing) to (?:pay|negotiate)|(?:days?|hours?) (?:left|remaining) until|until (?:the )?publication|time (?:left|remaining)",
        "выкуп|опубликуем|будут опубликован|отказал\\p{Cyrillic}+ (?:от оплаты|платить)",
        "贖金|赎金|勒索(?:金|信|款)|撕票|拒絕付款|拒绝付款|拒付|不付款|(?:將|将|會|会)(?:被)?公[開开布佈].{0,6}(?:資料|资料|數據|数据|檔案|文件)",
    )
});
static BUYING: LazyLock<Regex> = LazyLock::new(|| {
    words(
        "wtb|buying|want to buy|willing to buy|looking for|in search of|searching for|will buy|will pay for",
        "куплю|скупаю|ищу|нуж(?:ен|на|ны|но)\\s+(?:баз|доступ|данн|слив)",
        "求購|求购|收購|收购|高價收|高价收|長期收|长期收|求\\s*\\S{0,8}(?:資料|资料|數據|数据|[庫库])",
    )
});
static GIVING: LazyLock<Regex> = LazyLock::new(|| {
    words(
        "leaking|download(?:s|able)?|for free|free (?:leak|db|database|data|dump)|giveaway|mirrors?|magnet|torrent|enjoy|dropped|sharing",
        "скачать|бесплатно|раздач|раздаю|выкладываю|сливаю|делюсь|ссылк|в паблик",
        "下載|下载|免費|免费|分享|網盤|网盘|雲盤|云盘|白嫖|打包",
    )
});
static TALK: LazyLock<Regex> = LazyLock::new(|| {
    words(
        "leak(?:ed|s|ing|age)?|breach(?:ed|es)?|hacked|pwned|compromised|stolen|exfiltrat(?:ed|ion)|ransomware|infostealer|defaced",
        "утечк|утекл|слив|слит[аыо]?|взлом|похищен|украден|скомпрометир",
        "洩漏|泄漏|洩露|泄露|外洩|外泄|洩密|泄密|被駭|被黑|遭駭|遭黑|入侵|脫庫|脱库|拖庫|拖库|流出|勒索(?:軟體|软件|病毒)|竊取|窃取",
    )
});

/// The gravest action and the words of all; `None` when the post claims nothing.
pub(super) fn read(post: &Post<'_>, claim: &Claim) -> Option<(Action, Vec<Reading<Action>>)> {
    let mut words = Vec::new();
    for (pattern, action) in [
        (&SELLING, Action::Selling),
        (&RANSOM, Action::Ransom),
        (&BUYING, Action::Buying),
        (&GIVING, Action::Leaking),
        (&TALK, Action::Talk),
    ] {
        words.extend(post.readings(pattern, |_| Some(action)));
    }
    let action = gravest(&words, claim)?;
    // Words of a download without anything leaked are no claim of their own.
    words.retain(|word| word.value != Action::Leaking || action >= Action::Leaking);
    words.sort_by_key(|word| (word.field as u8, word.start));
    words.truncate(super::MAX_READINGS);
    Some((action, words))
}

fn gravest(words: &[Reading<Action>], claim: &Claim) -> Option<Action> {
    let says = |action| words.iter().any(|word| word.value == action);
    let has_data = !claim.data.is_empty();
    let sized = !(claim.volumes.is_empty() && claim.records.is_empty());
    let access = claim.data.iter().any(|kind| kind.value == DataKind::Access);
    let traded = claim.data.iter().any(|kind| is_traded(kind.value));
    let wanted = says(Action::Buying) && has_data;
    // A price beside traded goods is an offer even without the word, unless somebody is looking for them.
    let selling = says(Action::Selling) || (!wanted && !claim.prices.is_empty() && traded);
    if selling && access {
        return Some(Action::AccessOffer);
    }
    if says(Action::Ransom) && (has_data || sized || says(Action::Talk)) {
        return Some(Action::Ransom);
    }
    if selling {
        return Some(Action::Selling);
    }
    // Titles of leak boards carry the size and no verb ("acme.example leaked 2.5M users"): the link is for members.
    let leaked = says(Action::Talk) && (sized || says(Action::Leaking));
    if leaked || (says(Action::Leaking) && traded && sized) {
        return Some(Action::Leaking);
    }
    if wanted {
        return Some(Action::Buying);
    }
    says(Action::Talk).then_some(Action::Talk)
}
