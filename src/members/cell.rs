//! What no cell of an imported file may hold, whatever its column.

/// Longest cell, in characters.
const MAX_CHARS: usize = 4000;

/// Why the cell is refused; `None` when it may be read. `plus` allows it to begin with `+`.
///
/// Cells are shown and exported again; one that a spreadsheet would run as a formula never comes in
/// (OWASP, CSV Injection).
pub(super) fn refusal(text: &str, plus: bool) -> Option<String> {
    if let Some(c) = text.chars().find(|&c| is_hidden(c)) {
        return Some(match c {
            '\n' | '\r' => {
                "the cell holds a line break: write it on one line, and check that every \" is closed".into()
            }
            c => format!("the cell holds the invisible character U+{:04X}: type it again without it", u32::from(c)),
        });
    }
    match text.chars().next() {
        Some('+' | '＋') if plus => {}
        Some(c @ ('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')) => {
            return Some(format!("a spreadsheet would take a cell that begins with {c} for a formula: remove the {c}"));
        }
        _ => {}
    }
    let chars = text.chars().count();
    (chars > MAX_CHARS).then(|| format!("the cell has {chars} characters: write at most {MAX_CHARS}"))
}

/// Control characters, and those that turn or hide the text beside them.
fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The parts of a list: separated by `;` (also full width, or `、`), and by white space if asked for.
pub(super) fn items(text: &str, white_space: bool) -> impl Iterator<Item = &str> {
    text.split(move |c: char| matches!(c, ';' | '；' | '、') || (white_space && c.is_whitespace()))
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

/// The text with single spaces, when it has 1 to `max` characters and something to read among them.
pub(super) fn line_of_text(text: &str, what: &str, max: usize) -> Result<String, String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars = line.chars().count();
    if line.is_empty() {
        Err(format!("the {what} is missing: write it"))
    } else if chars > max {
        Err(format!("the {what} has {chars} characters: write at most {max}"))
    } else if !line.chars().any(char::is_alphanumeric) {
        Err(format!("the {what} has no letter or digit: write it"))
    } else {
        Ok(line)
    }
}
