//! The registry of members and applicants.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{AnyConnection, any::AnyRow};

use super::{
    SqlStore, failed,
    look_backs::queue_look_back,
    row::{Columns, ms},
    terms::{put_term, stamp},
};
use crate::store::{Members, Result, StoreError, model::*};

const IMPORT: &str = "importing members";

#[async_trait]
impl Members for SqlStore {
    async fn import_members(&self, members: &[NewMember], now: Timestamp) -> Result<()> {
        let mut tx = self.begin(IMPORT).await?;
        let (mut sought, mut touched) = (Vec::new(), Vec::new());
        for member in members {
            let id = put_member(&mut tx, member, now).await?;
            for contact in &member.contacts {
                put_contact(&mut tx, id, contact).await?;
            }
            for term in &member.terms {
                let added = put_term(&mut tx, id, term, "", now).await?;
                touched.extend(added);
                sought.extend(added.filter(|_| term.state == TermState::Active));
            }
        }
        let by = members.iter().flat_map(|m| &m.terms).next().map_or("", |term| &term.author);
        queue_look_back(&mut tx, &sought, by, now).await?;
        stamp(&mut tx, &touched).await?;
        tx.commit().await.map_err(failed(IMPORT))
    }

    async fn members(&self) -> Result<Vec<Member>> {
        let rows = sqlx::query("SELECT * FROM members ORDER BY name, id")
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the members"))?;
        rows.iter().map(member).collect()
    }

    async fn member(&self, id: i64) -> Result<Member> {
        let row = sqlx::query("SELECT * FROM members WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.read)
            .await
            .map_err(failed("reading a member"))?;
        row.as_ref().map(member).unwrap_or_else(|| Err(missing(&id.to_string())))
    }

    async fn member_by_number(&self, business_number: &str) -> Result<Member> {
        let row = sqlx::query("SELECT * FROM members WHERE business_number = $1")
            .bind(business_number)
            .fetch_optional(&self.read)
            .await
            .map_err(failed("reading a member"))?;
        row.as_ref().map(member).unwrap_or_else(|| Err(missing(business_number)))
    }

    async fn contacts(&self, member: i64) -> Result<Vec<Contact>> {
        let rows = sqlx::query("SELECT * FROM contacts WHERE member = $1 ORDER BY id")
            .bind(member)
            .fetch_all(&self.read)
            .await
            .map_err(failed("reading the contacts of a member"))?;
        rows.iter().map(contact).collect()
    }

    async fn set_member_state(&self, id: i64, state: MemberState) -> Result<()> {
        let done = sqlx::query("UPDATE members SET state = $1 WHERE id = $2")
            .bind(state.as_str())
            .bind(id)
            .execute(&self.write)
            .await
            .map_err(failed("moving an application on"))?;
        if done.rows_affected() == 0 { Err(missing(&id.to_string())) } else { Ok(()) }
    }
}

async fn put_member(tx: &mut AnyConnection, member: &NewMember, now: Timestamp) -> Result<i64> {
    let ips = serde_json::to_string(&member.fixed_ips).unwrap_or_default();
    let row = sqlx::query(
        "INSERT INTO members (business_number, name, state, language, fixed_ips, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (business_number) DO UPDATE SET name = $2, state = $3, language = $4, fixed_ips = $5
         RETURNING id",
    )
    .bind(&member.business_number)
    .bind(&member.name)
    .bind(member.state.as_str())
    .bind(&member.language)
    .bind(ips)
    .bind(ms(now))
    .fetch_one(tx)
    .await
    .map_err(failed(IMPORT))?;
    row.int("id")
}

async fn put_contact(tx: &mut AnyConnection, member: i64, contact: &NewContact) -> Result<()> {
    sqlx::query(
        "INSERT INTO contacts (member, name, email, phone, webhook_url, webhook_secret)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (member, email, webhook_url) DO UPDATE SET name = $2, phone = $4, webhook_secret = $6",
    )
    .bind(member)
    .bind(&contact.name)
    .bind(&contact.email)
    .bind(&contact.phone)
    .bind(&contact.webhook_url)
    .bind(&contact.webhook_secret)
    .execute(tx)
    .await
    .map_err(failed(IMPORT))?;
    Ok(())
}

fn missing(id: &str) -> StoreError {
    StoreError::NotFound { what: "member", id: id.to_owned() }
}

fn member(row: &AnyRow) -> Result<Member> {
    let ips = row.text("fixed_ips")?;
    Ok(Member {
        id: row.int("id")?,
        business_number: row.text("business_number")?,
        name: row.text("name")?,
        state: row.word("state")?,
        language: row.text("language")?,
        fixed_ips: serde_json::from_str(&ips).map_err(|_| StoreError::Corrupt { what: "fixed_ips", value: ips })?,
        created_at: row.time("created_at")?,
    })
}

fn contact(row: &AnyRow) -> Result<Contact> {
    Ok(Contact {
        id: row.int("id")?,
        member: row.int("member")?,
        contact: NewContact {
            name: row.text("name")?,
            email: row.text("email")?,
            phone: row.text("phone")?,
            webhook_url: row.text("webhook_url")?,
            webhook_secret: row.text("webhook_secret")?,
        },
    })
}
