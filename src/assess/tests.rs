//! Posts in four scripts, each with what a person would read in it.

use proptest::prelude::*;

use super::*;

/// What a snippet must be read as.
struct Case {
    text: &'static str,
    action: Option<Action>,
    severity: Severity,
    volume: u64,
    records: u64,
    price: Option<(&'static str, Currency)>,
}

const GB: u64 = 1_000_000_000;
const TB: u64 = 1000 * GB;

fn case(text: &'static str, action: Action, severity: Severity) -> Case {
    Case { text, action: Some(action), severity, volume: 0, records: 0, price: None }
}

fn mention(text: &'static str) -> Case {
    Case { text, action: None, severity: Severity::Low, volume: 0, records: 0, price: None }
}

impl Case {
    fn volume(self, volume: u64) -> Self {
        Self { volume, ..self }
    }

    fn records(self, records: u64) -> Self {
        Self { records, ..self }
    }

    fn price(self, amount: &'static str, currency: Currency) -> Self {
        Self { price: Some((amount, currency)), ..self }
    }
}

fn english() -> Vec<Case> {
    use Action::*;
    use Severity::*;
    vec![
        case("Selling 2 TB of internal data of acme.example. Price $5,000", Selling, Critical)
            .volume(2 * TB)
            .price("5000", Currency::Usd),
        case("[WTS] ACME corp DB 3.2M rows - 0.5 BTC", Selling, Critical)
            .records(3_200_000)
            .price("0.5", Currency::Btc),
        case("FOR SALE: source code of acme.example, 80GB, 5000 USDT, escrow ok", Selling, High)
            .volume(80 * GB)
            .price("5000", Currency::Usdt),
        case("acme.example leaked database, 2.5M users", Leaking, Critical).records(2_500_000),
        case("ACME customer data 500k records free download", Leaking, High).records(500_000),
        case("Download the acme.example SQL dump here, 40,000 lines", Leaking, High).records(40_000),
        case("Initial access to corporate network, Revenue: $50M, domain admin. Price 2k$", AccessOffer, Critical)
            .price("2000", Currency::Usd),
        case("Selling RDP access, Taiwan, electronics. Start: 1000 Step: 500 Blitz: 3000", AccessOffer, Critical),
        case("The company refused to pay. 350 GB of files will be published in 3 days", Ransom, Critical)
            .volume(350 * GB),
        case("We stole 12 GB of contracts. Pay the ransom or all data goes public", Ransom, High).volume(12 * GB),
        case("WTB acme.example database, pay well", Buying, Medium),
        case("Looking for VPN access to acme.example", Buying, Medium),
        case("heard acme.example got hacked last week, anybody knows more?", Talk, Medium),
        case("ransomware attack reported at ACME", Talk, Medium),
        case("ACME 1.234,5 GB archive for sale", Selling, Critical).volume(1_234_500_000_000),
        case("Selling my old Acer laptop, good battery", Selling, Medium),
        mention("acme.example released a new product today, download the brochure"),
        mention("The best RAM kit is 5600 MHz, see acme.example"),
    ]
}

fn chinese() -> Vec<Case> {
    use Action::*;
    use Severity::*;
    vec![
        case("出售某電子公司內部資料２ＴＢ，售價五千美元", Selling, Critical)
            .volume(2 * TB)
            .price("5000", Currency::Usd),
        case("【出售】台灣電商會員資料 120 萬筆，價格 3000 USDT", Selling, Critical)
            .records(1_200_000)
            .price("3000", Currency::Usdt),
        case("出售某公司數據庫 300万条，含手机号、身份证", Selling, Critical).records(3_000_000),
        case("低价出数据，50万条客户信息，价格2000元", Selling, High).records(500_000).price("2000", Currency::Yuan),
        case("兩TB公司機密檔案外洩，下載連結在下方", Leaking, Critical).volume(2 * TB),
        case("某醫院病歷外洩 三百萬筆", Leaking, Critical).records(3_000_000),
        case("免费分享某学校数据库 8G数据 无解压密码", Leaking, High).volume(8 * GB),
        case("出售某企業內網權限，域控已拿下，0.8 BTC", AccessOffer, Critical).price("0.8", Currency::Btc),
        case("轉售 VPN 權限 台灣製造業 價格 1500 美金", AccessOffer, Critical).price("1500", Currency::Usd),
        case("該公司拒付贖金，將公開全部資料 600GB", Ransom, Critical).volume(600 * GB),
        case("求購某銀行客戶資料，價格好談", Buying, Medium),
        case("高价收台湾地区房产数据", Buying, Medium),
        case("聽說某公司被駭了，有人知道嗎", Talk, Medium),
        case("該公司遭勒索軟體攻擊", Talk, Medium),
        mention("某公司今日公布財報，營收成長"),
        mention("記憶體推薦 16 條規格比較"),
    ]
}

fn russian() -> Vec<Case> {
    use Action::*;
    use Severity::*;
    vec![
        case("Продам базу acme.example, 1,5 млн строк, цена 3000 $", Selling, Critical)
            .records(1_500_000)
            .price("3000", Currency::Usd),
        case("Продаю исходники и документы компании, 2 ТБ, 5000 долларов", Selling, Critical)
            .volume(2 * TB)
            .price("5000", Currency::Usd),
        case("Продам доступ к сети компании, права домен админ, 1к $", AccessOffer, Critical)
            .price("1000", Currency::Usd),
        case("Слив базы клиентов, 200 тыс записей, скачать бесплатно", Leaking, High).records(200_000),
        case("Выкладываю дамп 30 ГБ, утечка свежая", Leaking, High).volume(30 * GB),
        case("Компания отказалась платить, опубликуем 700 Гб данных", Ransom, Critical).volume(700 * GB),
        case("Куплю базу клиентов банка", Buying, Medium),
        case("Говорят, acme.example взломали", Talk, Medium),
        mention("Обзор ноутбуков, смотрите acme.example"),
    ]
}

#[test]
fn snippets_are_read_as_a_person_would() {
    for case in [english(), chinese(), russian()].concat_cases() {
        let read = assess("", case.text, Some("seller"), &[HitKind::Exact]);
        let claim = read.claim.as_ref();
        assert_eq!(claim.map(|c| c.action), case.action, "{}: {claim:?}", case.text);
        assert_eq!(read.severity, case.severity, "{}: {claim:?}", case.text);
        assert_eq!(claim.map_or(0, Claim::volume), case.volume, "{}: {claim:?}", case.text);
        assert_eq!(claim.map_or(0, Claim::record_count), case.records, "{}: {claim:?}", case.text);
        let price = claim.and_then(|c| c.prices.first()).map(|p| (p.value.amount.as_str(), p.value.currency));
        assert_eq!(price, case.price, "{}: {claim:?}", case.text);
    }
}

trait ConcatCases {
    fn concat_cases(self) -> Vec<Case>;
}

impl<const N: usize> ConcatCases for [Vec<Case>; N] {
    fn concat_cases(self) -> Vec<Case> {
        self.into_iter().flatten().collect()
    }
}

#[test]
fn contacts_and_samples() {
    let tox = "a1".repeat(38);
    let session = format!("05{}", "b2".repeat(32));
    let body = format!(
        "Selling the database. tg: @night_seller, tox {tox}, session {session}, jabber: joe@xmpp.example, 微信：seller_88, \
         email: deal@mail.example. Sample: hxxps://paste.example/x"
    );
    let claim = assess("", &body, None, &[]).claim.unwrap();
    let contacts: Vec<_> = claim.contacts.iter().map(|c| c.value).collect();
    assert_eq!(
        contacts,
        [
            ContactKind::Telegram,
            ContactKind::Tox,
            ContactKind::Session,
            ContactKind::Jabber,
            ContactKind::QqOrWechat,
            ContactKind::Mail
        ]
    );
    assert_eq!(claim.samples[0].value, Sample::Link);
    let offered = assess("", "出售資料庫，可提供樣本", None, &[]).claim.unwrap();
    assert_eq!(offered.samples[0].value, Sample::Offered);
}

#[test]
fn every_reading_keeps_its_words() {
    let (title, body) = ("賣２ＴＢ資料庫", "price: $5,000 or 0.1 BTC; 3.2M rows of customer data, telegram @seller_x");
    let claim = assess(title, body, Some("  "), &[]).claim.unwrap();
    assert_eq!(claim.actor, None);
    let volume = &claim.volumes[0];
    assert_eq!((volume.field, volume.wording.as_str()), (Field::Title, "２ＴＢ"));
    assert_eq!(&title[usize::try_from(volume.start).unwrap()..usize::try_from(volume.end).unwrap()], "２ＴＢ");
    let prices: Vec<_> = claim.prices.iter().map(|p| p.wording.as_str()).collect();
    assert_eq!(prices, ["$5,000", "0.1 BTC"]);
    let json = claim.to_json();
    assert_eq!(Claim::from_json(&json), Some(claim));
}

#[test]
fn confidence_follows_term_and_claim() {
    use HitKind::{Exact, Word};
    let (offer, talk) = ("Selling the acme database", "acme opens a new office");
    for (text, hits, expected) in [
        (offer, &[Exact][..], Confidence::High),
        (offer, &[Word, Exact], Confidence::High),
        (offer, &[Word], Confidence::Medium),
        (talk, &[Exact], Confidence::Medium),
        (talk, &[Word], Confidence::Low),
        ("selling my old acme phone", &[Word], Confidence::Low),
    ] {
        assert_eq!(assess("", text, None, hits).confidence, expected, "{text} {hits:?}");
    }
    assert_eq!(HitKind::of_term("domain"), Exact);
    assert_eq!(HitKind::of_term("keyword"), Word);
}

#[test]
fn reasons_are_named() {
    let read = assess("", "selling 2 TB, 5M rows", None, &[HitKind::Word]);
    assert_eq!(read.reasons, ["volume_from_100_gb", "records_from_1m", "word_only"]);
}

#[test]
fn a_victims_revenue_is_not_a_price() {
    let claim = assess("", "Selling VPN access. Revenue: $50M", None, &[]).claim.unwrap();
    assert!(claim.prices.is_empty(), "{:?}", claim.prices);
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(title in "\\PC{0,40}", body in "[\\PC\\n0-9.,$ TGM萬元筆兩йк@:]{0,300}") {
        let read = assess(&title, &body, Some(&title), &[HitKind::Word]);
        if let Some(claim) = read.claim {
            for volume in &claim.volumes {
                let text = if volume.field == Field::Title { &title } else { &body };
                let words = text.get(usize::try_from(volume.start).unwrap()..usize::try_from(volume.end).unwrap());
                prop_assert!(words.is_some_and(|w| w.starts_with(&volume.wording)));
            }
            prop_assert!(Claim::from_json(&claim.to_json()).is_some());
        }
    }
}
