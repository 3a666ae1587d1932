//! Searching: a query in, a page of hits with highlighted text out.

use serde::Serialize;
use tantivy::collector::sort_key::SortByStaticFastValue;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::Query;
use tantivy::{DocAddress, Order, Searcher, TantivyDocument, TantivyError};

use crate::error::{IndexError, SearchError};
use crate::handle::Index;
use crate::highlight::{Highlighter, Span};
use crate::query::{Leaf, Scope, compile, parse};
use crate::schema::{CAPTURED_AT, SEQ};

/// How many results of one query can be paged through.
pub const MAX_WINDOW: usize = 10_000;

/// In which order hits are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SearchOrder {
    /// Best match first (BM25, words in the title count twice).
    #[default]
    Relevance,
    /// Latest captured first.
    Newest,
}

/// One page of one query.
#[derive(Debug, Clone, Copy)]
pub struct SearchRequest<'a> {
    /// The query, in the language the crate's documentation describes.
    pub query: &'a str,
    /// Most hits to give; 0 counts only.
    pub limit: usize,
    /// Hits to skip; with `limit` at most [`MAX_WINDOW`].
    pub offset: usize,
    /// Their order.
    pub order: SearchOrder,
}

/// The hits asked for, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchPage {
    /// Number of posts the query finds.
    pub total: usize,
    /// Those of this page.
    pub hits: Vec<SearchHit>,
}

/// One post that was found. All text is as captured: whoever shows it escapes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchHit {
    /// Sequence number of the revision in the store.
    pub seq: u64,
    /// Stable key of the post.
    pub post: String,
    /// Source it was captured from.
    pub source: String,
    /// Address of the post.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its author, if known.
    pub author: Option<String>,
    /// When it says it was published, in milliseconds since 1970 UTC.
    pub posted_at_ms: Option<i64>,
    /// When this revision was captured, in milliseconds since 1970 UTC.
    pub captured_at_ms: i64,
    /// Members it concerns.
    pub members: Vec<String>,
    /// BM25 score, comparable within one page only; `None` when ordered by time.
    pub score: Option<f32>,
    /// The whole title, what was asked for highlighted.
    pub title_highlight: Vec<Span>,
    /// A part of the body, around what was asked for.
    pub snippet: Vec<Span>,
}

impl Index {
    /// Finds posts.
    ///
    /// # Errors
    /// [`SearchError::Query`] with a column when the query is not one; [`SearchError::TooDeep`];
    /// [`SearchError::Index`] when the index cannot be read.
    pub fn search(&self, request: &SearchRequest<'_>) -> Result<SearchPage, SearchError> {
        let node = parse(request.query, &self.options.folding)?;
        let end = request.offset.saturating_add(request.limit);
        if end > MAX_WINDOW {
            return Err(SearchError::TooDeep { offset: request.offset, end, limit: MAX_WINDOW });
        }
        let query = compile(&node, &self.fields);
        let searcher = self.reader.searcher();
        let (total, found) = find(&searcher, query.as_ref(), request)
            .map_err(|error| IndexError::engine("searching", &self.dir, error))?;
        let mut leaves = Vec::new();
        node.positive_leaves(&mut |leaf| leaves.push(leaf));
        let hits = self.hits(&searcher, found, &leaves)?;
        Ok(SearchPage { total, hits })
    }

    fn hits(
        &self, searcher: &Searcher, found: Vec<(Option<f32>, DocAddress)>, leaves: &[&Leaf],
    ) -> Result<Vec<SearchHit>, IndexError> {
        let folding = &self.options.folding;
        let titles = Highlighter::new(folding, leaves, Scope::Title);
        let bodies = Highlighter::new(folding, leaves, Scope::Any);
        let mut hits = Vec::with_capacity(found.len());
        for (score, address) in found {
            let encoded: TantivyDocument =
                searcher.doc(address).map_err(|error| IndexError::engine("reading", &self.dir, error))?;
            let document = self
                .fields
                .decode(&encoded)
                .ok_or_else(|| IndexError::unusable(&self.dir, "a stored document lacks a field"))?;
            hits.push(SearchHit {
                title_highlight: titles.whole(&document.title),
                snippet: bodies.snippet(&document.body),
                seq: document.seq,
                post: document.post,
                source: document.source,
                url: document.url,
                title: document.title,
                author: document.author,
                posted_at_ms: document.posted_at_ms,
                captured_at_ms: document.captured_at_ms,
                members: document.members,
                score,
            });
        }
        Ok(hits)
    }
}

type Found = (usize, Vec<(Option<f32>, DocAddress)>);

fn find(searcher: &Searcher, query: &dyn Query, request: &SearchRequest<'_>) -> Result<Found, TantivyError> {
    if request.limit == 0 {
        return Ok((searcher.search(query, &Count)?, Vec::new()));
    }
    let page = TopDocs::with_limit(request.limit).and_offset(request.offset);
    match request.order {
        SearchOrder::Relevance => {
            let (total, top) = searcher.search(query, &(Count, page.order_by_score()))?;
            let scored = top.into_iter().map(|(score, at)| (Some(score), at));
            Ok((total, scored.collect()))
        }
        SearchOrder::Newest => {
            // The sequence number settles ties, so that pages neither repeat nor skip a post.
            let newest = page.order_by((
                (SortByStaticFastValue::<i64>::for_field(CAPTURED_AT), Order::Desc),
                (SortByStaticFastValue::<u64>::for_field(SEQ), Order::Desc),
            ));
            let (total, top) = searcher.search(query, &(Count, newest))?;
            Ok((total, top.into_iter().map(|(_, at)| (None, at)).collect()))
        }
    }
}
