//! Values that a login page gives to be sent along: tokens, mostly.

use super::form::{FormError, LoginPage};
use crate::definition::Lifted;

/// The value; `key` of the definition's session says, under `name`, where it is found.
pub(super) fn lift(lifted: &Lifted, key: &str, name: &str, from: &LoginPage<'_>) -> Result<String, FormError> {
    let found = match lifted {
        Lifted::Attribute(selector, attribute) => {
            from.page.select(selector).find_map(|element| element.attr(attribute)).map(str::to_owned)
        }
        Lifted::Regex(pattern) => {
            let captures = pattern.captures(from.source);
            captures.and_then(|captures| Some(captures.get(1)?.as_str().to_owned()))
        }
        Lifted::Cookie(cookie) => from.jar.value(from.url, cookie),
        Lifted::Text(text) => Some(text.clone()),
    };
    found.ok_or_else(|| FormError::NotLifted(format!("{key}.{name}")))
}
