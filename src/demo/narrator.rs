//! Tells on the terminal what the demonstration is doing.

use std::{collections::HashSet, path::Path, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::store::{
    Store,
    model::{AlertFilter, AlertState, AlertView, NoticeState},
};

/// How often it looks.
const LOOK: Duration = Duration::from_millis(500);

/// Says what happens until stopped, a line at a time.
pub async fn narrate(store: &dyn Store, mail: &Path, page: &str, stop: &CancellationToken, say: impl Fn(&str)) {
    let (mut told, mut sent) = (HashSet::new(), HashSet::new());
    while !stop.is_cancelled() {
        let filter = AlertFilter { limit: 50, ..AlertFilter::default() };
        for view in store.alerts(&filter).await.unwrap_or_default() {
            if told.insert((view.alert.id.clone(), view.alert.state)) {
                say(&sentence(&view, page));
            }
        }
        for view in store.notices(Some(NoticeState::Sent), 50, 0).await.unwrap_or_default() {
            if sent.insert(view.notice.id) {
                let to = &view.notice.notice.address;
                say(&format!("mail to {to} accepted: see {}", mail.display()));
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

fn sentence(view: &AlertView, page: &str) -> String {
    let (member, id) = (&view.member_name, &view.alert.id);
    match view.alert.state {
        AlertState::New => format!("found: a post names {member} ({} severity)", view.alert.severity),
        AlertState::Held => {
            format!("held for a reviewer ({}): {member}; confirm it at {page}/findings/{id}", view.alert.reason)
        }
        AlertState::Released => format!("released: {member} is told"),
        AlertState::Dismissed => format!("dismissed: {member} is not told"),
    }
}
