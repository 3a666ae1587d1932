//! An index in a temporary folder and documents to put into it.

use nightheron_index::{Document, Index, IndexOptions, SearchOrder, SearchPage, SearchRequest};

/// A document with the given key and body, captured at 1000 times its sequence number.
pub(crate) fn document(seq: u64, post: &str, body: &str) -> Document {
    Document {
        seq,
        post: post.to_owned(),
        source: "spirit".to_owned(),
        url: format!("http://example.onion/{post}"),
        title: String::new(),
        author: None,
        body: body.to_owned(),
        posted_at_ms: None,
        captured_at_ms: i64::try_from(seq).expect("a small number") * 1000,
        members: Vec::new(),
    }
}

/// Opens with the default options.
pub(crate) fn open(dir: &tempfile::TempDir) -> Index {
    Index::open(dir.path(), IndexOptions::default()).expect("an index")
}

/// Adds and commits with the highest sequence number as checkpoint.
pub(crate) fn publish(index: &Index, documents: Vec<Document>) {
    let checkpoint = documents.iter().map(|document| document.seq).max();
    let mut writer = index.writer().expect("the writer");
    for document in documents {
        writer.add(document).expect("added");
    }
    writer.commit(checkpoint.unwrap_or_default()).expect("committed");
}

/// The first page of a query, newest first.
pub(crate) fn search(index: &Index, query: &str) -> SearchPage {
    index
        .search(&SearchRequest { query, limit: 100, offset: 0, order: SearchOrder::Newest })
        .unwrap_or_else(|error| panic!("{query}: {error}"))
}

/// The sequence numbers a query finds, ascending.
pub(crate) fn found(index: &Index, query: &str) -> Vec<u64> {
    let mut found: Vec<_> = search(index, query).hits.iter().map(|hit| hit.seq).collect();
    found.sort_unstable();
    found
}
