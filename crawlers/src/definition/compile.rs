//! From what the files say to ready objects; every problem is collected with its place.

use std::{sync::Arc, time::Duration};

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use regex::{Regex, RegexBuilder};
use scraper::Selector;
use serde_saphyr::Location;
use url::Url;

use super::{
    Definition, DefinitionError, Field, Kind, Meta, Network, Plan, Problem, Proof, Rows, Take, Via, Way, is_onion,
    raw::{self, Scope, Site, Text},
    units,
};
use crate::{
    PageClass,
    extract::{DateFormat, Filter},
};

/// Memory in bytes that one pattern of a definition may take.
const MAX_PATTERN: usize = 1 << 20;

/// A definition's file, and those it extends, nearest first.
type Layers = [(String, Site)];

/// The first layer that says something, with its file.
fn first<'a, T>(layers: &'a Layers, pick: impl Fn(&'a Site) -> Option<T>) -> Option<(&'a str, T)> {
    layers.iter().find_map(|(file, site)| pick(site).map(|value| (file.as_str(), value)))
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
        self.wrong(
            file,
            site.id.referenced,
            format!("`{what}` is missing; add it, or extend a definition that has it"),
        );
    }

    fn definition(&mut self, layers: &Layers, file: &str, site: &Site) -> Option<Definition> {
        if site.schema.value != 1 {
            self.wrong(file, site.schema.referenced, "this version reads schema 1; write `schema: 1`");
        }
        self.identity(file, &site.id);
        let kind = first(layers, |s| s.kind).map(|(_, kind)| kind);
        if kind.is_none() {
            self.missing(file, site, "kind");
        }
        let links = self.links(layers);
        let listing = self.rows(layers, "listing", |s| s.listing.as_ref(), &["thread_id", "thread_url"]);
        let thread = self.rows(layers, "thread", |s| s.thread.as_ref(), &["post_id", "body"]);
        let walk = self.way(layers);
        if walk.boards.is_none() && walk.listing.is_none() {
            self.missing(file, site, "walk.listing.path");
        }
        let (key, content) = self.dedupe(layers, thread.as_ref());
        let (encoding, timezone) = (self.encoding(layers), self.timezone(layers));
        let (network, schedule) = (self.network(layers), self.schedule(layers));
        let (identity, page_classes) = (self.proofs(layers), self.classes(layers));
        let meta = self.meta(layers);
        Some(Definition {
            id: site.id.value.clone(),
            name: site.name.clone(),
            kind: kind.unwrap_or(Kind::Forum),
            encoding,
            timezone,
            links,
            network,
            schedule,
            identity,
            page_classes,
            walk,
            listing: listing?,
            thread: thread?,
            key,
            content,
            meta,
            tests: site.tests.clone().unwrap_or_default(),
        })
    }

    fn identity(&mut self, file: &str, id: &Text) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.value.is_empty() || id.value.len() > 64 || !id.value.chars().all(fits) {
            let message = format!("the id `{}` must be 1 to 64 lower-case letters, digits and dashes", id.value);
            self.wrong(file, id.referenced, message);
        }
    }

    fn links(&mut self, layers: &Layers) -> Vec<Url> {
        let Some((file, links)) = first(layers, |s| s.links.as_ref()) else { return Vec::new() };
        let via = first(layers, |s| s.network.as_ref()?.via).map(|(_, via)| via);
        let mut urls: Vec<Url> = Vec::new();
        for link in links {
            let url = match Url::parse(&link.value) {
                Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => url,
                _ => {
                    let message = format!("`{}` is not an http or https address with a host", link.value);
                    self.wrong(file, link.referenced, message);
                    continue;
                }
            };
            let onion = is_onion(url.host_str().unwrap_or_default());
            match via {
                Some(raw::Via::Clear) if onion => self.wrong(
                    file,
                    link.referenced,
                    "an onion address is never asked for on the clear net; write `via: tor` or another link",
                ),
                Some(raw::Via::Tor) if !onion => self.wrong(
                    file,
                    link.referenced,
                    "an onion source never touches the clear net; write `via: clear` or an .onion link",
                ),
                None if urls.first().is_some_and(|u| is_onion(u.host_str().unwrap_or_default()) != onion) => self
                    .wrong(
                        file,
                        link.referenced,
                        "onion and clear links cannot be mirrors of one source; make two sources of them",
                    ),
                _ => urls.push(url),
            }
        }
        urls
    }

    fn encoding(&mut self, layers: &Layers) -> Option<&'static Encoding> {
        let (file, label) = first(layers, |s| s.encoding.as_ref())?;
        let known = Encoding::for_label(label.value.as_bytes());
        if known.is_none() {
            let message = format!("`{}` is no charset label of the WHATWG, such as utf-8, big5, gbk", label.value);
            self.wrong(file, label.referenced, message);
        }
        known
    }

    fn timezone(&mut self, layers: &Layers) -> TimeZone {
        let Some((file, name)) = first(layers, |s| s.timezone.as_ref()) else { return TimeZone::UTC };
        TimeZone::get(&name.value).unwrap_or_else(|_| {
            let message = format!("`{}` is no time zone of the IANA, such as Asia/Taipei", name.value);
            self.wrong(file, name.referenced, message);
            TimeZone::UTC
        })
    }

    fn network(&mut self, layers: &Layers) -> Network {
        let gap = self.duration(first(layers, |s| s.network.as_ref()?.gap.as_ref()));
        let timeout = self.duration(first(layers, |s| s.network.as_ref()?.timeout.as_ref()));
        let jitter = first(layers, |s| s.network.as_ref()?.jitter.as_ref());
        if let Some((file, jitter)) = jitter
            && !(0.0..=1.0).contains(&jitter.value)
        {
            self.wrong(file, jitter.referenced, "the jitter is a share of the gap, from 0 to 1");
        }
        let max_body = first(layers, |s| s.network.as_ref()?.max_body.as_ref()).and_then(|(file, text)| {
            units::size(&text.value).map_err(|message| self.wrong(file, text.referenced, message)).ok()
        });
        Network {
            gap: gap.unwrap_or(Duration::from_secs(1)),
            jitter: jitter.map_or(0.3, |(_, j)| j.value),
            timeout,
            max_body,
        }
    }

    fn schedule(&mut self, layers: &Layers) -> Plan {
        let class = first(layers, |s| s.schedule.as_ref()?.class).map(|(_, class)| class).unwrap_or_default();
        let longest = self.duration(first(layers, |s| s.schedule.as_ref()?.max_interval.as_ref()));
        Plan { class, max_interval: longest.unwrap_or_else(|| class.interval()) }
    }

    fn duration(&mut self, found: Option<(&str, &Text)>) -> Option<Duration> {
        let (file, text) = found?;
        units::duration(&text.value).map_err(|message| self.wrong(file, text.referenced, message)).ok()
    }

    fn proofs(&mut self, layers: &Layers) -> Vec<Proof> {
        let Some((file, identity)) = first(layers, |s| s.identity.as_ref()) else { return Vec::new() };
        identity.any.iter().filter_map(|p| self.proof(file, p.selector.as_ref(), p.regex.as_ref())).collect()
    }

    fn classes(&mut self, layers: &Layers) -> Vec<(PageClass, Proof)> {
        let Some((file, rules)) = first(layers, |s| s.page_classes.as_ref()) else { return Vec::new() };
        let proof = |rule: &raw::ClassRule| {
            self.proof(file, rule.selector.as_ref(), rule.regex.as_ref()).map(|proof| (rule.class, proof))
        };
        rules.iter().filter_map(proof).collect()
    }

    fn proof(&mut self, file: &str, selector: Option<&Text>, regex: Option<&Text>) -> Option<Proof> {
        match (selector, regex) {
            (Some(selector), None) => self.selector(file, selector).map(Proof::Selector),
            (None, Some(regex)) => self.pattern(file, regex).map(Proof::Pattern),
            (Some(text), Some(_)) => {
                self.wrong(file, text.referenced, "give a selector or a regex here, not both");
                None
            }
            (None, None) => {
                self.problems.push(Problem {
                    file: file.to_owned(),
                    line: 0,
                    column: 0,
                    message: "a proof needs a `selector` or a `regex`".into(),
                });
                None
            }
        }
    }

    pub(super) fn selector(&mut self, file: &str, text: &Text) -> Option<Selector> {
        match Selector::parse(&text.value) {
            Ok(selector) => Some(selector),
            Err(error) => {
                let message = format!("`{}` is no CSS selector: {error}", text.value);
                self.wrong(file, text.referenced, message);
                None
            }
        }
    }

    fn shared(&mut self, found: Option<(&str, &Text)>) -> Option<Arc<Selector>> {
        let (file, text) = found?;
        self.selector(file, text).map(Arc::new)
    }

    fn pattern(&mut self, file: &str, text: &Text) -> Option<Regex> {
        match RegexBuilder::new(&text.value).size_limit(MAX_PATTERN).build() {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim();
                let message = format!("`{}` is no regular expression: {reason}", text.value);
                self.wrong(file, text.referenced, message);
                None
            }
        }
    }

    fn way(&mut self, layers: &Layers) -> Way {
        let boards = first(layers, |s| s.walk.as_ref()?.boards.as_ref());
        let listing = |pick: fn(&raw::ListingWalk) -> Option<&Text>| {
            first(layers, move |s| s.walk.as_ref()?.listing.as_ref().and_then(pick))
        };
        let stop = |pick: fn(&raw::Stop) -> Option<u32>| {
            first(layers, move |s| s.walk.as_ref()?.listing.as_ref()?.stop.as_ref().and_then(pick)).map(|(_, n)| n)
        };
        Way {
            boards: boards.and_then(|(file, b)| Some((b.path.clone(), Arc::new(self.selector(file, &b.each)?)))),
            listing: first(layers, |s| s.walk.as_ref()?.listing.as_ref()?.path.clone()).map(|(_, path)| path),
            listing_next: self.shared(listing(|l| l.next.as_ref())),
            seen_in_a_row: stop(|s| s.seen_in_a_row).unwrap_or(40),
            max_pages: stop(|s| s.max_pages).unwrap_or(10),
            thread_next: self.shared(first(layers, |s| s.walk.as_ref()?.thread.as_ref()?.next.as_ref())),
            drop_query: first(layers, |s| s.walk.as_ref()?.canonical.as_ref().map(|c| c.drop_query.clone()))
                .map_or_else(Vec::new, |(_, names)| names),
        }
    }

    fn rows<'a>(
        &mut self, layers: &'a Layers, name: &str, pick: impl Fn(&'a raw::RowSets) -> Option<&'a raw::Rows>,
        must: &[&str],
    ) -> Option<Rows> {
        let Some((file, rows)) = first(layers, |s| s.rows.as_ref().and_then(&pick)) else {
            let (file, site) = &layers[0];
            self.missing(file, site, &format!("rows.{name}"));
            return None;
        };
        for field in must {
            if !rows.fields.contains_key(*field) {
                let message = format!("the rows of a {name} need the field `{field}`; add it under `fields:`");
                self.wrong(file, rows.selector.referenced, message);
            }
        }
        let fields = rows.fields.iter();
        let fields = fields.filter_map(|(name, field)| Some((name.clone(), self.field(file, name, field)?))).collect();
        Some(Rows {
            selector: self.selector(file, &rows.selector)?,
            remove: self.shared(rows.remove.as_ref().map(|text| (file, text))),
            empty: rows.empty.as_ref().and_then(|p| self.proof(file, p.selector.as_ref(), p.regex.as_ref())),
            min: rows.expect.as_ref().map_or(1, |expect| expect.min),
            fields,
        })
    }

    fn field(&mut self, file: &str, name: &str, field: &raw::Field) -> Option<Field> {
        let selector = match &field.selector {
            Some(text) => Some(self.selector(file, text)?),
            None => None,
        };
        let take = match (&field.text, &field.attribute) {
            (Some(text), _) => Take::Fixed(text.clone()),
            (None, Some(attribute)) => Take::Attribute(attribute.clone()),
            (None, None) => Take::Text,
        };
        let filters: Vec<_> = field.filters.iter().filter_map(|filter| self.filter(file, filter)).collect();
        let is_time = name.ends_with("_at");
        if is_time && !filters.iter().any(|f| matches!(f, Filter::Date(_))) {
            let place = field.selector.as_ref().map(|t| t.referenced);
            let message = format!("`{name}` is a time: end its filters with `date: [FORMAT]`");
            self.problems.push(Problem {
                file: file.to_owned(),
                line: place.map_or(0, |p| p.line()),
                column: place.map_or(0, |p| p.column()),
                message,
            });
        }
        Some(Field {
            from: field.from.unwrap_or(Scope::Row),
            selector,
            take,
            remove: self.shared(field.remove.as_ref().map(|text| (file, text))),
            optional: field.optional,
            default: field.default.clone(),
            filters,
        })
    }

    fn filter(&mut self, file: &str, filter: &raw::Filter) -> Option<Filter> {
        Some(match filter {
            raw::Filter::Trim => Filter::Trim,
            raw::Filter::Number => Filter::Number,
            raw::Filter::HtmlDecode => Filter::HtmlDecode,
            raw::Filter::Regexp(text) => Filter::Regexp(self.pattern(file, text)?),
            raw::Filter::Replace(pair) => Filter::Replace(pair.from.clone(), pair.to.clone()),
            raw::Filter::ReReplace(pair) => Filter::ReReplace(self.pattern(file, &pair.from)?, pair.to.clone()),
            raw::Filter::Append(text) => Filter::Append(text.clone()),
            raw::Filter::Prepend(text) => Filter::Prepend(text.clone()),
            raw::Filter::Split(split) => Filter::Split(split.by.clone(), split.at),
            raw::Filter::Querystring(name) => Filter::Querystring(name.clone()),
            raw::Filter::Date(formats) => {
                let mut ready = Vec::new();
                for text in formats {
                    match DateFormat::parse(&text.value) {
                        Ok(format) => ready.push(format),
                        Err(message) => self.wrong(file, text.referenced, message),
                    }
                }
                Filter::Date(ready)
            }
        })
    }

    fn dedupe(&mut self, layers: &Layers, thread: Option<&Rows>) -> (Vec<String>, Vec<String>) {
        let Some((file, dedupe)) = first(layers, |s| s.dedupe.as_ref()) else {
            return (vec!["post_id".into()], vec!["title".into(), "body".into()]);
        };
        for name in dedupe.key.iter().chain(&dedupe.content) {
            // The title of a post may come from its listing.
            if thread.is_some_and(|rows| rows.field(&name.value).is_none()) && name.value != "title" {
                let message = format!("the rows of a thread have no field `{}`", name.value);
                self.wrong(file, name.referenced, message);
            }
        }
        let values = |names: &[Text]| names.iter().map(|name| name.value.clone()).collect();
        (values(&dedupe.key), values(&dedupe.content))
    }

    fn meta(&mut self, layers: &Layers) -> Meta {
        let mut pick = |pick: fn(&raw::Meta) -> Option<&Text>, allowed: &[&str], fallback: &str| {
            let Some((file, text)) = first(layers, move |s| s.meta.as_ref().and_then(pick)) else {
                return fallback.to_owned();
            };
            if !allowed.contains(&text.value.as_str()) {
                self.wrong(file, text.referenced, format!("`{}` is not one of {}", text.value, allowed.join(", ")));
            }
            text.value.clone()
        };
        let grade = pick(|m| m.grade.as_ref(), &["A", "B", "C", "D", "E", "F"], "F");
        let tlp = pick(|m| m.tlp.as_ref(), &["clear", "green", "amber", "amber+strict", "red"], "amber");
        if let Some((file, day)) = first(layers, |s| s.meta.as_ref()?.verified.as_ref())
            && day.value.parse::<jiff::civil::Date>().is_err()
        {
            self.wrong(file, day.referenced, format!("`{}` is no day such as 2026-11-01", day.value));
        }
        Meta { grade, tlp }
    }
}

/// The plane of a raw setting.
impl std::convert::From<raw::Via> for Via {
    fn from(via: raw::Via) -> Self {
        match via {
            raw::Via::Tor => Self::Tor,
            raw::Via::Clear => Self::Clear,
        }
    }
}
