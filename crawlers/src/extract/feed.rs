//! News feeds (RSS 0.9x, 1.0 and 2.0, Atom 1.0, JSON Feed 1) as a document that selectors can pick from.

use std::fmt::Write;

use feed_rs::{
    model::{Content, Entry, Feed, FeedType, Link, Text},
    parser,
};

use super::{bounds, json::escaped};

/// Makes the document: an element `feed` with `title` and `link`, and for each entry an `entry` with `id`, `link`, `title`,
/// `author`, `published`, `updated`, `content`, `summary`, `category` and `attachment` (a line each), as far as it has
/// them. Times are in RFC 3339. Texts are pieces of HTML, whatever they were written in. Relative addresses count from `base`.
///
/// # Errors
/// A word for the outcome: the text is no feed, or costs too much to read.
pub(super) fn document(source: &str, base: &str) -> Result<String, &'static str> {
    bounds::check(source)?;
    let builder = parser::Builder::new().base_uri(Some(base)).sanitize_content(false);
    let parser = builder.id_generator(|links, title, _| own_id(links, title.as_ref())).build();
    let feed = parser.parse(without_declaration(source).as_bytes()).map_err(|_| "not_a_feed")?;
    let rss = !matches!(feed.feed_type, FeedType::Atom | FeedType::JSON);
    let mut out = String::from("<!DOCTYPE html><body><div class=\"feed\">");
    head(&mut out, &feed);
    for entry in &feed.entries {
        self::entry(&mut out, entry, rss);
    }
    out.push_str("</div>");
    Ok(out)
}

/// The source is text already; the charset its declaration names is that of the bytes it was.
fn without_declaration(source: &str) -> &str {
    let source = source.trim_start_matches('\u{feff}').trim_start();
    let rest = source.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    rest.map_or(source, |(_, rest)| rest)
}

/// What an entry without an id goes by: its address, or its title.
fn own_id(links: &[Link], title: Option<&Text>) -> String {
    let title = || title.map(|title| title.content.trim().to_owned());
    links.first().map(|link| link.href.clone()).or_else(title).unwrap_or_default()
}

fn head(out: &mut String, feed: &Feed) {
    if let Some(title) = &feed.title {
        element(out, "title", &escaped(title.content.trim()));
    }
    link(out, "link", &feed.links);
}

fn entry(out: &mut String, entry: &Entry, rss: bool) {
    out.push_str("<div class=\"entry\">");
    element(out, "id", &escaped(entry.id.trim()));
    link(out, "link", &entry.links);
    if let Some(title) = &entry.title {
        element(out, "title", &escaped(&html_title(title, rss)));
    }
    for person in &entry.authors {
        if let Some(name) = person.name.as_deref().or(person.email.as_deref()) {
            element(out, "author", &escaped(name.trim()));
        }
    }
    for (class, time) in [("published", entry.published), ("updated", entry.updated)] {
        if let Some(time) = time {
            element(out, class, &time.to_rfc3339());
        }
    }
    if let Some(content) = entry.content.as_ref().and_then(|content| html_content(content, rss)) {
        element(out, "content", &escaped(&content));
    }
    if let Some(summary) = &entry.summary {
        element(out, "summary", &escaped(&html(&summary.content, rss || is_html(summary.content_type.as_str()))));
    }
    let categories = entry.categories.iter().map(|category| category.label.as_deref().unwrap_or(&category.term));
    let files = entry.media.iter().flat_map(|media| &media.content).filter_map(|content| content.url.as_ref());
    let lists = [("category", categories.collect::<Vec<_>>()), ("attachment", files.map(url::Url::as_str).collect())];
    for (class, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        element(out, class, &escaped(&list.join("\n")));
    }
    out.push_str("</div>");
}

/// An element with a text that is escaped already; the parser drops one line break at its start.
fn element(out: &mut String, class: &str, text: &str) {
    // Writing to a String cannot fail.
    let _ = write!(out, "<pre class=\"{class}\">\n{text}</pre>");
}

/// The address of a page for readers, and not of the feed itself.
fn link(out: &mut String, class: &str, links: &[Link]) {
    let page = |link: &&Link| link.rel.as_deref().is_none_or(|rel| rel == "alternate");
    if let Some(link) = links.iter().find(page).or(links.first()) {
        let href = escaped(link.href.trim());
        let _ = write!(out, "<a class=\"{class}\" href=\"{href}\">{href}</a>");
    }
    if let Some(next) = links.iter().find(|link| link.rel.as_deref() == Some("next")) {
        let _ = write!(out, "<a class=\"next\" href=\"{}\">next</a>", escaped(next.href.trim()));
    }
}

fn is_html(media_type: &str) -> bool {
    media_type.contains("html") || media_type.contains("xml")
}

/// The titles of RSS hold no tags, but character references that were escaped twice.
fn html_title(title: &Text, rss: bool) -> String {
    match (rss, is_html(title.content_type.as_str())) {
        (_, true) => title.content.clone(),
        (true, false) => title.content.replace('<', "&lt;").replace('>', "&gt;"),
        (false, false) => escaped(&title.content),
    }
}

fn html_content(content: &Content, rss: bool) -> Option<String> {
    let html_like = rss || is_html(content.content_type.as_str());
    let readable = html_like || content.content_type.ty().as_str() == "text";
    content.body.as_ref().filter(|_| readable).map(|body| html(body, html_like))
}

/// A piece of HTML as it is; a text that has no tags keeps its lines.
fn html(text: &str, is_html: bool) -> String {
    let tags = is_html && text.contains('<') && text.contains('>');
    if tags {
        return text.to_owned();
    }
    let escaped = if is_html { text.replace('<', "&lt;") } else { self::escaped(text) };
    escaped.trim().replace('\n', "<br>")
}

#[cfg(test)]
mod tests;
