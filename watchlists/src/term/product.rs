//! Products as terms: a name and the versions of interest.

use super::keyword::{MAX_CHARS, is_selective, refuse_long};
use super::version::{Range, Written};
use super::{TermError, TermKind};
use crate::fold::fold;

/// What stands before a version in a range, longest first.
const OPERATORS: [(&str, Operator); 7] = [
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("≥", Operator::AtLeast),
    ("≤", Operator::AtMost),
    (">", Operator::Above),
    ("<", Operator::Below),
    ("=", Operator::Exactly),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    AtLeast,
    AtMost,
    Above,
    Below,
    Exactly,
    /// None: the version and everything that begins as it does.
    Family,
}

/// A product as it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Product {
    /// The name as written.
    pub(crate) name: String,
    /// None when every version is of interest.
    pub(crate) versions: Option<Range>,
}

/// The product in its usual writing: `FortiOS >=7.0, <7.2.5`.
pub(super) fn parse(text: String) -> Result<String, TermError> {
    refuse_long(TermKind::Product, &text, MAX_CHARS)?;
    let (name, clauses) = read(&text)?;
    if !is_selective(fold(&name).text()) {
        return Err(TermError::TooShort { kind: TermKind::Product, text: name });
    }
    let Some(range) = range_of(&clauses) else {
        return Ok(name);
    };
    if range.is_empty() {
        return Err(TermError::EmptyRange { text });
    }
    let clauses: Vec<String> = clauses.iter().map(|clause| format!("{}{}", clause.0.sign(), clause.2)).collect();
    Ok(format!("{name} {}", clauses.join(", ")))
}

impl Product {
    /// The product of a term's canonical text.
    pub(crate) fn of(text: &str) -> Product {
        match read(text) {
            Ok((name, clauses)) => Product { versions: range_of(&clauses), name },
            Err(_) => Product { name: text.to_owned(), versions: None },
        }
    }
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Operator::AtLeast => ">=",
            Operator::AtMost => "<=",
            Operator::Above => ">",
            Operator::Below => "<",
            Operator::Exactly => "=",
            Operator::Family => "",
        }
    }

    fn range(self, written: &Written) -> Range {
        let (version, family) = (written.version(), written.family());
        match self {
            Operator::AtLeast => Range { lower: Some((version, true)), upper: None },
            Operator::Above if written.wild => Range { lower: family.upper.map(|(next, _)| (next, true)), upper: None },
            Operator::Above => Range { lower: Some((version, false)), upper: None },
            Operator::AtMost if written.wild => Range { lower: None, upper: family.upper },
            Operator::AtMost => Range { lower: None, upper: Some((version, true)) },
            Operator::Below => Range { lower: None, upper: Some((version, false)) },
            Operator::Exactly => written.exactly(),
            Operator::Family => family,
        }
    }
}

/// An operator, its version, and how that is written.
type Clause = (Operator, Written, String);

fn range_of(clauses: &[Clause]) -> Option<Range> {
    clauses.iter().map(|(operator, written, _)| operator.range(written)).reduce(Range::and)
}

fn read(text: &str) -> Result<(String, Vec<Clause>), TermError> {
    let start = range_start(text);
    let name = text[..start].trim_end_matches([' ', ',', ':']);
    if name.is_empty() {
        return Err(TermError::NoProductName { text: text.to_owned() });
    }
    let folded = fold(&text[start..]);
    let mut rest = folded.text();
    let mut clauses = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', ',', ';']);
        if rest.is_empty() {
            return Ok((name.to_owned(), clauses));
        }
        let (operator, after) = operator(rest);
        let bad = || {
            let part = rest.split(',').next().unwrap_or(rest).trim();
            TermError::BadVersion { text: text.to_owned(), part: part.to_owned() }
        };
        let written = Written::read(after).ok_or_else(bad)?;
        let end = &after[written.len..];
        if !(end.is_empty() || end.starts_with([' ', ',', ';', '<', '>', '=', '≤', '≥'])) {
            return Err(bad());
        }
        clauses.push((operator, written.clone(), after[..written.len].trim_start_matches('v').to_owned()));
        rest = end;
    }
}

fn operator(text: &str) -> (Operator, &str) {
    for (sign, operator) in OPERATORS {
        if let Some(rest) = text.strip_prefix(sign) {
            return (operator, rest.trim_start_matches(['=', ' ']));
        }
    }
    (Operator::Family, text)
}

/// Where the versions begin: at an operator, or at a word that is a version with a dot. A number
/// alone belongs to the name (`Exchange Server 2019`).
fn range_start(text: &str) -> usize {
    let sign = text.find(['<', '>', '=', '≤', '≥', '＜', '＞', '＝']).unwrap_or(text.len());
    let words = text.split(' ').map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word));
    let version = words.filter(|(_, word)| {
        let folded = fold(word.trim_end_matches([',', ';']));
        Written::read(folded.text()).is_some_and(|written| written.has_dot() && written.len == folded.text().len())
    });
    version.map(|(at, _)| at).next().unwrap_or(text.len()).min(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(product: &str, version: &str) -> bool {
        let versions = Product::of(&parse(product.to_owned()).expect(product)).versions.expect("versions");
        versions.meets(&Written::read(version).expect(version).exactly())
    }

    #[test]
    fn ranges_hold_their_versions() {
        for (product, inside, outside) in [
            ("FortiOS >=7.0, <7.2.5", &["7", "7.0.1", "7.2.4"][..], &["6.9.9", "7.2.5", "7.10"][..]),
            ("FortiOS 7.x", &["7.0", "7.99"], &["6.4", "8.0"]),
            ("FortiOS 7.0", &["7.0", "7.0.14"], &["7.1"]),
            ("FortiOS =7.0", &["7.0.0"], &["7.0.1"]),
            ("Exchange Server 2019 ≤ 15.2.1118.7", &["15.2.1118.7"], &["15.2.1118.8"]),
            ("OpenSSH<9.8p1", &["9.7p9", "9.8"], &["9.8p1"]),
            ("A10 >6.x <=8.x", &["7", "8.9"], &["6.9", "9"]),
        ] {
            assert!(inside.iter().all(|version| holds(product, version)), "{product}");
            assert!(!outside.iter().any(|version| holds(product, version)), "{product}");
        }
        assert_eq!(Product::of("Exchange 2019"), Product { name: "Exchange 2019".into(), versions: None });
    }

    #[test]
    fn products_become_canonical() {
        let canonical = |text: &str| parse(text.to_owned()).expect(text);
        assert_eq!(canonical("FortiOS  ＞＝ v7.0 <7.2.5"), "FortiOS  >=7.0, <7.2.5".replace("  ", " "));
        assert_eq!(canonical("FortiOS V7.X"), "FortiOS 7.x");
        assert_eq!(canonical("Exchange Server 2019"), "Exchange Server 2019");
    }
}
