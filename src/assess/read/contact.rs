//! Ways to reach the author: Telegram, Tox, Session, Jabber, mail, QQ and WeChat.

use std::sync::LazyLock;

use regex::Regex;

use super::{Post, Reading, pattern};
use crate::assess::claim::ContactKind;

const ADDRESS: &str = r"[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}";

static CONTACT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        concat!(
            r"(?:(?-u:\b)t\.me/|(?-u:\b)telegram\.me/|(?:(?-u:\b)(?:telegram|tg|tele)(?-u:\b)|телеграмм?|телега|(?:^|\s)тг|電報|电报|飛機|飞机|紙飛機|纸飞机)",
            r"(?:\s*(?:id|號|号))?\s*[:=@-]?\s*@?)(?P<telegram>[a-z][a-z0-9_]{{4,31}})(?-u:\b)",
            r"|(?-u:\b)(?P<tox>[0-9a-f]{{76}})(?-u:\b)",
            r"|(?-u:\b)(?P<session>05[0-9a-f]{{64}})(?-u:\b)",
            r"|(?:(?-u:\b)(?:jabber|xmpp)|джаббер|жаба)\s*[:=-]?\s*(?P<jabber>{address})",
            r"|(?:(?-u:\b)(?:e-?mail|contact(?: me)?(?: at)?|protonmail|write to|reach me at)|聯絡|联系|聯繫|信箱|邮箱|郵箱|почта|пишите(?: на)?)\s*[:=-]?\s*(?P<mail>{address})",
            r"|(?:(?-u:\b)(?:qq|wechat|weixin)(?-u:\b)|微信|v信)\s*[:=号號]?\s*(?P<qq>[a-z0-9_-]{{5,20}})(?-u:\b)",
        ),
        address = ADDRESS
    ))
});

/// Words that follow "telegram" without being a name.
const NOT_A_NAME: [&str; 10] =
    ["channel", "group", "contact", "account", "username", "users", "support", "messenger", "only please", "handle"];

pub(super) fn read(post: &Post<'_>) -> Vec<Reading<ContactKind>> {
    post.readings(&CONTACT, |found| {
        let kinds = [
            ("telegram", ContactKind::Telegram),
            ("tox", ContactKind::Tox),
            ("session", ContactKind::Session),
            ("jabber", ContactKind::Jabber),
            ("mail", ContactKind::Mail),
            ("qq", ContactKind::QqOrWechat),
        ];
        let (kind, name) = kinds.into_iter().find_map(|(group, kind)| Some((kind, found.name(group)?.as_str())))?;
        (!NOT_A_NAME.contains(&name)).then_some(kind)
    })
}
