//! Lists of watch terms.

use super::*;
use crate::store::model::TermState;

const HEADER: &str = "business_number,kind,text,reason,review,state";

#[test]
fn the_example_file_is_read() {
    let rows = parse_terms(include_bytes!("../../../tests/data/terms.csv"), "terms.csv").expect("terms");
    let read: Vec<_> = rows
        .iter()
        .map(|row| (row.line, row.business_number.as_str(), row.term.kind.as_str(), row.term.text.as_str()))
        .collect();
    let expected = [
        (2, "98765433", "keyword", "MS-7 製程"),
        (3, "98765433", "email", "ceo@morningstar-semi.example"),
        (4, "12345675", "domain", "seabreeze-pay.example"),
        (5, "24680132", "keyword", "Harbor"),
    ];
    assert_eq!(read, expected);
    let first = &rows[0].term;
    assert_eq!(first.review_at.map(|at| at.to_string()).as_deref(), Some("2027-06-30T00:00:00Z"));
    assert_eq!((first.state, first.author.as_str()), (TermState::Active, "import"));
    assert_eq!((rows[1].term.review_at, rows[1].term.state), (None, TermState::Active));
    assert_eq!(rows[3].term.state, TermState::Paused);
}

#[test]
fn every_bad_row_is_named_by_line_column_and_reason() {
    let good = "22099131,關鍵字,Acme Corp,asked for by the member,2027-01-31,草稿";
    for (row, column, reason) in [
        ("22099132,domain,acme.example,r,,", 1, "wrong check digit"),
        ("22099131,brand,acme,reason,,", 2, "domain, email, email_domain"),
        ("22099131,domain,com.tw,reason,,", 3, "public suffix"),
        ("22099131,email,acme.example,reason,,", 3, "needs one @"),
        ("22099131,keyword,=acme,reason,,", 3, "formula"),
        ("22099131,keyword,ａｃｍｅ  corp,reason,,", 3, "line 2 has the same term"),
        ("22099131,domain,acme.example,,,", 4, "the reason is missing"),
        ("22099131,domain,acme.example,reason,31.12.2027,", 5, "no date"),
        ("22099131,domain,acme.example,reason,2027-02-30,", 5, "no date"),
        ("22099131,domain,acme.example,reason,0027-02-01,", 5, "no date"),
        ("22099131,domain,acme.example,reason,2027-02-01T08:00,", 5, "no date"),
        ("22099131,domain,acme.example,reason,,on", 6, "write active"),
    ] {
        let errors = parse_terms(format!("{HEADER}\n{good}\n{row}\n").as_bytes(), "terms.csv").expect_err(row);
        assert_eq!(places(&errors), [(3, column)], "{row}\n{errors}");
        assert!(errors.to_string().contains(reason), "{row}\n{errors}");
    }
}

#[test]
fn two_owners_may_watch_for_the_same() {
    let file = format!("{HEADER}\n22099131,domain,acme.example,r1,,\n12345675,domain,acme.example,r1,,\n");
    assert_eq!(parse_terms(file.as_bytes(), "terms.csv").expect("terms").len(), 2);
}
