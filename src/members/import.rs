//! Application forms as CSV: every row of the file becomes a contact of an organisation, or nothing is imported.

use nightheron_watchlists::{BusinessNumber, Term, TermKind};

use super::{
    cell::{items, line_of_text},
    contact,
    errors::{Fault, ImportErrors},
    fixed_ip,
    organisations::Organisations,
    table::{Row, Spec, Table},
    watch,
};
use crate::store::model::{MemberState, NewContact, NewMember};

/// Most parts of one list.
const MAX_ITEMS: usize = 300;

/// Longest name of an organisation and of a person, in characters.
const MAX_NAME: usize = 200;

/// The columns of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    BusinessNumber,
    Name,
    State,
    Contact,
    Email,
    Phone,
    FixedIps,
    Domains,
    Keywords,
    Language,
    WebhookUrl,
    WebhookSecret,
}

const COLUMNS: &[Spec<Field>] = &[
    Spec::required(Field::BusinessNumber, &["business_number", "統一編號", "統編"]),
    Spec::required(Field::Name, &["name", "名稱", "組織名稱"]),
    Spec::required(Field::State, &["state", "狀態"]),
    Spec::optional(Field::Contact, &["contact", "聯絡人"]),
    Spec::optional(Field::Email, &["email", "電子郵件"]),
    Spec { plus: true, ..Spec::optional(Field::Phone, &["phone", "電話", "聯絡電話"]) },
    Spec::optional(Field::FixedIps, &["fixed_ips", "固定IP", "固定 IP"]),
    Spec::optional(Field::Domains, &["domains", "網域"]),
    Spec::optional(Field::Keywords, &["keywords", "關鍵字"]),
    Spec::optional(Field::Language, &["language", "語言"]),
    Spec::optional(Field::WebhookUrl, &["webhook_url"]),
    Spec { secret: true, ..Spec::optional(Field::WebhookSecret, &["webhook_secret"]) },
];

/// What one row says; what was refused in it is missing.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) number: Option<BusinessNumber>,
    pub(super) name: Option<String>,
    pub(super) state: Option<MemberState>,
    /// `None` when the row leaves it open.
    pub(super) language: Option<&'static str>,
    pub(super) fixed_ips: Vec<String>,
    pub(super) terms: Vec<Term>,
    pub(super) contact: NewContact,
}

/// Reads a file of application forms; the columns stand in [`crate::members`]. The rows of an organisation become one
/// member with several contacts; its domains and keywords become active terms. An organisation that gives neither is
/// watched by its name, so that nobody is watched by nothing.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn parse_members(bytes: &[u8], origin: &str) -> Result<Vec<NewMember>, ImportErrors> {
    let mut table = Table::read(bytes, origin, COLUMNS)?;
    let mut faults = table.take_faults();
    let mut organisations = Organisations::default();
    for row in table.rows() {
        let entry = RowReader { row: &row, faults: &mut faults }.entry();
        organisations.add(&row, entry, &mut faults);
    }
    let members = organisations.finish(&mut faults);
    if faults.is_empty() { Ok(members) } else { Err(ImportErrors::new(origin, faults)) }
}

/// Reads the cells of one row and keeps what is wrong with them.
struct RowReader<'r, 't> {
    row: &'r Row<'t, Field>,
    faults: &'r mut Vec<Fault>,
}

impl RowReader<'_, '_> {
    fn entry(&mut self) -> Entry {
        Entry {
            number: self.read(Field::BusinessNumber, business_number),
            name: self.read(Field::Name, |text| line_of_text(text, "organisation's name", MAX_NAME)),
            state: self.read(Field::State, state),
            language: self.read(Field::Language, language).flatten(),
            fixed_ips: self.list(Field::FixedIps, true, fixed_ip::parse),
            terms: self.terms(),
            contact: self.contact(),
        }
    }

    fn terms(&mut self) -> Vec<Term> {
        let mut terms = self.list(Field::Domains, true, |text| watch::term(TermKind::Domain, text));
        terms.extend(self.list(Field::Keywords, false, |text| watch::term(TermKind::Keyword, text)));
        terms
    }

    fn contact(&mut self) -> NewContact {
        let read = NewContact {
            name: self.optional(Field::Contact, |text| line_of_text(text, "contact's name", MAX_NAME)),
            email: self.optional(Field::Email, contact::email),
            phone: self.optional(Field::Phone, contact::phone),
            webhook_url: self.optional(Field::WebhookUrl, contact::webhook_url),
            webhook_secret: self.optional(Field::WebhookSecret, contact::webhook_secret),
        };
        let has = |field| self.row.get(field) != Some("");
        let (url, secret) = (has(Field::WebhookUrl), has(Field::WebhookSecret));
        if !has(Field::Email) && !url {
            self.fault(Field::Email, "", "nobody could be told: write an e-mail address or a webhook_url");
        }
        match (url, secret) {
            (true, false) => {
                self.fault(Field::WebhookSecret, "", "a webhook is always signed: write its webhook_secret")
            }
            (false, true) => {
                self.fault(Field::WebhookUrl, "", "there is a webhook_secret, but no webhook_url: write it")
            }
            _ => {}
        }
        read
    }

    /// The value of a cell; `None` when it is refused.
    fn read<T>(&mut self, field: Field, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let text = self.row.get(field)?;
        parse(text).map_err(|reason| self.faults.push(self.row.fault(field, text, reason))).ok()
    }

    /// The value of a cell that may be empty.
    fn optional(&mut self, field: Field, parse: impl Fn(&str) -> Result<String, String>) -> String {
        let empty_or = |text: &str| if text.is_empty() { Ok(String::new()) } else { parse(text) };
        self.read(field, empty_or).unwrap_or_default()
    }

    /// The parts of a cell, each of which may be refused by itself.
    fn list<T: PartialEq>(
        &mut self, field: Field, white_space: bool, parse: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        let text = self.row.get(field).unwrap_or_default();
        if items(text, white_space).count() > MAX_ITEMS {
            self.fault(field, text, format!("the list has more than {MAX_ITEMS} parts: split it over rows"));
            return values;
        }
        for item in items(text, white_space) {
            match parse(item) {
                Ok(value) if values.contains(&value) => {
                    self.fault(field, item, "it stands twice in this cell: keep one")
                }
                Ok(value) => values.push(value),
                Err(reason) => self.fault(field, item, reason),
            }
        }
        values
    }

    fn fault(&mut self, field: Field, value: &str, reason: impl Into<String>) {
        self.faults.push(self.row.fault(field, value, reason));
    }
}

/// Also used for the owner of a term.
pub(super) fn business_number(text: &str) -> Result<BusinessNumber, String> {
    // The refusal repeats the text, which may be a whole file behind an open quote.
    if text.chars().count() > MAX_NAME {
        return Err("the unified business number has eight digits: write them alone".to_owned());
    }
    BusinessNumber::parse(text).map_err(|error| error.to_string())
}

fn state(text: &str) -> Result<MemberState, String> {
    match text.to_lowercase().as_str() {
        "applied" | "申請中" => Ok(MemberState::Applied),
        "approved" | "已核准" => Ok(MemberState::Approved),
        _ => Err("write applied (申請中) or approved (已核准)".to_owned()),
    }
}

fn language(text: &str) -> Result<Option<&'static str>, String> {
    match text.to_lowercase().as_str() {
        "" => Ok(None),
        "zh-tw" => Ok(Some("zh-TW")),
        "en" => Ok(Some("en")),
        _ => Err("write zh-TW or en, or leave it empty for zh-TW".to_owned()),
    }
}
