//! A small leak forum, served on loopback: a listing, threads, and a way to add a post while it is watched.

use std::{
    fmt::Write as _,
    sync::{Arc, PoisonError, RwLock},
};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::Html,
    routing::get,
};
use jiff::Timestamp;

/// One thread with its posts.
#[derive(Debug, Clone)]
struct Thread {
    title: String,
    posts: Vec<(String, String, Timestamp)>,
}

/// The forum; clones share its threads.
#[derive(Debug, Clone, Default)]
pub struct Forum(Arc<RwLock<Vec<Thread>>>);

impl Forum {
    /// Begins a thread with its first post; gives its number.
    pub fn post(&self, title: &str, author: &str, body: &str, at: Timestamp) -> usize {
        let mut threads = self.0.write().unwrap_or_else(PoisonError::into_inner);
        threads.push(Thread { title: title.to_owned(), posts: vec![(author.to_owned(), body.to_owned(), at)] });
        threads.len()
    }

    /// Answers in a thread.
    pub fn reply(&self, thread: usize, author: &str, body: &str, at: Timestamp) {
        let mut threads = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = thread.checked_sub(1).and_then(|n| threads.get_mut(n)) {
            thread.posts.push((author.to_owned(), body.to_owned(), at));
        }
    }

    /// Its pages.
    pub fn router(&self) -> Router {
        Router::new().route("/", get(listing)).route("/t/{id}", get(thread)).with_state(self.clone())
    }
}

fn page(title: &str, content: &str) -> Html<String> {
    Html(format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>{0}</title></head>\
         <body class=night-market><h1>{0}</h1>{content}</body></html>",
        escape(title)
    ))
}

async fn listing(State(forum): State<Forum>) -> Html<String> {
    let threads = forum.0.read().unwrap_or_else(PoisonError::into_inner);
    let mut rows = String::new();
    for (n, thread) in threads.iter().enumerate().rev() {
        let (id, last) = (n + 1, thread.posts.last().map(|post| post.2).unwrap_or_default());
        let (title, replies) = (escape(&thread.title), thread.posts.len() - 1);
        write!(
            rows,
            "<tr class=thread data-id={id}><td><a href=/t/{id}>{title}</a></td><td class=replies>{replies}</td>\
             <td><time datetime={last}>{last}</time></td></tr>"
        )
        .ok();
    }
    page("暗市論壇 Night Market", &format!("<table><tbody>{rows}</tbody></table>"))
}

async fn thread(State(forum): State<Forum>, Path(id): Path<usize>) -> Result<Html<String>, StatusCode> {
    let threads = forum.0.read().unwrap_or_else(PoisonError::into_inner);
    let thread = id.checked_sub(1).and_then(|n| threads.get(n)).ok_or(StatusCode::NOT_FOUND)?;
    let mut posts = String::new();
    for (n, (author, body, at)) in thread.posts.iter().enumerate() {
        let (author, body) = (escape(author), escape(body).replace('\n', "<br>"));
        write!(
            posts,
            "<article class=post data-id={id}-{}><span class=author>{author}</span> <time datetime={at}>{at}</time>\
             <div class=body>{body}</div><footer>– {author}</footer></article>",
            n + 1
        )
        .ok();
    }
    Ok(page(&thread.title, &posts))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
