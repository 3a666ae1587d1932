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
    /// Path of the page with the login form, or of the one that a script's tokens and cookies come with, from the link.
    pub path: Option<String>,
    /// Path that a script sends what is filled in to, from the link.
    pub post: Option<String>,
    /// How a script writes it; `json` when absent.
    pub body: Option<Body>,
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
    #[schemars(with = "BTreeMap<String, Lifted>")]
    pub selector_inputs: BTreeMap<String, Spanned<Lifted>>,
    /// Headers that a script sends along.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Lifted>")]
    pub headers: BTreeMap<String, Spanned<Lifted>>,
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
    /// What the site's own script sends.
    Script,
    /// Cookies that a person supplies.
    Cookie,
}

/// How a script writes what it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// One JSON object of texts.
    Json,
    /// As a form is sent.
    Form,
}

/// A value lifted from the login page; exactly one of `selector`, `regex`, `cookie` and `text`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifted {
    /// Selector of the element.
    #[schemars(with = "Option<String>")]
    pub selector: Option<Text>,
    /// Attribute of that element to read.
    pub attribute: Option<String>,
    /// Regular expression; its first group is the value.
    #[schemars(with = "Option<String>")]
    pub regex: Option<Text>,
    /// Name of a cookie that the site has set.
    pub cookie: Option<String>,
    /// A fixed text, which is no secret.
    #[schemars(with = "Option<String>")]
    pub text: Option<Text>,
}
