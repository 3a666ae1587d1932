//! Files of terms on the pages: an import that shows what it would do before it does it, and an export.

use std::collections::HashMap;
use std::path::Path;

use askama::Template;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use nightheron_watchlists::TermFileFormat;
use serde::Deserialize;

use super::{Page, show};
use crate::terms::{FileError, OnConflict, Plan, PlanError, Planned, Standing, Verdict, plan, read_file, write_terms};
use crate::web::error::PageError;
use crate::web::guard::{Ctx, Reader};
use crate::web::state::App;
use crate::web::view::Frame;

/// Rows of a plan that are shown; the remarkable ones come first.
const MAX_ROWS: usize = 500;

/// What stands in the form.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filled {
    format: String,
    text: String,
    conflicts: String,
    broad_reason: String,
    /// `plan`, or `write`.
    step: String,
}

/// A row of the plan, for the page.
struct Row {
    line: u64,
    kind: String,
    text: String,
    member: String,
    standing: &'static str,
    differs: Vec<&'static str>,
    others: String,
    /// Empty unless it is too broad.
    verdict: &'static str,
}

struct Planning {
    new: usize,
    same: usize,
    differ: usize,
    broad: usize,
    rows: Vec<Row>,
}

impl From<&Plan> for Planning {
    fn from(plan: &Plan) -> Self {
        let mut rows: Vec<Row> = plan.rows.iter().map(row).collect();
        rows.sort_by_key(|row| (row.standing == "new" && row.verdict.is_empty() && row.others.is_empty(), row.line));
        rows.truncate(MAX_ROWS);
        let new = plan.rows.iter().filter(|row| row.standing == Standing::New).count();
        let differ = plan.conflicts().count();
        Self { new, same: plan.rows.len() - new - differ, differ, broad: plan.too_broad().count(), rows }
    }
}

fn row(planned: &Planned) -> Row {
    let (standing, differs) = match &planned.standing {
        Standing::New => ("new", Vec::new()),
        Standing::Same => ("same", Vec::new()),
        Standing::Differs(_, what) => ("differs", what.clone()),
    };
    Row {
        line: planned.line,
        kind: planned.term.kind.clone(),
        text: planned.term.text.clone(),
        member: planned.member_name.clone(),
        standing,
        differs,
        others: planned.others.join(", "),
        verdict: planned.verdict.filter(|verdict| verdict.is_too_broad()).map_or("", Verdict::as_str),
    }
}

#[derive(Template)]
#[template(path = "term_import.html", config = "src/web/askama.toml")]
struct Import {
    f: Frame,
    form: Filled,
    error: String,
    plan: Option<Planning>,
}

/// `GET /terms/import`
pub(crate) async fn form(Extension(ctx): Reader) -> Page {
    show(&Import { f: Frame::new(&ctx, "terms"), form: Filled::default(), error: String::new(), plan: None })
}

/// `POST /terms/import`: the plan, or its execution.
pub(crate) async fn import(State(app): State<App>, Extension(ctx): Reader, Form(form): Form<Filled>) -> Page {
    let name = Path::new(if form.format == "toml" { "terms.toml" } else { "terms.csv" });
    let terms = match read_file(name, form.text.as_bytes(), None, ctx.name()) {
        Ok(terms) => terms,
        Err(error) => return again(&ctx, form, error.to_string(), None),
    };
    let turn = app.trying.acquire().await.map_err(|_| PageError::Internal)?;
    let planned = plan(app.store(), terms, app.now()).await;
    drop(turn);
    let planned = match planned {
        Ok(planned) => planned,
        Err(error) => return refused(&ctx, form, error, None),
    };
    if form.step != "write" {
        let plan = Some(Planning::from(&planned));
        return show(&Import { f: frame(&ctx), form, error: String::new(), plan });
    }
    let on_conflict = match form.conflicts.as_str() {
        "keep" => OnConflict::Keep,
        "update" => OnConflict::Update,
        _ => OnConflict::Refuse,
    };
    ctx.audit(&app, "term.import", &planned.rows.len().to_string()).await?;
    match planned.write(app.store(), on_conflict, &form.broad_reason, ctx.name(), app.now()).await {
        Ok(_) => {}
        Err(error) => return refused(&ctx, form, error, Some(Planning::from(&planned))),
    }
    app.web.wake_look_back.notify_one();
    Ok(Redirect::to("/terms?said=term_imported").into_response())
}

fn frame(ctx: &Ctx) -> Frame {
    let mut f = Frame::new(ctx, "terms");
    f.path = "/terms/import".into();
    f
}

fn refused(ctx: &Ctx, form: Filled, error: PlanError, plan: Option<Planning>) -> Page {
    match error {
        PlanError::Store(error) => Err(error.into()),
        PlanError::Preview(error) => Err(error.into()),
        PlanError::Conflicts(_) => again(ctx, form, ctx.lang.t("import.conflict").to_owned(), plan),
        PlanError::NoMember { .. } => again(ctx, form, error.to_string(), plan),
    }
}

fn again(ctx: &Ctx, form: Filled, error: String, plan: Option<Planning>) -> Page {
    let page = Import { f: frame(ctx), form, error, plan };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
}

/// What the address of the export says.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    format: String,
}

/// `GET /terms/export?format=`: all terms as a file that can be imported again.
pub(crate) async fn export(State(app): State<App>, Extension(ctx): Reader, Query(wanted): Query<Wanted>) -> Page {
    let (format, name, kind) = match wanted.format.as_str() {
        "csv" => (TermFileFormat::Csv, "terms.csv", "text/csv; charset=utf-8"),
        "toml" => (TermFileFormat::Toml, "terms.toml", "application/toml"),
        _ => return Err(PageError::BadRequest),
    };
    ctx.audit(&app, "term.export", name).await?;
    let numbers: HashMap<i64, String> =
        app.store().members().await?.into_iter().map(|member| (member.id, member.business_number)).collect();
    let rows: Vec<_> = app
        .store()
        .terms(None)
        .await?
        .into_iter()
        .map(|row| (numbers.get(&row.member).cloned().unwrap_or_default(), row))
        .collect();
    let text = match write_terms(&rows, format) {
        Ok(text) => text,
        Err(FileError::Write { .. }) => return Err(PageError::NotAsCsv),
        Err(_) => return Err(PageError::Internal),
    };
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, &*disposition)], text).into_response())
}
