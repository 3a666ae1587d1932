//! The definition of a small forum for members, its pages, and a driver.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::server::{Asked, Site, page, page_with};
use crate::{
    definition::{Definition, Library},
    net::{ClearPlane, ClearPolicy, ClearSession, Limits, SourceId},
    session::{Credential, Login, LoginEnd, Secret, log_in},
};

/// What nothing may ever show.
pub(super) const USER: &str = "heron-user-7";
/// What nothing may ever show.
pub(super) const PASSWORD: &str = "hunter2&=密";
/// The password as a form sends it.
pub(super) const ENCODED: &str = "hunter2%26%3D%E5%AF%86";

/// The definition of the forum, with more of its session.
pub(super) fn definition(base: &Url, session: &str) -> Arc<Definition> {
    let text = format!(
        r##"schema: 1
id: members
name: Members
kind: forum
links: ["{base}"]
identity: {{ any: [{{ selector: "#t" }}] }}
session: {{ logged_in: {{ selector: "a.logout" }}, {session} }}
page_classes:
  - {{ class: captcha, selector: ".captcha" }}
  - {{ class: queue, regex: "placed in a queue" }}
walk:
  listing: {{ path: "" }}
rows:
  listing:
    selector: "li"
    fields: {{ thread_id: {{ selector: "a", attribute: id }}, thread_url: {{ selector: "a", attribute: href }} }}
  thread:
    selector: "p.post"
    fields: {{ post_id: {{ attribute: id }}, body: {{}} }}
"##
    );
    Arc::new(Library::shipped().parse(&text, "members.yaml").unwrap_or_else(|error| panic!("{error}")))
}

/// A login by a form.
pub(super) fn by_form(base: &Url) -> Arc<Definition> {
    definition(base, "method: form, path: login, credentials: forum-a")
}

/// The credential of the tests.
pub(super) fn password() -> Option<Credential> {
    Some(Credential::Password { user: Secret::new(USER), password: Secret::new(PASSWORD) })
}

/// A session that reaches loopback.
pub(super) fn session() -> ClearSession {
    let policy = ClearPolicy { allow_private: vec!["127.0.0.0/8".parse().unwrap()] };
    ClearPlane::new(policy).session(&SourceId::from("members"), Limits::default()).unwrap()
}

/// A clock that moves when it is waited for, and by a millisecond with each look.
#[derive(Clone, Default)]
pub(super) struct Clock(Arc<Mutex<i64>>);

impl Clock {
    pub(super) fn now(&self) -> Timestamp {
        let mut at = self.0.lock().unwrap();
        *at += 1;
        Timestamp::from_millisecond(*at).unwrap()
    }

    /// Waits until a moment.
    pub(super) fn wait(&self, until: Option<Timestamp>) {
        let mut at = self.0.lock().unwrap();
        *at = until.map_or(*at, |until| (*at).max(until.as_millisecond()));
    }

    /// Seconds since the start.
    pub(super) fn seconds(&self) -> f64 {
        SignedDuration::from_millis(*self.0.lock().unwrap()).as_secs_f64()
    }
}

/// Logs in at a site.
pub(super) async fn run(site: &Site, definition: Arc<Definition>, credential: Option<Credential>) -> LoginEnd {
    run_with(&session(), &Clock::default(), site, definition, credential).await
}

/// Logs in with a session that is looked at afterwards.
pub(super) async fn run_with(
    session: &ClearSession, clock: &Clock, site: &Site, definition: Arc<Definition>, credential: Option<Credential>,
) -> LoginEnd {
    let mut login = Login::new(definition, &site.base, credential).unwrap();
    let pause = |until| {
        clock.wait(until);
        std::future::ready(true)
    };
    log_in(&mut login, session, || clock.now(), pause).await.unwrap()
}

/// The login page, with more fields in its form.
pub(super) fn form(more: &str) -> String {
    page(&format!("<form method=post action='/do?x=1'><input name=user>{more}<input type=password name=pw></form>"))
}

/// A page for members or for guests.
pub(super) fn entrance(asked: &Asked) -> String {
    let member = if asked.is_member() { "<a class=logout>out</a><li><a id=1 href=/t1>T</a></li>" } else { "" };
    page(&format!("<div id=t>{member}</div>"))
}

/// What a site says to a good login: a cookie, and back to the entrance.
pub(super) fn welcome() -> String {
    page_with("302 Found", "Location: /\r\nSet-Cookie: sid=member; Path=/; HttpOnly\r\n", "")
}
