//! The texts of notices: mail in text and HTML, and JSON for webhooks, in zh-TW and English.
//!
//! Captured text passes through `hostile` (controls, escapes), `mask` (secrets), `snippet` (other members) and
//! the defanger before a template sees it; the HTML template escapes what is left. Subjects carry no captured text.
//! The templates lie in `src/alerts/templates/`, found by the `askama.toml` beside them.

pub(crate) mod digest;
mod facts;
mod hostile;
pub(crate) mod mask;
mod snippet;
mod words;

#[cfg(test)]
mod tests;

use askama::Template;
use serde_json::json;

use super::finding::Finding;
use super::notices::SourceHealth;
use super::route::HoldReason;
use super::settings::Desk;
use crate::store::model::AlertState;
use facts::{Fact, Facts, safe, time};
use words::Lang;

/// Longest subject, in characters.
const MAX_SUBJECT: usize = 160;

/// A notice in every form a channel may want.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Subject of the mail, one line.
    pub subject: String,
    /// Text part.
    pub text: String,
    /// HTML part.
    pub html: String,
    /// Body of the webhook.
    pub json: String,
}

/// One layout for all notices: a heading, what it means, facts, a proof, one action, the closing words.
#[derive(Template)]
#[template(path = "notice.txt", config = "src/alerts/templates/askama.toml", escape = "none")]
struct TextPart<'a> {
    page: &'a Page,
}

#[derive(Template)]
#[template(path = "notice.html", config = "src/alerts/templates/askama.toml", escape = "html")]
struct HtmlPart<'a> {
    page: &'a Page,
}

struct Page {
    lang_tag: &'static str,
    tlp: &'static str,
    case: String,
    to: String,
    heading: String,
    intro: Vec<String>,
    facts: Vec<Fact>,
    proof_label: &'static str,
    proof: String,
    action: String,
    link: Option<String>,
    closing: Vec<String>,
    organisation: String,
}

/// The notice a member's contact receives.
///
/// # Errors
/// The template could not be written; nothing that the text of a post could cause.
pub fn member(finding: &Finding, language: &str, desk: &Desk) -> Result<Rendered, askama::Error> {
    let lang = Lang::of(language);
    let facts = Facts::of(finding, lang);
    let subject = format!("[{}] {} ({})", facts.tlp, facts.headline, facts.case);
    let action = lang.pick(
        format!("請查證：資料是否屬於貴單位？貼文所稱是否屬實？並請直接回覆本信，註明案號 {}。", facts.case),
        format!("Please verify whether the data is yours and whether the claim is true, and answer by replying to this mail, quoting {}.", facts.case),
    );
    let page = Page {
        to: facts.member.clone(),
        heading: facts.headline.to_owned(),
        intro: vec![lang.pick(
            "以下是貼文者單方面的說法，尚未經查證；我們並未認定貴單位發生資安事件。".to_owned(),
            "What follows is what the author of a post says. It has not been verified, and we do not say that an incident has taken place at your organisation.".to_owned(),
        )],
        facts: facts.lines(lang),
        proof: facts.proof.clone(),
        action,
        link: None,
        closing: closing(lang, facts.tlp),
        ..Page::new(lang, facts.tlp, facts.case.clone(), desk)
    };
    let body = json!({ "version": 1, "type": "claim", "alert": finding.alert.id, "severity": finding.alert.severity,
        "confidence": finding.alert.confidence, "verified": false, "asked": "verify", "language": page.lang_tag, "finding": facts });
    page.render(subject, &body)
}

/// The notice that tells a reviewer what waits, and why.
///
/// # Errors
/// As for [`member`].
pub fn reviewer(finding: &Finding, language: &str, desk: &Desk) -> Result<Rendered, askama::Error> {
    let lang = Lang::of(language);
    let facts = Facts::of(finding, lang);
    let waits = lang.pick("待審查", "Waiting for review");
    let subject = format!("[{}] {waits}: {} — {} ({})", facts.tlp, facts.member, facts.action, facts.case);
    let link = format!("{}/findings/{}", desk.public_url, finding.alert.id);
    let why = match finding.alert.state {
        AlertState::New | AlertState::Held => HoldReason::from_name(&finding.alert.reason)
            .map_or_else(|| lang.pick("等待審查。", "It waits for a reviewer."), |reason| words::held(lang, reason)),
        AlertState::Released | AlertState::Dismissed => {
            lang.pick("此案已有人處理。", "Somebody has decided about it meanwhile.")
        }
    };
    let mut lines = vec![
        Fact { label: lang.pick("單位", "Organisation"), value: facts.member.clone() },
        Fact {
            label: lang.pick("嚴重程度", "Severity"),
            value: words::severity(lang, finding.alert.severity).to_owned(),
        },
        Fact {
            label: lang.pick("把握程度", "Confidence"),
            value: words::confidence(lang, finding.alert.confidence).to_owned(),
        },
    ];
    lines.extend(facts.lines(lang));
    let page = Page {
        to: lang.pick("值班審查人員", "the reviewer on duty").to_owned(),
        heading: format!("{waits}: {}", facts.member),
        intro: vec![why.to_owned()],
        facts: lines,
        proof: facts.proof.clone(),
        action: lang.pick("請確認或駁回此案：", "Please confirm or dismiss it:").to_owned(),
        link: Some(link.clone()),
        closing: closing(lang, facts.tlp),
        ..Page::new(lang, facts.tlp, facts.case.clone(), desk)
    };
    let body = json!({ "version": 1, "type": "review", "alert": finding.alert.id, "severity": finding.alert.severity,
        "confidence": finding.alert.confidence, "verified": false, "state": finding.alert.state, "reason": safe(&finding.alert.reason),
        "link": link, "language": page.lang_tag, "finding": facts });
    page.render(subject, &body)
}

/// The notice that tells the SOC that a source has gone blind, or is read again.
///
/// # Errors
/// As for [`member`].
pub fn soc(health: &SourceHealth, language: &str, desk: &Desk) -> Result<Rendered, askama::Error> {
    let lang = Lang::of(language);
    let name = hostile::line(&health.name, 80);
    let heading = if health.moved_to.is_some() {
        lang.pick(format!("來源表示已遷移：{name}"), format!("A source says that it has moved: {name}"))
    } else if health.healthy {
        lang.pick(format!("來源恢復正常：{name}"), format!("A source is read again: {name}"))
    } else {
        lang.pick(format!("來源無法讀取：{name}"), format!("A source is not being read: {name}"))
    };
    let mut facts = vec![
        Fact { label: lang.pick("最近一次結果", "Last outcome"), value: safe(&health.outcome) },
        Fact { label: lang.pick("起始時間", "Since"), value: time(health.since) },
    ];
    if let Some(to) = &health.moved_to {
        facts.push(Fact { label: lang.pick("新網址", "New address"), value: safe(to) });
    }
    let action = if health.moved_to.is_some() {
        lang.pick(
            "未經核可不會前往新網址，請於下列頁面核可或駁回：",
            "It is not followed there unless somebody approves. Please approve or dismiss it:",
        )
    } else if health.healthy {
        lang.pick("無須處理。", "Nothing needs to be done.")
    } else {
        lang.pick("請查看此來源：", "Please look at the source:")
    };
    let page = Page {
        to: lang.pick("值班人員", "the SOC on duty").to_owned(),
        heading: heading.clone(),
        facts,
        action: action.to_owned(),
        link: Some(match &health.moved_to {
            Some(_) => format!("{}/sources/{}", desk.public_url, health.source),
            None => format!("{}/", desk.public_url),
        }),
        ..Page::new(lang, "TLP:AMBER+STRICT", hostile::line(&health.source, 80), desk)
    };
    let body = json!({ "version": 1, "type": "source", "source": page.case, "name": name, "healthy": health.healthy,
        "outcome": safe(&health.outcome), "since": health.since.to_string(),
        "moved_to": health.moved_to.as_deref().map(safe) });
    page.render(format!("[TLP:AMBER+STRICT] {heading}"), &body)
}

/// Text of a server on one line of at most `max` characters, safe to store and to show.
#[must_use]
pub fn one_line(text: &str, max: usize) -> String {
    hostile::line(text, max)
}

/// The charter's secrecy and what the marking allows.
fn closing(lang: Lang, tlp: &str) -> Vec<String> {
    vec![
        lang.pick(
            "請勿聯繫貼文者，亦請勿開啟上述位址。",
            "Please do not contact the author and do not open the address above.",
        )
        .to_owned(),
        format!("{tlp}: {}", words::tlp_meaning(lang, tlp)),
        lang.pick(
            "依會員章程，收件人應對本通知及其來源保密，引用時須註明來源，未經同意不得公開。",
            "Under the charter the recipient keeps this notice and its source secret, names the source when using it, and publishes nothing without consent.",
        )
        .to_owned(),
    ]
}

impl Page {
    fn new(lang: Lang, tlp: &'static str, case: String, desk: &Desk) -> Self {
        Self {
            lang_tag: lang.pick("zh-TW", "en"),
            tlp,
            case,
            to: String::new(),
            heading: String::new(),
            intro: Vec::new(),
            facts: Vec::new(),
            proof_label: lang
                .pick("貼文節錄（疑似密碼處已遮蔽）", "Excerpt of the post (what looks like a password is masked)"),
            proof: String::new(),
            action: String::new(),
            link: None,
            closing: Vec::new(),
            organisation: hostile::line(&desk.organisation, 120),
        }
    }

    fn render(&self, subject: String, body: &serde_json::Value) -> Result<Rendered, askama::Error> {
        Ok(Rendered {
            subject: hostile::line(&subject, MAX_SUBJECT),
            text: TextPart { page: self }.render()?,
            html: HtmlPart { page: self }.render()?,
            json: body.to_string(),
        })
    }
}
