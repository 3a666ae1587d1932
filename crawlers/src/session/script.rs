//! What a site's own script would send in place of a form, and what the site's answer to it says.

use reqwest::header::HeaderValue;

use super::{
    Credential, FormError, LoginForm, Need, Secret,
    form::{LoginPage, encoded},
    lift::lift,
};
use crate::definition::{Body, FormInput, ScriptLogin};

/// Makes ready what the script sends: to the origin of its page, or nowhere.
pub(super) fn fill(
    login: &ScriptLogin, base: &url::Url, from: &LoginPage<'_>, credential: &Credential,
) -> Result<LoginForm, FormError> {
    let Credential::Password { user, password } = credential else { return Err(FormError::NoPassword) };
    let elsewhere = |host: Option<&str>| FormError::OtherSite(host.unwrap_or("which is no address").to_owned());
    let mut action = base.join(&login.post).map_err(|_| elsewhere(None))?;
    if action.origin() != from.url.origin() {
        return Err(elsewhere(action.host_str()));
    }
    action.set_fragment(None);
    let mut fields = Vec::new();
    for (name, lifted) in &login.lifted {
        fields.push((name.clone(), lift(lifted, "selector_inputs", name, from)?));
    }
    fields.extend(login.inputs.iter().map(|(name, input)| {
        let value = match input {
            FormInput::User => user.expose(),
            FormInput::Password => password.expose(),
            FormInput::Text(text) => text,
        };
        (name.clone(), value.to_owned())
    }));
    let body = match login.body {
        Body::Form => encoded(&fields, from.charset)?,
        Body::Json => json(fields),
    };
    let page = from.url.clone();
    Ok(LoginForm { page, action, body, kind: login.body, by_script: true, headers: headers(login, from)? })
}

fn json(fields: Vec<(String, String)>) -> Secret {
    let members = fields.into_iter().map(|(name, value)| (name, value.into()));
    Secret::new(serde_json::Value::Object(members.collect()).to_string())
}

fn headers(login: &ScriptLogin, from: &LoginPage<'_>) -> Result<Vec<(String, Secret)>, FormError> {
    let read = login.headers.iter().map(|(name, lifted)| {
        let value = lift(lifted, "headers", name, from)?;
        if HeaderValue::from_str(&value).is_err() {
            return Err(FormError::NoHeader(name.clone()));
        }
        Ok((name.clone(), Secret::new(value)))
    });
    read.collect()
}

/// What a refusal of the site means; `None` where its status is none.
pub(super) fn refusal(status: u16, source: &str) -> Option<Result<Need, FormError>> {
    let says = |words: &[&str]| {
        let lower = source.to_ascii_lowercase();
        words.iter().any(|word| lower.contains(word))
    };
    match status {
        400 | 401 | 403 | 422 if says(&["csrf"]) => Some(Err(FormError::Token)),
        400 | 401 | 403 | 422 if says(&["captcha"]) => Some(Ok(Need::Captcha)),
        400 | 401 | 403 | 422 if says(&["two_factor", "twofactor", "two-factor", "2fa"]) => {
            Some(Ok(Need::SecondFactor))
        }
        400 | 401 | 403 | 422 => Some(Ok(Need::Password)),
        404 | 405 | 410 | 415 => Some(Err(FormError::NotTaken(status))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_to_be_done() {
        for (status, source, need) in [
            (400, r#"{"code":"invalid_login","detail":"…"}"#, Some(Ok(Need::Password))),
            (401, "", Some(Ok(Need::Password))),
            (400, r#"{"errors":[{"code":"csrf_token_mismatch"}]}"#, Some(Err(FormError::Token))),
            (403, "<h1>CSRF verification failed</h1>", Some(Err(FormError::Token))),
            (422, r#"{"errors":[{"detail":"the CAPTCHA was wrong"}]}"#, Some(Ok(Need::Captcha))),
            (401, r#"{"errors":["two_factor_required"]}"#, Some(Ok(Need::SecondFactor))),
            (405, "", Some(Err(FormError::NotTaken(405)))),
            (200, r#"{"errors":[["badlogin"]]}"#, None),
            (503, "captcha", None),
        ] {
            assert_eq!(refusal(status, source), need, "{status} {source}");
        }
    }
}
