//! A login form as its page shows it: found, filled in, and made ready to be sent. It is the one thing in this crate
//! that is ever sent with a body: a walk reads, and posts nothing.

use std::{borrow::Cow, fmt};

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{Credential, Secret, lift::lift};
use crate::{
    definition::{Body, FormInput, FormLogin},
    net::Jar,
};

/// Fields that one form may have; more are no login.
const MAX_FIELDS: usize = 200;
/// Bytes that its hidden fields may take in all.
const MAX_BYTES: usize = 256 << 10;

/// Why a page gave no form to send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// There is no form with a password to fill in.
    #[error("the login page shows no form with a password; set `session.form` or correct `session.path`")]
    NoForm,
    /// What the definition lifts from the page is not there.
    #[error("`session.{0}` finds nothing on the login page; correct it")]
    NotLifted(String),
    /// What was lifted cannot be sent as a header.
    #[error("what `session.headers.{0}` finds on the login page is no text of a header; correct it")]
    NoHeader(String),
    /// The site does not accept the token that was lifted.
    #[error(
        "the site did not accept the token that was sent with the login; correct where the definition lifts it from"
    )]
    Token,
    /// There is nothing at the address that a script sends to.
    #[error("the site takes no login at that address (status {0}); correct `session.post`")]
    NotTaken(u16),
    /// The form is sent elsewhere: credentials stay with the site they belong to.
    #[error("the login form is sent to another site, {0}; the credentials were not sent")]
    OtherSite(String),
    /// The password would be part of an address, and addresses are kept with what is captured.
    #[error("the login form sends the password in its address; log in by hand and supply the cookies")]
    InAddress,
    /// The form is larger than any login form.
    #[error("the login form is too large: more than {MAX_FIELDS} fields or {MAX_BYTES} bytes")]
    TooLarge,
    /// The credential is not of the kind that a form needs.
    #[error("the login needs a user name and a password, and the operator gave cookies")]
    NoPassword,
}

/// A filled-in login form, to be sent by [`Fetch::submit`](crate::net::Fetch::submit). Only a login makes one: nothing
/// else in this crate can be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginForm {
    pub(super) page: Url,
    pub(super) action: Url,
    pub(super) body: Secret,
    pub(super) kind: Body,
    /// Sent by a script, and so not as a browser opens a page.
    pub(super) by_script: bool,
    pub(super) headers: Vec<(String, Secret)>,
}

impl fmt::Debug for LoginForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.action.host_str().unwrap_or_default();
        f.debug_struct("LoginForm").field("host", &host).finish_non_exhaustive()
    }
}

impl LoginForm {
    /// The page the form stood on.
    #[must_use]
    pub fn page(&self) -> &Url {
        &self.page
    }

    /// Where it is sent.
    #[must_use]
    pub fn action(&self) -> &Url {
        &self.action
    }

    /// The fields, written as [`kind`](Self::kind) says.
    pub(crate) fn body(&self) -> &str {
        self.body.expose()
    }

    /// How the fields are written.
    pub(crate) fn kind(&self) -> Body {
        self.kind
    }

    /// Whether a script sends it, and not the page itself.
    pub(crate) fn is_by_script(&self) -> bool {
        self.by_script
    }

    /// Headers that go along.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.expose()))
    }
}

/// The login form of a page; it need not be filled in to be looked at.
pub(super) fn find<'a>(login: &FormLogin, page: &'a Html) -> Option<ElementRef<'a>> {
    if let Some(selector) = &login.form {
        return page.select(selector).next();
    }
    let (forms, password) = (selector("form")?, selector("input[type=password i]")?);
    page.select(&forms).find(|form| form.select(&password).next().is_some())
}

/// The page that a login is filled in from.
pub(super) struct LoginPage<'a> {
    pub(super) page: &'a Html,
    /// What it was parsed from.
    pub(super) source: &'a str,
    pub(super) url: &'a Url,
    pub(super) charset: &'static encoding_rs::Encoding,
    /// The cookies that the site has set.
    pub(super) jar: &'a Jar,
}

/// Fills in the form of a page.
pub(super) fn fill(login: &FormLogin, from: &LoginPage<'_>, credential: &Credential) -> Result<LoginForm, FormError> {
    let (page, url) = (from.page, from.url);
    let Credential::Password { user, password } = credential else { return Err(FormError::NoPassword) };
    let form = find(login, page).ok_or(FormError::NoForm)?;
    if !form.attr("method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post")) {
        return Err(FormError::InAddress);
    }
    let action = action(form, page, url)?;
    let mut fields = carried(form);
    for (name, lifted) in &login.lifted {
        set(&mut fields, name, &lift(lifted, "selector_inputs", name, from)?);
    }
    for (name, input) in inputs(login, form).ok_or(FormError::NoForm)? {
        let value = match &input {
            FormInput::User => user.expose(),
            FormInput::Password => password.expose(),
            FormInput::Text(text) => text,
        };
        set(&mut fields, &name, value);
    }
    let body = encoded(&fields, from.charset)?;
    Ok(LoginForm { page: url.clone(), action, body, kind: Body::Form, by_script: false, headers: vec![] })
}

/// Fields as `application/x-www-form-urlencoded` in the charset of their page.
pub(super) fn encoded(
    fields: &[(String, String)], charset: &'static encoding_rs::Encoding,
) -> Result<Secret, FormError> {
    if fields.len() > MAX_FIELDS
        || fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > MAX_BYTES
    {
        return Err(FormError::TooLarge);
    }
    let encode: &dyn for<'a> Fn(&'a str) -> Cow<'a, [u8]> = &|text| charset.encode(text).0;
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    Ok(Secret::new(body.encoding_override(Some(encode)).extend_pairs(fields).finish()))
}

/// Where the form is sent: the same origin, or nowhere.
fn action(form: ElementRef<'_>, page: &Html, url: &Url) -> Result<Url, FormError> {
    let base = selector("base[href]").and_then(|base| page.select(&base).next()?.attr("href"));
    let base = base.and_then(|base| url.join(base).ok()).unwrap_or_else(|| url.clone());
    let action = form.attr("action").map(str::trim).filter(|action| !action.is_empty());
    let action = action.map_or_else(|| Ok(url.clone()), |action| base.join(action));
    let mut action = action.map_err(|_| FormError::OtherSite("which is no address".to_owned()))?;
    if action.origin() != url.origin() {
        return Err(FormError::OtherSite(action.host_str().unwrap_or("which is no address").to_owned()));
    }
    action.set_fragment(None);
    Ok(action)
}

/// What a browser sends of a form that nobody has touched: hidden fields, ticked boxes, chosen options, and the one
/// button that sends it.
fn carried(form: ElementRef<'_>) -> Vec<(String, String)> {
    let Some(inputs) = selector("input[name], button[name], select[name]") else { return vec![] };
    let (mut fields, mut button) = (Vec::new(), false);
    for input in form.select(&inputs).take(MAX_FIELDS + 1) {
        let kind = input.attr("type").unwrap_or_default().to_ascii_lowercase();
        let name = input.attr("name").unwrap_or_default();
        let value = match (input.value().name(), kind.as_str()) {
            _ if name.is_empty() || input.attr("disabled").is_some() => None,
            ("select", _) => chosen(input),
            ("button", "" | "submit") | (_, "submit") => {
                (!std::mem::replace(&mut button, true)).then(|| input.attr("value").unwrap_or_default().to_owned())
            }
            ("button", _) | (_, "button" | "reset" | "image" | "file") => None,
            (_, "checkbox" | "radio") => input.attr("checked").map(|_| input.attr("value").unwrap_or("on").to_owned()),
            _ => Some(input.attr("value").unwrap_or_default().to_owned()),
        };
        fields.extend(value.map(|value| (name.to_owned(), value)));
    }
    fields
}

fn chosen(select: ElementRef<'_>) -> Option<String> {
    let option = ["option[selected]", "option"].into_iter().find_map(|o| select.select(&selector(o)?).next())?;
    Some(option.attr("value").map_or_else(|| option.text().collect(), str::to_owned))
}

/// What is filled in: as the definition says; user and password, where it does not, into the first text and the
/// password.
fn inputs(login: &FormLogin, form: ElementRef<'_>) -> Option<Vec<(String, FormInput)>> {
    const TEXTS: &str = "input[name]:not([type]), input[name][type=text i], input[name][type=email i]";
    let mut inputs: Vec<_> = login.inputs.iter().map(|(name, input)| (name.clone(), input.clone())).collect();
    for (input, css) in [(FormInput::User, TEXTS), (FormInput::Password, "input[name][type=password i]")] {
        if !inputs.iter().any(|(_, known)| *known == input) {
            inputs.push((form.select(&selector(css)?).next()?.attr("name")?.to_owned(), input));
        }
    }
    Some(inputs)
}

fn set(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    match fields.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => value.clone_into(old),
        None => fields.push((name.to_owned(), value.to_owned())),
    }
}

pub(super) fn selector(css: &str) -> Option<Selector> {
    Selector::parse(css).ok()
}
