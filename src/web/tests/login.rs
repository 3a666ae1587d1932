//! Signing in: the cookie, the brake, the end of a session.

use axum::http::{StatusCode, header};
use jiff::SignedDuration;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::desk::{Answer, Desk, PASSWORD};
use crate::web::auth::{PasswordError, hash_password};

/// Opens the form and sends it, as a browser does.
async fn sign_in(desk: &Desk, name: &str, password: &str) -> Answer {
    let form = desk.get("/login", "").await;
    let cookie = form.header(header::SET_COOKIE).split(';').next().unwrap_or("").to_owned();
    let token = cookie.split_once('=').map_or("", |(_, token)| token).to_owned();
    assert!(form.text.contains(&token));
    desk.post("/login", &cookie, &format!("csrf={token}&name={name}&password={}", password.replace(' ', "+"))).await
}

#[tokio::test]
async fn a_session_lasts_its_hours() {
    let desk = Desk::new().await;
    let answer = sign_in(&desk, "ann", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let set = answer.header(header::SET_COOKIE).to_owned();
    assert!(set.contains("; HttpOnly; SameSite=Strict") && set.contains("Path=/") && set.len() > 64, "{set}");
    let cookie = set.split(';').next().expect("a cookie");
    assert_eq!(desk.get("/", cookie).await.status, StatusCode::OK);
    desk.clock.advance(SignedDuration::from_mins(12 * 60 - 1));
    assert_eq!(desk.get("/", cookie).await.status, StatusCode::OK);
    desk.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(desk.get("/", cookie).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.recorded().await, ["ann login"]);
}

#[tokio::test]
async fn over_tls_the_cookies_are_bound_to_the_host() {
    let desk = Desk::over("acme", true).await;
    let set = desk.get("/login", "").await.header(header::SET_COOKIE).to_owned();
    assert!(set.starts_with("__Host-nightheron-login=") && set.ends_with("; Secure"), "{set}");
    let set = sign_in(&desk, "ann", PASSWORD).await.header(header::SET_COOKIE).to_owned();
    assert!(set.starts_with("__Host-nightheron=") && set.ends_with("; Secure"), "{set}");
    let cookie = set.split(';').next().expect("a cookie");
    assert_eq!(desk.get("/", cookie).await.status, StatusCode::OK);
    assert_eq!(desk.get("/", &cookie.replace("__Host-", "")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let desk = Desk::new().await;
    let (cookie, csrf) = desk.session("ann").await;
    assert_eq!(desk.post("/logout", &cookie, &format!("csrf={csrf}")).await.header(header::LOCATION), "/login");
    assert_eq!(desk.get("/", &cookie).await.header(header::LOCATION), "/login");
}

#[tokio::test]
async fn five_failures_close_a_name_for_a_quarter_of_an_hour() {
    let desk = Desk::new().await;
    for _ in 0..5 {
        let answer = sign_in(&desk, "ann", "not the password").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.text.contains("帳號或密碼不正確。"));
    }
    assert_eq!(sign_in(&desk, "ann", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    desk.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(sign_in(&desk, "ann", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let recorded = desk.recorded().await;
    assert_eq!(recorded.iter().filter(|line| *line == "ann login.refused").count(), 6);
}

#[tokio::test]
async fn an_unknown_name_is_told_the_same() {
    let desk = Desk::new().await;
    let (known, unknown) = (sign_in(&desk, "ann", "x").await, sign_in(&desk, "nobody", "x").await);
    assert_eq!(known.status, unknown.status);
    assert!(unknown.text.contains("帳號或密碼不正確。"));
}

#[tokio::test]
async fn the_language_follows_the_browser_and_then_the_user() {
    let desk = Desk::new().await;
    assert!(desk.get("/login", "").await.text.contains("lang=\"zh-TW\""));
    let (cookie, csrf) = desk.session("ann").await;
    assert!(desk.get("/", &cookie).await.text.contains("<html lang=\"en\""));
    let form = format!("csrf={csrf}&lang=zh-TW&next=/terms?q=a");
    let answer = desk.post("/language", &cookie, &form).await;
    assert_eq!(answer.header(header::LOCATION), "/terms?q=a");
    assert!(desk.get("/", &cookie).await.text.contains("<html lang=\"zh-TW\""));
    for next in ["//evil.example", "https://evil.example", "/\\evil.example", ""] {
        let answer = desk.post("/language", &cookie, &format!("csrf={csrf}&lang=en&next={next}")).await;
        assert_eq!(answer.header(header::LOCATION), "/", "{next}");
    }
}

#[test]
fn short_passwords_are_refused() {
    let rng = &mut StdRng::seed_from_u64(1);
    assert_eq!(hash_password("elevenchars", rng), Err(PasswordError::TooShort { chars: 11 }));
    assert_eq!(hash_password(&"x".repeat(2000), rng), Err(PasswordError::TooLong { bytes: 2000 }));
    let (one, other) = (hash_password(PASSWORD, rng).expect("a hash"), hash_password(PASSWORD, rng).expect("a hash"));
    assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
    assert_ne!(one, other);
}
