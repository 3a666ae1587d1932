//! The tree into the engine's queries.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::exclusion::Excluded;
use super::tree::{KeyField, Leaf, Node, Scope, TimeField};
use crate::schema::Fields;
use crate::tokens::Kind;

/// A word in the title says more about a post than the same word in its body.
const TITLE_BOOST: f32 = 2.0;

/// The engine's query for `node`.
pub(crate) fn compile(node: &Node, fields: &Fields) -> Box<dyn Query> {
    match node {
        Node::All => Box::new(AllQuery),
        Node::And(nodes) => Box::new(and(nodes, fields)),
        Node::Or(nodes) => {
            let clauses = nodes.iter().map(|node| compile(node, fields)).collect();
            Box::new(BooleanQuery::union(clauses))
        }
        Node::Not(_) => Box::new(and(std::slice::from_ref(node), fields)),
        Node::Leaf(leaf) => compile_leaf(leaf, fields),
    }
}

fn and(nodes: &[Node], fields: &Fields) -> BooleanQuery {
    let mut clauses = Vec::with_capacity(nodes.len() + 1);
    for node in nodes {
        let clause: (Occur, Box<dyn Query>) = match node {
            Node::Not(negated) => (Occur::MustNot, Box::new(Excluded(compile(negated, fields)))),
            node => (Occur::Must, compile(node, fields)),
        };
        clauses.push(clause);
    }
    // The engine finds nothing for exclusions alone: they are exclusions from everything.
    if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        clauses.push((Occur::Must, Box::new(AllQuery)));
    }
    BooleanQuery::new(clauses)
}

fn compile_leaf(leaf: &Leaf, fields: &Fields) -> Box<dyn Query> {
    match leaf {
        Leaf::Terms { scope, terms } => match scope {
            Scope::Any => Box::new(BooleanQuery::union(vec![
                boosted_title(leaf, terms, fields),
                text(leaf, terms, fields.author),
                text(leaf, terms, fields.body),
            ])),
            Scope::Title => boosted_title(leaf, terms, fields),
            Scope::Author => text(leaf, terms, fields.author),
            Scope::Url => text(leaf, terms, fields.url),
        },
        Leaf::Key { field, value } => {
            let field = match field {
                KeyField::Source => fields.source,
                KeyField::Member => fields.member,
            };
            let term = Term::from_field_text(field, value);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        }
        Leaf::Since { field, ms } => {
            Box::new(RangeQuery::new(Bound::Included(time(*field, *ms, fields)), Bound::Unbounded))
        }
        Leaf::Until { field, ms } => {
            Box::new(RangeQuery::new(Bound::Unbounded, Bound::Excluded(time(*field, *ms, fields))))
        }
    }
}

fn time(field: TimeField, ms: i64, fields: &Fields) -> Term {
    match field {
        TimeField::Captured => Term::from_field_i64(fields.captured_at, ms),
        TimeField::Posted => Term::from_field_i64(fields.posted_at, ms),
    }
}

fn boosted_title(leaf: &Leaf, terms: &[(usize, Kind, String)], fields: &Fields) -> Box<dyn Query> {
    Box::new(BoostQuery::new(text(leaf, terms, fields.title), TITLE_BOOST))
}

fn text(leaf: &Leaf, terms: &[(usize, Kind, String)], field: Field) -> Box<dyn Query> {
    if let Some(character) = leaf.lone() {
        return Box::new(starting_with(character, field));
    }
    let mut placed: Vec<(usize, Term)> =
        terms.iter().map(|(offset, _, text)| (*offset, Term::from_field_text(field, text))).collect();
    match (placed.len(), placed.pop()) {
        (1, Some((_, term))) => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
        (_, Some(last)) => {
            placed.push(last);
            Box::new(PhraseQuery::new_with_offset(placed))
        }
        (_, None) => Box::new(tantivy::query::EmptyQuery),
    }
}

/// Every occurrence of a CJK character begins a pair or ends its run, so the terms that begin with
/// it are all its occurrences.
fn starting_with(character: char, field: Field) -> RangeQuery {
    let term = |c: char| Term::from_field_text(field, c.encode_utf8(&mut [0; 4]));
    let after = (character..=char::MAX).nth(1);
    RangeQuery::new(
        Bound::Included(term(character)),
        after.map_or(Bound::Unbounded, |next| Bound::Excluded(term(next))),
    )
}
