//! A login under way: which page to ask for, what to send, and what came of it. No sockets, no clock, no store.

use std::sync::Arc;

use encoding_rs::UTF_8;
use jiff::Timestamp;
use scraper::Html;
use url::Url;

use super::{
    Credential, FormError, LoginForm, Need,
    form::{self, LoginPage, find, selector},
    script, wait,
};
use crate::{
    Outcome, PageClass,
    definition::{Definition, FormLogin, Response, Session, SessionMethod},
    extract::{Look, declared, look},
    net::Jar,
    schedule::moment::later,
    walk::RawPage,
};

/// Queue pages that one login waits for.
const MAX_QUEUES: u32 = 3;

/// Usual signs of a puzzle inside a login form.
const CAPTCHA: &str = "img[src*=captcha i], input:not([type=hidden i])[name*=captcha i], .g-recaptcha, .h-captcha, \
                       .cf-turnstile, input[name=confirm_code], input[name=qa_answer]";
/// Usual signs of a second factor.
const SECOND_FACTOR: &str = "input[autocomplete='one-time-code' i], input:not([type=hidden i])[name*=otp i], \
                             input[name*='2fa' i], input[name*=two_factor i], input[name*=two_step i], \
                             form[action*='two-step' i], form[action*='2fa' i]";

/// What a login asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginRequest {
    /// A page, by [`Fetch::fetch`](crate::net::Fetch::fetch).
    Get(Url),
    /// A form, by [`Fetch::submit`](crate::net::Fetch::submit).
    Submit(LoginForm),
}

/// How a login ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginEnd {
    /// The site proves that we are a member.
    LoggedIn,
    /// A person must help; the login is not tried again by itself.
    NeedsPerson(Need),
    /// The form cannot be used.
    Unusable(FormError),
    /// A page did not come, or something else stands in the way.
    Failed(Outcome),
}

impl LoginEnd {
    /// The outcome of a visit that this login ends; `None` when it goes on.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match self {
            Self::LoggedIn => None,
            Self::NeedsPerson(Need::Captcha) => Some(Outcome::Blocked(PageClass::Captcha)),
            Self::NeedsPerson(_) => Some(Outcome::Blocked(PageClass::Login)),
            Self::Unusable(FormError::NoForm) => Some(Outcome::SelectorMissing("session.form".to_owned())),
            Self::Unusable(FormError::NotLifted(name)) => Some(Outcome::SelectorMissing(format!("session.{name}"))),
            Self::Unusable(_) => Some(Outcome::Blocked(PageClass::Login)),
            Self::Failed(outcome) => Some(outcome.clone()),
        }
    }

    /// What a person must do, if one must.
    #[must_use]
    pub fn need(&self) -> Option<Need> {
        match self {
            Self::NeedsPerson(need) => Some(*need),
            Self::Unusable(_) => Some(Need::Form),
            Self::Failed(outcome) => Need::of(outcome),
            Self::LoggedIn => None,
        }
    }
}

#[derive(Debug)]
enum State {
    Page(Url),
    Submit(Box<LoginForm>),
    /// The entrance, where a member is told from a guest.
    Check,
    Done(LoginEnd),
}

/// A login under way.
#[derive(Debug)]
pub struct Login {
    definition: Arc<Definition>,
    base: Url,
    credential: Option<Credential>,
    state: State,
    queues: u32,
    not_before: Option<Timestamp>,
}

impl Login {
    /// Begins a login at one of the definition's links, with the credential that its name stands for; `None` when the
    /// definition asks for no login. Cookies are to be given to the session's jar first.
    #[must_use]
    pub fn new(definition: Arc<Definition>, base: &Url, credential: Option<Credential>) -> Option<Self> {
        let session = definition.session.as_ref()?;
        let path = match &session.method {
            SessionMethod::Form(form) => Some(&form.path),
            SessionMethod::Script(script) => Some(&script.page),
            SessionMethod::Cookie => None,
        };
        let state = match (path, &credential) {
            (Some(_), None) => State::Done(LoginEnd::NeedsPerson(Need::Credentials)),
            (Some(path), Some(Credential::Password { .. })) => match base.join(path) {
                Ok(url) => State::Page(url),
                Err(_) => State::Done(LoginEnd::Unusable(FormError::NoForm)),
            },
            _ => State::Check,
        };
        Some(Self { definition, base: base.clone(), credential, state, queues: 0, not_before: None })
    }

    pub(super) fn credential(&self) -> Option<&Credential> {
        self.credential.as_ref()
    }

    pub(super) fn base(&self) -> &Url {
        &self.base
    }

    /// What to ask for now; `None` when the login is over.
    #[must_use]
    pub fn next_request(&self) -> Option<LoginRequest> {
        match &self.state {
            State::Page(url) => Some(LoginRequest::Get(url.clone())),
            State::Submit(form) => Some(LoginRequest::Submit((**form).clone())),
            State::Check => Some(LoginRequest::Get(self.base.clone())),
            State::Done(_) => None,
        }
    }

    /// The moment before which nothing may be asked for, where the site told us to wait.
    #[must_use]
    pub fn not_before(&self) -> Option<Timestamp> {
        self.not_before
    }

    /// How it ended; `None` while it goes on.
    #[must_use]
    pub fn end(&self) -> Option<&LoginEnd> {
        if let State::Done(end) = &self.state { Some(end) } else { None }
    }

    /// Takes the page that came, and the cookies that the site has set by now.
    pub fn answer(&mut self, raw: &RawPage<'_>, jar: &Jar) {
        let definition = Arc::clone(&self.definition);
        let Some(session) = definition.session.as_ref() else { return };
        self.state = match self.read(session, raw, jar) {
            Ok(state) => state,
            Err(end) => State::Done(end),
        };
    }

    /// A page that did not come. `outcome` is the network plane's word for it.
    pub fn failed(&mut self, outcome: Outcome) {
        self.state = State::Done(LoginEnd::Failed(outcome));
    }

    fn read(&mut self, session: &Session, raw: &RawPage<'_>, jar: &Jar) -> Result<State, LoginEnd> {
        if raw.url.host_str() != self.base.host_str() {
            let host = raw.url.host_str().unwrap_or_default().to_owned();
            return Err(LoginEnd::Failed(Outcome::Moved(host)));
        }
        let to_script = matches!((&self.state, &session.method), (State::Submit(_), SessionMethod::Script(_)));
        let response = if to_script { Response::Json } else { Response::Html };
        let look = look(&self.definition, response, raw).map_err(LoginEnd::Failed)?;
        match look.class {
            Some(PageClass::Captcha) => return Err(LoginEnd::NeedsPerson(Need::Captcha)),
            Some(PageClass::Queue) => return self.queued(raw, &look.source),
            _ if to_script => return self.answered(session, &look, raw),
            _ => {}
        }
        let form = if let SessionMethod::Form(form) = &session.method { Some(form) } else { None };
        self.passes(form, &look, raw)?;
        if asks_second_factor(session, &look) {
            return Err(LoginEnd::NeedsPerson(Need::SecondFactor));
        }
        if session.logged_in.holds(&look.page, &look.source) {
            return Err(LoginEnd::LoggedIn);
        }
        match &self.state {
            State::Page(_) => self.fill(&session.method, &look, raw, jar),
            State::Submit(_) => match form.and_then(|form| find(form, &look.page)) {
                Some(shown) if has(shown, CAPTCHA) => Err(LoginEnd::NeedsPerson(Need::Captcha)),
                Some(_) => Err(LoginEnd::NeedsPerson(Need::Password)),
                // A page of thanks that leads on, as forums show it.
                None => Ok(State::Check),
            },
            State::Check | State::Done(_) => Err(LoginEnd::NeedsPerson(match &self.credential {
                Some(Credential::Password { .. }) => Need::Password,
                _ => Need::Cookies,
            })),
        }
    }

    /// Whether nothing stands in the way of a page.
    fn passes(&mut self, form: Option<&FormLogin>, look: &Look, raw: &RawPage<'_>) -> Result<(), LoginEnd> {
        match look.class {
            None | Some(PageClass::Login | PageClass::NotFound) => Ok(()),
            // Some sites show their login form with the status of a refusal.
            Some(PageClass::Banned) if form.is_some_and(|form| find(form, &look.page).is_some()) => Ok(()),
            Some(class) => {
                self.not_before = wait::of_header(raw).map(|wait| later(raw.received_at, wait));
                Err(LoginEnd::Failed(Outcome::Blocked(class)))
            }
        }
    }

    /// What the site says to its script. That it took the password is proven by a page alone.
    fn answered(&mut self, session: &Session, look: &Look, raw: &RawPage<'_>) -> Result<State, LoginEnd> {
        if session.second_factor.as_ref().is_some_and(|proof| proof.holds(&look.page, &look.source)) {
            return Err(LoginEnd::NeedsPerson(Need::SecondFactor));
        }
        match script::refusal(raw.status, &look.source) {
            Some(Ok(need)) => return Err(LoginEnd::NeedsPerson(need)),
            Some(Err(error)) => return Err(LoginEnd::Unusable(error)),
            None => self.passes(None, look, raw)?,
        }
        if raw.status >= 500 {
            return Err(LoginEnd::Failed(Outcome::Unreachable(format!("http_{}", raw.status))));
        }
        Ok(State::Check)
    }

    fn fill(&self, method: &SessionMethod, look: &Look, raw: &RawPage<'_>, jar: &Jar) -> Result<State, LoginEnd> {
        let Some(credential) = &self.credential else { return Ok(State::Check) };
        let charset = self.definition.encoding.or_else(|| declared(raw.body, raw.content_type)).unwrap_or(UTF_8);
        let from = LoginPage { page: &look.page, source: &look.source, url: raw.url, charset, jar };
        let filled = match method {
            SessionMethod::Form(login) => {
                if find(login, &look.page).is_some_and(|form| has(form, CAPTCHA)) {
                    return Err(LoginEnd::NeedsPerson(Need::Captcha));
                }
                form::fill(login, &from, credential)
            }
            SessionMethod::Script(login) => script::fill(login, &self.base, &from, credential),
            SessionMethod::Cookie => return Ok(State::Check),
        };
        Ok(State::Submit(Box::new(filled.map_err(LoginEnd::Unusable)?)))
    }

    /// The page is asked for again when its wait is over. A form that met a queue is not sent twice: its page is read
    /// anew.
    fn queued(&mut self, raw: &RawPage<'_>, source: &str) -> Result<State, LoginEnd> {
        self.not_before = Some(later(raw.received_at, wait::of_queue(raw, source)));
        self.queues += 1;
        if self.queues > MAX_QUEUES {
            return Err(LoginEnd::Failed(Outcome::Blocked(PageClass::Queue)));
        }
        Ok(match &self.state {
            State::Page(url) => State::Page(url.clone()),
            State::Submit(form) => State::Page(form.page().clone()),
            State::Check | State::Done(_) => State::Check,
        })
    }
}

fn asks_second_factor(session: &Session, look: &Look) -> bool {
    let told = session.second_factor.as_ref().is_some_and(|proof| proof.holds(&look.page, &look.source));
    // Members' pages may offer to set one up.
    told || !session.logged_in.holds(&look.page, &look.source) && shows(&look.page, SECOND_FACTOR)
}

fn shows(page: &Html, css: &str) -> bool {
    selector(css).is_some_and(|css| page.select(&css).next().is_some())
}

fn has(form: scraper::ElementRef<'_>, css: &str) -> bool {
    selector(css).is_some_and(|css| form.select(&css).next().is_some())
}
