//! A slow, independent reading of the matching rules: lists of characters, no automaton.

mod address;
mod context;
pub(crate) mod samples;
mod words;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use nightheron_watchlists::{Confidence, Form, Hit, Term, TermId, TermKind, fold};
use unicode_normalization::UnicodeNormalization;

pub(crate) type Found = BTreeSet<(usize, usize, TermId)>;

/// A character of a view of the text, with the bytes it comes from.
type Place = (char, usize, usize);

pub(crate) struct Oracle<'a> {
    terms: &'a [(TermId, Term)],
}

impl<'a> Oracle<'a> {
    pub(crate) fn new(terms: &'a [(TermId, Term)]) -> Self {
        Oracle { terms }
    }

    pub(crate) fn find(&self, text: &str) -> Found {
        let plain: Vec<Place> = fold(text).chars().map(|(c, r)| (c, r.start, r.end)).collect();
        let restored = restore(&plain);
        let mut found = Found::new();
        for (id, term) in self.terms {
            let hits = match term.kind() {
                TermKind::Keyword | TermKind::Domain | TermKind::Email | TermKind::EmailDomain => {
                    literals(term, text, &plain, &restored)
                }
                TermKind::Regex => words::projects(text),
                TermKind::Ip | TermKind::Cidr => {
                    let all: Vec<char> = restored.iter().map(|place| place.0).collect();
                    let held = address::all(&all).into_iter().filter(|&(_, _, address)| address::holds(term, address));
                    held.map(|(start, end, _)| (restored[start].1, restored[end - 1].2)).collect()
                }
                _ => sequences(term, &plain),
            };
            let holds = |&(start, end): &(usize, usize)| {
                term.context().is_none_or(|context| context::holds(context, &plain, start, end))
            };
            found.extend(hits.into_iter().filter(holds).map(|(start, end)| (start, end, *id)));
        }
        found
    }
}

/// Whether a hit is of the less certain forms, which have tests of their own.
pub(crate) fn only_alike(hit: &Hit<'_>) -> bool {
    let host = matches!(hit.kind, TermKind::Domain | TermKind::Email | TermKind::EmailDomain);
    hit.form == Form::LookAlike || (host && hit.confidence == Confidence::Low)
}

fn literals(term: &Term, text: &str, plain: &[Place], restored: &[Place]) -> Vec<(usize, usize)> {
    let view = if term.kind() == TermKind::Keyword { plain } else { restored };
    let all: Vec<char> = view.iter().map(|place| place.0).collect();
    let mut found = Vec::new();
    for name in names(term) {
        let pattern: Vec<char> = fold(&name).text().chars().collect();
        for at in (0..all.len()).filter(|&at| all[at..].starts_with(&pattern)) {
            let end = at + pattern.len();
            let written = &text[view[at].1..view[end - 1].2];
            if let Some(start) = accepted(term, &name, written, &all, at, end) {
                found.push((view[start].1, view[end - 1].2));
            }
        }
    }
    // A company's short name inside its whole one is not a hit of its own.
    let all = found.clone();
    let inside = |&(a, b): &(usize, usize)| all.iter().any(|&(c, d)| c <= a && b <= d && (a, b) != (c, d));
    found.retain(|hit| term.kind() != TermKind::Keyword || !inside(hit));
    found
}

/// The names by which a term is found, without its `@`.
fn names(term: &Term) -> Vec<String> {
    let mut names: Vec<String> = [term.text(), &term.readable()].map(|name| name.trim_start_matches('@').into()).into();
    if term.text() == "Ab b Co., Ltd." {
        names.push("Ab b".to_owned());
    }
    names
}

fn sequences(term: &Term, plain: &[Place]) -> Vec<(usize, usize)> {
    let all: Vec<char> = plain.iter().map(|place| place.0).collect();
    let spellings: &[&[&str]] = match term.text() {
        "ab b電" => &[&["ab", "b", "电"]],
        "b, com b" => &[&["b", "com", "b"]],
        "AB Com-B" => &[&["ab", "com", "b"], &["ab", "comb"], &["com", "b", "ab"], &["comb", "ab"]],
        _ => &[],
    };
    let mut found = Vec::new();
    for at in 0..all.len() {
        let ends = spellings.iter().filter_map(|words| words::sequence(&all, at, words));
        let number = (term.kind() == TermKind::BusinessNumber).then(|| words::number(&all, at, term.text())).flatten();
        found.extend(ends.chain(number).map(|end| (plain[at].1, plain[end - 1].2)));
    }
    found
}

/// Where the hit of `at..end` begins, if it is one.
fn accepted(term: &Term, name: &str, written: &str, all: &[char], at: usize, end: usize) -> Option<usize> {
    match term.kind() {
        TermKind::Keyword => keyword_fits(all, at, end).then_some(at),
        kind => {
            let left = is_han(all[at]) || begins(all, at, kind);
            (left && ends(all, at, end) && marks(written) == marks(name)).then_some(())?;
            match kind {
                TermKind::Domain => Some(leftmost(all, at)),
                TermKind::EmailDomain => mailbox(all, leftmost(all, at)),
                _ => Some(at),
            }
        }
    }
}

/// The first character of the address at the host that begins at `host`.
fn mailbox(all: &[char], host: usize) -> Option<usize> {
    let sign = host.checked_sub(1).filter(|&i| all[i] == '@')?;
    let local = (0..=sign).rev().find(|&i| i == 0 || !(is_word(all[i - 1]) || ".-_+".contains(all[i - 1])))?;
    let local = if after_escape(all, (local + 2).min(sign)) && local + 2 <= sign { local + 2 } else { local };
    (local..sign).find(|&i| !".-+".contains(all[i]))
}

fn marks(text: &str) -> String {
    text.nfkd().filter(|c| ('\u{300}'..='\u{36f}').contains(c)).collect()
}

fn is_han(c: char) -> bool {
    ('\u{2e80}'..='\u{9fff}').contains(&c)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

fn keyword_fits(all: &[char], at: usize, end: usize) -> bool {
    let before: Vec<char> = all[..at].iter().rev().copied().collect();
    let mut digits: String = before.iter().take_while(|c| c.is_ascii_digit()).collect();
    digits = digits.chars().rev().collect();
    let after = &all[end..];
    let trailing: String = after.iter().take_while(|c| c.is_ascii_digit()).collect();
    side_fits(all[at], before.first(), &digits) && side_fits(all[end - 1], after.first(), &trailing)
}

fn side_fits(edge: char, neighbour: Option<&char>, digits: &str) -> bool {
    let dated =
        ["19", "20"].iter().any(|century| digits.starts_with(century)) && (digits.len() == 4 || digits.len() == 8);
    match neighbour {
        None => true,
        Some(&c) if !is_word(c) || !is_word(edge) => true,
        Some(_) => dated && !edge.is_numeric(),
    }
}

/// Whether `%` and two hexadecimal digits stand right before `at`.
fn after_escape(all: &[char], at: usize) -> bool {
    at >= 3 && all[at - 3] == '%' && all[at - 2..at].iter().all(char::is_ascii_hexdigit)
}

fn begins(all: &[char], at: usize, kind: TermKind) -> bool {
    let joiners = if kind == TermKind::Email { ".-_+" } else { "-" };
    match at.checked_sub(1).map(|i| all[i]) {
        None => true,
        Some(c) if is_word(c) => after_escape(all, at),
        Some(c) if joiners.contains(c) => at < 2 || !is_word(all[at - 2]),
        Some(_) => true,
    }
}

fn ends(all: &[char], at: usize, end: usize) -> bool {
    match all.get(end) {
        None => true,
        Some('.' | '-') => {
            let tail: String = all[end..].iter().take_while(|&&c| is_word(c) || c == '.' || c == '-').collect();
            let tail = tail.trim_end_matches(['.', '-']);
            let host: String = all[at..end].iter().copied().chain(tail.chars()).collect();
            let known = psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known());
            tail.is_empty() || tail.starts_with("..") || tail == ".zip" || !known
        }
        Some(&c) => !is_word(c) || is_han(all[end - 1]),
    }
}

/// The first character of the host whose end part begins at `at`.
fn leftmost(all: &[char], at: usize) -> usize {
    let Some(dot) = at.checked_sub(1).filter(|&i| all[i] == '.') else {
        return at;
    };
    let mut first = dot;
    while first > 0 && (is_word(all[first - 1]) || "-_".contains(all[first - 1])) {
        first -= 1;
    }
    let escaped = dot >= first + 2 && after_escape(all, first + 2);
    let mut begin = if escaped { first + 2 } else { first };
    while !escaped && begin < dot && all[begin] == '-' {
        begin += 1;
    }
    match begin {
        b if b == dot => at,
        b if b == first => leftmost(all, b),
        b => b,
    }
}

/// The view with its disarmed dots and signs restored, form by form.
fn restore(plain: &[Place]) -> Vec<Place> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < plain.len() {
        let form = FORMS.iter().find(|(form, _)| {
            if !form.starts_with(plain[at].0) {
                return false;
            }
            let ahead: String = plain[at..].iter().take(form.chars().count()).map(|p| p.0).collect();
            ahead == *form && (form != "[." || plain.get(at + 2).is_some_and(|p| is_word(p.0)))
        });
        let Some((form, meaning)) = form else {
            out.push(plain[at]);
            at += 1;
            continue;
        };
        let last = at + form.chars().count() - 1;
        out.extend(meaning.chars().map(|c| (c, plain[at].1, plain[last].2)));
        at = last + 1;
    }
    out
}

static FORMS: LazyLock<Vec<(String, &str)>> = LazyLock::new(disarmed_forms);

/// Every spelling of a disarmed character, longest first.
fn disarmed_forms() -> Vec<(String, &'static str)> {
    let mut forms = vec![];
    let inner =
        [(".", "."), ("dot", "."), ("点", "."), ("@", "@"), ("at", "@"), (":", ":"), ("://", "://"), ("/", "/")];
    for (open, close) in ["[]", "()", "{}", "<>", "【】", "〔〕"].map(|pair| {
        let mut chars = pair.chars();
        (chars.next().expect("open"), chars.next().expect("close"))
    }) {
        for (inside, meaning) in inner {
            for (left, right) in [("", ""), (" ", ""), ("", " "), (" ", " ")] {
                let form = format!("{open}{left}{inside}{right}{close}");
                if ".@".contains(meaning) {
                    forms.extend(
                        [format!(" {form} "), format!(" {form}"), format!("{form} ")].map(|spaced| (spaced, meaning)),
                    );
                }
                forms.push((form, meaning));
            }
        }
    }
    let bare = [("。", "."), ("%2e", "."), ("%40", "@"), ("\\.", "."), ("[.", ".")];
    forms.extend(bare.map(|(form, meaning)| (form.to_owned(), meaning)));
    forms.sort_by_key(|(form, _)| std::cmp::Reverse(form.chars().count()));
    forms
}
