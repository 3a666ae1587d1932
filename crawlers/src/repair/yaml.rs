//! A definition's text with some of its parts changed, the rest left as a person wrote it.

use serde_json::{Map, Value};

/// From this depth on a mapping is written on one line.
const FLOW_FROM: usize = 3;

/// The text with `changes` merged into it: only the top-level parts they touch are written anew, without their comments.
pub(crate) fn merged(text: &str, changes: &Map<String, Value>) -> Option<String> {
    let mut whole: Map<String, Value> = serde_saphyr::from_str(text).ok()?;
    for (key, change) in changes {
        merge(whole.entry(key.clone()).or_insert(Value::Null), change);
    }
    let mut out = text.to_owned();
    for key in changes.keys() {
        out = replaced(&out, key, &block(key, whole.get(key)?));
    }
    // A part that was written anew may have held an anchor that another one refers to.
    let reads = |text: &str| serde_saphyr::from_str::<Map<String, Value>>(text).is_ok_and(|read| read == whole);
    if reads(&out) {
        return Some(out);
    }
    let out: String = whole.iter().map(|(key, value)| block(key, value)).collect();
    reads(&out).then_some(out)
}

fn merge(into: &mut Value, change: &Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            // A value is taken in one way only.
            let takes = ["attribute", "text", "case", "in_place", "and"];
            if change.contains_key("selector") && takes.iter().any(|take| into.contains_key(*take)) {
                into.retain(|key, _| !takes.contains(&key.as_str()) || key == "attribute");
            }
            for (key, value) in change {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, change) => *into = change.clone(),
    }
}

/// The text with a top-level part replaced, or put at its end.
fn replaced(text: &str, key: &str, block: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    let Some(from) = lines.iter().position(|line| begins(line)) else {
        return format!("{}\n{block}", text.trim_end());
    };
    let top = |line: &&str| !line.starts_with([' ', '\t', '#', '-']) && !line.trim().is_empty();
    let mut to = lines.iter().skip(from + 1).position(top).map_or(lines.len(), |at| from + 1 + at);
    // Comments before the next part are that part's.
    while to > from + 1 && (lines[to - 1].starts_with('#') || lines[to - 1].trim().is_empty()) {
        to -= 1;
    }
    let before = lines[..from].iter().map(|line| format!("{line}\n")).collect::<String>();
    let after = lines[to..].iter().map(|line| format!("{line}\n")).collect::<String>();
    format!("{before}{block}{after}")
}

fn block(key: &str, value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, key, value, 1);
    out
}

fn write(out: &mut String, key: &str, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth - 1);
    match value {
        Value::Object(map) if depth <= FLOW_FROM && !map.is_empty() => {
            out.push_str(&format!("{indent}{}:\n", scalar(key)));
            for (key, value) in map {
                write(out, key, value, depth + 1);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) && depth < FLOW_FROM => {
            out.push_str(&format!("{indent}{}:\n", scalar(key)));
            for item in items {
                out.push_str(&format!("{indent}  - {}\n", flow(item)));
            }
        }
        value => out.push_str(&format!("{indent}{}: {}\n", scalar(key), flow(value))),
    }
}

/// A value on one line.
pub(crate) fn flow(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "{}".into(),
        Value::Object(map) => {
            let parts: Vec<_> = map.iter().map(|(key, value)| format!("{}: {}", scalar(key), flow(value))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// A text, in quotes unless it cannot be taken for anything else.
pub(crate) fn scalar(text: &str) -> String {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let word = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(letters);
    let meant = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if word && !meant.contains(&text) { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn changes(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_is_not_changed_stays_as_it_was_written() {
        let text = "# About\nschema: 1\nid: a # stable\nextends: spirit\n# where\nlinks: [\"http://a.example/\"]\n";
        let change =
            json!({ "rows": { "thread": { "selector": "div.p", "fields": { "author": { "selector": "b" } } } } });
        let out = merged(text, &changes(&change)).unwrap();
        let added = "rows:\n  thread:\n    fields:\n      author: { selector: b }\n    selector: \"div.p\"\n";
        assert_eq!(out, format!("{text}{added}"));
    }

    #[test]
    fn a_changed_part_keeps_what_the_change_is_silent_about() {
        let text = "id: a\nrows:\n  thread:\n    remove: .sig\n    fields:\n      author: { case: [], optional: true }\n\
                    # meta\nmeta: { grade: F }\n";
        let change = json!({ "rows": { "thread": { "fields": { "author": { "selector": "b", "attribute": "" } } } } });
        let out = merged(text, &changes(&change)).unwrap();
        assert!(out.contains("remove: \".sig\"\n") && out.contains("optional: true"), "{out}");
        assert!(out.ends_with("# meta\nmeta: { grade: F }\n") && !out.contains("case"), "{out}");
    }

    #[test]
    fn an_anchor_inside_a_changed_part_is_not_lost() {
        let text = "rows:\n  thread: { selector: &s p }\nother: *s\n";
        let out = merged(text, &changes(&json!({ "rows": { "thread": { "selector": "div" } } }))).unwrap();
        assert_eq!(serde_saphyr::from_str::<Value>(&out).unwrap()["other"], "p");
    }
}
