//! Tests of `nightheron term match`.

use super::*;

const TERMS: &str = "kind,text\nkeyword,ADATA\nkeyword,台積電\ndomain,example.com\n";

struct Run {
    code: ExitCode,
    lines: Vec<String>,
}

/// Runs the command over a folder with `files`, whose names are the first of each pair; the text of
/// standard input is `input`.
fn run(json: bool, files: &[(&str, &[u8])], names: &[&str], input: &[u8]) -> anyhow::Result<Run> {
    let folder = tempfile::tempdir().expect("folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("file");
    }
    let place = |name: &&str| if *name == "-" { PathBuf::from("-") } else { folder.path().join(name) };
    let files = names.iter().map(place).collect();
    let args = Args { terms: folder.path().join(terms_of(&folder)), json, files };
    let mut out = Vec::new();
    let code = args.search(input, &mut out)?;
    let folder = format!("{}/", folder.path().display());
    let lines = String::from_utf8(out).expect("text").lines().map(|line| line.replace(&folder, "")).collect();
    Ok(Run { code, lines })
}

/// The file of terms in the folder.
fn terms_of(folder: &tempfile::TempDir) -> &'static str {
    let names = ["terms.csv", "terms.toml", "terms.txt"];
    names.into_iter().find(|name| folder.path().join(name).exists()).unwrap_or("terms.csv")
}

#[test]
fn json_has_a_line_for_each_hit_with_bytes_of_the_original() {
    let text = "售\u{ff21}DATA與 www[.]example[.]com\n".as_bytes();
    let dirty = b"\xff\xfeADATA \x1b[31m";
    let files = [("terms.csv", TERMS.as_bytes()), ("a.txt", text), ("b.bin", dirty)];
    let ran = run(true, &files, &["a.txt", "b.bin"], b"").expect("run");
    assert_eq!(
        ran.lines,
        [
            r#"{"file":"a.txt","term":"ADATA","kind":"keyword","start":3,"end":10,"matched":"ＡDATA","confidence":"high"}"#,
            r#"{"file":"a.txt","term":"example.com","kind":"domain","start":14,"end":33,"matched":"www[.]example[.]com","confidence":"high"}"#,
            r#"{"file":"b.bin","term":"ADATA","kind":"keyword","start":2,"end":7,"matched":"ADATA","confidence":"high"}"#,
        ]
    );
    assert_eq!(ran.code, ExitCode::SUCCESS);
}

#[test]
fn standard_input_is_read_by_itself_and_among_files() {
    let files = [("terms.csv", TERMS.as_bytes()), ("a.txt", &b"no term"[..])];
    let text = "台\x1b\u{202e}積電 4d4t4".as_bytes();
    let expected = [
        "-:0-13\tkeyword\t台積電\t台\u{fffd}\u{fffd}積電\thigh (folded)",
        "-:14-19\tkeyword\tADATA\t4d4t4\tlow (look_alike)",
    ];
    for names in [&[][..], &["-"], &["a.txt", "-"]] {
        let ran = run(false, &files, names, text).expect("run");
        assert_eq!(ran.lines, expected);
        assert_eq!(ran.code, ExitCode::SUCCESS);
    }
}

#[test]
fn a_long_stream_gives_every_hit_once() {
    let mut text = vec![b'.'; 5 << 20];
    let places: Vec<usize> = (1..48).map(|step| step * 110_001).collect();
    for &place in &places {
        text[place..place + 7].copy_from_slice(b" ADATA ");
    }
    let ran = run(true, &[("terms.csv", TERMS.as_bytes())], &[], &text).expect("run");
    let starts: Vec<u64> = ran.lines.iter().map(|line| start(line)).collect();
    assert_eq!(starts, places.iter().map(|place| *place as u64 + 1).collect::<Vec<_>>());
}

fn start(line: &str) -> u64 {
    let line: serde_json::Value = serde_json::from_str(line).expect("json");
    line["start"].as_u64().expect("number")
}

#[test]
fn a_file_that_cannot_be_read_fails_the_run_but_not_the_others() {
    let files = [("terms.csv", TERMS.as_bytes()), ("a.txt", &b"ADATA"[..])];
    let ran = run(true, &files, &["missing.txt", "a.txt"], b"").expect("run");
    assert_eq!((ran.code, ran.lines.len()), (ExitCode::FAILURE, 1));
}

#[test]
fn bad_terms_are_refused_in_plain_words() {
    let refused = |name: &str, terms: &[u8]| {
        let error = run(false, &[(name, terms)], &["-"], b"").err().expect("refused");
        format!("{error:#}").rsplit('/').next().unwrap_or_default().to_owned()
    };
    assert!(refused("terms.txt", b"ADATA").starts_with("terms.txt: what format its terms have cannot be told"));
    assert!(refused("terms.csv", b"kind,text\nkeyword,x\n").ends_with("terms.csv: 1 fault; no term was taken"));
    assert!(refused("terms.toml", b"").ends_with("terms.toml: 1 fault; no term was taken"));
    let (big5, _, _) = encoding_rs::BIG5.encode("kind,text\nkeyword,台積電\nkeyword,中華電信\n");
    let error = run(false, &[("terms.csv", &big5)], &["-"], b"").err().expect("refused").to_string();
    assert!(error.contains("it looks like Big5"), "{error}");
    assert!(run(false, &[], &["-"], b"").is_err());
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let folder = tempfile::tempdir().expect("folder");
    let terms = folder.path().join("terms.csv");
    std::fs::write(&terms, TERMS).expect("file");
    let args = Args { terms, json: true, files: Vec::new() };
    assert_eq!(args.search(&b"ADATA"[..], Gone).expect("no error"), ExitCode::SUCCESS);
}
