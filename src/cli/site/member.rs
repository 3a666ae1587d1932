//! The login of `nightheron site preview`: the same as the service's, with the same credentials.

use std::{cell::RefCell, time::Duration};

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use nightheron_crawlers::{
    Outcome, PageClass,
    session::{Credential, Login, LoginEnd, log_in},
    walk::Walk,
};
use rand::{RngExt as _, rngs::StdRng};

use crate::{
    clock::{Clock as _, SystemClock},
    config::Config,
    pipeline::LiveSource,
};

/// As whom a site is previewed.
pub(super) struct Member {
    credential: Option<Credential>,
    /// The name that was looked for.
    name: Option<String>,
    /// What there is to say of the login.
    pub(super) said: Option<String>,
}

impl Member {
    /// The credential of the given name, or of the one that the definition gives. Nothing of it is shown.
    pub(super) fn of(config: &Config, source: &LiveSource, given: Option<&str>) -> anyhow::Result<Self> {
        let definition = source.definition();
        let session = definition.session.as_ref();
        if let (None, Some(name)) = (session, given) {
            bail!(
                "the definition asks for no login, so `{name}` has no use; add `session` to it, or leave the name out"
            );
        }
        let name = given.or_else(|| session?.credentials.as_deref());
        let section = name.and_then(|name| config.credentials.iter().find(|one| one.name == name));
        if let (Some(name), None) = (given, section) {
            bail!("no [[credential]] of the configuration has the name `{name}`; add it, or correct the name");
        }
        let read = section.map(|section| section.read().map_err(anyhow::Error::msg)).transpose();
        let credential =
            read.with_context(|| format!("the credential `{}` cannot be read", name.unwrap_or_default()))?;
        Ok(Self { credential, name: name.map(str::to_owned), said: None })
    }

    /// Logs in where the page just read asks for it and there is something to log in with; else the visit ends.
    pub(super) async fn let_in(&mut self, source: &LiveSource, walk: &mut Walk, rng: &RefCell<StdRng>) {
        let definition = source.definition();
        let Some(link) = definition.links.first().cloned().filter(|_| walk.wants_login()) else { return };
        if self.credential.is_none() {
            let name = self.name.as_deref().unwrap_or("NAME");
            self.said = Some(format!(
                "a login is needed: add a [[credential]] with the name `{name}` to the configuration, or name one by \
                 --credential"
            ));
            return;
        }
        let Some(mut login) = Login::new(definition, &link, self.credential.clone()) else { return };
        let pause = async |not_before: Option<Timestamp>| {
            let now = SystemClock.now();
            let told = not_before.and_then(|until| Duration::try_from(until.duration_since(now)).ok());
            tokio::time::sleep(gap(source, rng).max(told.unwrap_or_default())).await;
            true
        };
        let Some(end) = log_in(&mut login, source.session.as_ref(), || SystemClock.now(), pause).await else { return };
        self.said = sentence(&end);
        walk.login_ended(&end);
    }

    /// What is still to be said when the visit is over: a wall that the definition knows no login for.
    pub(super) fn at_the_end(&mut self, source: &LiveSource, outcome: &Outcome) {
        if source.definition().session.is_none() && *outcome == Outcome::Blocked(PageClass::Login) {
            let text = "a login is needed: add `session` to the definition and a [[credential]] to the configuration";
            self.said = Some(text.to_owned());
        }
    }
}

/// How a login ended, for its reader; nothing where it went well.
fn sentence(end: &LoginEnd) -> Option<String> {
    match end {
        LoginEnd::LoggedIn => None,
        LoginEnd::NeedsPerson(need) => Some(need.to_string()),
        LoginEnd::Unusable(error) => Some(error.to_string()),
        LoginEnd::Failed(outcome) => Some(format!("the login did not come to its end: {outcome}")),
    }
}

/// The definition's gap and a share of it by chance.
pub(super) fn gap(source: &LiveSource, rng: &RefCell<StdRng>) -> Duration {
    let network = &source.definition().network;
    network.gap.mul_f64(1.0 + network.jitter * rng.borrow_mut().random_range(0.0..1.0))
}
