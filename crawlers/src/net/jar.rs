//! The cookies of one source: RFC 6265 matching, bounded in number and bytes.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie_store::{CookieDomain, CookieExpiration, CookieStore, RawCookie};
use reqwest::header::HeaderValue;
use url::Url;

use super::limits::Limits;

/// Cookies of one source, kept for the life of its plane.
#[derive(Default)]
pub struct Jar(Mutex<CookieStore>);

/// One cookie, to be saved.
pub(crate) struct JarCookie {
    pub(crate) host: String,
    /// Not for the host's subdomains.
    pub(crate) host_only: bool,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) path: String,
    pub(crate) secure: bool,
    pub(crate) http_only: bool,
    /// Seconds since 1970 UTC; `None`: until the session ends.
    pub(crate) expires: Option<i64>,
}

impl fmt::Debug for Jar {
    /// How many there are; a cookie is as good as a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jar({} cookies)", self.store().iter_any().count())
    }
}

impl Jar {
    fn store(&self) -> MutexGuard<'_, CookieStore> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what `Set-Cookie` asks for and returns how many cookies were refused, as malformed or beyond the limits.
    pub(super) fn keep<'a>(&self, lines: impl Iterator<Item = &'a HeaderValue>, from: &Url, limits: &Limits) -> usize {
        let mut store = self.store();
        lines
            .filter(|line| {
                let text = std::str::from_utf8(line.as_bytes()).ok();
                !text.is_some_and(|text| insert(&mut store, text, from, limits))
            })
            .count()
    }

    /// All cookies that have not expired.
    pub(crate) fn list(&self) -> Vec<JarCookie> {
        let store = self.store();
        let known = store.iter_unexpired().filter_map(|cookie| {
            let (host, host_only) = match &cookie.domain {
                CookieDomain::HostOnly(host) => (host.clone(), true),
                CookieDomain::Suffix(host) => (host.clone(), false),
                _ => return None,
            };
            let expires = match &cookie.expires {
                CookieExpiration::AtUtc(at) => Some(at.unix_timestamp()),
                CookieExpiration::SessionEnd => None,
            };
            Some(JarCookie {
                host,
                host_only,
                name: cookie.name().to_owned(),
                value: cookie.value().to_owned(),
                path: String::from(&cookie.path),
                secure: cookie.secure().unwrap_or(false),
                http_only: cookie.http_only().unwrap_or(false),
                expires,
            })
        });
        let mut known: Vec<JarCookie> = known.collect();
        known.sort_by(|a, b| (&a.host, &a.path, &a.name).cmp(&(&b.host, &b.path, &b.name)));
        known
    }

    /// Keeps one cookie in the form of `Set-Cookie`; false when it is malformed or beyond the limits.
    pub(crate) fn add(&self, cookie: &str, from: &Url, limits: &Limits) -> bool {
        insert(&mut self.store(), cookie, from, limits)
    }

    /// The `Cookie` header for a request, if any cookie matches.
    pub(crate) fn header(&self, to: &Url) -> Option<HeaderValue> {
        let pairs: Vec<String> = self
            .store()
            .get_request_values(to)
            .map(|(name, value)| format!("{name}={value}"))
            .filter(|pair| HeaderValue::from_str(pair).is_ok())
            .collect();
        if pairs.is_empty() {
            return None;
        }
        let mut header = HeaderValue::from_str(&pairs.join("; ")).ok()?;
        header.set_sensitive(true);
        Some(header)
    }

    /// The value of the cookie of this name that a request to this address would carry.
    pub(crate) fn value(&self, to: &Url, name: &str) -> Option<String> {
        let store = self.store();
        store.get_request_values(to).find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.store().clear();
    }
}

fn insert(store: &mut CookieStore, text: &str, from: &Url, limits: &Limits) -> bool {
    let Ok(raw) = RawCookie::parse(text.to_owned()) else {
        return false;
    };
    let Ok(cookie) = cookie_store::Cookie::try_from_raw_cookie(&raw, from) else {
        return false;
    };
    // An expired cookie deletes; it takes no room, and the store reports it as an error when there was nothing to
    // delete.
    if cookie.is_expired() {
        store.insert(cookie.into_owned(), from).ok();
        drop_expired(store);
        return true;
    }
    drop_expired(store);
    let replaced = store
        .matches(from)
        .into_iter()
        .find(|old| old.name() == cookie.name() && old.path == cookie.path && old.domain == cookie.domain)
        .map(|old| size(old));
    let count = store.iter_any().count() + usize::from(replaced.is_none());
    let bytes = store.iter_any().map(|old| size(old)).sum::<usize>() - replaced.unwrap_or(0) + size(&cookie);
    count <= limits.max_cookies && bytes <= limits.max_cookie_bytes && store.insert(cookie.into_owned(), from).is_ok()
}

fn size(cookie: &RawCookie<'_>) -> usize {
    cookie.name().len() + cookie.value().len()
}

/// The store keeps expired cookies for ever; a site that expires and renames its cookies would fill the jar.
fn drop_expired(store: &mut CookieStore) {
    let expired: Vec<(String, String, String)> = store
        .iter_any()
        .filter(|cookie| cookie.is_expired())
        .map(|cookie| (String::from(&cookie.domain), String::from(&cookie.path), cookie.name().to_owned()))
        .collect();
    for (domain, path, name) in expired {
        store.remove(&domain, &path, &name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn keep(jar: &Jar, line: &str, limits: &Limits) -> usize {
        let line = HeaderValue::from_str(line).unwrap();
        jar.keep([&line].into_iter(), &url("http://a.example/x/"), limits)
    }

    fn sent(jar: &Jar, to: &str) -> String {
        jar.header(&url(to)).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[test]
    fn cookies_go_back_where_they_came_from() {
        let (jar, limits) = (Jar::default(), Limits::default());
        assert_eq!(keep(&jar, "sid=1; Path=/; HttpOnly", &limits), 0);
        assert_eq!(keep(&jar, "deep=2", &limits), 0);
        assert_eq!(sent(&jar, "http://a.example/"), "sid=1");
        assert!(sent(&jar, "http://a.example/x/y").contains("deep=2"));
        assert_eq!(sent(&jar, "http://b.example/"), "");
        assert_eq!(keep(&jar, "alien=3; Domain=b.example", &limits), 1);
        assert_eq!(keep(&jar, "sid=; Path=/; Max-Age=0", &limits), 0);
        assert_eq!(sent(&jar, "http://a.example/"), "");
    }

    #[test]
    fn the_number_of_cookies_is_bounded_and_expired_ones_make_room() {
        let limits = Limits { max_cookies: 2, ..Limits::default() };
        let jar = Jar::default();
        assert_eq!(keep(&jar, "a=1; Path=/", &limits), 0);
        assert_eq!(keep(&jar, "b=1; Path=/", &limits), 0);
        assert_eq!(keep(&jar, "c=1; Path=/", &limits), 1);
        assert_eq!(keep(&jar, "b=2; Path=/", &limits), 0, "replacing takes no room");
        assert_eq!(keep(&jar, "a=; Path=/; Max-Age=0", &limits), 0);
        assert_eq!(keep(&jar, "c=1; Path=/", &limits), 0);
    }

    #[test]
    fn the_bytes_of_cookies_are_bounded() {
        let limits = Limits { max_cookie_bytes: 10, ..Limits::default() };
        let jar = Jar::default();
        assert_eq!(keep(&jar, "abc=12345; Path=/", &limits), 0);
        assert_eq!(keep(&jar, "d=12; Path=/", &limits), 1);
        assert_eq!(keep(&jar, "abc=1234567; Path=/", &limits), 0);
    }
}
