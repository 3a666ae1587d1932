//! The digest of what was found in history: each finding in a line or two, the rest as a number.

use serde_json::json;

use super::facts::{Fact, Facts};
use super::words::{self, Lang};
use super::{Page, Rendered, closing};
use crate::alerts::digest::HistoryDigest;
use crate::alerts::finding::Finding;
use crate::alerts::settings::Desk;

/// The digest for a member's contact, or for the reviewers (`reviewed`: false).
///
/// # Errors
/// As for [`super::member`].
pub(crate) fn history(
    findings: &[Finding], digest: HistoryDigest, told: bool, language: &str, desk: &Desk,
) -> Result<Rendered, askama::Error> {
    let lang = Lang::of(language);
    let facts: Vec<Facts> = findings.iter().map(|finding| Facts::of(finding, lang)).collect();
    let tlp = facts.iter().map(|fact| fact.tlp).max_by_key(|label| strictness(label)).unwrap_or("TLP:AMBER+STRICT");
    let case = facts.first().map(|fact| fact.case.clone()).unwrap_or_default();
    let member = facts.first().map(|fact| fact.member.clone()).unwrap_or_default();
    let count = digest.findings;
    let heading = if told {
        lang.pick(
            format!("過去擷取的 {count} 則貼文提及貴單位"),
            format!("{count} posts captured earlier mention your organisation"),
        )
    } else {
        lang.pick(
            format!("待審查：歷史資料中有 {count} 則與 {member} 有關"),
            format!("Waiting for review: {count} found in history for {member}"),
        )
    };
    let link = format!("{}/lookbacks/{}", desk.public_url, digest.look_back);
    let mut lines: Vec<Fact> = facts.iter().map(|fact| line(fact, lang)).collect();
    let more = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(facts.len());
    if more > 0 {
        lines.push(Fact { label: lang.pick("其餘", "And more"), value: more.to_string() });
    }
    let page = Page {
        to: if told { member.clone() } else { lang.pick("值班審查人員", "the reviewer on duty").to_owned() },
        heading: heading.clone(),
        intro: vec![intro(lang, told)],
        facts: lines,
        action: action(lang, told, &case),
        link: (!told).then(|| link.clone()),
        closing: closing(lang, tlp),
        ..Page::new(lang, tlp, case, desk)
    };
    let mut body = json!({ "version": 1, "type": "history", "findings": count, "verified": false,
        "language": page.lang_tag, "listed": facts });
    if !told {
        body["link"] = link.into();
    }
    page.render(format!("[{tlp}] {heading} ({})", page.case), &body)
}

fn line(facts: &Facts, lang: Lang) -> Fact {
    let [posted, _] = facts.times.clone();
    let parts = [
        facts.action.to_owned(),
        facts.title.clone(),
        facts.source.clone(),
        posted,
        facts.terms.join(lang.pick("、", ", ")),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Fact { label: lang.pick("貼文", "Post"), value: format!("{} ({})", parts.join(" · "), facts.case) }
}

fn intro(lang: Lang, told: bool) -> String {
    let text = if told {
        lang.pick(
            "新增的監看詞與過去擷取的貼文比對後，找到下列內容。這些是貼文者單方面的說法，尚未經查證；我們並未認定貴單位發生資安事件。",
            "A new watch term was matched against posts captured earlier. What follows is what their authors say. It has not been verified, and we do not say that an incident has taken place at your organisation.",
        )
    } else {
        words::held(lang, crate::alerts::route::HoldReason::FoundInHistory)
    };
    text.to_owned()
}

fn action(lang: Lang, told: bool, case: &str) -> String {
    if told {
        lang.pick(
            format!("請查證：資料是否屬於貴單位？貼文所稱是否屬實？並請直接回覆本信，註明案號 {case}。"),
            format!("Please verify whether the data is yours and whether the claims are true, and answer by replying to this mail, quoting {case}."),
        )
    } else {
        lang.pick("請逐件或一次確認或駁回：", "Please confirm or dismiss them, one by one or all at once:").to_owned()
    }
}

/// TLP 2.0 labels from the most open to the strictest.
fn strictness(label: &str) -> usize {
    let order = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"];
    order.iter().position(|known| *known == label).unwrap_or(order.len())
}
