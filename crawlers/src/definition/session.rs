//! Login, ready for use.

use std::{collections::BTreeMap, sync::Arc};

use regex::Regex;
use scraper::Selector;

use super::Proof;
pub use super::raw::Body;

/// How a visitor becomes a member.
#[derive(Debug, Clone)]
pub struct Session {
    /// The way of logging in.
    pub method: SessionMethod,
    /// Name under which the operator keeps user and password, or cookies.
    pub credentials: Option<String>,
    /// Proof of being logged in; it must hold on every page.
    pub logged_in: Proof,
    /// Proof that the site asks for a second factor, where the usual signs do not tell.
    pub second_factor: Option<Proof>,
}

/// The way of logging in.
#[derive(Debug, Clone)]
pub enum SessionMethod {
    /// A form on a page.
    Form(FormLogin),
    /// What the site's own script sends.
    Script(ScriptLogin),
    /// Cookies that a person supplies.
    Cookie,
}

/// A form to be filled in.
#[derive(Debug, Clone)]
pub struct FormLogin {
    /// Path of its page, below the link.
    pub path: String,
    /// The form; `None`: the one with a password to fill in.
    pub form: Option<Arc<Selector>>,
    /// What is filled in, by the names of the inputs; empty: the form's first text and its password.
    pub inputs: BTreeMap<String, FormInput>,
    /// What is lifted from the page, by the names it is sent under.
    pub lifted: BTreeMap<String, Lifted>,
}

/// What a script sends in place of a form.
#[derive(Debug, Clone)]
pub struct ScriptLogin {
    /// Path of the page that tokens and cookies come with, below the link; empty: the link itself.
    pub page: String,
    /// Path that it is sent to, below the link.
    pub post: String,
    /// How it is written.
    pub body: Body,
    /// What is filled in, by its names.
    pub inputs: BTreeMap<String, FormInput>,
    /// What is lifted from the page, by the names it is sent under.
    pub lifted: BTreeMap<String, Lifted>,
    /// Headers that go along, each lifted from the page.
    pub headers: BTreeMap<String, Lifted>,
}

/// Where a value that goes along with a login is found.
#[derive(Debug, Clone)]
pub enum Lifted {
    /// The attribute of the first such element that has it.
    Attribute(Arc<Selector>, String),
    /// The first group of what matches first in the page's source.
    Regex(Arc<Regex>),
    /// The cookie of this name, as it would be sent to the page.
    Cookie(String),
    /// A fixed text, which is no secret.
    Text(String),
}

/// What is filled into an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormInput {
    /// The user name.
    User,
    /// The password.
    Password,
    /// A fixed text, which is no secret.
    Text(String),
}
