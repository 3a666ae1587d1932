//! MyBB 1.8: times told from now or by day, with the date in a title, and a clock at the foot.

use jiff::Timestamp;
use url::Url;

use crate::{
    forum::{BOARDS, Forum, Post, Thread, Tongue, html},
    visit::body,
};

fn time(forum: &Forum, at: Timestamp) -> String {
    let local = forum.local(at);
    let (date, clock) = (local.strftime("%m-%d-%Y").to_string(), local.strftime("%I:%M %p").to_string());
    let minutes = forum.now.duration_since(at).as_mins();
    let words = match forum.tongue {
        Tongue::English => ["minutes ago", "hours ago", "Today", "Yesterday"],
        Tongue::Chinese => ["分钟前", "小时前", "今天", "昨天"],
        Tongue::Russian => ["минут назад", "часов назад", "Сегодня", "Вчера"],
    };
    match (minutes, forum.days_since(at)) {
        (..60, _) => format!("<span title=\"{date}, {clock}\">{minutes} {}</span>", words[0]),
        (..720, _) => format!("<span title=\"{date}, {clock}\">{} {}</span>", minutes / 60, words[1]),
        (_, 0) => format!("<span title=\"{date}\">{}</span>, {clock}", words[2]),
        (_, 1) => format!("<span title=\"{date}\">{}</span>, {clock}", words[3]),
        _ => format!("{date}, {clock}"),
    }
}

fn pager(page: usize, pages: usize, link: &str) -> String {
    if pages == 1 {
        return String::new();
    }
    let to = |n: usize| if n == 1 { link.to_owned() } else { format!("{link}&amp;page={n}") };
    let a = |class: &str, n: usize| format!("<a href=\"{}\" class=\"pagination_{class}\">{n}</a>\n", to(n));
    let (from, last) = (page.saturating_sub(2).max(1), (page + 2).max(5).min(pages));
    let mut out = format!("<span class=\"pages\">Pages ({pages}):</span>\n");
    out += &if page > 1 { a("previous", page - 1) } else { String::new() };
    out += &if from > 1 { a("first", 1) + "..." } else { String::new() };
    for n in from..=last {
        out += &if n == page { format!("<span class=\"pagination_current\">{n}</span>\n") } else { a("page", n) };
    }
    out += &if last < pages { "... ".to_owned() + &a("last", pages) } else { String::new() };
    out += &if page < pages { a("next", page + 1) } else { String::new() };
    format!("<div class=\"pagination\">{out}</div>")
}

fn listing(forum: &Forum, board: u32, page: usize) -> String {
    let (threads, pages) = forum.listing(board, page);
    let pager = pager(page, pages, &format!("forumdisplay.php?fid={board}"));
    let row = |thread: &&Thread| {
        let (id, title, replies, last) = (thread.id, html(thread.title), thread.replies(), thread.last());
        let (time, by) = (time(forum, last.at), html(last.author));
        format!(
            "<tr class=\"inline_row\"><td class=\"trow1\"><span class=\"thread_status folder\" title=\"x\">&nbsp;</span></td>\
             <td class=\"trow1\"></td><td class=\"trow1\"><div><span> <span class=\" subject_old\" id=\"tid_{id}\">\
             <a href=\"showthread.php?tid={id}\">{title}</a></span> <span class=\"smalltext\">(Pages: \
             <a href=\"showthread.php?tid={id}\">1</a> <a href=\"showthread.php?tid={id}&amp;page=2\">2</a> )</span></span>\
             <div class=\"author smalltext\"><a href=\"#\">x</a></div></div></td><td class=\"trow1\">\
             <a href=\"javascript:MyBB.whoPosted({id});\">{replies}</a></td><td class=\"trow1\">99</td><td class=\"trow1\">\
             <span class=\"lastpost smalltext\">{time}<br />\n<a href=\"showthread.php?tid={id}&amp;action=lastpost\">Last Post</a>: \
             <a href=\"#\">{by}</a></span></td></tr>"
        )
    };
    let rows: String = threads.iter().map(row).collect();
    format!(
        "{pager}<table class=\"tborder clear\"><tr><td class=\"tcat\"><a href=\"forumdisplay.php?fid={board}&amp;sortby=subject\">\
         Thread</a></td></tr>{rows}</table>{pager}"
    )
}

fn thread(forum: &Forum, id: u32, page: usize) -> Option<String> {
    let (thread, posts, pages) = forum.thread(id, page)?;
    let (title, pager) = (html(thread.title), pager(page, pages, &format!("showthread.php?tid={id}")));
    let post = |post: &Post| {
        let (pid, time, author, body) = (post.id, time(forum, post.at), html(post.author), html(&body(post.id)));
        format!(
            "<a name=\"pid{pid}\" id=\"pid{pid}\"></a><div class=\"post \" style=\"\" id=\"post_{pid}\"><div class=\"post_author\">\
             <div class=\"author_information\"><strong><span class=\"largetext\"><a href=\"#\"><span style=\"color: green;\">\
             <em>{author}</em></span></a></span></strong> <br /><span class=\"smalltext\">Junior Member</span></div>\
             <div class=\"author_statistics\">Posts: 9</div></div><div class=\"post_content\"><div class=\"post_head\">\
             <div class=\"float_right\"><strong><a href=\"showthread.php?tid={id}&amp;pid={pid}#pid{pid}\">#1</a></strong></div>\
             <span class=\"post_date\">{time} <span class=\"post_edit\" id=\"edited_by_{pid}\"><span class=\"edited_post\">\
             (This post was last modified: {time} by <a href=\"#\">x</a>.)</span></span></span></div>\
             <div class=\"post_body scaleimages\" id=\"pid_{pid}\">{body}</div><div class=\"signature scaleimages\">me</div>\
             <div class=\"post_meta\" id=\"post_meta_{pid}\"></div></div><div class=\"post_controls\"></div></div>"
        )
    };
    let posts: String = posts.iter().map(post).collect();
    Some(format!(
        "{pager}<table class=\"tborder tfixed clear\"><tr><td class=\"thead\"><div class=\"float_right\"><span class=\"smalltext\">\
         <strong><a href=\"#\">Thread Modes</a></strong></span></div><div><strong>{title}</strong></div></td></tr><tr>\
         <td id=\"posts_container\"><div id=\"posts\">{posts}</div></td></tr></table>{pager}"
    ))
}

/// The page at an address.
pub(crate) fn page(forum: &Forum, url: &Url) -> Option<String> {
    let number = |name: &str| url.query_pairs().find(|(key, _)| key == name)?.1.parse::<u32>().ok();
    let page = number("page").unwrap_or(1) as usize;
    let inner = match url.path() {
        "/" => (2..BOARDS + 2)
            .map(|b| {
                format!(
                    "<table><tr><td class=\"trow1\"><span class=\"forum_status forum_off\"></span></td><td class=\"trow1\"><strong>\
                     <a href=\"forumdisplay.php?fid={b}\">B</a></strong><div class=\"smalltext\">about</div></td></tr></table>"
                )
            })
            .collect(),
        "/forumdisplay.php" => listing(forum, number("fid")?, page),
        _ => thread(forum, number("tid")?, page)?,
    };
    let clock = forum.local(forum.now).strftime("%m-%d-%Y, %I:%M %p").to_string();
    Some(format!(
        "<div id=\"content\">{inner}</div><div id=\"footer\"><div class=\"upper\"></div><div class=\"lower\">\
         <span id=\"current_time\"><strong>Current time:</strong> {clock}</span>Powered By <a href=\"#\">MyBB</a></div></div>"
    ))
}
