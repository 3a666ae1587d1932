//! phpBB 3.2 and 3.3: offsets, a session in every link, and times with or without an attribute.

use jiff::Timestamp;
use url::Url;

use crate::{
    forum::{BOARDS, Forum, POSTS, Post, THREADS, Thread, Tongue, html},
    visit::body,
};

/// A time in the default format of the language pack.
fn text(forum: &Forum, at: Timestamp) -> String {
    let (local, days) = (forum.local(at), forum.days_since(at));
    let months = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];
    let minutes = forum.now.duration_since(at).as_mins();
    match forum.tongue {
        Tongue::English => local.strftime("%a %b %d, %Y %-I:%M %P").to_string(),
        Tongue::Chinese => local.strftime("%Y-%m-%d  %-H:%M").to_string(),
        Tongue::Russian if minutes < 1 => "менее минуты назад".to_owned(),
        Tongue::Russian if minutes < 60 => format!("{minutes} минут назад"),
        Tongue::Russian if days == 0 => local.strftime("Сегодня, %H:%M").to_string(),
        Tongue::Russian if days == 1 => local.strftime("Вчера, %H:%M").to_string(),
        Tongue::Russian => {
            let month = months[local.month() as usize - 1];
            format!("{} {month} {}", local.strftime("%d"), local.strftime("%Y, %H:%M"))
        }
    }
}

fn time(forum: &Forum, at: Timestamp, new: bool) -> String {
    let text = text(forum, at);
    if new { format!("<time datetime=\"{}\">{text}</time>", at.strftime("%Y-%m-%dT%H:%M:%S+00:00")) } else { text }
}

fn pager(page: usize, pages: usize, size: usize, link: &str) -> String {
    if pages == 1 {
        return "&bull; Page <strong>1</strong> of <strong>1</strong>".to_owned();
    }
    let to = |n: usize| if n == 1 { link.to_owned() } else { format!("{link}&amp;start={}", (n - 1) * size) };
    let button = |class: &str, rel: &str, n: usize| {
        format!(
            "<li class=\"arrow {class}\"><a class=\"button button-icon-only\" href=\"{}\" rel=\"{rel}\">x</a></li>",
            to(n)
        )
    };
    let mut out = "<li class=\"page-jump\"><a class=\"button dropdown-trigger\" href=\"#\">Page</a></li>".to_owned();
    out += &if page > 1 { button("previous", "prev", page - 1) } else { String::new() };
    for n in (1..=pages).filter(|n| *n == 1 || *n == pages || n.abs_diff(page) < 3) {
        out += &match n == page {
            true => format!("<li class=\"active\"><span>{n}</span></li>"),
            false => format!("<li><a class=\"button\" href=\"{}\" role=\"button\">{n}</a></li>", to(n)),
        };
    }
    out += &if page < pages { button("next", "next", page + 1) } else { String::new() };
    format!("<ul>{out}</ul>")
}

fn bar(pager: &str) -> String {
    format!("<div class=\"action-bar bar-top\"><div class=\"pagination\">99 posts {pager}</div></div>")
}

fn listing(forum: &Forum, board: u32, page: usize, new: bool) -> String {
    let (threads, pages) = forum.listing(board, page);
    let row = |thread: &&Thread| {
        let (id, title, replies, last) = (thread.id, html(thread.title), thread.replies(), thread.last());
        let (time, by, class) =
            (time(forum, last.at, new), html(last.author), if thread.sticky { "sticky" } else { "" });
        format!(
            "<li class=\"row bg1 {class}\"><dl class=\"row-item topic_read\"><dt title=\"No unread posts\"><div class=\"list-inner\">\
             <a href=\"./viewtopic.php?t={id}&amp;sid=0f3a\" class=\"topictitle\">{title}</a><br />\
             <div class=\"responsive-show\" style=\"display: none;\">Last post by {by} &laquo; <a href=\"#\">{time}</a></div>\
             <div class=\"pagination\"><ul><li><a class=\"button\" href=\"./viewtopic.php?t={id}&amp;start=10\">2</a></li></ul></div>\
             </div></dt><dd class=\"posts\">{replies} <dfn>Replies</dfn></dd><dd class=\"views\">9 <dfn>Views</dfn></dd>\
             <dd class=\"lastpost\"><span><dfn>Last post </dfn>by <a href=\"#\" class=\"username\">{by}</a>\
             <a href=\"./viewtopic.php?p=9#p9\" title=\"Go to last post\"><i class=\"icon\"></i></a><br />{time}</span></dd></dl></li>"
        )
    };
    let rows: String = threads.iter().map(row).collect();
    let pager = bar(&pager(page, pages, THREADS, &format!("./viewforum.php?f={board}&amp;sid=0f3a")));
    format!("{pager}<ul class=\"topiclist topics\">{rows}</ul>{pager}")
}

fn thread(forum: &Forum, id: u32, page: usize, new: bool) -> Option<String> {
    let (thread, posts, pages) = forum.thread(id, page)?;
    let (title, pager) =
        (html(thread.title), bar(&pager(page, pages, POSTS, &format!("./viewtopic.php?t={id}&amp;sid=0f3a"))));
    let post = |post: &Post| {
        let (id, time, author, body) = (post.id, time(forum, post.at, new), html(post.author), html(&body(post.id)));
        format!(
            "<div id=\"p{id}\" class=\"post has-profile bg2\"><div class=\"inner\"><dl class=\"postprofile\"><dt>\
             <a href=\"#\" class=\"username\">{author}</a></dt><dd class=\"profile-joined\"><strong>Joined:</strong> {time}</dd></dl>\
             <div class=\"postbody\"><div id=\"post_content{id}\"><h3><a href=\"#p{id}\">Re: {title}</a></h3><p class=\"author\">\
             <a class=\"unread\" href=\"./viewtopic.php?p={id}&amp;sid=0f3a#p{id}\" title=\"Post\"><i class=\"icon\"></i>\
             <span class=\"sr-only\">Post</span></a><span class=\"responsive-hide\">by <strong><a href=\"#\" class=\"username\">\
             {author}</a></strong> &raquo; </span>{time} </p><div class=\"content\">{body}</div>\
             <div class=\"notice\">Last edited by <a href=\"#\">x</a> on {time}, edited 1 time in total.</div>\
             <div id=\"sig{id}\" class=\"signature\">me</div></div></div></div></div>"
        )
    };
    let posts: String = posts.iter().map(post).collect();
    Some(format!(
        "<h2 class=\"topic-title\"><a href=\"./viewtopic.php?t={id}&amp;sid=0f3a\">{title}</a></h2>{pager}{posts}{pager}"
    ))
}

fn any(forum: &Forum, url: &Url, new: bool) -> Option<String> {
    let number = |name: &str| url.query_pairs().find(|(key, _)| key == name)?.1.parse::<u32>().ok();
    let page = |size: usize| number("start").unwrap_or(0) as usize / size + 1;
    let inner = match url.path() {
        "/" => (2..BOARDS + 2)
            .map(|b| {
                format!(
                    "<li class=\"row\"><dl class=\"row-item forum_read\"><dt><div class=\"list-inner\">\
                     <a href=\"./viewforum.php?f={b}&amp;sid=0f3a\" class=\"forumtitle\">B</a></div></dt></dl></li>"
                )
            })
            .collect(),
        "/viewforum.php" => listing(forum, number("f")?, page(THREADS), new),
        _ => thread(forum, number("t")?, page(POSTS), new)?,
    };
    let offset = forum.local(forum.now).strftime("%:z").to_string();
    Some(format!(
        "<body id=\"phpbb\"><div id=\"page-body\">{inner}</div><div id=\"page-footer\"><ul><li class=\"rightside\">All times are \
         <span title=\"x\">UTC{offset}</span></li></ul></div></body>"
    ))
}

/// A page of phpBB 3.3.
pub(crate) fn page(forum: &Forum, url: &Url) -> Option<String> {
    any(forum, url, true)
}

/// A page of phpBB 3.2, whose times are text alone.
pub(crate) fn page_3_2(forum: &Forum, url: &Url) -> Option<String> {
    any(forum, url, false)
}
