//! FluxBB 1.5: numbered pages, days named, seconds told.

use jiff::Timestamp;
use url::Url;

use crate::{
    forum::{BOARDS, Forum, Post, Thread, Tongue, html},
    visit::body,
};

fn time(forum: &Forum, at: Timestamp) -> String {
    let local = forum.local(at);
    let day = match (forum.days_since(at), forum.tongue) {
        (0, Tongue::English) => "Today".to_owned(),
        (0, Tongue::Chinese) => "今天".to_owned(),
        (0, Tongue::Russian) => "Сегодня".to_owned(),
        (1, Tongue::English) => "Yesterday".to_owned(),
        (1, Tongue::Chinese) => "昨天".to_owned(),
        (1, Tongue::Russian) => "Вчера".to_owned(),
        _ => local.strftime("%Y-%m-%d").to_string(),
    };
    format!("{day} {}", local.strftime("%H:%M:%S"))
}

/// Up to two pages on either side of this one, the first and the last, and the words for the way on.
fn pager(page: usize, pages: usize, link: &str) -> String {
    let at = |n: usize| if n == 1 { link.to_owned() } else { format!("{link}&amp;p={n}") };
    let mut out = "<span class=\"pages-label\">Pages: </span>".to_owned();
    if pages == 1 {
        return out + "<strong class=\"item1\">1</strong>";
    }
    if page > 1 {
        out += &format!("<a rel=\"prev\" class=\"item1\" href=\"{}\">Previous</a>", at(page - 1));
    }
    if page > 3 {
        out += &format!("<a href=\"{}\">1</a>{}", at(1), if page > 5 { "<span class=\"spacer\">…</span>" } else { "" });
    }
    for n in page.saturating_sub(2).max(1)..=(page + 2).min(pages) {
        out += &if n == page { format!("<strong>{n}</strong>") } else { format!("<a href=\"{}\">{n}</a>", at(n)) };
    }
    if page + 3 <= pages {
        out += &format!("<span class=\"spacer\">…</span><a href=\"{}\">{pages}</a>", at(pages));
    }
    if page < pages {
        out += &format!("<a rel=\"next\" href=\"{}\">Next</a>", at(page + 1));
    }
    out
}

fn listing(forum: &Forum, board: u32, page: usize) -> String {
    let (threads, pages) = forum.listing(board, page);
    let pager = pager(page, pages, &format!("viewforum.php?id={board}"));
    let row = |thread: &&Thread| {
        let (id, title, replies, last) = (thread.id, html(thread.title), thread.replies(), thread.last().id);
        let (time, by) = (time(forum, thread.last().at), html(thread.last().author));
        let sticky = if thread.sticky { "<span class=\"stickytext\">Sticky: </span> " } else { "" };
        format!(
            "<tr class=\"rowodd\"><td class=\"tcl\"><div class=\"icon\"></div><div class=\"tclcon\"><div>{sticky}\
             <a href=\"viewtopic.php?id={id}\">{title}</a> <span class=\"byuser\">by x</span></div></div></td>\
             <td class=\"tc2\">{replies}</td><td class=\"tc3\">99</td><td class=\"tcr\">\
             <a href=\"viewtopic.php?pid={last}#p{last}\">{time}</a> <span class=\"byuser\">by {by}</span></td></tr>"
        )
    };
    let rows: String = threads.iter().map(row).collect();
    format!("<p class=\"pagelink conl\">{pager}</p><div id=\"vf\"><table><tbody>{rows}</tbody></table></div>")
}

fn thread(forum: &Forum, id: u32, page: usize) -> Option<String> {
    let (thread, posts, pages) = forum.thread(id, page)?;
    let pager = pager(page, pages, &format!("viewtopic.php?id={id}"));
    let title = html(thread.title);
    let post = |post: &Post| {
        let (id, time, author, body) = (post.id, time(forum, post.at), html(post.author), html(&body(post.id)));
        format!(
            "<div id=\"p{id}\" class=\"blockpost rowodd\"><h2><span><span class=\"conr\">#1</span> \
             <a href=\"viewtopic.php?pid={id}#p{id}\">{time}</a></span></h2><div class=\"box\"><div class=\"postleft\">\
             <dl><dt><strong><a href=\"profile.php?id=2\">{author}</a></strong></dt><dd class=\"usertitle\">\
             <strong>Member</strong></dd></dl></div><div class=\"postright\"><h3>Re: {title}</h3><div class=\"postmsg\">\
             <p>{body}</p><p class=\"postedit\"><em>Last edited by x ({time})</em></p></div>\
             <div class=\"postsignature postmsg\"><hr />me</div></div></div></div>"
        )
    };
    let posts: String = posts.iter().map(post).collect();
    Some(format!(
        "<ul class=\"crumbs\"><li><a href=\"index.php\">Index</a></li><li><span>»&#160;</span><a href=\"viewtopic.php?id={id}\">\
         <strong>{title}</strong></a></li></ul><p class=\"pagelink conl\">{pager}</p>{posts}<p class=\"pagelink\">{pager}</p>"
    ))
}

/// The form for new members, which has the board's own zone chosen.
fn register(forum: &Forum) -> String {
    let seconds = forum.zone.to_offset(forum.now).seconds();
    let option = |half: i32| {
        let chosen = if half * 1_800 == seconds { " selected=\"selected\"" } else { "" };
        format!("<option value=\"{}\"{chosen}>(UTC)</option>", f64::from(half) / 2.0)
    };
    let options: String = (-24..=28).map(option).collect();
    format!(
        "<form id=\"register\" method=\"post\"><select id=\"time_zone\" name=\"timezone\">{options}</select>\
         <input type=\"checkbox\" name=\"dst\" value=\"1\" /></form>"
    )
}

/// The page at an address of a board that takes new members.
pub(crate) fn page_with_form(forum: &Forum, url: &Url) -> Option<String> {
    match url.path() {
        "/register.php" => Some(format!("<div class=\"pun\"><div id=\"brdmain\">{}</div></div>", register(forum))),
        _ => page(forum, url),
    }
}

/// The page at an address.
pub(crate) fn page(forum: &Forum, url: &Url) -> Option<String> {
    let number = |name: &str| url.query_pairs().find(|(key, _)| key == name)?.1.parse::<u32>().ok();
    let page = number("p").unwrap_or(1) as usize;
    let inner = match url.path() {
        "/" => (2..BOARDS + 2)
            .map(|b| format!("<div class=\"tclcon\"><h3><a href=\"viewforum.php?id={b}\">B</a></h3></div>"))
            .collect(),
        "/viewforum.php" => listing(forum, number("id")?, page),
        _ => thread(forum, number("id")?, page)?,
    };
    Some(format!("<div class=\"pun\"><div id=\"brdheader\"></div><div id=\"brdmain\">{inner}</div></div>"))
}
