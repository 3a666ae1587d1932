//! A phpBB forum as its default style shows it, served on loopback by a thread each connection.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    sync::Arc,
};

use super::Result;

const TOPICS_A_PAGE: u32 = 25;
const POSTS_A_PAGE: u32 = 15;
const PAGES_A_THREAD: u32 = 3;
const WORDS: [&str; 16] = [
    "database",
    "出售",
    "fresh",
    "資料",
    "dump",
    "price",
    "樣本",
    "escrow",
    "данные",
    "contact",
    "access",
    "內部文件",
    "vpn",
    "customers",
    "records",
    "продам",
];

/// Serves the forum until the process ends; gives its address.
pub(crate) fn serve(threads: u32) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let link = format!("http://{}/", listener.local_addr()?);
    let forum = Arc::new(Forum { threads });
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let forum = Arc::clone(&forum);
            std::thread::spawn(move || forum.answer(&stream).ok());
        }
    });
    Ok(link)
}

struct Forum {
    threads: u32,
}

impl Forum {
    fn answer(&self, stream: &TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        loop {
            let mut request = String::new();
            if reader.read_line(&mut request)? == 0 {
                return Ok(());
            }
            let mut header = String::new();
            while reader.read_line(&mut header)? > 2 {
                header.clear();
            }
            let path = request.split_whitespace().nth(1).unwrap_or("/");
            let (status, body) = self.page(path).map_or((404, String::new()), |body| (200, body));
            let head = format!(
                "HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            (&*stream).write_all(&[head.as_bytes(), body.as_bytes()].concat())?;
        }
    }

    fn page(&self, path: &str) -> Option<String> {
        let number = |key: &str| -> Option<u32> {
            let query = path.split_once('?')?.1;
            query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
        };
        let start = number("start").unwrap_or(0);
        match path.split('?').next()? {
            "/" => Some(frame("Index", &index())),
            "/viewforum.php" => Some(frame("Market", &self.listing(start))),
            "/viewtopic.php" => Some(frame("Topic", &thread(number("t")?, start))),
            _ => None,
        }
    }

    fn listing(&self, start: u32) -> String {
        let rows: String = (start..(start + TOPICS_A_PAGE).min(self.threads)).map(topic).collect();
        let next = (start + TOPICS_A_PAGE < self.threads)
            .then(|| format!("./viewforum.php?f=2&amp;start={}", start + TOPICS_A_PAGE));
        format!(
            "{}<div class=\"forumbg\"><div class=\"inner\"><ul class=\"topiclist topics\">{rows}</ul></div></div>",
            bar(next)
        )
    }
}

fn index() -> String {
    "<div class=\"forabg\"><ul class=\"topiclist forums\"><li class=\"row\"><dl class=\"row-item forum_read\"><dt>\
     <div class=\"list-inner\"><a href=\"./viewforum.php?f=2\" class=\"forumtitle\">Market</a></div></dt></dl></li></ul></div>"
        .to_owned()
}

fn topic(id: u32) -> String {
    format!(
        "<li class=\"row bg{}\"><dl class=\"row-item topic_read\"><dt title=\"No unread posts\"><div class=\"list-inner\">\
         <a href=\"./viewtopic.php?f=2&amp;t={id}\" class=\"topictitle\">{}</a><br /><div class=\"topic-poster responsive-hide\">\
         by <a href=\"./memberlist.php?mode=viewprofile&amp;u={id}\" class=\"username\">user_{}</a> &raquo; \
         <time datetime=\"2026-07-20T07:08:33+00:00\">Mon Jul 20, 2026 7:08 am</time></div></div></dt>\
         <dd class=\"posts\">{} <dfn>Replies</dfn></dd><dd class=\"views\">77 <dfn>Views</dfn></dd>\
         <dd class=\"lastpost\"><span><dfn>Last post </dfn>by <a class=\"username\">user_9</a><br />\
         <time datetime=\"2026-07-20T07:08:33+00:00\">Mon Jul 20, 2026 7:08 am</time></span></dd></dl></li>",
        id % 2,
        text(id, 6),
        id % 50,
        POSTS_A_PAGE * PAGES_A_THREAD - 1,
    )
}

fn thread(id: u32, start: u32) -> String {
    let posts: String = (start..start + POSTS_A_PAGE).map(|place| post(id, place)).collect();
    let next = (start + POSTS_A_PAGE < POSTS_A_PAGE * PAGES_A_THREAD)
        .then(|| format!("./viewtopic.php?f=2&amp;t={id}&amp;start={}", start + POSTS_A_PAGE));
    let title = text(id, 6);
    format!("<h2 class=\"topic-title\"><a href=\"./viewtopic.php?f=2&amp;t={id}\">{title}</a></h2>{}{posts}", bar(next))
}

fn post(thread: u32, place: u32) -> String {
    let id = thread * 100 + place;
    format!(
        "<div id=\"p{id}\" class=\"post has-profile bg{}\"><div class=\"inner\"><dl class=\"postprofile\" id=\"profile{id}\">\
         <dt class=\"has-profile-rank no-avatar\"><div class=\"avatar-container\"></div>\
         <a href=\"./memberlist.php?mode=viewprofile&amp;u={id}\" class=\"username\">user_{}</a></dt>\
         <dd class=\"profile-rank\">Site Admin</dd><dd class=\"profile-posts\"><strong>Posts:</strong> 8</dd></dl>\
         <div class=\"postbody\"><div id=\"post_content{id}\"><h3><a href=\"./viewtopic.php?p={id}#p{id}\">Re</a></h3>\
         <p class=\"author\"><a class=\"unread\" href=\"./viewtopic.php?p={id}#p{id}\" title=\"Post\">Post</a> \
         <span class=\"responsive-hide\">by <strong><a href=\"./memberlist.php?mode=viewprofile&amp;u={id}\" class=\"username\">\
         user_{}</a></strong> &raquo; </span><time datetime=\"2026-07-20T07:08:33+00:00\">Mon Jul 20, 2026 7:08 am</time></p>\
         <div class=\"content\">{}</div></div></div><div class=\"back2top\"><a href=\"#top\" class=\"top\">Top</a></div></div></div>\
         <hr class=\"divider\" />",
        place % 2,
        id % 50,
        id % 50,
        text(id, 110),
    )
}

fn bar(next: Option<String>) -> String {
    let next = next.map_or_else(String::new, |href| {
        format!(
            "<li class=\"arrow next\"><a class=\"button button-icon-only\" href=\"{href}\" rel=\"next\">Next</a></li>"
        )
    });
    format!(
        "<div class=\"action-bar bar-top\"><div class=\"pagination\"><ul><li class=\"active\"><span>1</span></li>{next}</ul></div></div>"
    )
}

fn frame(title: &str, content: &str) -> String {
    let menu: String = (0..20)
        .map(|n| format!("<li class=\"icon\"><a href=\"./ucp.php?i={n}\" role=\"menuitem\">Menu {n}</a></li>"))
        .collect();
    format!(
        "<!DOCTYPE html><html dir=\"ltr\" lang=\"en-us\"><head><meta charset=\"utf-8\" /><title>{title}</title></head>\
         <body id=\"phpbb\" class=\"nojs notouch section-viewtopic ltr\"><div id=\"wrap\" class=\"wrap\"><div id=\"page-header\">\
         <ul id=\"nav-main\" class=\"nav-main linklist\" role=\"menubar\">{menu}</ul></div><div id=\"page-body\" class=\"page-body\" \
         role=\"main\">{content}</div><div id=\"page-footer\" class=\"page-footer\">All times are <span title=\"UTC\">UTC</span>\
         <p>Powered by <a href=\"https://www.phpbb.com/\">phpBB</a>&reg; Forum Software</p></div></div></body></html>"
    )
}

/// Words by a fixed rule: every page is the same in every run.
fn text(seed: u32, words: u32) -> String {
    let word = |n: u32| WORDS[(seed.wrapping_mul(31).wrapping_add(n.wrapping_mul(7919)) >> 3) as usize % WORDS.len()];
    (0..words).map(word).collect::<Vec<_>>().join(" ")
}
