//! The fields of a document in the index and the translation both ways.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};

use crate::analyzer;
use crate::document::Document;

/// Names of the fields results are sorted by.
pub(crate) const CAPTURED_AT: &str = "captured_at_ms";
pub(crate) const SEQ: &str = "seq";

/// Handles of the schema's fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) seq: Field,
    pub(crate) post: Field,
    pub(crate) source: Field,
    pub(crate) url: Field,
    pub(crate) title: Field,
    pub(crate) author: Field,
    pub(crate) body: Field,
    pub(crate) posted_at: Field,
    pub(crate) captured_at: Field,
    pub(crate) member: Field,
}

fn text() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyzer::TEXT)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    TextOptions::default().set_indexing_options(indexing).set_stored()
}

fn key() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyzer::KEY)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    TextOptions::default().set_indexing_options(indexing).set_stored().set_fast("raw")
}

/// The schema and the handles of its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let fields = Fields {
        seq: builder.add_u64_field(SEQ, INDEXED | STORED | FAST),
        post: builder.add_text_field("post", STRING | STORED),
        source: builder.add_text_field("source", key()),
        url: builder.add_text_field("url", text()),
        title: builder.add_text_field("title", text()),
        author: builder.add_text_field("author", text().set_fast("raw")),
        body: builder.add_text_field("body", text()),
        posted_at: builder.add_i64_field("posted_at_ms", INDEXED | STORED | FAST),
        captured_at: builder.add_i64_field(CAPTURED_AT, INDEXED | STORED | FAST),
        member: builder.add_text_field("member", key()),
    };
    (builder.build(), fields)
}

impl Fields {
    /// The engine's form of a document.
    pub(crate) fn encode(&self, document: Document) -> TantivyDocument {
        let mut encoded = TantivyDocument::default();
        encoded.add_u64(self.seq, document.seq);
        encoded.add_text(self.post, document.post);
        encoded.add_text(self.source, document.source);
        encoded.add_text(self.url, document.url);
        encoded.add_text(self.title, document.title);
        if let Some(author) = document.author {
            encoded.add_text(self.author, author);
        }
        encoded.add_text(self.body, document.body);
        if let Some(posted_at) = document.posted_at_ms {
            encoded.add_i64(self.posted_at, posted_at);
        }
        encoded.add_i64(self.captured_at, document.captured_at_ms);
        for member in document.members {
            encoded.add_text(self.member, member);
        }
        encoded
    }

    /// The document as it was added; `None` if a field every document has is missing.
    pub(crate) fn decode(&self, encoded: &TantivyDocument) -> Option<Document> {
        let text = |field| {
            let value = encoded.get_first(field)?.as_str()?;
            Some(value.to_owned())
        };
        let members = encoded.get_all(self.member);
        Some(Document {
            seq: encoded.get_first(self.seq)?.as_u64()?,
            post: text(self.post)?,
            source: text(self.source)?,
            url: text(self.url)?,
            title: text(self.title)?,
            author: text(self.author),
            body: text(self.body)?,
            posted_at_ms: encoded.get_first(self.posted_at).and_then(|value| value.as_i64()),
            captured_at_ms: encoded.get_first(self.captured_at)?.as_i64()?,
            members: members.filter_map(|value| Some(value.as_str()?.to_owned())).collect(),
        })
    }
}
