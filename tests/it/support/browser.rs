//! A reader of the pages: signs in, reads, presses buttons.

use reqwest::{Client, StatusCode};
use scraper::{Html, Selector};

/// A signed-in browser.
pub(crate) struct Browser {
    client: Client,
    page: String,
}

impl Browser {
    /// Signs in.
    #[expect(clippy::disallowed_methods, reason = "the pages are read from outside the service")]
    pub(crate) async fn sign_in(page: &str, name: &str, password: &str) -> Self {
        nightheron_crawlers::net::install_crypto();
        let redirects = reqwest::redirect::Policy::none();
        let client = Client::builder().cookie_store(true).redirect(redirects).no_proxy().build().unwrap();
        let browser = Self { client, page: page.to_owned() };
        let (status, _) = browser.send("/login", "/login", &[("name", name), ("password", password)]).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "signed in");
        browser
    }

    /// Reads a page.
    #[expect(clippy::disallowed_methods, reason = "the pages are small, and ours")]
    pub(crate) async fn read(&self, path: &str) -> String {
        let response = self.client.get(format!("{}{path}", self.page)).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.unwrap()
    }

    /// Asks for a page and gives its status alone.
    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.client.get(format!("{}{path}", self.page)).send().await.unwrap().status().as_u16()
    }

    /// Presses a button: sends a form with the token of the page that it stands on.
    pub(crate) async fn press(&self, on: &str, path: &str, fields: &[(&str, &str)]) {
        let (status, text) = self.send(on, path, fields).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}: {text}");
    }

    /// Presses a button whose answer never comes.
    pub(crate) async fn press_in_vain(&self, on: &str, path: &str, fields: &[(&str, &str)]) {
        assert!(self.ask(on, path, fields).await.is_err(), "{path} was answered");
    }

    #[expect(clippy::disallowed_methods, reason = "the pages are small, and ours")]
    async fn send(&self, on: &str, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let response = self.ask(on, path, fields).await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    async fn ask(&self, on: &str, path: &str, fields: &[(&str, &str)]) -> reqwest::Result<reqwest::Response> {
        let csrf = token(&self.read(on).await);
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &csrf).extend_pairs(fields);
        let request = self.client.post(format!("{}{path}", self.page));
        let request = request.header("Content-Type", "application/x-www-form-urlencoded").body(form.finish());
        request.send().await
    }
}

fn token(page: &str) -> String {
    let selector = Selector::parse("input[name=csrf]").unwrap();
    let page = Html::parse_document(page);
    let input = page.select(&selector).next().expect("a form with a token");
    input.attr("value").unwrap().to_owned()
}
