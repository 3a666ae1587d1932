//! Rows of one organisation become one member; what they say of it must agree.

use std::collections::{HashMap, HashSet};

use nightheron_watchlists::{BusinessNumber, Term, TermKind};

use super::{
    IMPORT_AUTHOR,
    errors::Fault,
    import::{Entry, Field},
    table::Row,
    watch::{stored, term},
};
use crate::store::model::{MemberState, NewContact, NewMember, TermState};

/// Why imported terms exist.
const REASON: &str = "application form";

/// The organisations of a file, in the order in which they appear.
#[derive(Default)]
pub(super) struct Organisations {
    all: Vec<Organisation>,
    places: HashMap<BusinessNumber, usize>,
}

struct Organisation {
    number: BusinessNumber,
    /// What was said of it, with the line that said so.
    name: Option<(String, u64)>,
    state: Option<(MemberState, u64)>,
    language: Option<(&'static str, u64)>,
    line: u64,
    fixed_ips: Vec<String>,
    terms: Vec<Term>,
    term_keys: HashSet<(TermKind, String)>,
    contacts: Vec<NewContact>,
    /// Lines of contacts by mail address and webhook.
    lines: HashMap<(String, String), u64>,
}

impl Organisations {
    /// Adds a row; a row whose number was refused is known by its fault already.
    pub(super) fn add(&mut self, row: &Row<'_, Field>, entry: Entry, faults: &mut Vec<Fault>) {
        let Some(number) = entry.number else { return };
        let next = self.all.len();
        let place = *self.places.entry(number).or_insert(next);
        if place == next {
            self.all.push(Organisation::new(number, row.line));
        }
        if let Some(organisation) = self.all.get_mut(place) {
            organisation.add(row, entry, faults);
        }
    }

    pub(super) fn finish(self, faults: &mut Vec<Fault>) -> Vec<NewMember> {
        self.all.into_iter().map(|organisation| organisation.finish(faults)).collect()
    }
}

impl Organisation {
    fn new(number: BusinessNumber, line: u64) -> Self {
        Self {
            number,
            line,
            name: None,
            state: None,
            language: None,
            fixed_ips: Vec::new(),
            terms: Vec::new(),
            term_keys: HashSet::new(),
            contacts: Vec::new(),
            lines: HashMap::new(),
        }
    }

    fn add(&mut self, row: &Row<'_, Field>, entry: Entry, faults: &mut Vec<Fault>) {
        agree(row, Field::Name, &mut self.name, entry.name, faults);
        agree(row, Field::State, &mut self.state, entry.state, faults);
        agree(row, Field::Language, &mut self.language, entry.language, faults);
        for ip in entry.fixed_ips {
            if !self.fixed_ips.contains(&ip) {
                self.fixed_ips.push(ip);
            }
        }
        for term in entry.terms {
            if self.term_keys.insert((term.kind(), term.key())) {
                self.terms.push(term);
            }
        }
        self.add_contact(row, entry.contact, faults);
    }

    fn add_contact(&mut self, row: &Row<'_, Field>, contact: NewContact, faults: &mut Vec<Fault>) {
        let key = (contact.email.clone(), contact.webhook_url.clone());
        if key.0.is_empty() && key.1.is_empty() {
            return; // refused for that already
        }
        match self.lines.get(&key) {
            Some(line) => {
                let field = if key.0.is_empty() { Field::WebhookUrl } else { Field::Email };
                let value = if key.0.is_empty() { &key.1 } else { &key.0 };
                faults.push(row.fault(field, value, format!("line {line} names the same contact: keep one")));
            }
            None => {
                self.lines.insert(key, row.line);
                self.contacts.push(contact);
            }
        }
    }

    fn finish(self, faults: &mut Vec<Fault>) -> NewMember {
        let name = self.name.map(|(name, _)| name).unwrap_or_default();
        let mut terms: Vec<_> =
            self.terms.iter().map(|term| stored(term, TermState::Active, IMPORT_AUTHOR, REASON)).collect();
        if terms.is_empty() && !name.is_empty() {
            match term(TermKind::Keyword, &name) {
                Ok(term) => terms.push(stored(&term, TermState::Active, IMPORT_AUTHOR, "application form: name")),
                Err(reason) => faults.push(Fault::line(
                    self.line,
                    format!("nothing would be watched for: write a domain or a keyword, as the name is none: {reason}"),
                )),
            }
        }
        NewMember {
            business_number: self.number.to_string(),
            name,
            state: self.state.map_or(MemberState::Applied, |(state, _)| state),
            language: self.language.map_or("zh-TW", |(language, _)| language).to_owned(),
            fixed_ips: self.fixed_ips,
            contacts: self.contacts,
            terms,
        }
    }
}

/// Keeps what the first row says; a later row that says something else is at fault.
fn agree<T: PartialEq>(
    row: &Row<'_, Field>, field: Field, known: &mut Option<(T, u64)>, said: Option<T>, faults: &mut Vec<Fault>,
) {
    match (&*known, said) {
        (_, None) => {}
        (None, Some(said)) => *known = Some((said, row.line)),
        (Some((known, line)), Some(said)) if *known != said => {
            let reason = format!("line {line} says something else of the same organisation: make them agree");
            faults.push(row.fault(field, row.get(field).unwrap_or_default(), reason));
        }
        _ => {}
    }
}
