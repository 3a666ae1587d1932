//! The matcher beside plain engines: megabytes a second, seconds to build, memory.
//!
//! `cargo bench -p nightheron-watchlists` runs every case; `-- 200k` those of 200,000 terms alone, `-- 200k/forum` one
//! text; `nightheron` among the arguments leaves the other engines out. Each figure is one JSON line; the crate's README says what they mean.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints its figures")]

mod engines;
mod memory;
mod random;
mod terms;
mod texts;
mod vectorscan;
mod words;

use nightheron_watchlists::Term;

use engines::Engine;
use texts::TEXTS;
use vectorscan::Vectorscan;
use words::Words;

const SIZES: &[(&str, usize)] = &[("1k", 1_000), ("10k", 10_000), ("200k", 200_000), ("1M", 1_000_000)];

/// Bytes of each text.
const TEXT: usize = 32 << 20;

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [first, size] = arguments.as_slice()
        && first == memory::ARGUMENT
    {
        return memory::child(size);
    }
    let named = arguments.len();
    arguments.retain(|argument| argument != "nightheron");
    let alone = arguments.len() < named;
    let vectorscan = Vectorscan::compile().inspect_err(|reason| eprintln!("vectorscan is left out: {reason}")).ok();
    let words = Words::generate();
    for &(size, count) in SIZES {
        let wanted: Vec<&str> = TEXTS.iter().copied().filter(|text| chosen(&arguments, size, text)).collect();
        if !wanted.is_empty() {
            let terms = terms::generate(&words, count, 4);
            let texts: Vec<String> = wanted.iter().map(|kind| texts::generate(kind, &words, &terms, TEXT)).collect();
            ours(&terms, size, &wanted, &texts);
            if !alone {
                others(terms, size, &wanted, texts, vectorscan.as_ref());
            }
            memory::measure(size);
        }
    }
}

fn chosen(arguments: &[String], size: &str, text: &str) -> bool {
    let case = format!("{size}/{text}");
    arguments.is_empty() || arguments.iter().any(|argument| *argument == size || *argument == case || argument == text)
}

fn ours(terms: &[Term], size: &str, wanted: &[&str], texts: &[String]) {
    let terms = terms.to_vec();
    let (engine, took) = engines::timed(|| engines::nightheron(terms));
    report("build", size, "nightheron", took.as_secs_f64(), "s");
    matched(size, wanted, "nightheron", &engine, texts);
}

fn others(terms: Vec<Term>, size: &str, wanted: &[&str], texts: Vec<String>, vectorscan: Option<&Vectorscan>) {
    // The plain engines know no case: they get terms and texts in lower case.
    let literals: Vec<String> = terms.iter().map(literal).collect();
    drop(terms);
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    drop(texts);
    for (name, build) in
        [("aho-corasick", engines::aho_corasick as fn(&[String]) -> Engine), ("daachorse", engines::daachorse)]
    {
        let (engine, took) = engines::timed(|| build(&literals));
        report("build", size, name, took.as_secs_f64(), "s");
        matched(size, wanted, name, &engine, &lower);
    }
    if let Some(vectorscan) = vectorscan {
        beside_vectorscan(vectorscan, size, wanted, &literals, &lower);
    }
}

fn literal(term: &Term) -> String {
    term.readable().to_lowercase()
}

fn matched(size: &str, wanted: &[&str], name: &str, engine: &Engine, texts: &[String]) {
    for (kind, text) in wanted.iter().zip(texts) {
        let (seconds, occurrences) = engines::run(engine, text);
        report("match", &format!("{size}/{kind}"), name, text.len() as f64 / 1e6 / seconds, "MB/s");
        eprintln!("{size}/{kind} {name}: {occurrences} occurrences, one in {} bytes", text.len() / occurrences.max(1));
    }
}

fn beside_vectorscan(vectorscan: &Vectorscan, size: &str, wanted: &[&str], literals: &[String], texts: &[String]) {
    match vectorscan.measure(literals, texts) {
        Ok(measured) => {
            report("build", size, "vectorscan", measured.build_seconds, "s");
            report("database", size, "vectorscan", measured.database_bytes / 1e6, "MB");
            for ((kind, text), seconds) in wanted.iter().zip(texts).zip(measured.scan_seconds) {
                report("match", &format!("{size}/{kind}"), "vectorscan", text.len() as f64 / 1e6 / seconds, "MB/s");
            }
        }
        Err(reason) => eprintln!("vectorscan is left out at {size} terms: {reason}"),
    }
}

pub(crate) fn report(bench: &str, case: &str, engine: &str, value: f64, unit: &str) {
    let value = (value * 100.0).round() / 100.0;
    let line = serde_json::json!({ "bench": bench, "case": case, "engine": engine, "value": value, "unit": unit });
    println!("{line}");
}
