//! The text a reader sees: one line a block, white space as a browser shows it.

use ego_tree::{NodeRef, iter::Edge};
use scraper::{ElementRef, Node, Selector};

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 27] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "table",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "br",
    "hr",
    "section",
    "article",
    "header",
    "footer",
    "form",
    "details",
    "summary",
];

/// Elements whose text is never shown.
const HIDDEN: [&str; 6] = ["script", "style", "template", "noscript", "head", "svg"];

/// The text of an element without what `removed` picks, in lines without white space at their ends; empty lines
/// fall away. Inside `pre` line breaks and indentation stay.
#[must_use]
pub fn text_of(element: ElementRef<'_>, removed: &[&Selector]) -> String {
    let mut out = Lines::default();
    let mut skip: Option<ego_tree::NodeId> = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if skip.is_none() => {
                if is_left_out(node, removed) {
                    skip = Some(node.id());
                } else {
                    out.open(node);
                }
            }
            Edge::Close(node) if skip == Some(node.id()) => skip = None,
            Edge::Close(node) if skip.is_none() => out.close(node),
            _ => {}
        }
    }
    out.finish()
}

/// Where the links of an element lead, as far as its text does not say: forums cut long addresses short, and the
/// address is often the proof.
#[must_use]
pub fn hidden_links(element: ElementRef<'_>, text: &str) -> Vec<String> {
    let hrefs = element.descendent_elements().filter_map(|e| e.attr("href")).map(str::trim);
    let leads_out =
        |href: &&str| ["http://", "https://", "ftp://", "magnet:", "tg:"].iter().any(|s| href.starts_with(s));
    let mut links: Vec<String> = Vec::new();
    for href in hrefs.filter(leads_out) {
        // A text that is the address, whole or without its scheme, says it already.
        let bare = href.split_once("://").map_or(href, |(_, rest)| rest).trim_end_matches('/');
        let href: String = href.chars().filter(|c| !c.is_control()).collect();
        if !text.contains(bare) && !links.contains(&href) {
            links.push(href);
        }
    }
    links
}

fn is_left_out(node: NodeRef<'_, Node>, removed: &[&Selector]) -> bool {
    let Some(element) = ElementRef::wrap(node) else { return false };
    HIDDEN.contains(&element.value().name()) || removed.iter().any(|selector| selector.matches(&element))
}

#[derive(Default)]
struct Lines {
    text: String,
    verbatim: usize,
}

impl Lines {
    fn open(&mut self, node: NodeRef<'_, Node>) {
        match node.value() {
            Node::Text(text) if self.verbatim > 0 => self.text.push_str(&text.text),
            Node::Text(text) => self.collapsed(&text.text),
            Node::Element(element) => {
                let name = element.name();
                if BLOCKS.contains(&name) {
                    self.new_line(name == "br");
                }
                match name {
                    "pre" | "textarea" => self.verbatim += 1,
                    "td" | "th" => self.collapsed(" "),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, node: NodeRef<'_, Node>) {
        let Node::Element(element) = node.value() else { return };
        if matches!(element.name(), "pre" | "textarea") {
            self.verbatim = self.verbatim.saturating_sub(1);
        }
        if BLOCKS.contains(&element.name()) {
            self.new_line(false);
        }
    }

    fn collapsed(&mut self, text: &str) {
        for c in text.chars() {
            if !matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c') {
                self.text.push(c);
            } else if !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
        }
    }

    fn new_line(&mut self, always: bool) {
        if always || !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn finish(self) -> String {
        let lines = self.text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let text: Vec<_> = lines.collect();
        // NUL is no character of any text, and PostgreSQL stores none.
        text.join("\n").replace('\0', "\u{fffd}")
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::*;

    fn text(html: &str) -> String {
        text_of(Html::parse_fragment(html).root_element(), &[&Selector::parse(".sig").unwrap()])
    }

    #[test]
    fn blocks_are_lines_and_white_space_collapses() {
        assert_eq!(text("<p>a  <b>b</b>\n c</p><p>d<br>e</p><div><div>f</div></div>"), "a b c\nd\ne\nf");
        assert_eq!(text("<p>x</p><script>alert(1)</script><style>p{}</style><div class=sig>-- me</div>"), "x");
    }

    #[test]
    fn preformatted_text_keeps_its_lines_and_indentation() {
        assert_eq!(text("<pre>a\n    b  c\n</pre>"), "a\n    b  c");
        assert_eq!(text("<pre><p>1\n</p><p>2\n</p></pre>"), "1\n2");
    }

    #[test]
    fn a_link_that_hides_its_target_is_told() {
        let links = |html: &str| {
            let page = Html::parse_fragment(html);
            hidden_links(page.root_element(), &text(html))
        };
        assert_eq!(links("<a href='http://x.onion/s.zip'>sample</a>"), ["http://x.onion/s.zip"]);
        assert_eq!(links("<a href='https://a.example/very/long?x=1'>https://a.example/very…</a>").len(), 1);
        assert!(links("<a href='http://x.example/'>x.example</a>").is_empty());
        assert!(links("<a href='javascript:alert(1)'>x</a> <a href='/user/1'>bob</a>").is_empty());
    }

    #[test]
    fn deep_nesting_is_no_harm() {
        let deep = format!("{}x{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
        assert_eq!(text(&deep), "x");
    }
}
