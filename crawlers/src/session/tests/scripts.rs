//! Logins that a site's own script makes: replicas of what Flarum and vBulletin 5 answer, and what stops them.

use std::sync::Arc;

use super::server::{Asked, Site, page, page_with};
use super::site::{Clock, ENCODED, PASSWORD, USER, password, run_with, session};
use crate::{
    Outcome,
    definition::{Definition, Library},
    session::{FormError, LoginEnd, Need},
};

/// A forum of this engine for members only, with more of its definition.
pub(super) fn forum(engine: &str, site: &Site, more: &str) -> Arc<Definition> {
    let text = format!(
        "schema: 1\nid: members\nname: Members\nextends: {engine}\nlinks: [\"{}\"]\n\
         session: {{ method: script, credentials: forum-a{more} }}\n",
        site.base
    );
    Arc::new(Library::shipped().parse(&text, "members.yaml").unwrap_or_else(|error| panic!("{error}")))
}

async fn ends(engine: &str, site: &Site, more: &str) -> LoginEnd {
    run_with(&session(), &Clock::default(), site, forum(engine, site, more), password()).await
}

fn json(status: &str, headers: &str, body: &str) -> String {
    page_with(status, headers, body).replace("text/html; charset=utf-8", "application/json")
}

/// The start page of Flarum, whose script finds there who is logged in, and the token.
pub(super) fn flarum_start(asked: &Asked) -> String {
    let user = usize::from(asked.is_member()) * 12;
    let payload = format!(
        "<script id=flarum-json-payload type='application/json'>{{\"resources\":[],\
         \"session\":{{\"userId\":{user},\"csrfToken\":\"T0kn\"}},\"locale\":\"en\"}}</script>"
    );
    page_with("200 OK", "Set-Cookie: flarum_session=s1; Path=/; HttpOnly\r\n", &payload)
}

/// What Flarum says to a login; `member` is the cookie that the tests know members by.
pub(super) fn flarum_login(asked: &Asked) -> String {
    if !asked.head.contains("flarum_session=s1") || !asked.head.to_lowercase().contains("x-csrf-token: t0kn\r\n") {
        return json("400 Bad Request", "", r#"{"errors":[{"status":"400","code":"csrf_token_mismatch"}]}"#);
    }
    let sent: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    if (sent["identification"].as_str(), sent["password"].as_str()) != (Some(USER), Some(PASSWORD)) {
        return json("401 Unauthorized", "", r#"{"errors":[{"status":"401","code":"not_authenticated"}]}"#);
    }
    json("200 OK", "Set-Cookie: sid=member; Path=/; HttpOnly\r\n", r#"{"token":"x","userId":"12"}"#)
}

#[tokio::test]
async fn flarum_takes_json_with_the_token_of_its_start_page() {
    let site = Site::start(|asked, _| match asked.what.as_str() {
        "POST /login" => flarum_login(asked),
        _ => flarum_start(asked),
    })
    .await;
    assert_eq!(ends("flarum", &site, "").await, LoginEnd::LoggedIn);
    assert_eq!(site.whats(), ["GET /", "POST /login", "GET /"]);
    let sent = &site.asked()[1];
    let body = serde_json::json!({"identification": USER, "password": PASSWORD, "remember": "1"});
    assert_eq!(serde_json::from_str::<serde_json::Value>(&sent.body).unwrap(), body);
    let origin = site.base.as_str().trim_end_matches('/');
    for line in [format!("Origin: {origin}"), format!("Referer: {origin}/"), "Accept: */*".to_owned()] {
        assert!(sent.head.lines().any(|known| known == line), "{line}\n{}", sent.head);
    }
    assert!(sent.head.contains("Content-Type: application/json\r\n"));
    assert!(!site.asked()[2].head.contains("T0kn"), "the token goes along with the login alone");
    assert_eq!(sent.head.matches("Accept:").count(), 1);
}

/// The start page of vBulletin 5: the token of a guest stands in the data of its scripts.
fn vbulletin_start(asked: &Asked) -> String {
    let member = if asked.is_member() { "<a href='/auth/logout?logouthash=1-a'>Log Out</a>" } else { "" };
    page(&format!("<script>window.pageData = {{\"baseurl\": \"x\", \"securitytoken\": \"guest\"}};</script>{member}"))
}

#[tokio::test]
async fn vbulletin_takes_a_form_and_answers_its_refusal_with_200() {
    for (word, end) in [("right", LoginEnd::LoggedIn), ("wrong", LoginEnd::NeedsPerson(Need::Password))] {
        let site = Site::start(move |asked, _| match asked.what.as_str() {
            "POST /auth/ajax-login" if word == "right" => {
                json("200 OK", "Set-Cookie: sid=member; Path=/\r\n", r#"{"success":true,"newtoken":"1-b"}"#)
            }
            "POST /auth/ajax-login" => json("200 OK", "", r#"{"errors":[["badlogin_strikes_passthru",1]]}"#),
            _ => vbulletin_start(asked),
        })
        .await;
        assert_eq!(ends("vbulletin5", &site, "").await, end);
        assert_eq!(site.whats(), ["GET /", "POST /auth/ajax-login", "GET /"]);
        let sent = &site.asked()[1];
        assert_eq!(sent.body, format!("securitytoken=guest&password={ENCODED}&rememberme=1&username={USER}"));
        assert!(sent.head.contains("X-Requested-With: XMLHttpRequest\r\n"));
    }
}

/// How a login at Flarum ends whose answer to it is this, and how often the password was sent.
async fn refused(answer: String) -> (LoginEnd, usize) {
    let site = Site::start(move |asked, _| match asked.what.as_str() {
        "POST /login" => answer.clone(),
        _ => flarum_start(asked),
    })
    .await;
    let end = ends("flarum", &site, "").await;
    (end, site.asked().iter().filter(|asked| asked.body.contains("hunter2")).count())
}

#[tokio::test]
async fn a_refusal_ends_with_what_a_person_must_do_and_the_password_is_sent_once() {
    let error = |code: &str| format!(r#"{{"errors":[{{"code":"{code}"}}]}}"#);
    for (answer, end) in [
        (json("401 Unauthorized", "", &error("not_authenticated")), LoginEnd::NeedsPerson(Need::Password)),
        (json("200 OK", "", "{}"), LoginEnd::NeedsPerson(Need::Password)),
        (json("422 Unprocessable", "", &error("recaptcha")), LoginEnd::NeedsPerson(Need::Captcha)),
        (json("401 Unauthorized", "", &error("two_factor_required")), LoginEnd::NeedsPerson(Need::SecondFactor)),
        (json("400 Bad Request", "", &error("csrf_token_mismatch")), LoginEnd::Unusable(FormError::Token)),
        (page_with("404 Not Found", "", "no"), LoginEnd::Unusable(FormError::NotTaken(404))),
        (page_with("503 Busy", "", "later"), LoginEnd::Failed(Outcome::Unreachable("http_503".into()))),
        (page_with("307 Temporary Redirect", "Location: /again\r\n", ""), LoginEnd::NeedsPerson(Need::Password)),
        (
            page_with("302 Found", "Location: http://evil.example/\r\n", ""),
            LoginEnd::Failed(Outcome::Moved("evil.example".into())),
        ),
    ] {
        assert_eq!(refused(answer.clone()).await, (end, 1), "{answer}");
    }
}

#[tokio::test]
async fn a_script_sends_nothing_elsewhere_nor_without_what_it_lifts() {
    let site = Site::start(|asked, _| flarum_start(asked)).await;
    let base = url::Url::parse("http://127.0.0.1:1/").unwrap();
    let line = page("<script>{\"csrfToken\":\"a\nb\"}</script>");
    for (engine, more, error) in [
        ("flarum", format!(", post: \"{base}login\""), FormError::OtherSite("127.0.0.1".into())),
        ("misago", String::new(), FormError::NotLifted("headers.X-CSRFToken".into())),
        ("vbulletin5", String::new(), FormError::NotLifted("selector_inputs.securitytoken".into())),
    ] {
        assert_eq!(ends(engine, &site, &more).await, LoginEnd::Unusable(error));
    }
    let broken = Site::start(move |_, _| line.clone()).await;
    assert_eq!(ends("flarum", &broken, "").await, LoginEnd::Unusable(FormError::NoHeader("X-CSRF-Token".into())));
    assert!(site.whats().iter().chain(&broken.whats()).all(|what| what == "GET /"), "nothing was sent");
}
