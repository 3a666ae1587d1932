//! Pages as the engines write them, as far as their definitions look.

use crate::forum::{Page, Skin, What};

/// Writes a page.
pub(crate) fn html(skin: Skin, what: What, page: &Page) -> String {
    let body = match skin {
        Skin::Phpbb => phpbb(what, page),
        Skin::Mybb => mybb(what, page),
        Skin::Spirit => spirit(what, page),
    };
    format!("<!DOCTYPE html><html>{body}{}</html>", page.more)
}

fn each<T>(items: &[T], write: impl Fn(&T) -> String) -> String {
    items.iter().map(write).collect()
}

fn phpbb(what: What, page: &Page) -> String {
    let boards = each(&page.boards, |to| format!("<dl><dt><a class=forumtitle href='{to}'>B</a></dt></dl>"));
    let next = page.next.as_ref().map(|to| format!("<li class=next><a href='{to}'>next</a></li>")).unwrap_or_default();
    let pager = format!("<div class=action-bar><div class=pagination><ul>{next}</ul></div></div>");
    let rows = match what {
        What::Thread(id, _) => {
            let posts = each(&page.posts, |id| {
                format!(
                    "<div class=post id=p{id}><div class=postbody><p class=author><strong>u</strong> » \
                     <time datetime='2026-07-20T07:08:33+00:00'>t</time></p><div class=content>text {id}</div></div></div>"
                )
            });
            format!("<h2 class=topic-title><a href='/viewtopic.php?t={id}'>T{id}</a></h2>{posts}")
        }
        _ => {
            let rows = each(&page.threads, |(id, to, replies)| {
                format!(
                    "<li class=row><dl><dt><a class=topictitle href='{to}'>T{id}</a></dt><dd class=posts>{replies}</dd>\
                     <dd class=lastpost><time datetime='2026-07-20T07:08:33+00:00'>t</time></dd></dl></li>"
                )
            });
            format!("<ul class='topiclist topics'>{rows}</ul>")
        }
    };
    let empty = if page.empty { "<div class=panel><div class=inner><strong>none</strong></div></div>" } else { "" };
    format!("<body id=phpbb><div id=page-body>{boards}{pager}{rows}{empty}</div></body>")
}

fn mybb(what: What, page: &Page) -> String {
    let boards = each(&page.boards, |to| {
        format!(
            "<table><tr><td><span class=forum_status></span></td><td><strong><a href='{to}'>B</a></strong></td></tr></table>"
        )
    });
    let next =
        page.next.as_ref().map(|to| format!("<a class=pagination_next href='{to}'>next</a>")).unwrap_or_default();
    let pager = format!("<div class=pagination>{next}</div>");
    let rows = match what {
        What::Thread(id, _) => {
            let posts = each(&page.posts, |id| {
                format!(
                    "<div class=post id=post_{id}><div class=author_information><strong><span class=largetext>u</span></strong>\
                     </div><div class=post_content><div class=post_head><span class=post_date>07-20-2026, 07:08 AM</span></div>\
                     <div class=post_body>text {id}</div></div></div>"
                )
            });
            let head = format!("<tr><td class=thead><div><strong>T{id}</strong></div></td></tr>");
            format!("<table>{head}<tr><td id=posts_container>{posts}</td></tr></table>")
        }
        _ => {
            let rows = each(&page.threads, |(id, to, replies)| {
                format!(
                    "<tr class=inline_row><td><span id=tid_{id}><a href='{to}'>T{id}</a></span></td>\
                     <td><a href='#' onclick='MyBB.whoPosted({id})'>{replies}</a></td></tr>"
                )
            });
            let none = if page.empty { "<tr><td class=trow1 colspan=7>none</td></tr>" } else { "" };
            format!("<table><tr><td><a href='?sortby=x'>s</a></td></tr>{rows}{none}</table>")
        }
    };
    format!("<body><div id=content>{boards}{pager}{rows}</div><div id=footer><div class=upper></div></div></body>")
}

fn spirit(what: What, page: &Page) -> String {
    let boards = each(&page.boards, |to| format!("<a class=menu_list__link href='{to}'>B</a>"));
    let next = page.next.as_ref().map(|to| format!("<li><a href='{to}'><i class=fa-chevron-right></i></a></li>"));
    let pager = format!("<ul class=paginator>{}</ul>", next.unwrap_or_default());
    let rows = match what {
        What::Thread(id, _) => {
            let posts = each(&page.posts, |id| {
                format!(
                    "<div class='comments_list__item comments_list__comment js-comment' id=c{id} data-pk={id}>\
                     <div class=comment__info__username><a class=comment__info__username__link><span>u</span></a></div>\
                     <ul class=comment__info__date><li title='July 20, 2026, 7:08 a.m.'>x</li></ul>\
                     <div class=comment__text>text {id}</div></div>"
                )
            });
            format!("<h1 class=headline>T{id}</h1><div class=comments_list>{posts}</div>")
        }
        _ => {
            let rows = each(&page.threads, |(id, to, replies)| {
                format!(
                    "<div class=layout__topics__topic><a class=topic__link href='{to}'>T{id}</a>\
                     <div class=topic__comments>{replies}</div><div class=topic__date title='July 20, 2026, 7:08 a.m.'></div></div>"
                )
            });
            let none = if page.threads.is_empty() { "<p>none</p>" } else { "" };
            format!("<div class=layout__topics>{rows}{none}</div>")
        }
    };
    format!("<body><div class=spirit><div class=layout>{boards}{rows}{pager}</div></div></body>")
}
