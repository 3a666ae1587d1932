//! Being a member: credentials by name, login by form or cookies, queues, and when a person is needed.

mod secret;

pub use secret::{Credential, Credentials, Secret};
