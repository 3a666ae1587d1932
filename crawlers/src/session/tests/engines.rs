//! The bases of engines say where their login is, so that a site's own file need only name its credentials.

use crate::definition::{Library, SessionMethod};

#[test]
fn a_base_is_read_as_a_guest_and_as_a_member_where_a_site_asks_for_it() {
    let with_login =
        ["discuz", "fluxbb", "invision", "mybb", "phpbb", "smf", "spirit", "vbulletin4", "wordpress", "xenforo"];
    let library = Library::shipped();
    for engine in with_login {
        assert!(library.get(engine).unwrap().session.is_none(), "{engine}");
        let site = format!(
            "schema: 1\nid: a\nname: A\nextends: {engine}\nlinks: [\"http://a.example/\"]\n\
             session: {{ method: form, credentials: forum-a }}\n"
        );
        let session = library.parse(&site, "a.yaml").unwrap_or_else(|error| panic!("{error}")).session.unwrap();
        assert_eq!(session.credentials.as_deref(), Some("forum-a"));
        assert!(matches!(session.method, SessionMethod::Form(form) if !form.path.is_empty()), "{engine}");
    }
}

#[test]
fn where_a_script_logs_in_the_base_says_what_it_sends() {
    let library = Library::shipped();
    for engine in ["flarum", "misago", "vbulletin5"] {
        assert!(library.get(engine).unwrap().session.is_none(), "{engine}");
        let site = format!(
            "schema: 1\nid: a\nname: A\nextends: {engine}\nlinks: [\"http://a.example/\"]\n\
             session: {{ method: script, credentials: forum-a }}\n"
        );
        let session = library.parse(&site, "a.yaml").unwrap_or_else(|error| panic!("{error}")).session.unwrap();
        assert!(matches!(session.method, SessionMethod::Script(script) if !script.post.is_empty()), "{engine}");
    }
}
