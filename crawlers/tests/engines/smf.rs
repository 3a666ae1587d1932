//! SMF 2.1: offsets in the thread's number, days named, and a clock in the header.

use jiff::Timestamp;
use url::Url;

use crate::{
    forum::{BOARDS, Forum, POSTS, Post, THREADS, Thread, Tongue, html},
    visit::body,
};

const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

fn time(forum: &Forum, at: Timestamp, named: bool) -> String {
    let local = forum.local(at);
    let clock = local.strftime("%I:%M:%S %p").to_string();
    let long = local.strftime("%H:%M:%S").to_string();
    match (forum.tongue, if named { forum.days_since(at) } else { 9 }) {
        (Tongue::English, 0) => format!("<strong>Today</strong> at {clock}"),
        (Tongue::English, 1) => format!("<strong>Yesterday</strong> at {clock}"),
        (Tongue::English, _) => local.strftime("%B %d, %Y, ").to_string() + &clock,
        (Tongue::Chinese, 0) => format!("<strong>今天</strong> 于 {long}"),
        (Tongue::Chinese, 1) => format!("<strong>昨天</strong> 于 {long}"),
        (Tongue::Chinese, _) => local.strftime("%Y-%m-%d, ").to_string() + &long,
        (Tongue::Russian, 0) => format!("<strong>Сегодня</strong> в {long}"),
        (Tongue::Russian, 1) => format!("<strong>Вчера</strong> в {long}"),
        (Tongue::Russian, _) => {
            let month = MONTHS[local.month() as usize - 1];
            format!("{} {month} {}, {long}", local.strftime("%d"), local.strftime("%Y"))
        }
    }
}

fn pager(page: usize, pages: usize, size: usize, link: &str) -> String {
    let to = |n: usize| format!("http://forum.example/index.php?PHPSESSID=abc&amp;{link}.{}", (n - 1) * size);
    let a = |n: usize, text: &str| format!("<a class=\"nav_page\" href=\"{}\">{text}</a> ", to(n));
    let mut out = "<a href=\"#bot\" class=\"button\">Go Down</a> <span class=\"pages\">Pages</span>".to_owned();
    out += &if page > 1 { a(page - 1, "<span class=\"main_icons previous_page\"></span>") } else { String::new() };
    for n in (1..=pages).filter(|n| *n == 1 || *n == pages || n.abs_diff(page) < 3) {
        out += &if n == page { format!("<span class=\"current_page\">{n}</span> ") } else { a(n, &n.to_string()) };
    }
    out += &if page < pages { a(page + 1, "<span class=\"main_icons next_page\"></span>") } else { String::new() };
    format!("<div class=\"pagesection\"><div class=\"pagelinks floatleft\">{out}</div></div>")
}

fn listing(forum: &Forum, board: u32, page: usize) -> String {
    let (threads, pages) = forum.listing(board, page);
    let pager = pager(page, pages, THREADS, &format!("board={board}"));
    let row = |thread: &&Thread| {
        let (id, title, replies, last) = (thread.id, html(thread.title), thread.replies(), thread.last());
        let (first, time, by) = (thread.posts[0].id, time(forum, last.at, true), html(last.author));
        format!(
            "<div class=\"windowbg\"><div class=\"board_icon\"></div><div class=\"info info_block\"><div ><div class=\"icons floatright\">\
             </div><div class=\"message_index_title\"><span class=\"preview\" title=\"\"><span id=\"msg_{first}\">\
             <a href=\"http://forum.example/index.php?PHPSESSID=abc&amp;topic={id}.0\">{title}</a></span></span></div>\
             <p class=\"floatleft\">Started by <a href=\"#\">x</a></p><span id=\"pages{first}\" class=\"topic_pages\">\
             <a class=\"nav_page\" href=\"http://forum.example/index.php?topic={id}.10\">2</a></span></div></div>\
             <div class=\"board_stats centertext\"><p>Replies: {replies}<br>Views: 99</p></div><div class=\"lastpost\"><p>\
             <a href=\"http://forum.example/index.php?topic={id}.msg9#msg9\">{time}</a><br>by <a href=\"#\">{by}</a></p></div></div>"
        )
    };
    let rows: String = threads.iter().map(row).collect();
    format!(
        "{pager}<div id=\"messageindex\"><div class=\"title_bar\" id=\"topic_header\"><div class=\"info\">Subject</div></div>\
         <div id=\"topic_container\">{rows}</div></div>{pager}"
    )
}

fn thread(forum: &Forum, id: u32, page: usize) -> Option<String> {
    let (thread, posts, pages) = forum.thread(id, page)?;
    let (title, pager) = (html(thread.title), pager(page, pages, POSTS, &format!("topic={id}")));
    let post = |post: &Post| {
        let (id, time, author, body) = (post.id, time(forum, post.at, true), html(post.author), html(&body(post.id)));
        format!(
            "<div class=\"windowbg\" id=\"msg{id}\"><div class=\"post_wrapper\"><div class=\"poster\"><h4>\
             <span class=\"off\" title=\"Offline\"></span> <a href=\"#\" title=\"View the profile\">{author}</a></h4>\
             <ul class=\"user_info\"><li class=\"membergroup\">Newbie</li></ul></div><div class=\"postarea\"><div class=\"keyinfo\">\
             <div id=\"subject_{id}\" class=\"subject_title subject_hidden\"><a href=\"http://forum.example/index.php?msg={id}\">\
             Re: {title}</a></div><span class=\"page_number floatright\">#1</span><div class=\"postinfo\"><span class=\"messageicon\">\
             </span><a href=\"http://forum.example/index.php?msg={id}\" rel=\"nofollow\" title=\"Reply #1 - {title}\" \
             class=\"smalltext\">{time}</a> <span class=\"spacer\"></span><span class=\"smalltext modified floatright mvisible\" \
             id=\"modified_{id}\"><span class=\"lastedit\">Last Edit</span>: {time} by x</span></div></div><div class=\"post\">\
             <div class=\"inner\" data-msgid=\"{id}\" id=\"msg_{id}\">{body}</div></div></div><div class=\"moderatorbar\">\
             <div class=\"signature\" id=\"msg_{id}_signature\">me</div></div></div></div>"
        )
    };
    let posts: String = posts.iter().map(post).collect();
    Some(format!(
        "<div id=\"display_head\"><h2 class=\"display_title\"><span id=\"top_subject\">{title}</span></h2></div>{pager}\
         <div id=\"forumposts\">{posts}</div>{pager}"
    ))
}

/// The page at an address.
pub(crate) fn page(forum: &Forum, url: &Url) -> Option<String> {
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let place = |text: String, size: usize| -> Option<(u32, usize)> {
        let (id, offset) = text.split_once('.')?;
        Some((id.parse().ok()?, offset.parse::<usize>().ok()? / size + 1))
    };
    let inner = match (value("board"), value("topic")) {
        (Some(board), _) => place(board, THREADS).map(|(board, page)| listing(forum, board, page))?,
        (_, Some(topic)) => place(topic, POSTS).and_then(|(id, page)| thread(forum, id, page))?,
        _ => (2..BOARDS + 2)
            .map(|b| {
                format!(
                    "<div id=\"board_{b}\" class=\"up_contain\"><div class=\"info\"><a class=\"subject mobile_subject\" \
                     href=\"http://forum.example/index.php?PHPSESSID=abc&amp;board={b}.0\" id=\"b{b}\">B</a></div></div>"
                )
            })
            .collect(),
    };
    let clock = time(forum, forum.now, false);
    Some(format!(
        "<script>var smf_theme_url = \"x\";</script><div id=\"inner_wrap\"><div class=\"user\"><time>{clock}</time></div></div>{inner}"
    ))
}
