//! What a finding says, as labelled lines for mail and as JSON for webhooks: cleaned, masked and defanged.

use jiff::Timestamp;
use jiff::tz::{TimeZone, offset};
use serde::Serialize;

use super::hostile;
use super::mask;
use super::snippet::Field;
use super::words::{self, Lang};
use crate::alerts::defang::defang;
use crate::alerts::finding::{Finding, span};
use crate::alerts::identity::case_id;
use crate::assess::Reading;

/// Longest one-line value, in characters.
const MAX_LINE: usize = 200;
/// Most values of one kind that are listed.
const MAX_VALUES: usize = 8;

/// A line of a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: &'static str,
    pub(crate) value: String,
}

/// The values of a finding, each safe to show.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Facts {
    pub(crate) case: String,
    pub(crate) tlp: &'static str,
    pub(crate) member: String,
    /// The headline sentence, without a full stop.
    pub(crate) headline: &'static str,
    pub(crate) action: &'static str,
    pub(crate) actor: Option<String>,
    pub(crate) volumes: Vec<String>,
    pub(crate) records: Vec<String>,
    pub(crate) data: Vec<&'static str>,
    pub(crate) prices: Vec<String>,
    pub(crate) source: String,
    pub(crate) title: String,
    /// Address of the post, defanged.
    pub(crate) address: String,
    /// RFC 3339, UTC.
    pub(crate) posted_at: Option<String>,
    /// RFC 3339, UTC.
    pub(crate) captured_at: String,
    /// The same for people, in the notice's language.
    #[serde(skip)]
    pub(crate) times: [String; 2],
    pub(crate) terms: Vec<String>,
    pub(crate) proof: String,
}

impl Facts {
    pub(crate) fn of(finding: &Finding, lang: Lang) -> Self {
        let claim = finding.claim.as_ref();
        let field = |name: &str, max| Field { text: finding.field(name), others: &finding.others_in(name) }.line(max);
        let actor = field("author", 80);
        let mut terms: Vec<String> = finding.hits.iter().map(|hit| safe(&hit.term_text)).collect();
        terms.sort_unstable();
        terms.dedup();
        terms.truncate(MAX_VALUES);
        Self {
            case: case_id(&finding.alert.id),
            tlp: words::tlp(&finding.source.tlp),
            member: hostile::line(&finding.member.name, 120),
            headline: words::headline(lang, claim.map(|c| c.action)),
            action: words::action(lang, claim.map(|c| c.action)),
            actor: Some(actor).filter(|actor| !actor.is_empty()),
            volumes: wordings(claim.map(|c| c.volumes.as_slice())),
            records: wordings(claim.map(|c| c.records.as_slice())),
            data: claim.map(|c| c.data.iter().map(|d| words::data_kind(lang, d.value)).collect()).unwrap_or_default(),
            prices: wordings(claim.map(|c| c.prices.as_slice())),
            source: hostile::line(&finding.source.name, 120),
            title: field("title", MAX_LINE),
            address: field("url", MAX_LINE),
            posted_at: finding.post.posted_at.map(|at| at.to_string()),
            captured_at: finding.post.captured_at.to_string(),
            times: [
                finding
                    .post
                    .posted_at
                    .map_or_else(|| lang.pick("來源未標示", "not stated by the source").to_owned(), time),
                time(finding.post.captured_at),
            ],
            terms,
            proof: proof(finding),
        }
    }

    /// The lines of a notice: what, how much, where, when, and by which terms.
    pub(crate) fn lines(&self, lang: Lang) -> Vec<Fact> {
        let sign = lang.pick("、", ", ");
        let [posted, captured] = self.times.clone();
        let all = [
            (lang.pick("貼文者的說法", "What the author says"), self.action.to_owned()),
            (lang.pick("貼文者（顯示名稱）", "Author (as shown)"), self.actor.clone().unwrap_or_default()),
            (lang.pick("聲稱的資料量", "Volume claimed"), self.volumes.join(sign)),
            (lang.pick("聲稱的筆數", "Records claimed"), self.records.join(sign)),
            (lang.pick("聲稱的資料種類", "Kinds of data claimed"), self.data.join(sign)),
            (lang.pick("開價", "Price asked"), self.prices.join(sign)),
            (lang.pick("來源", "Source"), self.source.clone()),
            (lang.pick("標題", "Title"), self.title.clone()),
            (lang.pick("位址（已去除連結）", "Address (made unclickable)"), self.address.clone()),
            (lang.pick("張貼時間", "Posted"), posted),
            (lang.pick("擷取時間", "Captured"), captured),
            (lang.pick("比對到的監看詞", "Watch terms matched"), self.terms.join(sign)),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(label, value)| Fact { label, value }).collect()
    }
}

/// The words around the hit that proves the finding.
fn proof(finding: &Finding) -> String {
    let Some(hit) = finding.proof() else { return String::new() };
    let others = finding.others_in(&hit.field);
    Field { text: finding.field(&hit.field), others: &others }.around(&span(hit))
}

/// A captured or registered value on one line: cleaned, secrets masked, links broken.
pub(crate) fn safe(text: &str) -> String {
    hostile::line(&defang(&mask::mask(&hostile::clean(text))), MAX_LINE)
}

fn wordings<T>(readings: Option<&[Reading<T>]>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for wording in readings.unwrap_or_default().iter().map(|reading| safe(&reading.wording)) {
        if !all.contains(&wording) && all.len() < MAX_VALUES {
            all.push(wording);
        }
    }
    all
}

/// A time in Taipei (UTC+8 all year) and in UTC, to the minute.
pub(crate) fn time(at: Timestamp) -> String {
    let taipei = at.to_zoned(TimeZone::fixed(offset(8)));
    let utc = at.to_zoned(TimeZone::UTC);
    format!("{} (Asia/Taipei), {} UTC", taipei.strftime("%Y-%m-%d %H:%M"), utc.strftime("%Y-%m-%d %H:%M"))
}
