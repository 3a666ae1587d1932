//! A login form as its page shows it: found, filled in, and made ready to be sent. It is the one thing in this crate
//! that is ever sent with a body: a walk reads, and posts nothing.

use std::{borrow::Cow, fmt};

use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::{Credential, Secret};
use crate::definition::{FormInput, FormLogin};

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
    /// An input of the definition is not lifted from the page.
    #[error("the login page has no `{0}`, which `session.selector_inputs` names; correct its selector")]
    NotLifted(String),
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
    page: Url,
    action: Url,
    body: Secret,
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

    /// The fields, `application/x-www-form-urlencoded`.
    pub(crate) fn body(&self) -> &str {
        self.body.expose()
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

/// Fills in the form of a page.
pub(super) fn fill(
    login: &FormLogin, page: &Html, url: &Url, charset: &'static encoding_rs::Encoding, credential: &Credential,
) -> Result<LoginForm, FormError> {
    let Credential::Password { user, password } = credential else { return Err(FormError::NoPassword) };
    let form = find(login, page).ok_or(FormError::NoForm)?;
    if !form.attr("method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post")) {
        return Err(FormError::InAddress);
    }
    let action = action(form, page, url)?;
    let mut fields = carried(form);
    for (name, (selector, attribute)) in &login.lifted {
        let lifted = page.select(selector).find_map(|element| element.attr(attribute));
        set(&mut fields, name, lifted.ok_or_else(|| FormError::NotLifted(name.clone()))?);
    }
    for (name, input) in inputs(login, form).ok_or(FormError::NoForm)? {
        let value = match &input {
            FormInput::User => user.expose(),
            FormInput::Password => password.expose(),
            FormInput::Text(text) => text,
        };
        set(&mut fields, &name, value);
    }
    if fields.len() > MAX_FIELDS
        || fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() > MAX_BYTES
    {
        return Err(FormError::TooLarge);
    }
    let encode: &dyn for<'a> Fn(&'a str) -> Cow<'a, [u8]> = &|text| charset.encode(text).0;
    let body = url::form_urlencoded::Serializer::new(String::new())
        .encoding_override(Some(encode))
        .extend_pairs(fields)
        .finish();
    Ok(LoginForm { page: url.clone(), action, body: Secret::new(body) })
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
