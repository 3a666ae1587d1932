//! From what the files say to ready objects; every problem is collected with its place.

mod login;
mod rows;
mod session;
mod shared;
mod source;
mod values;
mod walk;

use serde_saphyr::Location;

use super::{
    Definition, DefinitionError, Kind, Problem,
    raw::{Site, Text},
};

/// A definition's file, and those it extends, nearest first.
type Layers = [(String, Site)];

/// The first layer that says something, with its file.
fn first<'a, T>(layers: &'a Layers, pick: impl Fn(&'a Site) -> Option<T>) -> Option<(&'a str, T)> {
    layers.iter().find_map(|(file, site)| pick(site).map(|value| (file.as_str(), value)))
}

/// Whether a listing is read: not where all posts stand on pages that need none.
fn listing_is_read(layers: &Layers) -> bool {
    let walks = || layers.iter().filter_map(|(_, site)| site.walk.as_ref());
    let alone = walks().any(|w| w.posts.is_some() || w.thread.as_ref().is_some_and(|thread| thread.paths.is_some()));
    !alone || walks().any(|w| w.boards.is_some() || w.listing.is_some())
}

/// Makes a definition of its layers.
pub(super) fn compile(layers: &Layers) -> Result<Definition, DefinitionError> {
    let mut c = Compiler { problems: Vec::new() };
    let (file, site) = &layers[0];
    let definition = c.definition(layers, file, site);
    match definition {
        Some(definition) if c.problems.is_empty() => Ok(definition),
        _ => Err(DefinitionError { problems: c.problems }),
    }
}

struct Compiler {
    problems: Vec<Problem>,
}

impl Compiler {
    fn wrong(&mut self, file: &str, at: Location, message: impl Into<String>) {
        let (line, column) = (at.line(), at.column());
        self.problems.push(Problem { file: file.to_owned(), line, column, message: message.into() });
    }

    fn missing(&mut self, file: &str, site: &Site, what: &str) {
        let message = format!("`{what}` is missing; add it, or extend a definition that has it");
        self.wrong(file, site.id.referenced, message);
    }

    fn definition(&mut self, layers: &Layers, file: &str, site: &Site) -> Option<Definition> {
        if site.schema.value != 1 {
            self.wrong(file, site.schema.referenced, "this version reads schema 1; write `schema: 1`");
        }
        self.id(file, &site.id);
        let kind = first(layers, |s| s.kind).map(|(_, kind)| kind);
        if kind.is_none() {
            self.missing(file, site, "kind");
        }
        let (links, legacy_links) = self.links(layers);
        let session = self.session(layers);
        let listed = listing_is_read(layers);
        let listing =
            listed.then(|| self.rows(layers, "listing", |s| s.listing.as_ref(), &["thread_id", "thread_url"]));
        let thread = self.rows(layers, "thread", |s| s.thread.as_ref(), &["post_id", "body"]);
        let mut walk = self.way(layers, listing.as_ref().and_then(Option::as_ref));
        if walk.boards.is_none() && walk.listing.is_none() && walk.posts.is_none() && walk.threads.is_empty() {
            self.missing(file, site, "walk.listing.path");
        }
        let (key, content) = self.dedupe(layers, thread.as_ref());
        let (encoding, timezone) = (self.encoding(layers), self.timezone(layers));
        let page_zone = self.page_zone(layers);
        // A site whose zone is known need not be asked for it.
        walk.zone = walk.zone.filter(|_| page_zone.is_some());
        let (network, schedule) = (self.network(layers), self.schedule(layers));
        let (identity, page_classes) = (self.proofs(layers), self.classes(layers));
        let (meta, tests) = (self.meta(layers), self.tests(file, site));
        Some(Definition {
            id: site.id.value.clone(),
            replaces: site.replaces.clone().unwrap_or_default(),
            name: site.name.clone(),
            kind: kind.unwrap_or(Kind::Forum),
            response: first(layers, |s| s.response).map(|(_, response)| response).unwrap_or_default(),
            encoding,
            timezone,
            page_zone,
            links,
            legacy_links,
            network,
            schedule,
            identity,
            session,
            page_classes,
            walk,
            listing: match listing {
                Some(rows) => Some(rows?),
                None => None,
            },
            thread: thread?,
            key,
            content,
            meta,
            tests,
        })
    }

    fn id(&mut self, file: &str, id: &Text) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.value.is_empty() || id.value.len() > 64 || !id.value.chars().all(fits) {
            let message = format!("the id `{}` must be 1 to 64 lower-case letters, digits and dashes", id.value);
            self.wrong(file, id.referenced, message);
        }
    }
}
