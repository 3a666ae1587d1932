//! Every engine is known by its saved pages, and structures are found where there is none.

use url::Url;

use super::*;
use crate::{
    definition::Library,
    extract::extract,
    walk::{PageKind, PageRequest, RawPage},
};

fn saved(base: &str, file: &str) -> Option<Vec<u8>> {
    let sites = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sites");
    let folders = [sites.join("engines/fixtures"), sites.join("fixtures")];
    folders.iter().find_map(|folder| std::fs::read(folder.join(base).join(file)).ok())
}

fn raw<'a>(url: &'a Url, body: &'a [u8]) -> RawPage<'a> {
    RawPage {
        url,
        status: 200,
        content_type: "",
        body,
        received_at: "2026-07-20T10:00:21Z".parse().unwrap(),
        retry_after: None,
    }
}

fn guessed(url: &str, body: &[u8]) -> Result<Guess, GuessError> {
    site(&Library::shipped(), "new-site", &raw(&Url::parse(url).unwrap(), body))
}

#[test]
fn every_engine_is_known_by_its_pages() {
    let library = Library::shipped();
    for id in library.ids() {
        for file in ["listing.html", "listing-classic.html", "thread.html", "thread-first.html", "item-text.html"] {
            let Some(body) = saved(id, file) else { continue };
            let address = if file.starts_with("listing") { "" } else { "a-thread" };
            let guess = guessed(&format!("http://fixture.invalid/{address}"), &body);
            let guess = guess.unwrap_or_else(|error| panic!("{id}/{file}: {error}"));
            assert!(
                matches!(&guess.basis, Basis::Engine { base, rows } if base == id && *rows > 0),
                "{id}/{file}: {guess:?}"
            );
            assert_eq!(library.parse(&guess.text, "new").unwrap().links[0].as_str(), "http://fixture.invalid/");
        }
    }
}

const BLOG: &str = r#"<html><body><nav><a href="/">Home</a><a href="/rules">Rules</a><a href="/contact">Contact</a></nav>
<div class="cards">
<div class="card"><h3 class="t"><a href="/leak/acme-12">Acme Precision Works, 200 GB</a></h3><span class="by user">lockers</span><time datetime="2026-07-01T10:00:00Z">1 July</time><p>Internal mail, contracts.</p></div>
<div class="card"><h3 class="t"><a href="/leak/heron-13">Heron Logistics Co Ltd, 2 TB of files</a></h3><span class="by user">lockers</span><time datetime="2026-07-03T10:00:00Z">3 July</time><p>Databases.</p></div>
<div class="card"><h3 class="t"><a href="/leak/egret-14">Egret Clinics and Hospitals Group</a></h3><span class="by user">shade</span><time datetime="2026-07-04T10:00:00Z">4 July</time><p>Records of patients.</p></div>
</div></body></html>"#;

#[test]
fn an_unknown_listing_is_drafted_from_its_structure() {
    let guess = guessed("http://blog.example/?page=1", BLOG.as_bytes()).unwrap();
    assert_eq!(guess.basis, Basis::Structure { rows: 3, thread: false }, "{}", guess.text);
    let definition = Library::shipped().parse(&guess.text, "draft").unwrap();
    let url = Url::parse("http://blog.example/").unwrap();
    let request = PageRequest { url: url.clone(), kind: PageKind::Listing, page: 1, thread: None, zone: None };
    let read = extract(&definition, &request, &raw(&url, BLOG.as_bytes()));
    let threads: Vec<_> = read.threads.iter().map(|thread| (thread.context.id.as_str(), thread.url.path())).collect();
    assert_eq!(threads, [("12", "/leak/acme-12"), ("13", "/leak/heron-13"), ("14", "/leak/egret-14")]);
    let first = &read.threads[0].context.fields;
    assert_eq!(first["title"], "Acme Precision Works, 200 GB");
    assert_eq!((first["author"].as_str(), first["last_post_at"].as_str()), ("lockers", "2026-07-01T10:00:00Z"));
}

#[test]
fn an_unknown_thread_is_drafted_from_its_structure() {
    let post = |n: u32, who: &str, text: &str| {
        format!(
            "<tr id='msg{n}'><td class='nick'>{who}</td><td class='at'>2026-07-0{n} 10:0{n}</td><td class='say'>{text}</td></tr>"
        )
    };
    let long = "offers two terabytes of internal data of a company, only bitcoin, sample on request, ";
    let page = format!(
        "<h1>Full dump</h1><table>{}{}{}</table>",
        post(1, "seller", &long.repeat(2)),
        post(2, "buyer", &format!("how much? {long}")),
        post(3, "third", &format!("no {long}"))
    );
    let guess = guessed("http://board.example/t/5", page.as_bytes()).unwrap();
    assert_eq!(guess.basis, Basis::Structure { rows: 3, thread: true }, "{}", guess.text);
    let definition = Library::shipped().parse(&guess.text, "draft").unwrap();
    let url = Url::parse("http://board.example/t/5").unwrap();
    let request = PageRequest { url: url.clone(), kind: PageKind::Thread, page: 1, thread: None, zone: None };
    let read = extract(&definition, &request, &raw(&url, page.as_bytes()));
    assert_eq!(read.posts[1].author.as_deref(), Some("buyer"), "{}", guess.text);
    assert_eq!(read.posts[1].post_id, "2");
    assert_eq!(read.posts[1].posted_at, Some("2026-07-02T10:02:00Z".parse().unwrap()));
    assert!(read.posts[1].body.starts_with("how much?"), "{}", guess.text);
    assert_eq!(read.posts[1].title, "Full dump");
}

#[test]
fn a_page_that_repeats_nothing_gives_nothing() {
    for page in ["", "<h1>Under construction</h1>", "{}", "<ul><li>a</li><li>b</li><li>c</li></ul>"] {
        assert!(matches!(guessed("http://new.example/", page.as_bytes()), Err(GuessError::Nothing(_))), "{page}");
    }
    assert!(matches!(
        site(&Library::shipped(), "Not an id", &raw(&Url::parse("http://a.example/").unwrap(), BLOG.as_bytes())),
        Err(GuessError::Definition(_))
    ));
}
