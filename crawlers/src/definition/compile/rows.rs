//! Rows and their fields, each part from the nearest layer that says it.

use super::{
    super::{
        Field, Line, Rows, Take,
        raw::{self, Scope, Text},
    },
    Compiler, Layers, first,
};
use crate::extract::{DateFormat, Filter};

/// What the layers say of one field, nearest first.
type FieldLayers<'a> = [(&'a str, &'a raw::Field)];

fn part<'a, T: ?Sized>(
    layers: &FieldLayers<'a>, pick: impl Fn(&'a raw::Field) -> Option<&'a T>,
) -> Option<(&'a str, &'a T)> {
    layers.iter().find_map(|(file, field)| pick(field).map(|value| (*file, value)))
}

impl Compiler {
    pub(super) fn rows<'a>(
        &mut self, layers: &'a Layers, name: &str, pick: impl Fn(&'a raw::RowSets) -> Option<&'a raw::Rows>,
        must: &[&str],
    ) -> Option<Rows> {
        let said: Vec<(&str, &raw::Rows)> = layers
            .iter()
            .filter_map(|(file, site)| Some((file.as_str(), site.rows.as_ref().and_then(&pick)?)))
            .collect();
        let Some((file, selector)) = said.iter().find_map(|(file, rows)| Some((*file, rows.selector.as_ref()?))) else {
            let (file, site) = &layers[0];
            self.missing(file, site, &format!("rows.{name}.selector"));
            return None;
        };
        let fields = self.fields(&said);
        for field in must.iter().filter(|field| !fields.iter().any(|(known, _)| known == *field)) {
            // A field that is there but wrong has been told about already.
            if !said.iter().any(|(_, rows)| matches!(rows.fields.get(*field), Some(Some(_)))) {
                let message = format!("the rows of a {name} need the field `{field}`; add it under `fields:`");
                self.wrong(file, selector.referenced, message);
            }
        }
        let remove = said.iter().find_map(|(file, rows)| Some((*file, rows.remove.as_ref()?)));
        let lines = self.lines(&said, &fields);
        let empty = said.iter().find_map(|(file, rows)| Some((*file, rows.empty.as_ref()?)));
        let site = || first(layers, |s| s.response).map(|(_, response)| response);
        Some(Rows {
            response: said.iter().find_map(|(_, rows)| rows.response).or_else(site).unwrap_or_default(),
            selector: self.selector(file, selector)?,
            remove: self.shared(remove),
            empty: empty.and_then(|(file, p)| {
                self.proof(file, p.referenced, p.value.selector.as_ref(), p.value.regex.as_ref())
            }),
            min: said.iter().find_map(|(_, rows)| rows.expect.as_ref()).map_or(1, |expect| expect.min),
            lines,
            fields,
        })
    }

    /// The lines in front of the body, each naming a field that there is.
    fn lines(&mut self, said: &[(&str, &raw::Rows)], fields: &[(String, Field)]) -> Vec<Line> {
        let found = said.iter().find_map(|(file, rows)| Some((*file, rows.lines.as_ref()?)));
        let mut lines = Vec::new();
        for (file, text) in found.into_iter().flat_map(|(file, lines)| lines.iter().map(move |line| (file, line))) {
            let known = |line: &Line| line.field != "body" && fields.iter().any(|(name, _)| *name == line.field);
            match Line::parse(&text.value).filter(known) {
                Some(line) => lines.push(line),
                None => {
                    let message =
                        format!("`{}` needs one field of these rows in braces, such as {{title}}", text.value);
                    self.wrong(file, text.referenced, message);
                }
            }
        }
        lines
    }

    fn fields(&mut self, said: &[(&str, &raw::Rows)]) -> Vec<(String, Field)> {
        let mut names: Vec<&String> = said.iter().flat_map(|(_, rows)| rows.fields.keys()).collect();
        names.sort();
        names.dedup();
        let mut fields = Vec::new();
        for name in names {
            let layers = said.iter().filter_map(|(file, rows)| Some((*file, rows.fields.get(name)?.as_ref())));
            // A null takes away the field of the layers below it.
            let layers: Vec<_> = layers.map_while(|(file, field)| Some((file, field?))).collect();
            if !layers.is_empty()
                && let Some(field) = self.field(name, &layers)
            {
                fields.push((name.clone(), field));
            }
        }
        fields
    }

    /// Where the pages tell their zone; nowhere when a nearer layer says the zone.
    pub(super) fn page_zone(&mut self, layers: &Layers) -> Option<Field> {
        let said = layers.iter().position(|(_, site)| site.timezone.is_some()).unwrap_or(layers.len());
        let at = layers.iter().position(|(_, site)| site.page_zone.is_some())?;
        let fields = layers.iter().filter_map(|(file, site)| Some((file.as_str(), site.page_zone.as_ref()?)));
        let fields: Vec<_> = fields.collect();
        if said < at { None } else { self.field("page_zone", &fields) }
    }

    pub(super) fn field(&mut self, name: &str, layers: &FieldLayers<'_>) -> Option<Field> {
        let selector = match part(layers, |f| f.selector.as_ref()) {
            // The row itself, also where a base has a selector.
            Some((_, text)) if text.value.trim() == ":scope" => None,
            Some((file, text)) => Some(self.selector(file, text)?),
            None => None,
        };
        let take = self.take(layers)?;
        let filters = part(layers, |f| f.filters.as_ref());
        let filters = filters.map_or_else(Vec::new, |(file, filters)| {
            filters.iter().filter_map(|filter| self.filter(file, &filter.value)).collect()
        });
        self.time_needs_a_date(name, layers, &filters);
        let default_from = part(layers, |f| f.default_from.as_ref());
        let and = part(layers, |f| f.and.as_deref());
        let or = part(layers, |f| f.or.as_deref());
        Some(Field {
            from: layers.iter().find_map(|(_, f)| f.from).unwrap_or(Scope::Row),
            selector,
            take,
            remove: self.shared(part(layers, |f| f.remove.as_ref())),
            optional: layers.iter().find_map(|(_, f)| f.optional).unwrap_or(false),
            default_from: default_from.and_then(|(file, text)| self.selector(file, text)),
            default: layers.iter().find_map(|(_, f)| f.default.clone()),
            // It is a part, and no time by itself.
            and: and.and_then(|(file, and)| self.field("", &[(file, and)])).map(Box::new),
            filters,
            or: or.and_then(|(file, or)| self.field(name, &[(file, or)])).map(Box::new),
        })
    }

    /// The nearest layer that says what is taken decides; within it, no two ways.
    fn take(&mut self, layers: &FieldLayers<'_>) -> Option<Take> {
        let said = layers
            .iter()
            .find(|(_, f)| f.text.is_some() || f.attribute.is_some() || f.case.is_some() || f.in_place.is_some());
        let Some((file, field)) = said else { return Some(Take::Text) };
        Some(match (&field.text, &field.case, &field.attribute, &field.in_place) {
            (Some(text), None, None, None) => Take::Fixed(text.value.clone()),
            (None, None, None, Some(attribute)) => Take::InPlace(attribute.clone()),
            (None, Some(cases), None, None) => {
                let cases = cases.iter();
                Take::Case(cases.filter_map(|c| Some((self.selector(file, &c.selector)?, c.value.clone()))).collect())
            }
            (None, None, Some(attribute), None) if !attribute.is_empty() => Take::Attribute(attribute.clone()),
            (None, None, _, None) => Take::Text,
            (text, cases, ..) => {
                let place = text.as_ref().or_else(|| Some(&cases.as_ref()?.first()?.selector));
                let message = "give a field one of `text`, `case`, `attribute` and `in_place`";
                self.wrong(file, place.map_or(serde_saphyr::Location::UNKNOWN, |t: &Text| t.referenced), message);
                return None;
            }
        })
    }

    fn time_needs_a_date(&mut self, name: &str, layers: &FieldLayers<'_>, filters: &[Filter]) {
        let is_date = |f: &Filter| matches!(f, Filter::Date(_));
        if !name.ends_with("_at") || filters.iter().any(is_date) {
            return;
        }
        let place = part(layers, |f| f.selector.as_ref()).map(|(file, text)| (file, text.referenced));
        let (file, at) =
            place.unwrap_or((layers.first().map_or("", |(file, _)| file), serde_saphyr::Location::UNKNOWN));
        let message = format!("`{name}` is a time: end its filters with `date: FORMAT`, `time_ago` or `fuzzy_time`");
        self.wrong(file, at, message);
    }

    fn filter(&mut self, file: &str, filter: &raw::Filter) -> Option<Filter> {
        Some(match filter {
            raw::Filter::Trim => Filter::Trim,
            raw::Filter::Number => Filter::Number,
            raw::Filter::HtmlDecode => Filter::HtmlDecode,
            raw::Filter::HtmlText => Filter::HtmlText,
            raw::Filter::TimeAgo => Filter::Date(DateFormat::parse("time_ago").into_iter().collect()),
            raw::Filter::FuzzyTime => Filter::Date(DateFormat::parse("fuzzy_time").into_iter().collect()),
            raw::Filter::Regexp(text) => Filter::Regexp(self.pattern(file, text)?),
            raw::Filter::Replace(pair) => Filter::Replace(pair.from.clone(), pair.to.clone()),
            raw::Filter::ReReplace(pair) => Filter::ReReplace(self.pattern(file, &pair.from)?, pair.to.clone()),
            raw::Filter::Append(text) => Filter::Append(text.clone()),
            raw::Filter::Prepend(text) => Filter::Prepend(text.clone()),
            raw::Filter::Split(split) => Filter::Split(split.by.clone(), split.at),
            raw::Filter::Querystring(name) => Filter::Querystring(name.clone()),
            raw::Filter::Date(formats) => {
                let mut ready = Vec::new();
                for text in &formats.0 {
                    match DateFormat::parse(&text.value) {
                        Ok(format) => ready.push(format),
                        Err(message) => self.wrong(file, text.referenced, message),
                    }
                }
                Filter::Date(ready)
            }
        })
    }

    pub(super) fn dedupe(&mut self, layers: &Layers, thread: Option<&Rows>) -> (Vec<String>, Vec<String>) {
        let Some((file, dedupe)) = first(layers, |s| s.dedupe.as_ref()) else {
            return (vec!["post_id".into()], vec!["title".into(), "body".into()]);
        };
        for name in dedupe.key.0.iter().chain(&dedupe.content.0) {
            // Title, thread and address of a post may come from its listing and its page.
            let elsewhere = ["title", "thread_id", "url"].contains(&name.value.as_str());
            if thread.is_some_and(|rows| rows.field(&name.value).is_none()) && !elsewhere {
                let message = format!("the rows of a thread have no field `{}`; add it, or name another", name.value);
                self.wrong(file, name.referenced, message);
            }
        }
        let values = |names: &[Text]| names.iter().map(|name| name.value.clone()).collect();
        (values(&dedupe.key.0), values(&dedupe.content.0))
    }
}
