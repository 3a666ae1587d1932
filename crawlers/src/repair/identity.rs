//! A new proof that a page is of the site, where the old one fell with the layout.

use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::{induce::Css, selectors::is_stable};
use crate::definition::{Definition, Proof};

/// The identity to be written when the old one does not hold on every page and something else does.
pub(super) fn of(definition: &Definition, documents: &[Html], sources: &[String]) -> Option<Value> {
    let holds = |(page, source): (&Html, &String)| definition.identity.iter().any(|proof| proof.holds(page, source));
    if definition.identity.is_empty() || documents.is_empty() || documents.iter().zip(sources).all(holds) {
        return None;
    }
    let everywhere = |css: &String| {
        Selector::parse(css).is_ok_and(|selector| documents.iter().all(|page| page.select(&selector).next().is_some()))
    };
    let new = candidates(documents.first()?).into_iter().find(everywhere)?;
    let old = definition.identity.iter().map(|proof| match proof {
        Proof::Selector(selector) => json!({ "selector": selector.to_css() }),
        Proof::Pattern(pattern) => json!({ "regex": pattern.as_str() }),
    });
    let all: Vec<_> = old.chain([json!({ "selector": new })]).collect();
    Some(json!({ "any": all }))
}

/// Selectors of what a program prints on all its pages: its name, its style sheets, the frame.
fn candidates(page: &Html) -> Vec<String> {
    let mut all = Vec::new();
    let mut each = |css: &str, put: &mut dyn FnMut(scraper::ElementRef<'_>) -> Option<String>| {
        if let Ok(selector) = Selector::parse(css) {
            all.extend(page.select(&selector).filter_map(&mut *put));
        }
    };
    each("meta[name=generator][content]", &mut |meta| {
        let name = meta.attr("content")?.split_whitespace().next()?.to_owned();
        let plain = name.chars().all(char::is_alphanumeric);
        plain.then(|| format!("meta[name=generator][content^='{name}']"))
    });
    for (css, tag, attribute) in [("link[rel=stylesheet][href]", "link", "href"), ("script[src]", "script", "src")] {
        each(css, &mut |element| {
            let file = element.attr(attribute)?.split(['?', '#']).next()?;
            let path = file.split_once("://").map_or(file, |(_, rest)| rest.split_once('/').map_or("", |(_, p)| p));
            let usable = path.len() > 4 && !path.contains(['\'', '"', '\\']) && path.split('/').all(is_stable);
            usable.then(|| format!("{tag}[{attribute}*='{path}']"))
        });
    }
    each("body > [id]", &mut |element| {
        let id = element.attr("id")?;
        (super::selectors::plain(id) && is_stable(id)).then(|| format!("#{id}"))
    });
    all
}
