//! The record of reads and changes.

use async_trait::async_trait;

use super::{
    SqlStore, failed,
    row::{Columns, ms},
};
use crate::store::{Audit, Result, model::*};

#[async_trait]
impl Audit for SqlStore {
    async fn record(&self, entry: &AuditEntry) -> Result<()> {
        sqlx::query("INSERT INTO audit (at, user_name, action, object) VALUES ($1, $2, $3, $4)")
            .bind(ms(entry.at))
            .bind(&entry.user)
            .bind(&entry.action)
            .bind(&entry.object)
            .execute(&self.write)
            .await
            .map_err(failed("recording who did what"))?;
        Ok(())
    }

    async fn audit(&self, limit: i64) -> Result<Vec<AuditEntry>> {
        let rows = sqlx::query("SELECT * FROM audit ORDER BY id DESC LIMIT $1")
            .bind(limit)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the record"))?;
        let entry = |row: &sqlx::any::AnyRow| {
            Ok(AuditEntry {
                at: row.time("at")?,
                user: row.text("user_name")?,
                action: row.text("action")?,
                object: row.text("object")?,
            })
        };
        rows.iter().map(entry).collect()
    }
}
