//! Indexing and query speed over made-up Chinese posts, one JSON line a measurement.
//!
//! `cargo bench -p nightheron-index -- 100000` sets the number of posts (100,000 by default).

use std::time::Instant;

use nightheron_index::{Document, Index, IndexOptions, SearchOrder, SearchRequest};

/// How often each query is run.
const ROUNDS: usize = 50;
/// Documents a commit.
const BATCH: usize = 10_000;
/// Size of the made-up vocabulary, in words of two to four characters.
const WORDS: usize = 20_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let posts = std::env::args().find_map(|argument| argument.parse().ok());
    let posts: usize = posts.unwrap_or(100_000);
    let case = format!("zh/{}k", posts / 1000);
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let words: Vec<String> = (0..WORDS).map(|_| word(&mut chance)).collect();
    let documents: Vec<Document> = (1..=posts).map(|seq| post(seq, &words, &mut chance)).collect::<Result<_, _>>()?;
    let bytes: usize = documents.iter().map(|document| document.body.len()).sum();

    let folder = tempfile::tempdir()?;
    let index = Index::open(folder.path(), IndexOptions::default())?;
    let mut writer = index.writer()?;
    let seconds = timed(|| {
        let mut documents = documents.into_iter().enumerate();
        while let Some((at, document)) = documents.next() {
            writer.add(document)?;
            if (at + 1).is_multiple_of(BATCH) || documents.len() == 0 {
                writer.commit(u64::try_from(at + 1).unwrap_or(u64::MAX))?;
            }
        }
        Ok(())
    })?;
    report("index", &case, per_second(posts, seconds), "docs/s");
    report("index", &case, per_second(bytes, seconds) / 1e6, "MB/s");

    let mut times = Vec::new();
    for at in 0..ROUNDS * 4 {
        let word = &words[chance.below(300)];
        let other = &words[chance.below(WORDS)];
        let query = match at % 4 {
            0 => word.clone(),
            1 => format!("{word} {other}"),
            2 => format!("{word}{other}"),
            _ => format!("{word} source:s3 after:1970-01-01"),
        };
        times.push(1000.0 * timed(|| search(&index, &query))?);
    }
    times.sort_by(f64::total_cmp);
    report("query_p50", &case, times[times.len() / 2], "ms");
    report("query_p99", &case, times[times.len() * 99 / 100], "ms");
    Ok(())
}

fn search(index: &Index, query: &str) -> Result<(), Box<dyn std::error::Error>> {
    let page = index.search(&SearchRequest { query, limit: 20, offset: 0, order: SearchOrder::Relevance })?;
    std::hint::black_box(page);
    Ok(())
}

/// xorshift64*: the same posts on every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let value = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(value).unwrap_or_default() % limit
    }

    /// Small numbers often, large ones seldom, as words of a language are used.
    fn skewed(&mut self, limit: usize) -> usize {
        let bound = self.below(limit) + 1;
        let bound = self.below(bound) + 1;
        self.below(bound)
    }
}

fn word(chance: &mut Chance) -> String {
    let length = 2 + chance.below(3);
    (0..length)
        .filter_map(|_| {
            let offset = chance.skewed(6000);
            char::from_u32(0x4E00 + u32::try_from(offset).ok()?)
        })
        .collect()
}

fn post(seq: usize, words: &[String], chance: &mut Chance) -> Result<Document, std::num::TryFromIntError> {
    let mut text = |count: usize| -> String {
        let mut text = String::new();
        for at in 1..=count {
            text.push_str(&words[chance.skewed(words.len())]);
            if at % 9 == 0 {
                text.push_str("，user@example.com ");
            }
        }
        text
    };
    Ok(Document {
        seq: u64::try_from(seq)?,
        post: format!("p{seq}"),
        source: format!("s{}", seq % 90),
        url: format!("http://example.onion/{seq}"),
        title: text(6),
        author: Some(format!("user{}", seq % 1000)),
        body: text(120),
        posted_at_ms: None,
        captured_at_ms: i64::try_from(seq)? * 1000,
        members: Vec::new(),
    })
}

#[expect(clippy::disallowed_methods, reason = "measuring is this program's job")]
fn timed(run: impl FnOnce() -> Result<(), Box<dyn std::error::Error>>) -> Result<f64, Box<dyn std::error::Error>> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed().as_secs_f64())
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn per_second(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds
}

#[expect(clippy::print_stdout, reason = "the measurements are its output")]
fn report(bench: &str, case: &str, value: f64, unit: &str) {
    println!(
        "{{\"bench\":\"{bench}\",\"case\":\"{case}\",\"engine\":\"nightheron\",\"value\":{value:.3},\"unit\":\"{unit}\"}}"
    );
}
