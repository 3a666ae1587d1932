//! Traps on loopback: each is walked with the definition of a real engine. The visit ends, reads every real post, and
//! hardly asks for a page that shows nothing new.
#![cfg(test)]

mod addresses;
mod forum;
mod markup;
mod mazes;
mod pagers;
mod server;
mod trap;
mod weights;

use std::{collections::HashSet, fmt::Write as _, sync::Arc, time::Duration};

use nightheron_crawlers::{
    Outcome,
    definition::{Definition, Library},
    extract::extract,
    net::{ClearPlane, ClearPolicy, Fetch, Limits, SourceId},
    walk::{Mode, PageKind, PageRequest, RawPage, Seen, Walk},
};

use crate::{server::Server, trap::Trap};

/// What a visit to a trap came to.
struct Visit {
    requests: usize,
    useful: usize,
    posts: usize,
    /// Requests that showed nothing new.
    wasted: Vec<String>,
}

/// The rows of a page that no page before has shown; counted, and remembered.
fn fresh(definition: &Definition, request: &PageRequest, raw: &RawPage<'_>, known: &mut HashSet<String>) -> usize {
    let page = extract(definition, request, raw);
    let boards = page.boards.iter().filter(|_| request.kind == PageKind::Boards).map(|url| format!("board {url}"));
    let threads = page.threads.iter().map(|thread| format!("thread {}", thread.context.id));
    let posts = page.posts.iter().map(|post| format!("post {}", post.post_id));
    boards.chain(threads).chain(posts).filter(|row| known.insert(row.clone())).count()
}

async fn visit(trap: &Trap) -> Visit {
    let server = Server::start(Arc::clone(&trap.handler)).await;
    let engine = trap.skin.engine();
    let site = format!("schema: 1\nid: trap\nname: T\nextends: {engine}\nlinks: [\"http://{}/\"]\n", server.address);
    let definition = Arc::new(Library::shipped().parse(&site, "trap.yaml").unwrap());
    let policy = ClearPolicy { allow_private: vec!["127.0.0.0/8".parse().unwrap()] };
    let limits = Limits { total: Duration::from_secs(5), max_body: 4 << 20, ..Limits::default() };
    let session = ClearPlane::new(policy).session(&SourceId::from("trap"), limits).unwrap();
    let base = definition.link().unwrap();
    let mut walk = Walk::new(Arc::clone(&definition), base, Mode::Everything, Seen::new(), Some(trap.max_pages));
    let (mut known, mut useful, mut wasted, mut posts) = (HashSet::new(), 0, Vec::new(), HashSet::new());
    while let Some(request) = walk.next_request() {
        let came = session.fetch(&request.url).await;
        let came = came.and_then(|response| Ok((response.decode(session.limits())?, response)));
        let (body, response) = match came {
            Ok(came) => came,
            Err(error) => {
                wasted.push(format!("{} ({error})", request.url));
                walk.failed(&request, Outcome::Unreachable(error.kind().as_str().to_owned()));
                continue;
            }
        };
        let raw = RawPage {
            url: &response.url,
            status: response.status,
            content_type: response.header_str("content-type").unwrap_or_default(),
            body: &body,
            received_at: "2026-11-21T04:00:00Z".parse().unwrap(),
            retry_after: None,
        };
        match fresh(&definition, &request, &raw, &mut known) {
            0 => wasted.push(request.url.to_string()),
            _ => useful += 1,
        }
        // A post of the forum itself has at most four digits: board, thread, post.
        let step = walk.read(&request, &raw);
        posts.extend(step.posts.into_iter().map(|post| post.post_id).filter(|id| id.len() == 4));
    }
    Visit { requests: server.requests(), useful, posts: posts.len(), wasted }
}

/// The most memory this process has taken, in KiB; none where the system does not tell.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
}

#[tokio::test]
async fn the_share_of_useful_requests_stays_above_95_percent() {
    let traps: Vec<Trap> =
        [addresses::all(), pagers::all(), mazes::all(), weights::all()].into_iter().flatten().collect();
    let names: HashSet<&str> = traps.iter().map(|trap| trap.name).collect();
    assert!(names.len() == traps.len() && traps.len() >= 30, "{} traps", traps.len());
    let (mut requests, mut useful, mut failures) = (0, 0, String::new());
    for trap in &traps {
        let visit = visit(trap).await;
        requests += visit.requests;
        useful += visit.useful;
        let share = visit.useful as f64 / visit.requests.max(1) as f64;
        if visit.posts < trap.posts || share < 0.9 || visit.requests > 400 {
            let (name, asked) = (trap.name, visit.requests);
            let wasted = visit.wasted.iter().take(12).cloned().collect::<Vec<_>>().join("\n    ");
            let (read, wanted) = (visit.posts, trap.posts);
            writeln!(failures, "{name}: {share:.3} of {asked} requests useful, {read} of {wanted} posts\n    {wasted}")
                .unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
    let share = useful as f64 / requests as f64;
    assert!(share >= 0.95, "{share:.4} of {requests} requests were useful");
    assert!(peak_memory().is_none_or(|kib| kib < 400 << 10), "{:?} KiB at the peak", peak_memory());
}
