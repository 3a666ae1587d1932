//! The folding table, row by row.

use super::fold;

fn folded(text: &str) -> String {
    fold(text).text().to_owned()
}

#[test]
fn case_width_and_compatibility() {
    assert_eq!(folded("ＡＤＡＴＡ"), "adata");
    assert_eq!(folded("ＥＸＡＭＰＬＥ．ＣＯＭ"), "example.com");
    assert_eq!(folded("ﬁle ㈱ ①"), "file (株) 1");
    assert_eq!(folded("СБЕРБАНК"), "сбербанк");
    assert_eq!(folded("ΟΔΟΣ"), folded("οδος"));
}

#[test]
fn invisible_characters_vanish() {
    assert_eq!(folded("台\u{200b}積\u{2060}電"), "台积电");
    assert_eq!(folded("a\u{202e}d\u{ad}a\u{feff}ta\0"), "adata");
    assert_eq!(folded("\u{200b}\u{e0041}"), "");
}

#[test]
fn latin_marks_go_and_others_stay() {
    assert_eq!(folded("Café Škoda"), "cafe skoda");
    assert_eq!(folded("e\u{301}x\u{336}"), "ex");
    assert_eq!(folded("İstanbul"), "istanbul");
    assert_eq!(folded("Алёна Чайка"), "алена чайка");
    assert_eq!(folded("か\u{3099}ｶﾞ"), "がガ");
}

#[test]
fn traditional_becomes_simplified() {
    assert_eq!(folded("臺灣積體電路"), "台湾积体电路");
    assert_eq!(folded("統一超商"), folded("统一超商"));
}

#[test]
fn white_space_is_one_space_and_none_beside_han() {
    assert_eq!(folded("Acme \t\u{3000}Corp\r\n Ltd"), "acme corp ltd");
    assert_eq!(folded("Acer 宏碁 電腦"), "acer宏碁电脑");
    assert_eq!(folded("中華\n電信"), "中华 电信");
    assert_eq!(folded(" a "), " a ");
}

#[test]
fn ranges_point_into_the_original() {
    let text = "x e\u{301}㈱ 台\u{200b}積 Ｚ";
    let result = fold(text);
    assert_eq!(result.text(), "x e(株)台积z");
    let original = |part: &str| {
        let at = result.text().find(part).expect("part");
        &text[result.original(at..at + part.len())]
    };
    assert_eq!(original("e"), "e\u{301}");
    assert_eq!(original("株"), "㈱");
    assert_eq!(original("台积"), "台\u{200b}積");
    assert_eq!(original("z"), "Ｚ");
    assert_eq!(original("x e"), "x e\u{301}");
}

#[test]
fn ranges_off_a_border_or_beyond_the_end_are_widened_or_cut() {
    let result = fold("積電");
    assert_eq!(result.original(1..2), 0..3);
    assert_eq!(result.original(4..99), 3..6);
    assert_eq!(result.original(99..100), 6..6);
    assert_eq!(fold("").original(0..5), 0..0);
}

#[test]
fn stacked_marks_stay_bounded() {
    let text = format!("a{}b", "\u{301}".repeat(100_000));
    let result = fold(&text);
    assert_eq!(result.text(), "ab");
    assert!(result.original(0..1).len() <= 2 * super::MAX_CLUSTER_CHARS);
}
