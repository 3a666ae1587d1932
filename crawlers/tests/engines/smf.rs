//! SMF 2.1: offsets in the thread's number, days named, a clock in the header, and feeds that tell times twice.

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

/// As the Russian pack shortens them: not all.
const SHORT_MONTHS: [&str; 12] =
    ["Янв.", "Фев.", "Март", "Апр.", "Май", "Июнь", "Июль", "Авг.", "Сен.", "Окт.", "Нояб.", "Дек."];

/// A time as upgraded boards show it, or in the format of the installer of today: short months, no seconds, and of named
/// days only today.
fn time(forum: &Forum, at: Timestamp, named: bool, installed: bool) -> String {
    let local = forum.local(at);
    if installed {
        let today = named && forum.days_since(at) == 0;
        let (half, day) = match forum.tongue {
            Tongue::English => (local.strftime("%p").to_string(), "<strong>Today</strong> at "),
            Tongue::Chinese => (if local.hour() < 12 { "上午" } else { "下午" }.to_owned(), "<b>今天</b> "),
            Tongue::Russian => (local.strftime("%p").to_string(), "<strong>Сегодня</strong> в "),
        };
        let month = match forum.tongue {
            Tongue::English => local.strftime("%b").to_string(),
            Tongue::Chinese => format!("{}月", local.month()),
            Tongue::Russian => SHORT_MONTHS[local.month() as usize - 1].to_owned(),
        };
        let day = if today { day.to_owned() } else { format!("{month} {}, ", local.strftime("%d, %Y")) };
        return format!("{day}{} {half}", local.strftime("%I:%M"));
    }
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

fn listing(forum: &Forum, board: u32, page: usize, installed: bool) -> String {
    let (threads, pages) = forum.listing(board, page);
    let pager = pager(page, pages, THREADS, &format!("board={board}"));
    let row = |thread: &&Thread| {
        let (id, title, replies, last) = (thread.id, html(thread.title), thread.replies(), thread.last());
        let (first, time, by) = (thread.posts[0].id, time(forum, last.at, true, installed), html(last.author));
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

fn thread(forum: &Forum, id: u32, page: usize, installed: bool) -> Option<String> {
    let (thread, posts, pages) = forum.thread(id, page)?;
    let (title, pager) = (html(thread.title), pager(page, pages, POSTS, &format!("topic={id}")));
    let post = |post: &Post| {
        let (id, time, author, body) =
            (post.id, time(forum, post.at, true, installed), html(post.author), html(&body(post.id)));
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

/// The first posts of all threads, as the program's own feed tells them or as others do.
fn feed(forum: &Forum, own: bool) -> String {
    let mut threads: Vec<&Thread> = forum.threads.iter().collect();
    threads.sort_by_key(|thread| std::cmp::Reverse(thread.posts[0].id));
    let entry = |thread: &&Thread| {
        let (id, at, title) = (thread.id, thread.posts[0].at, thread.title);
        let shown = time(forum, at, true, true);
        let shown = ["<strong>", "</strong>", "<b>", "</b>"].iter().fold(shown, |text, tag| text.replace(tag, ""));
        let utc = at.strftime("%a, %d %b %Y %H:%M:%S GMT");
        let body = "<![CDATA[<b>x</b> <br>y]]>";
        if own {
            format!(
                "<article title=\"News\"><time title=\"Date\">{shown}</time><id>{id}</id><subject><![CDATA[{title}]]></subject>\
                 <body>{body}</body><poster><id>7</id></poster><link>http://forum.example/index.php?topic={id}.0</link></article>"
            )
        } else {
            format!(
                "<item><title><![CDATA[{title}]]></title><link>http://forum.example/index.php?topic={id}.0</link>\
                 <description>{body}</description>\
                 <comments>http://forum.example/index.php?action=post;topic={id}.0</comments><pubDate>{utc}</pubDate></item>"
            )
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><x>{}</x>", threads.iter().map(entry).collect::<String>())
}

/// The page at an address, of a board that was upgraded and tells no feed.
pub(crate) fn page(forum: &Forum, url: &Url) -> Option<String> {
    page_of(forum, url, false)
}

/// The page at an address, of a board as it is installed today.
pub(crate) fn page_installed(forum: &Forum, url: &Url) -> Option<String> {
    let own = |text: &str| url.query().is_some_and(|query| query.contains(text));
    if own("action=.xml") { Some(feed(forum, own("type=smf"))) } else { page_of(forum, url, true) }
}

/// The same where guests are shown no clock, as before 2.1.
pub(crate) fn page_without_clock(forum: &Forum, url: &Url) -> Option<String> {
    page_installed(forum, url).map(|page| page.replace("<div id=\"inner_wrap\">", "<div>"))
}

fn page_of(forum: &Forum, url: &Url, installed: bool) -> Option<String> {
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let place = |text: String, size: usize| -> Option<(u32, usize)> {
        let (id, offset) = text.split_once('.')?;
        Some((id.parse().ok()?, offset.parse::<usize>().ok()? / size + 1))
    };
    let inner = match (value("board"), value("topic")) {
        (Some(board), _) => place(board, THREADS).map(|(board, page)| listing(forum, board, page, installed))?,
        (_, Some(topic)) => place(topic, POSTS).and_then(|(id, page)| thread(forum, id, page, installed))?,
        _ if value("action").is_some() => return None,
        _ => (2..BOARDS + 2)
            .map(|b| {
                format!(
                    "<div id=\"board_{b}\" class=\"up_contain\"><div class=\"info\"><a class=\"subject mobile_subject\" \
                     href=\"http://forum.example/index.php?PHPSESSID=abc&amp;board={b}.0\" id=\"b{b}\">B</a></div></div>"
                )
            })
            .collect(),
    };
    let clock = time(forum, forum.now, false, installed);
    Some(format!(
        "<script>var smf_theme_url = \"x\";</script><div id=\"inner_wrap\"><div class=\"user\"><time>{clock}</time></div></div>{inner}"
    ))
}
