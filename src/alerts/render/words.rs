//! The sentences of the notices in both languages; what is only claimed is called a claim in each.

use crate::alerts::route::HoldReason;
use crate::assess::{Action, DataKind};
use crate::store::model::{Confidence, Severity};

/// A language of notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    /// Traditional Chinese, the default.
    Zh,
    /// English.
    En,
}

impl Lang {
    pub(crate) fn of(tag: &str) -> Self {
        if tag.eq_ignore_ascii_case("en") { Self::En } else { Self::Zh }
    }

    pub(crate) fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// What somebody does, as a whole sentence without its full stop. `None`: the member is only mentioned.
pub(crate) fn headline(lang: Lang, action: Option<Action>) -> &'static str {
    match action {
        Some(Action::Selling) => {
            lang.pick("有人聲稱出售據稱屬於貴單位的資料", "Somebody claims to sell data said to be yours")
        }
        Some(Action::AccessOffer) => {
            lang.pick("有人聲稱出售可進入貴單位系統的權限", "Somebody claims to sell access to your systems")
        }
        Some(Action::Leaking) => {
            lang.pick("有人聲稱公開據稱屬於貴單位的資料", "Somebody claims to publish data said to be yours")
        }
        Some(Action::Ransom) => {
            lang.pick("有人聲稱持有貴單位的資料並要求付款", "Somebody claims to hold data of yours and demands payment")
        }
        Some(Action::Buying) => lang
            .pick("有人聲稱徵求貴單位的資料或權限", "Somebody claims to be looking for data of yours, or access to it"),
        Some(Action::Talk) => {
            lang.pick("有人聲稱貴單位的資料已流出", "Somebody claims that data of yours is in circulation")
        }
        None => lang.pick("有貼文提及貴單位", "A post mentions your organisation"),
    }
}

/// The action in few words.
pub(crate) fn action(lang: Lang, action: Option<Action>) -> &'static str {
    match action {
        Some(Action::Selling) => lang.pick("聲稱出售", "claims to sell"),
        Some(Action::AccessOffer) => lang.pick("聲稱出售存取權限", "claims to sell access"),
        Some(Action::Leaking) => lang.pick("聲稱公開", "claims to publish"),
        Some(Action::Ransom) => lang.pick("聲稱勒索", "claims to hold for ransom"),
        Some(Action::Buying) => lang.pick("聲稱徵求", "claims to be looking for"),
        Some(Action::Talk) => lang.pick("聲稱已流出", "claims to be in circulation"),
        None => lang.pick("提及", "mentions"),
    }
}

pub(crate) fn data_kind(lang: Lang, kind: DataKind) -> &'static str {
    match kind {
        DataKind::Unspecified => lang.pick("未說明的資料", "unspecified data"),
        DataKind::Database => lang.pick("資料庫", "database"),
        DataKind::SourceCode => lang.pick("原始碼", "source code"),
        DataKind::Credentials => lang.pick("帳號密碼", "credentials"),
        DataKind::PersonalData => lang.pick("個人資料", "personal data"),
        DataKind::Financial => lang.pick("財務資料", "financial data"),
        DataKind::Medical => lang.pick("醫療資料", "medical data"),
        DataKind::Mail => lang.pick("郵件", "mail"),
        DataKind::Documents => lang.pick("內部文件", "internal documents"),
        DataKind::Access => lang.pick("系統存取權限", "access to systems"),
    }
}

pub(crate) fn severity(lang: Lang, severity: Severity) -> &'static str {
    match severity {
        Severity::Low => lang.pick("低", "low"),
        Severity::Medium => lang.pick("中", "medium"),
        Severity::High => lang.pick("高", "high"),
        Severity::Critical => lang.pick("嚴重", "critical"),
    }
}

pub(crate) fn confidence(lang: Lang, confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => lang.pick("低", "low"),
        Confidence::Medium => lang.pick("中", "medium"),
        Confidence::High => lang.pick("高", "high"),
    }
}

/// Why an alert waits, as a sentence.
pub(crate) fn held(lang: Lang, reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::ApplicantUnderReview => {
            lang.pick("該單位的入會申請仍在審查中。", "The organisation's application is still under review.")
        }
        HoldReason::LowConfidence => lang.pick(
            "比對的把握不足，可能與該單位無關。",
            "The match is not sure enough: it may not be about the member.",
        ),
        HoldReason::SeverityBelowImmediate => {
            lang.pick("嚴重程度未達立即通知的門檻。", "It is not grave enough to be sent without a reviewer.")
        }
        HoldReason::FoundInHistory => {
            lang.pick("由歷史資料比對而得。", "It was found when a term was matched against what had been seen before.")
        }
        HoldReason::NoUsableContact => lang.pick(
            "沒有可通知的聯絡人：未登錄，或其地址已出現在貼文中。請以電話聯絡。",
            "Nobody can be told: there is no contact, or the post names the contact's address. Please telephone.",
        ),
    }
}

/// A TLP 2.0 label as it must be written (FIRST, Traffic Light Protocol 2.0). A marking that is not known is
/// treated as `TLP:AMBER+STRICT`.
pub(crate) fn tlp(marking: &str) -> &'static str {
    match marking.trim().to_ascii_lowercase().trim_start_matches("tlp:") {
        "clear" | "white" => "TLP:CLEAR",
        "green" => "TLP:GREEN",
        "amber" => "TLP:AMBER",
        "red" => "TLP:RED",
        _ => "TLP:AMBER+STRICT",
    }
}

/// What a TLP label allows, as a sentence.
pub(crate) fn tlp_meaning(lang: Lang, label: &str) -> &'static str {
    match label {
        "TLP:CLEAR" => lang.pick("可不受限制地分享。", "May be shared without limit."),
        "TLP:GREEN" => lang.pick("僅限社群內分享，不得公開。", "May be shared within the community, not in public."),
        "TLP:AMBER" => lang.pick(
            "僅限貴單位及其需要知悉的客戶。",
            "May be shared within your organisation and with its clients who need to know.",
        ),
        "TLP:RED" => lang.pick("僅限收件人本人。", "For the recipient's eyes only."),
        _ => lang.pick(
            "僅限貴單位內需要知悉的人員。",
            "May be shared within your organisation only, with those who need to know.",
        ),
    }
}
