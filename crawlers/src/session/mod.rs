//! Being a member: credentials by name, login by form or cookies, queues, and when a person is needed.

mod cookies;
mod form;
mod lift;
mod login;
mod need;
mod run;
mod script;
mod secret;
#[cfg(test)]
mod tests;
pub(crate) mod wait;

pub use cookies::{CookieError, Imported, import_cookies, restore_cookies, save_cookies};
pub use form::{FormError, LoginForm};
pub use login::{Login, LoginEnd, LoginRequest};
pub use need::{Need, Standing};
pub use run::log_in;
pub use secret::{Credential, Credentials, Secret};
