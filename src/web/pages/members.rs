//! Members and applicants: whom we watch for and whom we tell.

use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::findings::Row;
use super::terms::Line;
use super::{Page, show};
use crate::store::model::{AlertFilter, Contact, Member, MemberState};
use crate::web::guard::Reader;
use crate::web::state::App;
use crate::web::view::{Frame, Pager, ROWS, Time, encode, page_number, slice, time};

struct Entry {
    id: i64,
    number: String,
    name: String,
    state: &'static str,
    language: String,
    since: Time,
}

#[derive(Template)]
#[template(path = "members.html", config = "src/web/askama.toml")]
struct List {
    f: Frame,
    query: String,
    rows: Vec<Entry>,
    pager: Pager,
}

/// What the address says.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    page: Option<i64>,
    said: Option<String>,
}

/// `GET /members`
pub(crate) async fn list(State(app): State<App>, Extension(ctx): Reader, Query(wanted): Query<Wanted>) -> Page {
    let query = wanted.q.trim().to_lowercase();
    let mut members = app.store().members().await?;
    members.retain(|m| m.name.to_lowercase().contains(&query) || m.business_number.contains(&query));
    // Applicants first: what is found about them waits for a person.
    members.sort_by_key(|member| member.state != MemberState::Applied);
    let page = page_number(wanted.page);
    let (rows, more) = slice(members, page);
    show(&List {
        f: Frame::new(&ctx, "members"),
        pager: Pager::new(&format!("/members?q={}&", encode(&query)), page, more),
        rows: rows.into_iter().map(entry).collect(),
        query,
    })
}

fn entry(member: Member) -> Entry {
    Entry {
        id: member.id,
        number: member.business_number,
        name: member.name,
        state: member.state.as_str(),
        language: member.language,
        since: time(member.created_at),
    }
}

#[derive(Template)]
#[template(path = "member.html", config = "src/web/askama.toml")]
struct One {
    f: Frame,
    member: Member,
    applicant: bool,
    since: Time,
    contacts: Vec<Contact>,
    terms: Vec<Line>,
    findings: Vec<Row>,
    pager: Pager,
}

/// `GET /members/{id}`
pub(crate) async fn one(
    State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>, Query(wanted): Query<Wanted>,
) -> Page {
    ctx.audit(&app, "member.read", &id.to_string()).await?;
    let store = app.store();
    let member = store.member(id).await?;
    let page = page_number(wanted.page);
    let filter = AlertFilter { state: None, member: Some(id), limit: ROWS + 1, offset: (page - 1) * ROWS };
    let mut findings = store.alerts(&filter).await?;
    let more = findings.len() > ROWS as usize;
    findings.truncate(ROWS as usize);
    let mut terms = store.terms(Some(id)).await?;
    terms.truncate(500);
    show(&One {
        f: Frame::new(&ctx, "members").saying(wanted.said.as_deref()),
        applicant: member.state == MemberState::Applied,
        since: time(member.created_at),
        contacts: store.contacts(id).await?,
        terms: terms.into_iter().map(|row| Line::new(row, Default::default())).collect(),
        findings: findings.into_iter().map(Row::from).collect(),
        pager: Pager::new(&format!("/members/{id}?"), page, more),
        member,
    })
}

/// `POST /members/{id}/approve`
pub(crate) async fn approve(State(app): State<App>, Extension(ctx): Reader, Path(id): Path<i64>) -> Page {
    ctx.admin()?;
    app.store().member(id).await?;
    ctx.audit(&app, "member.approve", &id.to_string()).await?;
    app.store().set_member_state(id, MemberState::Approved).await?;
    Ok(Redirect::to(&format!("/members/{id}?said=approved")).into_response())
}
