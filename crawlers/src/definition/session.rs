//! Login, ready for use.

use std::collections::BTreeMap;

use scraper::Selector;

use super::Proof;

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
    /// Cookies that a person supplies.
    Cookie,
}

/// A form to be filled in.
#[derive(Debug, Clone)]
pub struct FormLogin {
    /// Path of its page, below the link.
    pub path: String,
    /// The form; `None`: the one with a password to fill in.
    pub form: Option<Selector>,
    /// What is filled in, by the names of the inputs; empty: the form's first text and its password.
    pub inputs: BTreeMap<String, FormInput>,
    /// What is lifted from the page: selector and attribute, by the names it is sent under.
    pub lifted: BTreeMap<String, (Selector, String)>,
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
