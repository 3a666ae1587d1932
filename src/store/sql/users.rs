//! Users of the pages and their sessions.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::any::AnyRow;

use super::{
    SqlStore, failed,
    row::{Columns, ms},
};
use crate::store::{Result, StoreError, Users, model::*};

#[async_trait]
impl Users for SqlStore {
    async fn add_user(&self, name: &str, password_hash: &str, role: Role, language: &str) -> Result<()> {
        let done = sqlx::query(
            "INSERT INTO users (name, password_hash, role, language) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .bind(password_hash)
        .bind(role.as_str())
        .bind(language)
        .execute(&self.write)
        .await
        .map_err(failed("adding a user"))?;
        if done.rows_affected() == 0 {
            let reason = "the name is taken".to_owned();
            return Err(StoreError::Conflict { what: "user", id: name.to_owned(), reason });
        }
        Ok(())
    }

    async fn user(&self, name: &str) -> Result<Option<User>> {
        let row = sqlx::query("SELECT * FROM users WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.read)
            .await
            .map_err(failed("reading a user"))?;
        row.as_ref().map(user).transpose()
    }

    async fn users(&self) -> Result<Vec<User>> {
        let rows = sqlx::query("SELECT * FROM users ORDER BY name")
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the users"))?;
        rows.iter().map(user).collect()
    }

    async fn add_session(&self, token_hash: &str, user: i64, csrf: &str, expires_at: Timestamp) -> Result<()> {
        sqlx::query("INSERT INTO sessions (token_hash, user_id, csrf, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(token_hash)
            .bind(user)
            .bind(csrf)
            .bind(ms(expires_at))
            .execute(&self.write)
            .await
            .map_err(failed("opening a session"))?;
        Ok(())
    }

    async fn session(&self, token_hash: &str, now: Timestamp) -> Result<Option<SessionRow>> {
        let row = sqlx::query(
            "SELECT s.token_hash AS token_hash, s.csrf AS csrf, s.expires_at AS expires_at, u.*
             FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND s.expires_at > $2",
        )
        .bind(token_hash)
        .bind(ms(now))
        .fetch_optional(&self.read)
        .await
        .map_err(failed("reading a session"))?;
        let session = |row: &AnyRow| {
            Ok(SessionRow {
                token_hash: row.text("token_hash")?,
                user: user(row)?,
                csrf: row.text("csrf")?,
                expires_at: row.time("expires_at")?,
            })
        };
        row.as_ref().map(session).transpose()
    }

    async fn end_session(&self, token_hash: &str) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token_hash)
            .execute(&self.write)
            .await
            .map_err(failed("ending a session"))?;
        Ok(())
    }

    async fn set_user_language(&self, user: i64, language: &str) -> Result<()> {
        sqlx::query("UPDATE users SET language = $1 WHERE id = $2")
            .bind(language)
            .bind(user)
            .execute(&self.write)
            .await
            .map_err(failed("changing a user"))?;
        Ok(())
    }
}

fn user(row: &AnyRow) -> Result<User> {
    Ok(User {
        id: row.int("id")?,
        name: row.text("name")?,
        password_hash: row.text("password_hash")?,
        role: row.word("role")?,
        language: row.text("language")?,
    })
}
