//! Files as a whole: encodings, headers, limits, and bytes of any kind.

use proptest::prelude::*;

use super::*;

#[test]
fn other_encodings_are_refused_with_what_to_do() {
    let text = "統一編號,名稱,狀態,電子郵件\n22099131,台灣積體電路製造股份有限公司,申請中,a@acme.example\n";
    let (big5, _, _) = encoding_rs::BIG5.encode(text);
    let errors = refused(&big5);
    assert_eq!(places(&errors), [(1, 0)]);
    assert!(errors.to_string().contains("looks like BIG5") && errors.to_string().contains("CSV UTF-8"), "{errors}");
    let (gbk, _, _) = encoding_rs::GBK.encode("统一编号,名称,状态\n22099131,北京市海淀区中关村科技有限公司,申请中\n");
    assert!(refused(&gbk).to_string().contains("GB18030"));
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(refused(&utf16).to_string().contains("UTF-16"));
    let mut broken = b"business_number,name,state,email\n22099131,Acme,applied,a@b.example\n1,".to_vec();
    broken.push(0xff);
    assert_eq!(places(&refused(&broken)), [(3, 0)]);
}

#[test]
fn headers_are_checked() {
    for (header, column, reason) in [
        ("business_number,name,state,e-mail", 4, "unknown column"),
        ("business_number,name,state,email,統一編號", 5, "column 1 says the same"),
        ("business_number,name,state,email,", 5, "without a name"),
        ("business_number;name;state;email", 1, "commas"),
        ("business_number,name,email", 0, "the column state or 狀態 is missing"),
        ("業務,name,state,email", 1, "known are business_number, name"),
    ] {
        let errors = refused(format!("\n{header}\n22099131,Acme,applied,a@acme.example\n"));
        let found = places(&errors);
        assert!(found.contains(&(2, column)) && errors.to_string().contains(reason), "{header}\n{errors}");
    }
}

#[test]
fn files_without_rows_and_too_large_ones_are_refused() {
    for (text, reason) in [
        ("", "the file is empty"),
        ("\u{feff}\n\n", "the file is empty"),
        ("business_number,name,state\n,,\n", "no row under the header"),
    ] {
        assert!(refused(text).to_string().contains(reason), "{text}");
    }
    assert!(refused(vec![b'a'; (16 << 20) + 1]).to_string().contains("more than 16 MiB"));
    let many = format!("business_number,name,state\n{}", "1,a,b\n".repeat(20_001));
    assert!(refused(many).to_string().contains("more than 20000 rows"));
    let most = format!("business_number,name,state\n{}", "1,a,b\n".repeat(20_000));
    assert!(!refused(most).to_string().contains("rows: split"));
}

#[test]
fn rows_must_have_the_header_s_cells_and_closed_quotes() {
    let header = "business_number,name,state,email";
    let errors = refused(format!("{header}\n22099131,Acme, Inc,applied,a@acme.example\n22099131,Acme\n"));
    assert!(errors.to_string().contains("line 2: the row has 5 cells, the header 4"), "{errors}");
    assert!(errors.to_string().contains("line 3: the row has 2 cells"), "{errors}");
    let errors = refused(format!("{header}\n22099131,\"Acme,applied,a@acme.example\n12345675,B,applied,b@b.example\n"));
    assert!(errors.to_string().contains("check that every \" is closed"), "{errors}");
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    for end in ["\n", "\r\n", "\r"] {
        let rows = [
            "",
            "business_number,name,state,email",
            "",
            "",
            "22099131,\"A",
            "B\",applied,a@a.example",
            "1,C,applied,c@c.example",
        ];
        let errors = refused(rows.join(end));
        assert_eq!(places(&errors), [(5, 2), (7, 1)], "{end:?}\n{errors}");
    }
}

/// Text that looks like a file of members more often than chance would have it.
fn csv_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"business_number,name,state,email,domains\n".to_vec()),
        Just("統一編號,名稱,狀態,固定IP".as_bytes().to_vec()),
        Just(b"22099131,Acme,applied,a@acme.example,acme.example\n".to_vec()),
        prop::sample::select(vec![",", "\n", "\r", "\"", ";", "=", "\u{feff}", "台", "203.0.113.0/24", "a@b.example"])
            .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..8),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_taken_or_refused(bytes in prop_oneof![csv_like(), prop::collection::vec(any::<u8>(), 0..400)]) {
        if let Err(refused) = parse_members(&bytes, "a.csv") {
            prop_assert!(!refused.faults.is_empty());
            let text = refused.to_string();
            prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        }
        for member in parse_members(&bytes, "a.csv").unwrap_or_default() {
            prop_assert!(!member.terms.is_empty() && !member.contacts.is_empty() && !member.name.is_empty());
        }
    }
}
