//! Nothing that is logged, shown or told holds a secret.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::server::{Site, page_with};
use super::site::{ENCODED, PASSWORD, USER, by_form, entrance, form, password, run_with, session, welcome};
use crate::{
    net::Fetch,
    session::{Login, LoginRequest, save_cookies},
};

/// Writes down every field of every span and event, of all crates and levels.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field} {value:?}").unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut self.clone());
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn no_secret_is_logged_or_shown() {
    let log = Everything::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    tracing::info!("the log is written");
    let site = Site::start(|asked, _| match asked.what.as_str() {
        "GET /login" => form("<input type=hidden name=csrf value=token-9>"),
        "POST /do?x=1" if asked.body.contains(USER) => welcome(),
        "POST /do?x=1" => page_with("500 Oops", "", ""),
        _ => entrance(asked),
    })
    .await;
    let (definition, session, clock) = (by_form(&site.base), session(), super::site::Clock::default());
    let mut shown = String::new();
    let mut login = Login::new(definition.clone(), &site.base, password()).unwrap();
    write!(shown, "{login:?} ").unwrap();
    let response = session.fetch(&site.base.join("login").unwrap()).await.unwrap();
    let body = response.decode(session.limits()).unwrap();
    login.answer(
        &crate::walk::RawPage {
            url: &response.url,
            status: 200,
            content_type: "text/html",
            body: &body,
            received_at: clock.now(),
            retry_after: None,
        },
        session.jar(),
    );
    let Some(LoginRequest::Submit(filled)) = login.next_request() else { panic!("{login:?}") };
    write!(shown, "{login:?} {filled:?} ").unwrap();
    let end = run_with(&session, &clock, &site, definition, password()).await;
    write!(shown, "{end:?} {:?} {:?}", session.jar(), save_cookies(session.jar())).unwrap();
    let log = log.0.lock().unwrap().clone();
    assert!(log.contains("the log is written"));
    for secret in [USER, PASSWORD, ENCODED, "hunter2", "token-9", "sid=member"] {
        assert!(!shown.contains(secret), "{secret} is shown: {shown}");
        assert!(!log.contains(secret), "{secret} is logged: {log}");
    }
}
