//! The searchable history: schema, tokenizers, query language, writer and search.
