//! Bases of kinds of sites: file name and text. A site on an unmodified installation needs `extends` and a link.

/// The bases, each read and tried on its fixtures by the tests.
pub(super) const ENGINES: [(&str, &str); 21] = [
    ("discuz.yaml", include_str!("../../../sites/engines/discuz.yaml")),
    ("feed.yaml", include_str!("../../../sites/engines/feed.yaml")),
    ("flarum.yaml", include_str!("../../../sites/engines/flarum.yaml")),
    ("fluxbb.yaml", include_str!("../../../sites/engines/fluxbb.yaml")),
    ("invision.yaml", include_str!("../../../sites/engines/invision.yaml")),
    ("leak-blog.yaml", include_str!("../../../sites/engines/leak-blog.yaml")),
    ("leak-blog-json.yaml", include_str!("../../../sites/engines/leak-blog-json.yaml")),
    ("microbin.yaml", include_str!("../../../sites/engines/microbin.yaml")),
    ("misago.yaml", include_str!("../../../sites/engines/misago.yaml")),
    ("mybb.yaml", include_str!("../../../sites/engines/mybb.yaml")),
    ("pastebin.yaml", include_str!("../../../sites/engines/pastebin.yaml")),
    ("phpbb.yaml", include_str!("../../../sites/engines/phpbb.yaml")),
    ("pinnwand.yaml", include_str!("../../../sites/engines/pinnwand.yaml")),
    ("privatebin.yaml", include_str!("../../../sites/engines/privatebin.yaml")),
    ("smf.yaml", include_str!("../../../sites/engines/smf.yaml")),
    ("stikked.yaml", include_str!("../../../sites/engines/stikked.yaml")),
    ("telegram.yaml", include_str!("../../../sites/engines/telegram.yaml")),
    ("vbulletin4.yaml", include_str!("../../../sites/engines/vbulletin4.yaml")),
    ("vbulletin5.yaml", include_str!("../../../sites/engines/vbulletin5.yaml")),
    ("wordpress.yaml", include_str!("../../../sites/engines/wordpress.yaml")),
    ("xenforo.yaml", include_str!("../../../sites/engines/xenforo.yaml")),
];
