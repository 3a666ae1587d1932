//! What a site's own script sends, and what is lifted from the page for it.

use std::collections::BTreeMap;

use reqwest::header::{HeaderName, HeaderValue};
use serde_saphyr::Spanned;

use super::{
    super::{
        raw::{self, Body},
        session::{FormLogin, Lifted, ScriptLogin},
    },
    Compiler, Layers, first,
    session::is_secret,
};

/// Headers that are ours to set, and that would undo what a login keeps to.
const OURS: [&str; 9] = [
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "origin",
    "referer",
    "transfer-encoding",
];

impl Compiler {
    /// The login that a script makes; what it shares with a form has been read already.
    pub(super) fn script(&mut self, layers: &Layers, form: &FormLogin) -> ScriptLogin {
        let post = first(layers, |s| s.session.as_ref()?.post.clone()).map_or_else(String::new, |(_, post)| post);
        let body = first(layers, |s| s.session.as_ref()?.body).map_or(Body::Json, |(_, body)| body);
        let headers = self.lifted(layers, |s| &s.headers);
        if let Some((file, raw)) = headers_of(layers) {
            for (name, value) in raw {
                self.header(file, name, value);
            }
        }
        let (page, inputs, lifted) = (form.path.clone(), form.inputs.clone(), form.lifted.clone());
        ScriptLogin { page, post, body, inputs, lifted, headers }
    }

    fn header(&mut self, file: &str, name: &str, value: &Spanned<raw::Lifted>) {
        let fixed = value.value.text.as_ref().map_or("", |text| &text.value);
        let wrong = if HeaderName::try_from(name).is_err() || HeaderValue::try_from(fixed).is_err() {
            "is no HTTP header; write a name of letters, digits and dashes, and a text in one line"
        } else if OURS.contains(&name.to_ascii_lowercase().as_str()) {
            "is set by the client itself; leave it out"
        } else {
            return;
        };
        self.wrong(file, value.referenced, format!("`{name}` {wrong}"));
    }

    /// What is lifted, from the nearest layer that lifts anything.
    pub(super) fn lifted(
        &mut self, layers: &Layers, pick: fn(&raw::Session) -> &BTreeMap<String, Spanned<raw::Lifted>>,
    ) -> BTreeMap<String, Lifted> {
        let found = first(layers, |s| s.session.as_ref().map(pick).filter(|all| !all.is_empty()));
        let Some((file, all)) = found else { return BTreeMap::new() };
        all.iter().filter_map(|(name, value)| Some((name.clone(), self.lift(file, name, value)?))).collect()
    }

    fn lift(&mut self, file: &str, name: &str, value: &Spanned<raw::Lifted>) -> Option<Lifted> {
        let raw::Lifted { selector, attribute, regex, cookie, text } = &value.value;
        match (selector, attribute, regex, cookie, text) {
            (Some(selector), Some(attribute), None, None, None) => {
                Some(Lifted::Attribute(self.selector(file, selector)?, attribute.clone()))
            }
            (None, None, Some(regex), None, None) => {
                let pattern = self.pattern(file, regex)?;
                if pattern.captures_len() < 2 {
                    let message = "this expression has no group; put the value in parentheses";
                    self.wrong(file, regex.referenced, message);
                    return None;
                }
                Some(Lifted::Regex(pattern))
            }
            (None, None, None, Some(cookie), None) => Some(Lifted::Cookie(cookie.clone())),
            (None, None, None, None, Some(text)) if is_secret(name) => {
                let message = format!("`{name}` must not stand in a definition; lift it from the page");
                self.wrong(file, text.referenced, message);
                None
            }
            (None, None, None, None, Some(text)) => Some(Lifted::Text(text.value.clone())),
            _ => {
                let message = "give one of `selector` with `attribute`, `regex`, `cookie` and `text`";
                self.wrong(file, value.referenced, message);
                None
            }
        }
    }
}

fn headers_of(layers: &Layers) -> Option<(&str, &BTreeMap<String, Spanned<raw::Lifted>>)> {
    first(layers, |s| s.session.as_ref().map(|s| &s.headers).filter(|headers| !headers.is_empty()))
}
