//! The text a reader sees: one line a block, white space as a browser shows it.

use ego_tree::{NodeId, NodeRef, iter::Edge};
use scraper::{ElementRef, Node, Selector};

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 34] = [
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
    "caption",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "nav",
    "figure",
    "figcaption",
    "form",
    "fieldset",
    "option",
    "details",
    "summary",
];

/// Elements whose text is never shown.
const HIDDEN: [&str; 6] = ["script", "style", "template", "noscript", "head", "svg"];

/// Schemes of links that lead to somewhere else.
const OUTWARD: [&str; 5] = ["http://", "https://", "ftp://", "magnet:", "tg:"];

/// The text of an element without what `removed` picks, in lines without white space at their ends; empty lines
/// fall away. Inside `pre` every character stays, empty lines too.
#[must_use]
pub fn text_of(element: ElementRef<'_>, removed: &[&Selector]) -> String {
    text(element, removed, |_| None)
}

/// As [`text_of`], but an element with this attribute shows the attribute instead of its own text.
pub(super) fn text_in_place(element: ElementRef<'_>, removed: &[&Selector], attribute: &str) -> String {
    let shown = |node: NodeRef<'_, Node>| ElementRef::wrap(node)?.attr(attribute).map(str::to_owned);
    text(element, removed, |node| shown(node).filter(|text| !text.trim().is_empty()))
}

fn text(
    element: ElementRef<'_>, removed: &[&Selector], instead: impl Fn(NodeRef<'_, Node>) -> Option<String>,
) -> String {
    let mut out = Lines::default();
    let mut skip: Option<NodeId> = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if skip.is_none() => {
                if is_left_out(node, removed) {
                    // What stood on a line of its own still parts what is before it from what is behind.
                    out.part(node);
                    skip = Some(node.id());
                } else if let Some(text) = instead(node) {
                    out.collapsed(&text);
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
    let mut links: Vec<String> = Vec::new();
    for href in hrefs.filter(|href| OUTWARD.iter().any(|scheme| href.starts_with(scheme))) {
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

/// A finished line; one of `pre` is kept as it is.
struct Line {
    text: String,
    verbatim: bool,
}

#[derive(Default)]
struct Lines {
    lines: Vec<Line>,
    current: String,
    /// Whether anything of the current line stood inside `pre`.
    verbatim_line: bool,
    /// Elements open that keep white space.
    verbatim: usize,
}

impl Lines {
    fn open(&mut self, node: NodeRef<'_, Node>) {
        match node.value() {
            Node::Text(text) if self.verbatim > 0 => self.verbatim_text(&text.text),
            Node::Text(text) => self.collapsed(&text.text),
            Node::Element(element) => {
                let name = element.name();
                if BLOCKS.contains(&name) {
                    self.end_line(false);
                }
                match name {
                    "br" => self.end_line(true),
                    "pre" | "textarea" => self.verbatim += 1,
                    "td" | "th" => self.collapsed(" "),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn part(&mut self, node: NodeRef<'_, Node>) {
        if matches!(node.value(), Node::Element(element) if BLOCKS.contains(&element.name())) {
            self.end_line(false);
        }
    }

    fn close(&mut self, node: NodeRef<'_, Node>) {
        let Node::Element(element) = node.value() else { return };
        match element.name() {
            "pre" | "textarea" => self.verbatim = self.verbatim.saturating_sub(1),
            _ => {}
        }
        if BLOCKS.contains(&element.name()) {
            self.end_line(false);
        }
    }

    fn push(&mut self, c: char) {
        self.current.push(c);
    }

    fn verbatim_text(&mut self, text: &str) {
        for c in text.chars() {
            self.verbatim_line = true;
            match c {
                '\n' => self.end_line(true),
                '\r' => {}
                c => self.push(c),
            }
        }
    }

    fn collapsed(&mut self, text: &str) {
        for c in text.chars() {
            if !matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c') {
                self.push(c);
            } else if !self.current.is_empty() && !self.current.ends_with(' ') {
                self.push(' ');
            }
        }
    }

    fn end_line(&mut self, always: bool) {
        if always || !self.current.is_empty() {
            let (text, verbatim) = (std::mem::take(&mut self.current), self.verbatim_line);
            self.lines.push(Line { text, verbatim });
        }
        self.verbatim_line = false;
    }

    fn finish(mut self) -> String {
        self.end_line(false);
        let shown = |line: &&Line| line.verbatim || !line.text.trim_end().is_empty();
        let lines = self.lines.iter().filter(shown);
        let lines: Vec<_> =
            lines.map(|line| if line.verbatim { line.text.as_str() } else { line.text.trim_end() }).collect();
        // Empty lines at the ends of preformatted text are the markup's, mostly.
        let text = lines.join("\n");
        let text = text.trim_end().trim_start_matches('\n');
        // NUL is no character of any text, and PostgreSQL stores none.
        text.replace('\0', "\u{fffd}")
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
        assert_eq!(text("<p>a<br><br><br>b</p><table><tr><td>1<td>2<tr><td>3</table>"), "a\nb\n1 2\n3");
        assert_eq!(text("a<div class=sig>-- me</div>b<i class=sig>-- me</i>c"), "a\nbc");
    }

    #[test]
    fn preformatted_text_keeps_its_lines_and_indentation() {
        assert_eq!(text("<pre>a\n    b  c\n</pre>"), "a\n    b  c");
        assert_eq!(text("<pre><p>1\n</p><p>2\n</p></pre>"), "1\n2");
        assert_eq!(text("<pre><p>1\n</p><p>\n</p><p>\n</p><p>\t2\n</p></pre><p>x</p>"), "1\n\n\n\t2\nx");
        assert_eq!(text("<p>x</p>  <pre>  y \n z</pre>"), "x\n  y \n z");
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
        let deep = format!("{}x{}", "<div>".repeat(1_500), "</div>".repeat(1_500));
        assert_eq!(text(&deep), "x");
    }
}
