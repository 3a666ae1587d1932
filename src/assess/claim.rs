//! What a seller asserts, as read from a post; stored as JSON and shown as a claim, never as a fact.

use serde::{Deserialize, Serialize};

/// Where in a post a value was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The title.
    Title,
    /// The text.
    Body,
}

/// A value with the words it was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading<T> {
    /// What it means.
    pub value: T,
    /// Which text it stands in.
    pub field: Field,
    /// Byte offset of the first character of the wording in that text.
    pub start: u64,
    /// Byte offset behind its last character.
    pub end: u64,
    /// The original wording; at most 200 bytes of it. Captured text: escape it wherever it is shown.
    pub wording: String,
}

/// What the author says he does, gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Talks of a leak or a break-in, offering nothing.
    Talk,
    /// Looks for data or access.
    Buying,
    /// Gives data away or publishes it.
    Leaking,
    /// Offers data for money.
    Selling,
    /// Threatens to publish unless paid.
    Ransom,
    /// Offers a way into the victim's network.
    AccessOffer,
}

/// What kind of data or access is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataKind {
    /// "Data", without saying which.
    Unspecified,
    /// Databases, dumps.
    Database,
    /// Source code, repositories.
    SourceCode,
    /// Passwords, cookies, combo lists, stealer logs.
    Credentials,
    /// Data of natural persons: names, identity numbers, addresses, phones.
    PersonalData,
    /// Payment cards, bank data.
    Financial,
    /// Health records.
    Medical,
    /// Mail boxes and correspondence.
    Mail,
    /// Internal documents, contracts, drawings.
    Documents,
    /// Remote access: RDP, VPN, shell, domain administrator.
    Access,
}

/// A currency or coin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// US dollar.
    Usd,
    /// Euro.
    Eur,
    /// Pound sterling.
    Gbp,
    /// Russian rouble.
    Rub,
    /// New Taiwan dollar.
    Twd,
    /// Renminbi.
    Cny,
    /// 元 or ¥ without saying whose.
    Yuan,
    /// Tether.
    Usdt,
    /// Bitcoin.
    Btc,
    /// Monero.
    Xmr,
    /// Ether.
    Eth,
    /// Litecoin.
    Ltc,
}

/// A price as asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Amount in whole units of the currency, decimal, without grouping: `5000`, `0.5`.
    pub amount: String,
    /// Its currency.
    pub currency: Currency,
}

/// How the author wants to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A Telegram name.
    Telegram,
    /// A Tox identity (76 hex digits).
    Tox,
    /// A Session identity (66 hex digits from `05`).
    Session,
    /// A Jabber address.
    Jabber,
    /// A mail address named as contact.
    Mail,
    /// A QQ number or WeChat name.
    QqOrWechat,
}

/// What is said of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    /// There is a link.
    Link,
    /// One is offered, without a link.
    Offered,
}

/// A claim. Every list is in the order of the text, title first, at most [`MAX_READINGS`] long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The author as shown by the site.
    pub actor: Option<String>,
    /// The gravest thing the author says he does.
    pub action: Action,
    /// The words of every action found.
    pub actions: Vec<Reading<Action>>,
    /// Volumes in bytes; decimal units, as disks are sold.
    pub volumes: Vec<Reading<u64>>,
    /// Numbers of records, rows, people or accounts.
    pub records: Vec<Reading<u64>>,
    /// Kinds of data, each once.
    pub data: Vec<Reading<DataKind>>,
    /// Prices.
    pub prices: Vec<Reading<Price>>,
    /// Ways to reach the author.
    pub contacts: Vec<Reading<ContactKind>>,
    /// Samples.
    pub samples: Vec<Reading<Sample>>,
}

/// How many readings of one kind a claim keeps: a list of a thousand prices says no more than its beginning.
pub const MAX_READINGS: usize = 16;

impl Claim {
    /// The largest volume claimed, in bytes; 0 when none is.
    #[must_use]
    pub fn volume(&self) -> u64 {
        self.volumes.iter().map(|v| v.value).max().unwrap_or(0)
    }

    /// The largest number of records claimed; 0 when none is.
    #[must_use]
    pub fn record_count(&self) -> u64 {
        self.records.iter().map(|r| r.value).max().unwrap_or(0)
    }

    /// The claim as it is stored.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// A stored claim; `None` for what this version cannot read, which is shown as a post without a claim.
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}
