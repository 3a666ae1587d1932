//! Running a login over a network plane.

use jiff::Timestamp;

use super::{Credential, Login, LoginEnd, LoginRequest, import_cookies};
use crate::{
    Outcome,
    net::{Fetch, FetchError},
    walk::RawPage,
};

/// Logs in, with the same session that the visit reads with; its jar keeps what the site gives.
///
/// `pause` is awaited before each request: it keeps the host's gap and, where a moment is given, waits at least until
/// then. It is also where a driver that is being stopped gives up, by returning false.
pub async fn log_in<F>(
    login: &mut Login, session: &dyn Fetch, now: impl Fn() -> Timestamp, pause: impl Fn(Option<Timestamp>) -> F,
) -> Option<LoginEnd>
where
    F: Future<Output = bool>,
{
    if let Some(Credential::Cookies(text)) = login.credential() {
        // What cannot be read leaves us a guest, which the site's first page tells.
        import_cookies(session.jar(), text, login.base(), session.limits()).ok();
    }
    while let Some(request) = login.next_request() {
        if !pause(login.not_before()).await {
            return None;
        }
        let came = match &request {
            LoginRequest::Get(url) => session.fetch(url).await,
            LoginRequest::Submit(form) => session.submit(form).await,
        };
        let read = came.and_then(|response| Ok((response.decode(session.limits())?, response)));
        match read {
            Ok((body, response)) => {
                let page = RawPage {
                    url: &response.url,
                    status: response.status,
                    content_type: response.header_str("content-type").unwrap_or_default(),
                    body: &body,
                    received_at: now(),
                    retry_after: response.header_str("retry-after"),
                };
                login.answer(&page, session.jar());
            }
            Err(error) => login.failed(outcome_of(&error)),
        }
    }
    login.end().cloned()
}

fn outcome_of(error: &FetchError) -> Outcome {
    match error {
        FetchError::Moved { to, .. } => Outcome::Moved(to.clone()),
        other => Outcome::Unreachable(other.kind().as_str().to_owned()),
    }
}
