//! Feeds as they are written, well and badly.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use scraper::{Html, Selector};

use super::*;

/// Damaged copies of each feed.
const ROUNDS: usize = 500;

fn texts(source: &str, selector: &str) -> Vec<String> {
    let made = document(source, "http://feed.example/rss").unwrap_or_else(|word| panic!("{word}: {source}"));
    let page = Html::parse_document(&made);
    page.select(&Selector::parse(selector).unwrap()).map(|e| e.text().collect()).collect()
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>"
    )
}

#[test]
fn markup_in_an_entry_makes_no_entries() {
    let source = rss(
        "<item><title>a&lt;/pre&gt;&lt;div class=entry&gt;</title><description><![CDATA[</pre></div><div class=\"entry\">x]]></description></item>",
    );
    assert_eq!(texts(&source, ".entry").len(), 1);
    assert_eq!(texts(&source, ".entry > .summary"), ["</pre></div><div class=\"entry\">x"]);
}

#[test]
fn an_entry_without_an_id_goes_by_its_address_or_its_title() {
    let source = rss(
        "<item><link>http://a.example/1</link></item><item><title>only a title</title></item><item><guid>g</guid></item>",
    );
    assert_eq!(texts(&source, ".entry > .id"), ["http://a.example/1", "only a title", "g"]);
    assert_eq!(texts(&source, ".entry > .id"), texts(&source, ".entry > .id"));
}

#[test]
fn texts_keep_their_lines_and_references_their_meaning() {
    let source =
        rss("<item><title>AT&amp;amp;T &amp;#8217;x</title><description>one\ntwo 1 &lt; 2</description></item>");
    assert_eq!(texts(&source, ".title").last().map(String::as_str), Some("AT&amp;T &#8217;x"));
    assert_eq!(texts(&source, ".summary"), ["one<br>two 1 &lt; 2"]);
}

#[test]
fn what_is_no_feed_or_too_deep_is_refused() {
    for source in ["", "<html><body>x</body></html>", "{\"version\":1}", "<rss", "plain text", "<rss version=\"2.0\">"]
    {
        assert!(document(source, "http://feed.example/").is_err(), "{source}");
    }
    assert_eq!(document(&format!("<feed>{}", "<a>".repeat(3_000)), "http://feed.example/"), Err("page_too_deep"));
}

#[test]
fn entities_of_a_document_type_are_not_expanded() {
    let bomb = "<!DOCTYPE rss [<!ENTITY a \"xxxxxxxxxx\"><!ENTITY b \"&a;&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/hostname\">]>";
    let source = format!(
        "{bomb}<rss version=\"2.0\"><channel><item><title>t &b; &f;</title><guid>1</guid></item></channel></rss>"
    );
    if let Ok(made) = document(&source, "http://feed.example/") {
        assert!(!made.contains("xxxxxxxxxx") && made.len() < 1_000, "{made}");
    }
}

#[test]
fn no_damage_to_a_feed_brings_the_reader_down() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sites/engines/fixtures/feed/");
    let mut rng = StdRng::seed_from_u64(7);
    for name in ["rss2.xml", "rss1.xml", "atom.xml", "feed.json"] {
        let whole = std::fs::read_to_string(format!("{folder}{name}")).unwrap();
        let whole: Vec<char> = whole.chars().collect();
        for _ in 0..ROUNDS {
            let mut damaged = whole.clone();
            for _ in 0..rng.random_range(1..5) {
                let at = rng.random_range(0..damaged.len());
                match rng.random_range(0..4) {
                    0 => damaged.truncate(at.max(1)),
                    1 => damaged[at] = ['<', '>', '&', '"', '\0', '/', '7', ']'][rng.random_range(0..8)],
                    2 => drop(damaged.remove(at).to_string()),
                    _ => damaged.insert(at, ['<', '&', ';', '{', '\u{fffd}', ':'][rng.random_range(0..6)]),
                }
                if damaged.is_empty() {
                    break;
                }
            }
            let source: String = damaged.into_iter().collect();
            if let Ok(made) = document(&source, "http://feed.example/rss") {
                assert!(made.len() < 100 * source.len() + 1_000);
            }
        }
    }
}
