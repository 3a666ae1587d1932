//! Users of the pages, their sessions, and the record of what they read and did.

use jiff::Timestamp;

use super::text_enum::text_enum;

text_enum! {
    /// What a user may do.
    Role {
        /// Everything, users included.
        Admin = "admin",
        /// Search, decide on findings, tend terms.
        Analyst = "analyst",
    }
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its number here.
    pub id: i64,
    /// Name to sign in with.
    pub name: String,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
    /// What the user may do.
    pub role: Role,
    /// `zh-TW` or `en`.
    pub language: String,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the cookie's secret, lower-case hex: the secret itself is not stored.
    pub token_hash: String,
    /// Who.
    pub user: User,
    /// Token that every form must carry.
    pub csrf: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// One line of the record of reads and changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub user: String,
    /// What was done: `post.read`, `alert.confirm`…
    pub action: String,
    /// To what.
    pub object: String,
}
