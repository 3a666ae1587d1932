//! Logins that go well: what is sent, and to whom.

use super::server::{Site, page, page_with};
use super::site::{ENCODED, USER, by_form, definition, entrance, form, password, run, run_with, session, welcome};
use crate::session::{Credential, LoginEnd, Secret};

#[tokio::test]
async fn a_form_is_filled_in_and_its_hidden_fields_go_along() {
    let more = "<input type=hidden name=token value='a&amp;b'><input type=checkbox name=stay value=1 checked>\
                <input type=checkbox name=no value=1><select name=lang><option value=en><option value=zh selected>\
                </select><button name=go value=in></button><input type=submit name=other value=x>";
    let site = Site::start(move |asked, _| match asked.what.as_str() {
        "GET /login" => form(more),
        "POST /do?x=1" => welcome(),
        _ => entrance(asked),
    })
    .await;
    assert_eq!(run(&site, by_form(&site.base), password()).await, LoginEnd::LoggedIn);
    assert_eq!(site.whats(), ["GET /login", "POST /do?x=1", "GET /"]);
    let sent = &site.asked()[1];
    assert_eq!(sent.body, format!("user={USER}&token=a%26b&stay=1&lang=zh&go=in&pw={ENCODED}"));
    let origin = site.base.as_str().trim_end_matches('/');
    for line in [format!("Origin: {origin}"), format!("Referer: {origin}/login")] {
        assert!(sent.head.lines().any(|known| known == line), "{line}\n{}", sent.head);
    }
    assert!(sent.head.contains("Content-Type: application/x-www-form-urlencoded\r\n"));
    assert!(!site.asked()[2].head.contains("Content-Type"), "what follows is asked for without the form");
}

#[tokio::test]
async fn a_token_in_the_head_of_the_page_is_lifted_and_fixed_inputs_are_sent() {
    let site = Site::start(|asked, _| match asked.what.as_str() {
        "GET /login" => page(
            "<meta name=csrf content=T0><form id=search method=post><input type=password name=trap></form>\
             <form id=in method=POST><input name=a><input name=login><input type=password name=word></form>",
        ),
        "POST /login" => welcome(),
        _ => entrance(asked),
    })
    .await;
    let session = "method: form, path: login, credentials: forum-a, form: \"#in\", \
                   inputs: { login: \"{{ secret.user }}\", word: \"{{secret.password}}\", stay: \"1\" }, \
                   selector_inputs: { _csrf: { selector: \"meta[name=csrf]\", attribute: content } }";
    assert_eq!(run(&site, definition(&site.base, session), password()).await, LoginEnd::LoggedIn);
    assert_eq!(site.asked()[1].body, format!("a=&login={USER}&word={ENCODED}&_csrf=T0&stay=1"));
}

#[tokio::test]
async fn a_page_of_thanks_is_followed_by_a_look_at_the_entrance() {
    let site = Site::start(|asked, _| match asked.what.as_str() {
        "GET /login" => form(""),
        "POST /do?x=1" => page_with("200 OK", "Set-Cookie: sid=member; Path=/\r\n", "Thank you, one moment"),
        _ => entrance(asked),
    })
    .await;
    assert_eq!(run(&site, by_form(&site.base), password()).await, LoginEnd::LoggedIn);
    assert_eq!(site.whats(), ["GET /login", "POST /do?x=1", "GET /"]);
}

#[tokio::test]
async fn cookies_of_a_person_make_a_member_at_a_site_with_a_form_or_without() {
    for method in ["method: cookie", "method: form, path: login, credentials: forum-a"] {
        let site = Site::start(|asked, _| entrance(asked)).await;
        let cookies = Some(Credential::Cookies(Secret::new("sid=member; theme=dark")));
        assert_eq!(run(&site, definition(&site.base, method), cookies).await, LoginEnd::LoggedIn);
        assert_eq!(site.whats(), ["GET /"]);
        assert!(site.asked()[0].head.contains("theme=dark"));
    }
}

#[tokio::test]
async fn who_is_a_member_already_sends_no_password() {
    let site = Site::start(|asked, _| entrance(asked)).await;
    let session = session();
    let url = crate::net::ClearUrl::parse(site.base.as_str()).unwrap();
    assert!(session.add_cookie(&url, "sid=member"));
    let end = run_with(&session, &super::site::Clock::default(), &site, by_form(&site.base), password()).await;
    assert_eq!((end, site.whats()), (LoginEnd::LoggedIn, vec!["GET /login".to_owned()]));
}

#[tokio::test]
async fn a_form_is_sent_in_the_charset_of_its_page() {
    let site = Site::start(|asked, _| match asked.what.as_str() {
        "GET /login" => form("<meta charset=gbk>").replace("charset=utf-8", "charset=gbk"),
        "POST /do?x=1" => welcome(),
        _ => entrance(asked),
    })
    .await;
    run(&site, by_form(&site.base), password()).await;
    assert!(site.asked()[1].body.ends_with("pw=hunter2%26%3D%C3%DC"), "密 in GBK");
}
