//! JSON as a document that selectors can pick from: a member is an element with its key as class, an item of an array
//! one with the class `item`.

use std::{collections::HashMap, fmt::Write};

use serde_json::Value;

/// Bytes that a document may grow to, which repeats what several resources point to.
const MAX_DOCUMENT: usize = 32 << 20;

/// Resources of a JSON:API document by type and id.
type Resources<'a> = HashMap<(&'a str, &'a str), &'a Value>;

/// Makes the document. Values are its text, true and false too; a null is left out. A string that is an address has it as
/// `href` as well. `id` and `type` of an object are its attributes `data-id` and `data-type`. Where a JSON:API document
/// names a resource by type and id alone, the `attributes` it has elsewhere in the document are put there
/// (<https://jsonapi.org/format/#document-resource-identifier-objects>).
///
/// # Errors
/// A word for the outcome: the text is no JSON, or the document would be too large.
pub(super) fn document(source: &str) -> Result<String, &'static str> {
    let value: Value = serde_json::from_str(source).map_err(|_| "not_json")?;
    let mut writer = Writer { out: String::from("<!DOCTYPE html><body>"), resources: resources(&value) };
    writer.element("json", &value, true)?;
    Ok(writer.out)
}

/// A plain text as a document: the one element `text`, in which every character stays.
pub(super) fn text_document(source: &str) -> String {
    format!("<!DOCTYPE html><body><pre class=\"text\">\n{}</pre>", escaped(source))
}

fn resources(value: &Value) -> Resources<'_> {
    let lists = ["included", "data"].into_iter().filter_map(|name| value.get(name)?.as_array());
    let known = lists.flatten().filter(|resource| resource.get("attributes").is_some());
    known.filter_map(|resource| Some((identifier(resource)?, resource))).collect()
}

fn identifier(value: &Value) -> Option<(&str, &str)> {
    Some((value.get("type")?.as_str()?, value.get("id")?.as_str()?))
}

struct Writer<'a> {
    out: String,
    resources: Resources<'a>,
}

impl Writer<'_> {
    fn element(&mut self, class: &str, value: &Value, resolve: bool) -> Result<(), &'static str> {
        if self.out.len() > MAX_DOCUMENT {
            return Err("page_too_large");
        }
        if value.is_null() {
            return Ok(());
        }
        let name = if value.is_object() || value.is_array() { "div" } else { "pre" };
        // Writing to a String cannot fail.
        let _ = write!(self.out, "<{name} class=\"{}\"", token(class));
        match value {
            Value::Object(members) => {
                for key in ["id", "type"] {
                    if let Some(Value::String(text)) = members.get(key) {
                        let _ = write!(self.out, " data-{key}=\"{}\"", escaped(text));
                    }
                }
                self.out.push('>');
                for (key, member) in members {
                    self.element(key, member, resolve)?;
                }
                if resolve && members.get("attributes").is_none() {
                    let resource = identifier(value).and_then(|id| self.resources.get(&id).copied());
                    if let Some(attributes) = resource.and_then(|resource| resource.get("attributes")) {
                        self.element("attributes", attributes, false)?;
                    }
                }
            }
            Value::Array(items) => {
                self.out.push('>');
                for item in items {
                    self.element("item", item, resolve)?;
                }
            }
            Value::String(text) => {
                if text.starts_with("http://") || text.starts_with("https://") || text.starts_with('/') {
                    let _ = write!(self.out, " href=\"{}\"", escaped(text));
                }
                // The parser drops one line break at the start.
                let _ = write!(self.out, ">\n{}", escaped(text));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                let _ = write!(self.out, ">{value}");
            }
        }
        let _ = write!(self.out, "</{name}>");
        Ok(())
    }
}

/// A key as a class: other characters than letters, digits, dashes and underscores become dashes.
fn token(key: &str) -> String {
    key.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).collect()
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use super::*;

    fn texts(source: &str, selector: &str) -> Vec<String> {
        let page = Html::parse_document(&document(source).unwrap());
        page.select(&Selector::parse(selector).unwrap()).map(|e| e.text().collect()).collect()
    }

    #[test]
    fn members_and_items_are_picked_by_their_keys() {
        let source = r#"{"data":[{"id":"1","n":5,"ok":true,"a b":"x"},{"id":"2","n":null}],"next":"/p?a=1&b=2"}"#;
        assert_eq!(texts(source, ".json > .data > .item > .n"), ["5"]);
        assert_eq!(texts(source, ".item[data-id='2'] > .n").len(), 0);
        assert_eq!((texts(source, ".ok"), texts(source, ".a-b")), (vec!["true".to_owned()], vec!["x".to_owned()]));
        let page = Html::parse_document(&document(source).unwrap());
        let next = Selector::parse(".next").unwrap();
        assert_eq!(page.select(&next).next().unwrap().attr("href"), Some("/p?a=1&b=2"));
    }

    #[test]
    fn markup_in_a_value_makes_no_elements() {
        let source = r#"{"item":"</pre><div class=item data-id=9>forged</div>\"'","x\"><b class=y":1}"#;
        assert_eq!(texts(source, ".item"), ["</pre><div class=item data-id=9>forged</div>\"'"]);
        assert!(texts(source, "b, [data-id='9']").is_empty());
    }

    #[test]
    fn a_resource_named_by_its_id_shows_its_attributes() {
        let source = r#"{"data":[{"type":"posts","id":"1","attributes":{"n":1},"relationships":{"user":{"data":{"type":"users","id":"7"}}}}],
            "included":[{"type":"users","id":"7","attributes":{"name":"賣家"},"relationships":{"posts":{"data":[{"type":"posts","id":"1"}]}}}]}"#;
        assert_eq!(texts(source, ".data > .item > .relationships > .user .attributes > .name"), ["賣家"]);
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_refused() {
        assert_eq!(document("<html>"), Err("not_json"));
        assert_eq!(document(&"[".repeat(10_000)), Err("not_json"));
        assert!(document(&"[1,".repeat(50)).is_err());
    }
}
