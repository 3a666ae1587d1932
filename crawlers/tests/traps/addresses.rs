//! The same page under new addresses.

use crate::forum::Skin::{Mybb, Phpbb, Spirit};
use crate::trap::{Trap, links};

fn and(to: &str, more: &str) -> String {
    format!("{to}{}{more}", if to.contains('?') { '&' } else { '?' })
}

pub(crate) fn all() -> Vec<Trap> {
    vec![
        links("session id that the engine is known for", Phpbb, |to, n| and(to, &format!("sid={n}"))),
        links("session id of PHP", Mybb, |to, n| and(to, &format!("PHPSESSID={n}"))),
        links("session id of Java in the path", Phpbb, |to, n| {
            let (path, query) = to.split_once('?').unwrap();
            format!("{path};jsessionid={n:X}?{query}")
        }),
        links("random parameter", Phpbb, |to, n| and(to, &format!("rnd={n}"))),
        links("random parameter of a forum without any", Spirit, |to, n| and(to, &format!("t={n}"))),
        links("session folder in the path", Mybb, |to, n| format!("/s/{n}{to}")),
        links("campaign in every link", Spirit, |to, n| and(to, &format!("utm_source=x&utm_content={n}"))),
        links("order of the query", Phpbb, |to, n| {
            let (path, query) = to.split_once('?').unwrap();
            if n % 2 == 0 { format!("{path}?x=1&{query}") } else { format!("{path}?{query}&x=1") }
        }),
        links("fragments", Mybb, |to, n| format!("{to}#pid{n}")),
        links("trailing slashes", Spirit, |to, n| {
            let (path, query) = to.split_once('?').unwrap_or((to, ""));
            let query = if query.is_empty() { String::new() } else { format!("?{query}") };
            format!("{}{}{query}", path.trim_end_matches('/'), "/".repeat(n % 4))
        }),
        links("capital letters", Mybb, |to, n| {
            let (path, query) = to.split_once('?').unwrap();
            let case = |(at, c): (usize, char)| if n >> (at % 8) & 1 == 1 { c.to_ascii_uppercase() } else { c };
            format!("{}?{query}", path.chars().enumerate().map(case).collect::<String>())
        }),
        links("dot segments", Phpbb, |to, n| format!("/{}/./../{}", n, to.trim_start_matches('/'))),
        links("escapes that need not be", Phpbb, |to, n| match n % 3 {
            0 => to.replacen('v', "%76", 1),
            1 => to.replacen('i', "%69", 1),
            _ => to.replacen(".php", "%2Ephp", 1),
        }),
        links("sort orders", Mybb, |to, n| and(to, &format!("sortby=s{}&order=o{}", n % 5, n % 2))),
    ]
}
