//! What a reader sees when something cannot be done: one sentence; the details are in the log.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::alerts::review::ReviewError;
use crate::store::StoreError;

/// Why a page cannot be shown, or an action was not taken.
#[derive(Debug)]
pub(crate) enum PageError {
    NotFound,
    Forbidden,
    Csrf,
    Conflict,
    BadRequest,
    TooLarge,
    NoContact,
    NotAsCsv,
    Evidence,
    Store,
    Internal,
}

/// Travels with an error response to where it is dressed in the reader's language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ErrorKey(pub(crate) &'static str);

impl PageError {
    fn parts(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::Csrf => (StatusCode::FORBIDDEN, "csrf"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::NoContact => (StatusCode::CONFLICT, "no_contact"),
            Self::NotAsCsv => (StatusCode::UNPROCESSABLE_ENTITY, "not_as_csv"),
            Self::Evidence => (StatusCode::INTERNAL_SERVER_ERROR, "evidence"),
            Self::Store => (StatusCode::SERVICE_UNAVAILABLE, "store"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

/// The catalogue's name for a bare status, such as that of a layer or of an unknown path.
pub(crate) fn key_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::SERVICE_UNAVAILABLE => "timeout",
        status if status.is_client_error() => "bad_request",
        _ => "internal",
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, key) = self.parts();
        let mut response = status.into_response();
        response.extensions_mut().insert(ErrorKey(key));
        response
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Self::NotFound,
            StoreError::Conflict { .. } => Self::Conflict,
            StoreError::Database { .. } | StoreError::Open { .. } | StoreError::Corrupt { .. } => {
                tracing::error!(error = %error, "a page could not be read from the store");
                Self::Store
            }
        }
    }
}

impl From<ReviewError> for PageError {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Reason => Self::BadRequest,
            ReviewError::NoUsableContact(_) => Self::NoContact,
            ReviewError::Store(error) => error.into(),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(error = %error, "a page could not be rendered");
        Self::Internal
    }
}
