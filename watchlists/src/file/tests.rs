//! Tests of reading files of terms.

use super::*;
use crate::{Context, Near, TermKind};

fn toml(text: &str) -> Result<Vec<TermRow>, TermFileError> {
    read_terms(text.as_bytes(), TermFileFormat::Toml, "terms.toml")
}

fn csv(text: &str) -> Result<Vec<TermRow>, TermFileError> {
    read_terms(text.as_bytes(), TermFileFormat::Csv, "terms.csv")
}

fn faults(result: Result<Vec<TermRow>, TermFileError>) -> Vec<String> {
    result.expect_err("refused").faults.iter().map(ToString::to_string).collect()
}

fn near(words: &[&str], within: usize) -> Option<Near> {
    Some(Near { any_of: words.iter().map(|&word| word.to_owned()).collect(), within })
}

#[test]
fn both_formats_say_the_same() {
    let from_toml = toml(
        r#"
# A comment.
[[term]]
kind = "keyword"
text = "Delta"
reason = "a member's  name"
review = 2027-06-30
state = "draft"
business_number = "12345675"
[term.context]
all_of = ["資料"]
near = { any_of = ["台達", "power supply"], within = 40 }
unless_near = { any_of = ["airline"], within = 80 }

[[term]]
kind = "email_domain"
text = "@example.com"
"#,
    )
    .expect("terms");
    let from_csv = csv("# A comment.\r\n\
        kind,text,reason,review,state,統一編號,near,near_within,all_of,unless_near\r\n\
        \r\n\
        關鍵字,Delta,a member's  name,2027-06-30,草稿,12345675,台達; power supply,40,資料,airline\r\n\
        # Another one.\r\n\
        email_domain,@example.com,,,,,,,,\r\n")
    .expect("terms");
    let context = Context {
        near: near(&["台達", "power supply"], 40),
        all_of: vec!["資料".to_owned()],
        unless_near: near(&["airline"], 80),
    };
    let delta = Term::parse(TermKind::Keyword, "Delta").and_then(|term| term.with_context(context)).expect("term");
    assert_eq!(from_toml[0].term, delta);
    assert_eq!(from_toml[0].reason.as_deref(), Some("a member's name"));
    assert_eq!(from_toml[0].review, Some(jiff::civil::date(2027, 6, 30)));
    assert_eq!(from_toml[0].state, TermFileState::Draft);
    assert_eq!(from_toml[0].owner.as_ref().map(ToString::to_string).as_deref(), Some("12345675"));
    assert_eq!((from_toml[0].line, from_csv[0].line, from_csv[1].line), (3, 4, 6));
    let without_line =
        |rows: Vec<TermRow>| -> Vec<TermRow> { rows.into_iter().map(|row| TermRow { line: 0, ..row }).collect() };
    assert_eq!(without_line(from_toml), without_line(from_csv));
}

#[test]
fn every_fault_of_a_toml_file_has_its_place() {
    let refused = toml(
        r#"owner = "x"
[[term]]
kind = "keyword"
text = "台"
nearby = 3
[[term]]
  kind = "brand"
  text = "ADATA"
[[term]]
text = 7
context = { near = { any_of = "leak" } }
[[term]]
kind = "domain"
text = "example.com"
context = { unless_near = { any_of = [], within = 5 } }
"#,
    );
    assert_eq!(
        faults(refused),
        [
            "line 1, column 1 (owner): unknown key: the file holds tables [[term]] and nothing else",
            "line 4, column 1 (text), \"台\": the keyword \"台\" is too short and would be found everywhere: write at least \
         two letters or three digits",
            "line 5, column 1 (nearby): unknown key: a term has kind, text, reason, review, state, business_number and \
         context",
            "line 7, column 3 (kind), \"brand\": unknown kind of term \"brand\": write one of domain, email, email_domain, \
         ip, cidr, keyword, phrase, business_number, product, person, regex",
            "line 10, column 1 (text): write text in quotes instead of this integer",
            "line 11, column 13 (near): the rule needs any_of, its words, and within, a distance in characters",
            "line 11, column 22 (any_of): write a list of words, such as [\"leak\", \"外洩\"]",
            "line 15, column 1 (context): the context rule unless_near has no words: write one or leave the rule out",
        ]
    );
}

#[test]
fn a_file_that_is_no_toml_is_refused_with_its_place() {
    let refused = faults(toml("[[term]]\nkind = \"keyword\"\ntext = ADATA\n"));
    assert_eq!(refused.len(), 1);
    assert!(refused[0].starts_with("line 3, column 8: the file is no TOML: "), "{refused:?}");
    assert_eq!(faults(toml("# nothing\n")), ["the file has no term: write at least one"]);
    assert_eq!(
        faults(toml("[term]\nkind = \"ip\"\n")),
        ["line 1, column 2 (term): each term is a table of its own: write [[term]] in double brackets"]
    );
}

#[test]
fn every_fault_of_a_csv_file_has_its_place() {
    let refused = csv("kind,text,near_within,review\n\
        keyword,=HYPERLINK(),,\n\
        \n\
        keyword,@adata,,2027-13-01\n\
        domain,com.tw,many,\n\
        keyword,one,two\n\
        ,ADATA,,\n\
        \"keyword\",\"EDOM\",,\n\
        keyword,edom,,\n");
    assert_eq!(
        faults(refused),
        [
            "line 2, column 2 (text), \"=HYPERLINK()\": a spreadsheet would take a cell that begins with = for a formula: \
         remove the =",
            "line 4, column 2 (text), \"@adata\": a spreadsheet would take a cell that begins with @ for a formula: remove \
         the @",
            "line 4, column 4 (review), \"2027-13-01\": it is no date: write one such as 2027-06-30, or leave it out",
            "line 5, column 2 (text), \"com.tw\": \"com.tw\" is a public suffix, so every domain under it would match: \
         write the organisation's own domain, such as example.com.tw",
            "line 5, column 3 (near_within), \"many\": a distance without words: write both or none",
            "line 6: the row has 3 cells, the header 4: check its commas, and put cells that hold a comma between \" and \"",
            "line 7: the kind is missing: write it",
            "line 9, column 2 (text), \"edom\": line 8 has the same term: keep one",
        ]
    );
    assert_eq!(
        faults(csv("kind;text\nkeyword;ADATA\n")),
        [
            "line 1: the column kind or 種類 is missing: add it",
            "line 1: the column text or 字詞 is missing: add it",
            "line 1, column 1 (kind;text): the columns are separated by something else than commas: save the file as CSV \
         with commas",
        ]
    );
}

#[test]
fn one_owners_term_may_be_anothers_too() {
    let rows = csv("kind,text,business_number\nkeyword,ADATA,12345675\nkeyword,ADATA,98765433\n").expect("terms");
    assert_eq!(rows.len(), 2);
}

#[test]
fn other_encodings_are_named() {
    let (big5, _, _) = encoding_rs::BIG5.encode("種類,字詞\n關鍵字,台積電\n關鍵字,中華電信\n");
    let error = read_terms(&big5, TermFileFormat::Csv, "terms.csv").expect_err("refused").to_string();
    assert_eq!(
        error,
        "terms.csv, line 1: the file is not UTF-8 from here on; it looks like Big5: save it again as UTF-8 (in Excel: \
         Save As → CSV UTF-8), or convert it with: iconv -f BIG5 -t UTF-8\nterms.csv: 1 fault; no term was taken"
    );
    let wide: Vec<u8> = "\u{feff}kind".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(read_terms(&wide, TermFileFormat::Toml, "x").expect_err("refused").to_string().contains("UTF-16"));
    assert!(csv("\u{feff}kind,text\nkeyword,ADATA\n").is_ok());
}

#[test]
fn many_faults_are_counted_not_written() {
    let text = format!("kind,text\n{}", "keyword,x\n".repeat(60));
    let error = csv(&text).expect_err("refused").to_string();
    assert_eq!(error.lines().count(), 51);
    assert!(error.ends_with("terms.csv: 60 faults, of which the first 50 are written here; no term was taken"));
}

#[test]
fn the_name_tells_the_format() {
    assert_eq!(TermFileFormat::of("a/terms.TOML".as_ref()), Some(TermFileFormat::Toml));
    assert_eq!(TermFileFormat::of("terms.csv".as_ref()), Some(TermFileFormat::Csv));
    assert_eq!(TermFileFormat::of("terms".as_ref()), None);
}

#[test]
fn the_examples_load_and_show_every_kind() {
    let toml = toml(include_str!("../../examples/terms.toml")).unwrap_or_else(|error| panic!("{error}"));
    let csv = csv(include_str!("../../examples/terms.csv")).unwrap_or_else(|error| panic!("{error}"));
    for rows in [&toml, &csv] {
        assert!(TermKind::ALL.iter().all(|kind| rows.iter().any(|row| row.term.kind() == *kind)));
        assert!(rows.iter().all(|row| row.reason.is_some()));
        assert!(rows.iter().any(|row| row.term.context().is_some() && row.review.is_some()));
    }
    let all = toml.iter().chain(&csv).map(|row| row.term.clone());
    let matcher = crate::Matcher::new((1..).zip(all)).expect("matcher");
    assert_eq!(matcher.find("Delta Electronics: 台积电 at www[.]example[.]com").len(), 6);
}
