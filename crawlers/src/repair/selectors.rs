//! Selectors that could stand for an element, the ones most likely to outlive the next change of layout first.

use scraper::ElementRef;

use super::view::View;

/// A selector and how little it can be trusted to last: what carries meaning costs least, positions most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) css: String,
    pub(crate) cost: u32,
}

/// Stands for the row itself.
pub(crate) const ROW: &str = ":scope";

/// Around an element, this many others may lend their marks to a selector.
const AROUND: usize = 4;
/// Marks of one element that are used.
const MARKS: usize = 8;

/// Selectors of an element by its own marks.
pub(crate) fn marks(element: ElementRef<'_>) -> Vec<Candidate> {
    let tag = element.value().name();
    let mut marks = vec![Candidate { css: tag.to_owned(), cost: 50 }];
    let mut put = |css: String, cost: u32| marks.push(Candidate { css, cost });
    for (name, value) in element.value().attrs() {
        match name {
            "itemprop" if plain(value) => put(format!("[itemprop={value}]"), 10),
            "role" if plain(value) => put(format!("{tag}[role={value}]"), 14),
            "rel" if plain(value) => put(format!("{tag}[rel={value}]"), 16),
            "id" => {
                if let Some((selector, cost)) = by_id(tag, value) {
                    put(selector, cost);
                }
            }
            "datetime" => put(format!("{tag}[datetime]"), 14),
            "title" => put(format!("{tag}[title]"), 36),
            "href" => link_marks(tag, value).into_iter().for_each(|css| put(css, 30)),
            name if name.starts_with("data-") && plain(name) => {
                put(format!("{tag}[{name}]"), 19);
                if plain(value) && is_stable(value) {
                    put(format!("{tag}[{name}='{value}']"), 18);
                }
            }
            _ => {}
        }
    }
    for class in element.value().classes().filter(|class| plain(class)) {
        let unstable = if is_stable(class) { 0 } else { 45 };
        put(format!(".{class}"), 20 + unstable);
        put(format!("{tag}.{class}"), 21 + unstable);
    }
    marks.sort_by_key(|mark| mark.cost);
    marks
}

/// `post-12` is one of many with the same beginning; an id without a number stands for itself.
fn by_id(tag: &str, id: &str) -> Option<(String, u32)> {
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
    match (plain(id), stem.len() < id.len(), plain(stem)) {
        (true, false, _) if is_stable(id) => Some((format!("#{id}"), 12)),
        (_, true, true) if is_stable(stem) => Some((format!("{tag}[id^='{stem}']"), 12)),
        _ => None,
    }
}

/// Parts of a link that say what it leads to: words of its path, names in its query.
fn link_marks(tag: &str, link: &str) -> Vec<String> {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let mut parts: Vec<String> = Vec::new();
    let mut words = path.split('#').next().unwrap_or_default().split('/').peekable();
    while let Some(word) = words.next() {
        if plain(word) && is_stable(word) && words.peek().is_some() {
            parts.push(format!("/{word}/"));
        }
        if let Some(script) = word.strip_suffix(".php").filter(|name| plain(name)) {
            parts.push(format!("{script}.php"));
        }
    }
    for pair in query.split(['&', ';', '#']) {
        match pair.split_once('=') {
            Some((name, value)) if name == "action" || name == "mode" => parts.push(format!("{name}={value}")),
            Some((name, _)) if plain(name) => parts.push(format!("{name}=")),
            _ => {}
        }
    }
    parts.into_iter().filter(|part| !part.contains(['\'', '\\'])).map(|part| format!("{tag}[href*='{part}']")).collect()
}

/// Selectors that pick an element in a page, or in a row: by its marks, by those of elements around it, by position.
pub(crate) fn of(view: &View<'_>, at: usize, row: Option<usize>) -> Vec<Candidate> {
    let element = view.elements[at];
    if row == Some(at) {
        return vec![Candidate { css: ROW.into(), cost: 0 }];
    }
    let own: Vec<_> = marks(element).into_iter().take(MARKS).collect();
    let mut all = own.clone();
    for (distance, around) in view.around(at).into_iter().take(AROUND).enumerate() {
        if row.is_some_and(|row| around == row || !view.within(around, row)) {
            break;
        }
        let outer = marks(view.elements[around]);
        for outer in outer.iter().take(MARKS).filter(|mark| row.is_none() || mark.cost < 50) {
            for inner in own.iter().take(5) {
                let joint = if distance == 0 { " > " } else { " " };
                let cost = outer.cost / 2 + inner.cost + 6 + 2 * u32::try_from(distance).unwrap_or(u32::MAX / 4);
                all.push(Candidate { css: format!("{}{joint}{}", outer.css, inner.css), cost });
            }
        }
    }
    if let Some(row) = row {
        all.extend(by_position(view, at, row));
    }
    all.sort_by_key(|candidate| candidate.cost);
    all
}

/// The way down from the row, step by step; and from the nearest marked element on it.
fn by_position(view: &View<'_>, at: usize, row: usize) -> Vec<Candidate> {
    let mut steps: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for place in std::iter::once(at).chain(view.around(at)) {
        if place == row {
            let way: Vec<_> = steps.iter().rev().cloned().collect();
            all.push(Candidate { css: format!(":scope > {}", way.join(" > ")), cost: cost_of(steps.len()) });
            break;
        }
        let marked = marks(view.elements[place]).into_iter().next().filter(|mark| mark.cost < 50);
        if let Some(mark) = marked.filter(|_| !steps.is_empty()) {
            let way: Vec<_> = steps.iter().rev().cloned().collect();
            let cost = mark.cost / 2 + cost_of(steps.len()) - 10;
            all.push(Candidate { css: format!("{} > {}", mark.css, way.join(" > ")), cost });
        }
        let element = view.elements[place];
        let before = element.prev_siblings().filter(|node| node.value().is_element()).count();
        steps.push(format!("{}:nth-child({})", element.value().name(), before + 1));
    }
    all
}

fn cost_of(steps: usize) -> u32 {
    70 + 8 * u32::try_from(steps).unwrap_or(1_000)
}

/// Can be written in a selector as it is.
pub(crate) fn plain(name: &str) -> bool {
    let mut chars = name.chars();
    let begins = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    begins && name.len() <= 48 && chars.all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Whether a name looks chosen by a person: digits and runs of consonants in mixed case are a build tool's.
pub(crate) fn is_stable(name: &str) -> bool {
    let changes = |c: &[char]| c.len() == 2 && c[0].is_ascii_lowercase() && c[1].is_ascii_uppercase();
    let letters: Vec<char> = name.chars().collect();
    let mixed = letters.windows(2).filter(|pair| changes(pair)).count();
    let state = ["odd", "even", "first", "last", "active", "alt", "unread", "read", "visited"];
    !name.contains(|c: char| c.is_ascii_digit()) && mixed <= 2 && !state.contains(&name)
}

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use super::*;

    #[test]
    fn meaning_goes_before_classes_and_classes_before_positions() {
        let page = Html::parse_fragment(
            "<div id='post-12' class='css-9f2a post odd'><span itemprop='author' class='n'>a</span>\
             <a href='/user/7/bob/?tab=posts'>b</a></div>",
        );
        let marks_of = |css: &str| {
            let element = page.select(&Selector::parse(css).unwrap()).next().unwrap();
            marks(element).into_iter().map(|mark| mark.css).collect::<Vec<_>>()
        };
        let [row, author, link] = ["div", "span", "a"].map(marks_of);
        assert_eq!(row[..3], ["div[id^='post-']", ".post", "div.post"]);
        assert_eq!(row[3], "div", "a state and a hash come last: {row:?}");
        assert_eq!(author[0], "[itemprop=author]");
        assert_eq!(link[..2], ["a[href*='/user/']", "a[href*='/bob/']"]);
        assert!(link.contains(&"a[href*='tab=']".to_owned()));
    }
}
