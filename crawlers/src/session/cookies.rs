//! Cookies that a person supplies, or that were saved: Netscape's cookies.txt, a `Cookie` header, or the JSON that
//! extensions of browsers export.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Secret;
use crate::net::{Jar, Limits};

/// Bytes of text that are read at most.
const MAX_TEXT: usize = 1 << 20;

/// Cookies that could not be read. Nothing of their text is repeated: it is as good as a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CookieError {
    /// There is no cookie in the text.
    #[error(
        "there is no cookie in the text; paste a cookies.txt, a line `name=value; name=value`, or an exported JSON"
    )]
    Nothing,
    /// A line is no cookie.
    #[error("line {0} is no cookie; a cookies.txt has seven columns with tabs in between")]
    Line(usize),
    /// It begins like JSON and is none, or not of cookies.
    #[error("line {line}, column {column}: no list of cookies, each with `name` and `value`; export them again")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// Cookies were read, and none is of this site.
    #[error("none of the {0} cookies is of this site; export them while the site is open")]
    OtherSite(usize),
    /// The text is larger than any export of one site's cookies.
    #[error("the text is larger than {MAX_TEXT} bytes; export the cookies of this site alone")]
    TooLarge,
}

/// What came of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Cookies now in the jar.
    pub kept: usize,
    /// Cookies of other sites, expired, malformed or beyond the limits.
    pub left_out: usize,
}

/// One cookie. Its JSON is that of the extensions `EditThisCookie` and Cookie-Editor, which is read back here.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cookie {
    /// Empty: of the site it is given to.
    #[serde(default)]
    domain: String,
    #[serde(default)]
    host_only: bool,
    name: String,
    value: String,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    secure: bool,
    #[serde(default)]
    http_only: bool,
    /// Seconds since 1970 UTC; none: until the session ends.
    #[serde(default)]
    expiration_date: Option<f64>,
}

/// Gives a jar the cookies in a text, as far as they are of the host of this address; each is kept to that host alone.
///
/// # Errors
/// [`CookieError`]; the jar is as it was.
pub fn import_cookies(jar: &Jar, text: &Secret, site: &Url, limits: &Limits) -> Result<Imported, CookieError> {
    let cookies = parse(text.expose())?;
    let all = cookies.len();
    let host = site.host_str().unwrap_or_default();
    let ours: Vec<_> = cookies.into_iter().filter(|cookie| cookie.is_of(host)).collect();
    if ours.is_empty() {
        return Err(CookieError::OtherSite(all));
    }
    let kept = ours.iter().filter(|cookie| jar.add(&cookie.line(None), site, limits)).count();
    Ok(Imported { kept, left_out: all - kept })
}

/// All cookies of a jar, those too that end with a session, to be stored encrypted and restored after a restart.
#[must_use]
pub fn save_cookies(jar: &Jar) -> Secret {
    let cookies: Vec<Cookie> = jar.list().into_iter().map(Cookie::from).collect();
    Secret::new(serde_json::to_string(&cookies).unwrap_or_default())
}

/// Puts back what [`save_cookies`] gave, each cookie to its own host.
///
/// # Errors
/// [`CookieError`]; an empty jar is restored from what was saved of an empty one.
pub fn restore_cookies(jar: &Jar, saved: &Secret, limits: &Limits) -> Result<Imported, CookieError> {
    let cookies = json(saved.expose())?;
    let add = |cookie: &&Cookie| {
        let site = Url::parse(&format!("http://{}/", cookie.domain));
        let domain = (!cookie.host_only).then_some(cookie.domain.as_str());
        site.is_ok_and(|site| jar.add(&cookie.line(domain), &site, limits))
    };
    let kept = cookies.iter().filter(add).count();
    Ok(Imported { kept, left_out: cookies.len() - kept })
}

impl Cookie {
    fn is_of(&self, host: &str) -> bool {
        let domain = self.domain.trim_start_matches('.').to_ascii_lowercase();
        let below = || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
        domain.is_empty() || domain == host || !self.host_only && below()
    }

    /// As `Set-Cookie` writes it.
    fn line(&self, domain: Option<&str>) -> String {
        let path = self.path.as_deref().filter(|path| path.starts_with('/')).unwrap_or("/");
        let mut line = format!("{}={}; Path={path}", self.name, self.value);
        if let Some(domain) = domain {
            write!(line, "; Domain={domain}").ok();
        }
        let at = self.expiration_date.and_then(|at| Timestamp::from_second(at as i64).ok());
        if let Some(at) = at {
            write!(line, "; Expires={}", at.strftime("%a, %d %b %Y %H:%M:%S GMT")).ok();
        }
        for (set, word) in [(self.secure, "; Secure"), (self.http_only, "; HttpOnly")] {
            line.push_str(if set { word } else { "" });
        }
        line
    }
}

impl From<crate::net::JarCookie> for Cookie {
    fn from(cookie: crate::net::JarCookie) -> Self {
        Self {
            domain: cookie.host,
            host_only: cookie.host_only,
            name: cookie.name,
            value: cookie.value,
            path: Some(cookie.path),
            secure: cookie.secure,
            http_only: cookie.http_only,
            expiration_date: cookie.expires.map(|at| at as f64),
        }
    }
}

fn parse(text: &str) -> Result<Vec<Cookie>, CookieError> {
    if text.len() > MAX_TEXT {
        return Err(CookieError::TooLarge);
    }
    // The end stays: the value of the last cookie may be empty.
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let cookies = match text.chars().next() {
        Some('[' | '{') => json(text)?,
        Some('#') => netscape(text)?,
        _ if text.contains('\t') => netscape(text)?,
        _ => header(text)?,
    };
    if cookies.is_empty() { Err(CookieError::Nothing) } else { Ok(cookies) }
}

/// A list, or a list within an object, as some extensions write it.
fn json(text: &str) -> Result<Vec<Cookie>, CookieError> {
    #[derive(Deserialize)]
    struct Wrapped {
        cookies: Vec<Cookie>,
    }
    let list = serde_json::from_str::<Vec<Cookie>>(text);
    let cookies = list.or_else(|error| serde_json::from_str::<Wrapped>(text).map(|w| w.cookies).map_err(|_| error));
    let cookies = cookies.map_err(|error| CookieError::Json { line: error.line(), column: error.column() })?;
    // A control character or a semicolon in a value would become an attribute of another making.
    if cookies.iter().any(|cookie| !is_clean(&cookie.name) || !is_clean(&cookie.value)) {
        return Err(CookieError::Json { line: 1, column: 1 });
    }
    Ok(cookies)
}

fn is_clean(text: &str) -> bool {
    !text.contains(|c: char| c == ';' || c.is_control())
}

/// Seven columns: domain, whether its subdomains too, path, secure, expiry in seconds, name, value.
fn netscape(text: &str) -> Result<Vec<Cookie>, CookieError> {
    let mut cookies = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let (line, http_only) = match line.strip_prefix("#HttpOnly_") {
            Some(rest) => (rest, true),
            None => (line, false),
        };
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = line.split('\t').collect();
        let wrong = || CookieError::Line(n + 1);
        let [domain, below, path, secure, expires, name, value] = columns[..] else { return Err(wrong()) };
        if !is_clean(name) || !is_clean(value) || name.is_empty() {
            return Err(wrong());
        }
        let expires: i64 = expires.trim().parse().map_err(|_| wrong())?;
        cookies.push(Cookie {
            domain: domain.trim().to_owned(),
            host_only: !below.eq_ignore_ascii_case("true"),
            name: name.to_owned(),
            value: value.trim_end().to_owned(),
            path: Some(path.to_owned()),
            secure: secure.eq_ignore_ascii_case("true"),
            http_only,
            expiration_date: (expires > 0).then_some(expires as f64),
        });
    }
    Ok(cookies)
}

/// `name=value; name=value`, with or without `Cookie:` in front, on one line or more.
fn header(text: &str) -> Result<Vec<Cookie>, CookieError> {
    let mut cookies = Vec::new();
    for (n, line) in text.lines().enumerate() {
        let line = line.trim();
        let starts = line.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("cookie:"));
        let line = if starts { line.get(7..).unwrap_or_default() } else { line };
        for pair in line.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').ok_or(CookieError::Line(n + 1))?;
            let (name, value) = (name.trim().to_owned(), value.trim().to_owned());
            if name.is_empty() || name.contains(char::is_whitespace) || !is_clean(&value) {
                return Err(CookieError::Line(n + 1));
            }
            cookies.push(Cookie {
                domain: String::new(),
                host_only: true,
                name,
                value,
                path: None,
                secure: false,
                http_only: false,
                expiration_date: None,
            });
        }
    }
    Ok(cookies)
}

#[cfg(test)]
#[path = "cookies_tests.rs"]
mod tests;
