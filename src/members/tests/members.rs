//! Application forms.

use super::*;
use crate::store::model::{MemberState, TermState};

const HEADER: &str =
    "business_number,name,state,contact,email,phone,fixed_ips,domains,keywords,language,webhook_url,webhook_secret";

fn with(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

#[test]
fn the_example_file_is_read() {
    let members = parse_members(include_bytes!("../../../tests/data/members.csv"), "members.csv").expect("members");
    let names: Vec<_> = members.iter().map(|member| (member.business_number.as_str(), member.name.as_str())).collect();
    let expected =
        [("98765433", "晨星半導體股份有限公司"), ("12345675", "海風電商有限公司"), ("24680132", "Harbor Clinic, Ltd.")];
    assert_eq!(names, expected);
    let first = &members[0];
    assert_eq!((first.state, first.language.as_str()), (MemberState::Approved, "zh-TW"));
    assert_eq!(first.fixed_ips, ["203.0.113.0/28", "2001:db8:10::/48"]);
    let emails: Vec<_> = first.contacts.iter().map(|contact| contact.email.as_str()).collect();
    assert_eq!(emails, ["soc@morningstar-semi.example", "meiling.chen@morningstar-semi.example"]);
    assert_eq!(first.contacts[0].phone, "+886-3-1234-5678#901");
    let terms: Vec<_> = first.terms.iter().map(|term| (term.kind.as_str(), term.text.as_str())).collect();
    let expected =
        [("domain", "morningstar-semi.example"), ("keyword", "晨星半導體"), ("keyword", "Morning Star Semi")];
    assert_eq!(terms, expected);
    for term in &first.terms {
        assert_eq!((term.state, term.author.as_str()), (TermState::Active, "import"));
        assert_eq!(term.reason, "application form");
    }
    assert_eq!(members[1].state, MemberState::Applied);
    assert_eq!(members[1].terms.len(), 3);
    assert_eq!(members[2].language, "en");
}

#[test]
fn the_order_and_the_language_of_the_columns_are_free() {
    let file = "\u{feff}電子郵件,State,名稱,統編,網域\r\na@acme.example,Applied,  Acme   Corp ,２２０９９１３１,ACME.example\r\n";
    let members = parse_members(file.as_bytes(), "x.csv").expect("members");
    assert_eq!((members[0].business_number.as_str(), members[0].name.as_str()), ("22099131", "Acme Corp"));
    assert_eq!(members[0].terms[0].text, "acme.example");
}

#[test]
fn an_organisation_without_domains_and_keywords_is_watched_by_its_name() {
    let file = with(&["22099131,台灣積體電路,applied,,a@acme.example,,,,,,,"]);
    let members = parse_members(file.as_bytes(), "x.csv").expect("members");
    let term = &members[0].terms[0];
    assert_eq!((term.kind.as_str(), term.text.as_str()), ("keyword", "台灣積體電路"));
    let errors = refused(with(&["22099131,台,applied,,a@acme.example,,,,,,,"]));
    assert!(errors.to_string().contains("line 2: nothing would be watched for"), "{errors}");
}

#[test]
fn a_contact_may_be_a_webhook_alone() {
    let row = "22099131,Acme,approved,,,,,acme.example,,,https://hooks.acme.example/in,0123456789abcdef";
    let members = parse_members(with(&[row]).as_bytes(), "x.csv").expect("members");
    let contact = &members[0].contacts[0];
    assert_eq!((contact.email.as_str(), contact.webhook_url.as_str()), ("", "https://hooks.acme.example/in"));
    assert_eq!(contact.webhook_secret, "0123456789abcdef");
}

/// A bad row, the column it is refused for, and a part of the reason.
const BAD: &[(&str, usize, &str)] = &[
    (",Acme,applied,,a@acme.example,,,acme.example,,,,", 1, "number is empty"),
    ("22099132,Acme,applied,,a@acme.example,,,acme.example,,,,", 1, "wrong check digit"),
    ("2209913,Acme,applied,,a@acme.example,,,acme.example,,,,", 1, "7 characters"),
    ("22099131,,applied,,a@acme.example,,,acme.example,,,,", 2, "name is missing"),
    ("22099131,--,applied,,a@acme.example,,,acme.example,,,,", 2, "formula"),
    ("22099131,Acme,,,a@acme.example,,,acme.example,,,,", 3, "write applied"),
    ("22099131,Acme,pending,,a@acme.example,,,acme.example,,,,", 3, "write applied"),
    ("22099131,Acme,applied,=cmd|'/c calc'!A1,a@acme.example,,,acme.example,,,,", 4, "formula"),
    ("22099131,Acme,applied,@x,a@acme.example,,,acme.example,,,,", 4, "formula"),
    ("22099131,Acme,applied,A\u{202e}nn,a@acme.example,,,acme.example,,,,", 4, "U+202E"),
    ("22099131,Acme,applied,\"Ann\nLee\",a@acme.example,,,acme.example,,,,", 4, "line break"),
    ("22099131,Acme,applied,,acme.example,,,acme.example,,,,", 5, "needs one @"),
    ("22099131,Acme,applied,,,,,acme.example,,,,", 5, "nobody could be told"),
    ("22099131,Acme,applied,,a@acme.example,none,,acme.example,,,,", 6, "no phone number"),
    ("22099131,Acme,applied,,a@acme.example,=1+1,,acme.example,,,,", 6, "formula"),
    ("22099131,Acme,applied,,a@acme.example,,10.0.0.1,acme.example,,,,", 7, "private"),
    ("22099131,Acme,applied,,a@acme.example,,203.0.0.0/8,acme.example,,,,", 7, "too wide"),
    ("22099131,Acme,applied,,a@acme.example,,203.0.113.7;203.0.113.7,acme.example,,,,", 7, "twice"),
    ("22099131,Acme,applied,,a@acme.example,,,com.tw,,,,", 8, "public suffix"),
    ("22099131,Acme,applied,,a@acme.example,,,https://acme.example/,,,,", 8, "is a link"),
    ("22099131,Acme,applied,,a@acme.example,,,\"a.example,b.example\",,,,", 8, "not valid"),
    ("22099131,Acme,applied,,a@acme.example,,,acme.example ACME.example,,,,", 8, "twice"),
    ("22099131,Acme,applied,,a@acme.example,,,acme.example,a,,,", 9, "too short"),
    ("22099131,Acme,applied,,a@acme.example,,,acme.example,,fr,,", 10, "zh-TW or en"),
    ("22099131,Acme,applied,,,,,acme.example,,,http://acme.example/,0123456789abcdef", 11, "https"),
    ("22099131,Acme,applied,,a@acme.example,,,acme.example,,,,0123456789abcdef", 11, "no webhook_url"),
    ("22099131,Acme,applied,,,,,acme.example,,,https://acme.example/,", 12, "always signed"),
    ("22099131,Acme,applied,,,,,acme.example,,,https://acme.example/,tooshort", 12, "8 characters"),
];

#[test]
fn every_bad_row_is_named_by_line_column_and_reason() {
    let good = "12345675,Good,applied,,a@good.example,,,good.example,,,,";
    for (row, column, reason) in BAD {
        let errors = refused(with(&[good, "", row]));
        assert_eq!(places(&errors), [(4, *column)], "{row}\n{errors}");
        assert!(errors.to_string().contains(reason), "{row}\n{errors}");
    }
    let all: Vec<_> = std::iter::once(good).chain(BAD.iter().map(|(row, ..)| *row)).collect();
    let errors = refused(with(&all));
    let lines: std::collections::BTreeSet<_> = errors.faults.iter().map(|fault| fault.line).collect();
    // One of the rows takes two lines.
    assert_eq!(lines.len(), BAD.len(), "{errors}");
}

#[test]
fn a_row_is_told_all_its_faults_in_the_order_of_its_columns() {
    let errors = refused(with(&["1,,maybe,,x,y,z,com.tw co.uk,a,fr,,"]));
    let columns: Vec<_> = places(&errors).into_iter().map(|(_, column)| column).collect();
    assert_eq!(columns, [1, 2, 3, 5, 6, 7, 8, 8, 9, 10], "{errors}");
    let text = errors.to_string();
    assert!(text.starts_with("members.csv, line 2, column 1 (business_number), \"1\": the unified"), "{text}");
    assert!(text.ends_with("members.csv: 10 faults; nothing was imported"), "{text}");
}

#[test]
fn rows_of_one_organisation_must_agree_and_add_up() {
    let file = with(&[
        "22099131,Acme,approved,Ann,ann@acme.example,,203.0.113.7,acme.example,,en,,",
        "22099131,Acme,approved,Bob,bob@acme.example,,203.0.113.7 203.0.113.8,acme.example acme.example.tw,,,,",
    ]);
    let members = parse_members(file.as_bytes(), "x.csv").expect("members");
    assert_eq!((members.len(), members[0].contacts.len(), members[0].terms.len()), (1, 2, 2));
    assert_eq!((members[0].fixed_ips.len(), members[0].language.as_str()), (2, "en"));
    let errors = refused(with(&[
        "22099131,Acme,approved,Ann,ann@acme.example,,,acme.example,,en,,",
        "22099131,Acme Inc,applied,Bob,ann@acme.example,,,,,zh-TW,,",
    ]));
    assert_eq!(places(&errors), [(3, 2), (3, 3), (3, 5), (3, 10)], "{errors}");
    assert!(errors.to_string().contains("line 2 names the same contact"), "{errors}");
}

#[test]
fn secrets_are_never_shown_and_values_are_short_and_escaped() {
    let row = "22099131,Acme,applied,,a@acme.example,,,acme.example,,,https://acme.example/,hunter2";
    assert!(!refused(with(&[row])).to_string().contains("hunter2"));
    let long = format!("22099131,Acme,applied,,a@acme.example,,,acme.example,\u{1b}[2J{},,,", "x".repeat(5000));
    let text = refused(with(&[&long])).to_string();
    assert!(text.len() < 400 && !text.contains('\u{1b}'), "{text}");
}
