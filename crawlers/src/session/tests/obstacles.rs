//! Logins that do not go well: each ends, and says what a person must do.

use super::server::{Site, page, page_with};
use super::site::{Clock, by_form, definition, entrance, form, password, run, run_with, session, welcome};
use crate::{
    Outcome, PageClass,
    session::{Credential, FormError, LoginEnd, Need, Secret},
};

/// Logs in at a site whose login page and answer to the form are these.
async fn ends(login: String, posted: String) -> (LoginEnd, Vec<String>) {
    let site = Site::start(move |asked, _| match asked.what.as_str() {
        "GET /login" => login.clone(),
        what if what.starts_with("POST") => posted.clone(),
        _ => entrance(asked),
    })
    .await;
    let end = run(&site, by_form(&site.base), password()).await;
    (end, site.whats())
}

#[tokio::test]
async fn a_wrong_password_is_sent_once() {
    for posted in [form("<b>wrong password</b>"), page("wrong password")] {
        let (end, asked) = ends(form(""), posted).await;
        assert_eq!(end, LoginEnd::NeedsPerson(Need::Password));
        assert_eq!(end.outcome(), Some(Outcome::Blocked(PageClass::Login)));
        assert_eq!(asked.iter().filter(|what| what.starts_with("POST")).count(), 1);
    }
}

#[tokio::test]
async fn a_captcha_on_the_form_or_after_it_waits_for_a_person() {
    let captcha = || page("<div class=captcha></div>");
    let in_form = form("<img src=/captcha.php?7>");
    for (login, posted, sent) in
        [(captcha(), welcome(), 1), (in_form.clone(), welcome(), 1), (form(""), captcha(), 2), (form(""), in_form, 2)]
    {
        let (end, asked) = ends(login, posted).await;
        assert_eq!(end, LoginEnd::NeedsPerson(Need::Captcha), "{asked:?}");
        assert_eq!(end.outcome(), Some(Outcome::Blocked(PageClass::Captcha)));
        assert_eq!(asked.len(), sent, "{asked:?}");
    }
}

#[tokio::test]
async fn a_second_factor_waits_for_a_person() {
    for sign in ["<input name=code autocomplete=one-time-code>", "<form action='/login/two-step'><input name=c></form>"]
    {
        let (end, asked) = ends(form(""), page(sign)).await;
        assert_eq!(end, LoginEnd::NeedsPerson(Need::SecondFactor));
        assert_eq!(asked.len(), 2);
    }
    let site = Site::start(|asked, _| match asked.what.as_str() {
        "GET /login" => form(""),
        _ => page("<p class=pgp>decrypt this</p>"),
    })
    .await;
    let session = "method: form, path: login, credentials: a, second_factor: { selector: .pgp }";
    let end = run(&site, definition(&site.base, session), password()).await;
    assert_eq!(end, LoginEnd::NeedsPerson(Need::SecondFactor));
}

#[tokio::test]
async fn a_form_that_cannot_be_used_is_not_sent() {
    let to =
        |action: &str| page(&format!("<form method=post action='{action}'><input name=u><input type=password name=p>"));
    let based =
        "<base href='http://evil.example/'><form method=post action=x><input name=u><input type=password name=p>";
    for (login, error) in [
        (to("http://evil.example/steal"), FormError::OtherSite("evil.example".into())),
        (to("//127.0.0.1:1/steal"), FormError::OtherSite("127.0.0.1".into())),
        (page(based), FormError::OtherSite("evil.example".into())),
        (page("<form><input name=u><input type=password name=p></form>"), FormError::InAddress),
        (page("<form method=post><input name=u></form>"), FormError::NoForm),
        (form(&"<input type=hidden name=x>".repeat(300)), FormError::TooLarge),
    ] {
        let (end, asked) = ends(login, welcome()).await;
        assert_eq!(end, LoginEnd::Unusable(error));
        assert_eq!((end.need(), asked.len()), (Some(Need::Form), 1));
    }
    let site = Site::start(|_, _| form("")).await;
    let session = "method: form, path: login, credentials: a, \
                   selector_inputs: { csrf: { selector: meta, attribute: content } }";
    let end = run(&site, definition(&site.base, session), password()).await;
    let missing = Outcome::SelectorMissing("session.selector_inputs.csrf".into());
    assert_eq!((end.outcome(), site.whats().len()), (Some(missing), 1));
}

#[tokio::test]
async fn a_form_is_sent_nowhere_but_to_its_own_address() {
    for (location, status) in [("/again", "307 Temporary Redirect"), ("/again", "308 Permanent Redirect")] {
        let (_, asked) = ends(form(""), page_with(status, &format!("Location: {location}\r\n"), "")).await;
        assert_eq!(asked.iter().filter(|what| what.starts_with("POST")).count(), 1, "{asked:?}");
    }
    let moved = page_with("302 Found", "Location: http://evil.example/\r\n", "");
    let (end, _) = ends(form(""), moved).await;
    assert_eq!(end, LoginEnd::Failed(Outcome::Moved("evil.example".into())));
}

#[tokio::test]
async fn a_queue_is_waited_for_as_it_tells_and_not_asked_before() {
    let clock = Clock::default();
    let asked_at = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let (times, seen) = (clock.clone(), asked_at.clone());
    let site = Site::start(move |asked, before| {
        seen.lock().unwrap().push(times.seconds());
        match (asked.what.as_str(), before) {
            ("GET /login", 0) => page("<meta http-equiv=refresh content=9>You have been placed in a queue"),
            ("GET /login", _) => form(""),
            ("POST /do?x=1", 2) => page_with("200 OK", "Retry-After: 60\r\n", "You have been placed in a queue"),
            ("POST /do?x=1", _) => welcome(),
            _ => entrance(asked),
        }
    })
    .await;
    let end = run_with(&session(), &clock, &site, by_form(&site.base), password()).await;
    assert_eq!(end, LoginEnd::LoggedIn);
    let at = asked_at.lock().unwrap().clone();
    assert!(at[1] - at[0] >= 9.0 && at[3] - at[2] >= 60.0, "{at:?}");
    assert_eq!(site.whats()[2..5], ["POST /do?x=1", "GET /login", "POST /do?x=1"]);
    let endless = Site::start(|_, _| page("You have been placed in a queue")).await;
    let end = run(&endless, by_form(&endless.base), password()).await;
    assert_eq!(end, LoginEnd::Failed(Outcome::Blocked(PageClass::Queue)));
    assert_eq!(endless.whats().len(), 4);
}

#[tokio::test]
async fn without_a_credential_or_with_old_cookies_a_person_is_asked() {
    let site = Site::start(|asked, _| entrance(asked)).await;
    let end = run(&site, by_form(&site.base), None).await;
    assert_eq!((end, site.whats().len()), (LoginEnd::NeedsPerson(Need::Credentials), 0));
    let cookies = || Some(Credential::Cookies(Secret::new("sid=old")));
    let end = run(&site, definition(&site.base, "method: cookie"), cookies()).await;
    assert_eq!(end, LoginEnd::NeedsPerson(Need::Cookies));
    let end = run(&site, definition(&site.base, "method: cookie"), None).await;
    assert_eq!(end, LoginEnd::NeedsPerson(Need::Cookies));
}

#[tokio::test]
async fn other_obstacles_keep_their_names() {
    for (status, outcome) in [
        ("429 Too Many Requests", Outcome::Blocked(PageClass::RateLimited)),
        ("403 Forbidden", Outcome::Blocked(PageClass::Banned)),
    ] {
        let (end, asked) = ends(page_with(status, "", "no"), welcome()).await;
        assert_eq!((end, asked.len()), (LoginEnd::Failed(outcome), 1));
    }
}
