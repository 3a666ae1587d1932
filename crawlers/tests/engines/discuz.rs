//! Discuz! X3: times told from now with the full one in a title, and what a moved thread leaves behind.

use jiff::Timestamp;
use url::Url;

use crate::{
    forum::{BOARDS, Forum, Post, Thread, html},
    visit::body,
};

fn time(forum: &Forum, at: Timestamp, seconds: bool) -> String {
    let local = forum.local(at);
    let full = local.strftime(if seconds { "%Y-%-m-%-d %H:%M:%S" } else { "%Y-%-m-%-d %H:%M" }).to_string();
    let minutes = forum.now.duration_since(at).as_mins();
    let shown = match (minutes, forum.days_since(at)) {
        (..1, _) => "刚刚".to_owned(),
        (..30, _) => format!("{minutes}&nbsp;分钟前"),
        (..60, _) => "半小时前".to_owned(),
        (_, 0) => format!("{}&nbsp;小时前", minutes / 60),
        (_, 1) => format!("昨天&nbsp;{}", local.strftime("%H:%M")),
        (_, 2) => format!("前天&nbsp;{}", local.strftime("%H:%M")),
        (_, days @ 3..8) => format!("{days}&nbsp;天前"),
        _ => return full,
    };
    format!("<span title=\"{full}\">{shown}</span>")
}

fn pager(page: usize, pages: usize, link: &str) -> String {
    if pages == 1 {
        return String::new();
    }
    let a = |class: &str, n: usize| format!("<a href=\"{link}&amp;page={n}\" class=\"{class}\">{n}</a>");
    let mut out = if page > 1 { a("prev", page - 1) } else { String::new() };
    for n in (1..=pages).filter(|n| *n == 1 || *n == pages || n.abs_diff(page) < 5) {
        out += &if n == page { format!("<strong>{n}</strong>") } else { a(if n == pages { "last" } else { "" }, n) };
    }
    out += &format!(
        "<label><input type=\"text\" name=\"custompage\" value=\"{page}\" /><span> / {pages} 页</span></label>"
    );
    out += &if page < pages { a("nxt", page + 1) } else { String::new() };
    format!("<div class=\"pg\">{out}</div>")
}

fn row(forum: &Forum, thread: &Thread, moved: bool) -> String {
    let (id, title, last) = (thread.id, html(thread.title), thread.last());
    let (time, by) = (time(forum, last.at, false), html(last.author));
    let kind = if thread.sticky { "stickthread" } else { "normalthread" };
    // The row of a moved thread has an id of its own, and no counts.
    let (row, replies, word) =
        if moved { (id + 5_000, "-".to_owned(), "移动:") } else { (id, thread.replies().to_string(), "") };
    format!(
        "<tbody id=\"{kind}_{row}\"><tr><td class=\"icn\"><a href=\"forum.php?mod=viewthread&amp;tid={id}&amp;extra=page%3D1\"></a></td>\
         <th class=\"common\">{word} <a href=\"forum.php?mod=viewthread&amp;tid={id}&amp;extra=page%3D1\" onclick=\"atarget(this)\" \
         class=\"s xst\">{title}</a><span class=\"tps\">&nbsp;...<a href=\"forum.php?mod=viewthread&amp;tid={id}&amp;page=2\">2</a></span>\
         </th><td class=\"by\"><cite><a href=\"#\">x</a></cite><em><span>2026-1-1</span></em></td><td class=\"num\">\
         <a href=\"forum.php?mod=viewthread&amp;tid={id}\" class=\"xi2\">{replies}</a><em>99</em></td><td class=\"by\"><cite>\
         <a href=\"#\">{by}</a></cite><em><a href=\"forum.php?mod=redirect&amp;tid={id}&amp;goto=lastpost#lastpost\">{time}</a></em>\
         </td></tr></tbody>"
    )
}

fn listing(forum: &Forum, board: u32, page: usize) -> String {
    let (threads, pages) = forum.listing(board, page);
    let pager = pager(page, pages, &format!("forum.php?mod=forumdisplay&amp;fid={board}"));
    let mut rows: String = threads.iter().map(|thread| row(forum, thread, false)).collect();
    // A thread of the next board once stood here.
    if let (1, Some(thread)) = (page, forum.threads.iter().find(|thread| thread.board == board + 1 && !thread.sticky)) {
        rows += &row(forum, thread, true);
    }
    format!("<div id=\"threadlist\">{pager}<table id=\"threadlisttableid\">{rows}</table>{pager}</div>")
}

fn thread(forum: &Forum, id: u32, page: usize) -> Option<String> {
    let (thread, posts, pages) = forum.thread(id, page)?;
    let (title, pager) = (html(thread.title), pager(page, pages, &format!("forum.php?mod=viewthread&amp;tid={id}")));
    let post = |post: &Post| {
        let (pid, time, author, body) = (post.id, time(forum, post.at, true), html(post.author), html(&body(post.id)));
        format!(
            "<div id=\"post_{pid}\" ><table id=\"pid{pid}\" class=\"plhin\"><tr><td class=\"pls\" rowspan=\"2\"><div class=\"pls favatar\">\
             <div class=\"pi\"><div class=\"authi\"><a href=\"home.php?mod=space&amp;uid=2\" class=\"xw1\">{author}</a></div></div>\
             <div class=\"p_pop\"><strong><a href=\"home.php?mod=space&amp;uid=2\" class=\"xi2\">{author}</a></strong></div></div></td>\
             <td class=\"plc\"><div class=\"pi\"><strong><a href=\"forum.php?mod=redirect&amp;goto=findpost&amp;ptid={id}&amp;pid={pid}\" \
             id=\"postnum{pid}\"><em>1</em><sup>#</sup></a></strong><div class=\"pti\"><div class=\"authi\">\
             <em id=\"authorposton{pid}\">发表于 {time}</em><span class=\"pipe\">|</span><a href=\"#\">只看该作者</a></div></div></div>\
             <div class=\"pct\"><div class=\"pcb\"><div class=\"t_fsz\"><table><tr><td class=\"t_f\" id=\"postmessage_{pid}\">\
             <i class=\"pstatus\"> 本帖最后由 x 于 {time} 编辑 </i><br />\n{body}</td></tr></table></div></div></div></td></tr>\
             <tr><td class=\"plc plm\"><div class=\"sign\">me</div></td></tr></table></div>"
        )
    };
    let posts: String = posts.iter().map(post).collect();
    Some(format!(
        "<div id=\"pgt\">{pager}</div><div id=\"postlist\"><span id=\"thread_subject\">{title}</span>{posts}</div>{pager}"
    ))
}

/// The page at an address.
pub(crate) fn page(forum: &Forum, url: &Url) -> Option<String> {
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let number = |name: &str| value(name)?.parse::<u32>().ok();
    let page = number("page").unwrap_or(1) as usize;
    let inner = match value("mod").as_deref() {
        Some("forumdisplay") => listing(forum, number("fid")?, page),
        Some("viewthread") => thread(forum, number("tid")?, page)?,
        _ => (2..BOARDS + 2)
            .map(|b| format!("<table class=\"fl_tb\"><tr><td><h2><a href=\"forum.php?mod=forumdisplay&amp;fid={b}\">B</a></h2></td></tr></table>"))
            .collect(),
    };
    let clock = forum.local(forum.now).strftime("%Y-%-m-%-d %H:%M").to_string();
    Some(format!(
        "<meta name=\"generator\" content=\"Discuz! X3.4\" /><body id=\"nv_forum\">{inner}<div id=\"ft\"><p class=\"xs0\">GMT+8, {clock}\
         </p></div></body>"
    ))
}
