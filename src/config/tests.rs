//! What is refused and how it is said, and that the reference tells of every key.

use super::*;

fn said(text: &str) -> String {
    Config::parse(text, "n.toml", Path::new("")).unwrap_err().to_string()
}

#[test]
fn wrong_files_are_refused_with_place_and_expectation() {
    let table = [
        ("[web]\nlisten = \"nowhere\"", "n.toml:2:10: web.listen: an IP address with a port is expected"),
        ("[web]\nlisen = \"127.0.0.1:1\"", "n.toml:2:1: web.lisen: unknown key `lisen`, expected one of `listen`"),
        ("\n[wbe]\na = 1\nb = 2", "n.toml:2:2: wbe.a: unknown key `wbe`, expected one of `data_dir`"),
        ("data_dir = \"a\"\ndata_dir = \"b\"", "n.toml:2:1: duplicate key"),
        ("data_dir = ", "n.toml:1:12: string values must be quoted"),
        ("data_dir = \"\"", "n.toml:1:12: data_dir: the path of a folder is expected"),
        ("[web]\nsession_hours = 0", "n.toml:2:17: web.session_hours: 0 is out of range; 1 to 720 is expected"),
        (
            "[web]\nsecure_cookies = \"yes\"",
            "n.toml:2:18: web.secure_cookies: invalid type: string \"yes\", expected a boolean",
        ),
        ("[net]\ntimeout = \"soon\"", "n.toml:2:11: net.timeout: a length of time such as \"90s\""),
        ("[net]\ntimeout = 90", "n.toml:2:11: net.timeout: invalid type: integer `90`, expected a string"),
        ("[net]\nmax_body = \"4MB\"", "n.toml:2:12: net.max_body: a size such as"),
        ("[net]\nallow_private = [\"10.0.0.0/33\"]", "n.toml:2:17: net.allow_private: \"10.0.0.0/33\" is no network"),
        ("[net]\ntimeout = \"30s\"", "n.toml: net.connect_timeout: 1m is out of range; 1s to 30s is expected"),
        (
            "[store]\nurl = \"mysql://db\"",
            "n.toml:2:7: store.url: \"sqlite:PATH\" or \"postgres://user@host/database\" is expected",
        ),
        ("[store]\npassword_file = \"p\"", "n.toml:2:17: store.password_file: SQLite takes no password"),
        ("[[source]]\nenabled = true", "n.toml:1:1: source[0]: missing key `definition`"),
        (
            "[[source]]\ndefinition = \"a\"\n[[source]]\ndefinition = \"a\"",
            "n.toml:4:14: source[1].definition: the same definition",
        ),
        ("[[source]]\ndefinition = \"a\"\nmax_pages = 0", "n.toml:3:13: source[0].max_pages: 0 is out of range"),
        (
            "[[folder]]\nid = \"Drop box\"\npath = \"a\"",
            "n.toml:2:6: folder[0].id: lower-case letters, digits and dashes are expected",
        ),
        (
            "[[folder]]\nid = \"a\"\npath = \"x\"\n[[folder]]\nid = \"b\"\npath = \"./x/\"",
            "n.toml:6:8: folder[1].path: the same folder is given twice",
        ),
        (
            "[[source]]\ndefinition = \"a\"\n[[folder]]\nid = \"a\"\npath = \"x\"",
            "n.toml:4:6: folder[0].id: a source has this id",
        ),
        ("[[folder]]\nid = \"a\"\npath = \"x\"\ntlp = \"pink\"", "n.toml:4:7: folder[0].tlp: one of clear, green"),
        ("[[folder]]\nid = \"a\"\npath = \"x\"\nmax_file = \"1GiB\"", "n.toml:4:12: folder[0].max_file: 1GiB is out"),
        ("[index]\nmemory = \"1MiB\"", "n.toml:2:10: index.memory: 1MiB is out of range; 16MiB to 3GiB is expected"),
        ("[alerts]\nreviewers = [\"nobody\"]", "n.toml:2:13: alerts.reviewers: \"nobody\" is none; a mail address"),
        (
            "[alerts]\nreviewer_webhook = \"https://a.example/\"",
            "n.toml:2:20: alerts.reviewer_webhook: a webhook is always signed",
        ),
        ("[mail]\nuser = \"n\"", "n.toml:2:8: mail.user: a user needs a password"),
        ("[mail]\nhost = \"a\"\nfolder = \"b\"", "n.toml:3:10: mail.folder: mail.host is set too"),
        ("[crawl]\nworkers = -1", "n.toml:2:11: crawl.workers: invalid value: integer `-1`, expected a whole number"),
        (
            "[mail]\nport = 70000",
            "n.toml:2:8: mail.port: invalid value: integer `70000`, expected a whole number from 0 to 65535",
        ),
        ("[log]\nformat = \"xml\"", "n.toml:2:10: log.format: unknown variant `xml`, expected `text` or `json`"),
        ("[log]\nfilter = \"info,=x=\"", "n.toml:2:10: log.filter: "),
    ];
    for (text, expected) in table {
        let said = said(text);
        assert!(said.starts_with(expected), "{text}\n{said}");
    }
}

#[test]
fn all_that_is_wrong_is_said_at_once_with_its_line() {
    let said = said("[web]\nlisten = 1\nsession_hours = \"x\"\n[log]\nfromat = \"text\"");
    assert_eq!(said.lines().filter(|line| line.starts_with("n.toml:")).count(), 3, "{said}");
    assert!(said.contains("\n  2 | listen = 1\n    |          ^\n"), "{said}");
    let said = self::said("[web]\nsession_hours = 0\n[crawl]\nworkers = 0\n[index]\nmemory = \"0B\"");
    assert_eq!(said.lines().filter(|line| line.starts_with("n.toml:")).count(), 3, "{said}");
}

#[test]
fn secrets_are_not_repeated() {
    for text in [
        "[mail]\npassword = \"hunter2\"",
        "[store]\npassword_file = \"a\"\nurl = \"postgres://u:hunter2@db/n\"",
        "[store]\nurl = \"mysql://u:hunter2@db/n\"",
    ] {
        let said = said(text);
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn files_are_read_and_their_paths_count_from_their_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("n.toml");
    std::fs::write(
        &path,
        "data_dir = \"data\"\n[[source]]\ndefinition = \"a.yaml\"\n[[source]]\ndefinition = \"spirit\"",
    )
    .unwrap();
    let config = Config::load(Some(&path)).unwrap();
    assert_eq!(config.data_dir, folder.path().join("data"));
    assert_eq!(config.sources[0].file(), Some(folder.path().join("a.yaml")));
    assert_eq!((config.sources[1].definition.as_str(), config.sources[1].file()), ("spirit", None));
    assert_eq!(config.store.url, Some(format!("sqlite:{}", folder.path().join("data/nightheron.db").display())));

    std::fs::write(&path, b"data_dir = \"a\"\n[web]\n  \xa4\xa4").unwrap();
    let said = Config::load(Some(&path)).unwrap_err().to_string();
    assert!(said.contains("n.toml:3:3: a byte here is not UTF-8"), "{said}");
    let said = Config::load(Some(&folder.path().join("none.toml"))).unwrap_err().to_string();
    assert!(said.contains("cannot read the configuration") && said.contains("none.toml"), "{said}");
}

#[test]
fn the_reference_gives_the_defaults() {
    assert_eq!(Config::checked(REFERENCE).unwrap(), Config::default());
}

/// The keys a table takes, as its own refusal of another key names them.
fn keys(head: &str) -> Vec<String> {
    let error = toml::from_str::<Config>(&format!("{head}\nno_such_key = 1")).unwrap_err();
    let (_, expected) = error.message().split_once("expected ").unwrap();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_reference_comments_every_key() {
    // A key without a default stands behind `#` without a space; text behind `# `.
    let written: Vec<&str> =
        REFERENCE.lines().map(|line| line.strip_prefix('#').filter(|l| !l.starts_with(' ')).unwrap_or(line)).collect();
    let table: toml::Table = written.join("\n").parse().unwrap();
    let mut seen = 0;
    for top in keys("") {
        let value = table.get(&top).unwrap_or_else(|| panic!("{top} is missing"));
        let (head, inner) = match value {
            toml::Value::Table(inner) => (format!("[{top}]"), inner),
            toml::Value::Array(items) => (format!("[[{top}]]"), items[0].as_table().unwrap()),
            _ => continue,
        };
        for key in keys(&head) {
            assert!(inner.contains_key(&key), "{top}.{key} is missing");
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
    for pair in REFERENCE.lines().collect::<Vec<_>>().windows(2) {
        let is_key = pair[1].trim_start_matches('#').split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        assert!(!is_key || pair[0].starts_with("# "), "{} has no comment", pair[1]);
    }
}
