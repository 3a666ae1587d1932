//! Login, as a definition describes it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Proof, Text};

/// How a visitor becomes a member. Nothing secret stands here: `credentials` is a name.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The way of logging in; `none` when absent.
    #[schemars(with = "Option<Method>")]
    pub method: Option<Spanned<Method>>,
    /// Path of the page with the login form, from the link.
    pub path: Option<String>,
    /// Name under which the operator keeps user and password, or cookies.
    #[schemars(with = "Option<String>")]
    pub credentials: Option<Text>,
    /// Selector of the form; absent: the one with a password to fill in.
    #[schemars(with = "Option<String>")]
    pub form: Option<Text>,
    /// What is filled in; secrets as `{{ secret.user }}` and `{{ secret.password }}` alone. Absent: the form's first
    /// text and its password.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub inputs: BTreeMap<String, Text>,
    /// What is lifted from the login page and sent along, such as a token in its `meta`. Hidden
    /// inputs of the form go along anyway.
    #[serde(default)]
    pub selector_inputs: BTreeMap<String, SelectorInput>,
    /// Proof of being logged in, on every page.
    #[schemars(with = "Option<Proof>")]
    pub logged_in: Option<Spanned<Proof>>,
    /// Proof that the site asks for a second factor, where the usual signs do not tell.
    #[schemars(with = "Option<Proof>")]
    pub second_factor: Option<Spanned<Proof>>,
}

/// The way of logging in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Read as a guest.
    None,
    /// A form on a page; the form itself says where it is sent and how.
    Form,
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
