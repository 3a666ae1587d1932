//! What every request says about its sender: the same as every Tor Browser.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, ORIGIN, REFERER,
    UPGRADE_INSECURE_REQUESTS, USER_AGENT,
};

use crate::{definition::Body, session::LoginForm};

/// Headers of a Tor Browser 15 (Firefox ESR 140) opening a page, in its order. Tor Browser says Windows on every system, so that
/// its users look alike; a source that sees anything else sees who watches it. To be raised with each ESR.
pub(super) const HEADERS: [(HeaderName, &str); 5] = [
    (USER_AGENT, "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"),
    (ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
    (ACCEPT_LANGUAGE, "en-US,en;q=0.5"),
    (ACCEPT_ENCODING, "gzip, deflate, br, zstd"),
    (UPGRADE_INSECURE_REQUESTS, "1"),
];

/// A form as a browser sends it, by itself or from a script: sites compare `Origin` and `Referer` with their own address.
pub(super) fn submission(request: reqwest::RequestBuilder, form: &LoginForm) -> reqwest::RequestBuilder {
    let mut page = form.page().clone();
    page.set_fragment(None);
    let written = match form.kind() {
        Body::Form => "application/x-www-form-urlencoded",
        Body::Json => "application/json",
    };
    let mut request = request
        .header(CONTENT_TYPE, written)
        .header(ORIGIN, form.page().origin().ascii_serialization())
        .header(REFERER, page.as_str())
        .body(form.body().to_owned());
    if form.is_by_script() {
        request = request.header(ACCEPT, "*/*");
    }
    for (name, value) in form.headers() {
        let Ok(mut value) = HeaderValue::from_str(value) else { continue };
        value.set_sensitive(true);
        request = request.header(name, value);
    }
    request
}

pub(super) fn headers() -> HeaderMap {
    HEADERS.into_iter().map(|(name, value)| (name, HeaderValue::from_static(value))).collect()
}
