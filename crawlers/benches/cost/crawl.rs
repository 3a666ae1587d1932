//! The crawl itself: the clear plane, the walk and the extraction, as a visit uses them, without the archive and the store.

use std::{hash::Hasher as _, sync::Arc};

use jiff::Timestamp;
use nightheron_crawlers::{
    definition::Library,
    extract::Post,
    net::{ClearPlane, ClearPolicy, Fetch as _, Limits, SourceId},
    walk::{Mode, RawPage, Seen, Walk},
};

use super::Result;

/// Reads the forum at `link` to the last post, and prints the report.
pub(crate) fn run(link: &str) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(read(link))
}

async fn read(link: &str) -> Result<()> {
    let text = format!("schema: 1\nid: bench\nname: bench\nextends: phpbb\nlinks: [ \"{link}\" ]\n");
    let definition = Arc::new(Library::shipped().parse(&text, "bench.yaml")?);
    let clear = ClearPlane::new(ClearPolicy { allow_private: vec!["127.0.0.0/8".parse()?] });
    let session = clear.session(&SourceId::from("bench"), Limits::default())?;
    let mut walk = Walk::new(Arc::clone(&definition), &definition.links[0], Mode::Everything, Seen::new(), None);
    let (before, mut digest) = (cpu_ms()?, 0_u64);
    while let Some(request) = walk.next_request() {
        let response = session.fetch(&request.url).await?;
        let body = response.decode(session.limits())?;
        let page = RawPage {
            url: &response.url,
            status: response.status,
            content_type: response.header_str("content-type").unwrap_or_default(),
            body: &body,
            received_at: Timestamp::UNIX_EPOCH,
            retry_after: None,
        };
        for post in walk.read(&request, &page).posts {
            digest = digest.wrapping_add(digest_of(&post));
        }
    }
    let summary = walk.summary();
    if !summary.outcome.is_good() {
        return Err(format!("the crawl ended with {}", summary.outcome).into());
    }
    let report = serde_json::json!({
        "cpu_ms": cpu_ms()? - before, "pages": summary.pages, "posts": summary.posts, "digest": digest,
    });
    println!("{report}");
    Ok(())
}

/// FNV-1a over the fields, kept to 53 bits so that JSON holds it everywhere.
fn digest_of(post: &Post) -> u64 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    let posted_at = post.posted_at.map(|at| at.as_second().to_string()).unwrap_or_default();
    let author = post.author.as_deref().unwrap_or_default();
    for field in [&post.post_id, author, &posted_at, &post.title, &post.body] {
        hasher.write(field.as_bytes());
        hasher.write(b"\n");
    }
    hasher.finish() & 0xffff_ffff
}

struct Fnv(u64);

impl std::hash::Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// CPU time of this process so far: fields 14 and 15 of `/proc/self/stat` (proc(5)), in ticks of 10 ms.
fn cpu_ms() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit_once(')').ok_or("proc(5)")?.1;
    let ticks: u64 = after.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap_or(0)).sum();
    Ok(ticks as f64 * 10.0)
}
