//! Login, as a definition describes it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Proof, Text};

/// How a visitor becomes a member.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The way of logging in.
    #[schemars(with = "Method")]
    pub method: Spanned<Method>,
    /// Path of the login page, from the link.
    pub path: Option<String>,
    /// What is filled in; secrets by name only, as `{{ secret.password }}`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub inputs: BTreeMap<String, Text>,
    /// What is lifted from the login page and sent along, such as a token against forged requests.
    #[serde(default)]
    pub selector_inputs: BTreeMap<String, SelectorInput>,
    /// Proof of being logged in.
    #[schemars(with = "Option<Proof>")]
    pub logged_in: Option<Spanned<Proof>>,
}

/// The way of logging in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Read as a guest.
    None,
    /// A form on a page.
    Form,
    /// A request with a body.
    Post,
    /// A request with a query.
    Get,
    /// Cookies that a person supplies.
    Cookie,
}

/// A value lifted from a page.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectorInput {
    /// Selector of the element.
    #[schemars(with = "String")]
    pub selector: Text,
    /// Attribute to read.
    pub attribute: String,
}
