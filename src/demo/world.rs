//! Who is watched in the demonstration, and what is said about them. All names are invented.

use std::{net::SocketAddr, path::Path, time::Duration};

use crate::{
    config::{Config, HumanDuration, SourceSection},
    store::model::{MemberState, NewContact, NewMember, NewTerm, TermState},
};

/// The configuration of the demonstration: everything in one folder, mail into files.
#[must_use]
pub fn configuration(folder: &Path, listen: SocketAddr, definition: &Path) -> Config {
    let mut config = Config { data_dir: folder.join("data"), ..Config::default() };
    config.web.listen = listen;
    config.store.url = Some(format!("sqlite:{}", folder.join("data/nightheron.db").display()));
    // The forum is served by this process.
    config.net.allow_private = "127.0.0.0/8".parse().into_iter().collect();
    config.tor.enabled = false;
    config.crawl.workers = 2;
    config.alerts.reviewers = vec!["reviewer@cert.example".to_owned()];
    config.alerts.organisation = "Nightheron 示範".to_owned();
    config.alerts.public_url = format!("http://{listen}");
    config.mail.folder = Some(folder.join("mail"));
    config.mail.from = "nightheron@cert.example".to_owned();
    config.sources = vec![SourceSection {
        definition: definition.display().to_string(),
        max_interval: Some(HumanDuration(Duration::from_secs(3))),
        enabled: true,
        max_pages: None,
    }];
    config
}

/// Two members and an applicant.
#[must_use]
pub fn members() -> Vec<NewMember> {
    vec![
        member(
            "04595257",
            "晶湛電子股份有限公司",
            MemberState::Approved,
            &["jingzhan.example"],
            &["晶湛電子", "Jingzhan"],
        ),
        member(
            "22099131",
            "銘山精密股份有限公司",
            MemberState::Approved,
            &["mingshan-precision.example"],
            &["銘山精密"],
        ),
        member(
            "12345675",
            "青鷺物流股份有限公司",
            MemberState::Applied,
            &["qinglu.example"],
            &["青鷺物流", "Qinglu Logistics"],
        ),
    ]
}

fn member(number: &str, name: &str, state: MemberState, domains: &[&str], keywords: &[&str]) -> NewMember {
    let term = |kind: &str, text: &str| NewTerm {
        kind: kind.to_owned(),
        text: text.to_owned(),
        context: None,
        state: TermState::Active,
        author: "demo".to_owned(),
        reason: "application form".to_owned(),
        review_at: None,
    };
    let domain = domains.first().copied().unwrap_or("example");
    NewMember {
        business_number: number.to_owned(),
        name: name.to_owned(),
        state,
        language: "zh-TW".to_owned(),
        fixed_ips: Vec::new(),
        contacts: vec![NewContact {
            name: "資安窗口".to_owned(),
            email: format!("security@{domain}"),
            phone: "+886-2-5550-0100".to_owned(),
            ..NewContact::default()
        }],
        terms: domains.iter().map(|d| term("domain", d)).chain(keywords.iter().map(|k| term("keyword", k))).collect(),
    }
}

/// What stands in the forum before the watch begins: title, author, text.
pub(crate) const OLD_POSTS: [(&str, &str, &str); 4] = [
    ("WTB fresh combo lists, TW/HK", "corvid", "Buying in bulk. Telegram only, no time wasters."),
    ("出售電商會員資料 12 萬筆", "夜行者", "某購物網站 12 萬筆會員資料，含電話與地址。\n樣本私訊，只收 USDT。"),
    (
        "Продам доступ к VPN",
        "severny",
        "Доступ к корпоративному VPN, логистика, Азия. Цена 2000 USD. Гарант приветствуется.",
    ),
    ("metadata tools", "archivist", "A tool that strips metadata from office files. Free, source included."),
];

/// The sale that the demonstration is about: title, author, text.
#[must_use]
pub fn sale() -> (&'static str, &'static str, &'static str) {
    (
        "Qinglu Logistics (青鷺物流) - 2 TB internal data",
        "kvartz",
        "Selling 2 TB of internal data of 青鷺物流 (Qinglu Logistics, Taiwan).\n\
         File server, ERP database, contracts and staff records, taken from fs01.qinglu[.]example last week.\n\
         3.2M rows of customer data included. Price: 45,000 USD, one hand only, escrow accepted.\n\
         Sample: hxxp://samples[.]qinglu-dump[.]example/list.txt",
    )
}

#[cfg(test)]
mod tests {
    use nightheron_crawlers::definition::Library;
    use nightheron_watchlists::{BusinessNumber, Term};

    use super::*;

    #[test]
    fn the_demonstration_is_made_of_valid_data() {
        for member in members() {
            BusinessNumber::parse(&member.business_number).expect("a valid number");
            for term in member.terms {
                Term::parse(term.kind.parse().unwrap(), &term.text).expect("a valid term");
            }
        }
        let mut text = include_str!("forum.yaml").to_owned();
        text.push_str("links: [ \"http://127.0.0.1:1/\" ]\n");
        Library::shipped().parse(&text, "forum.yaml").expect("a valid definition");
    }
}
