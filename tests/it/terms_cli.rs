//! The commands about terms, run as an operator runs them.

use std::process::{Command, Output};

use nightheron::store::{Intake, Members, Schedule, SqlStore, Terms, model::*};
use tempfile::TempDir;

use crate::support::samples::*;

struct Operator(TempDir);

impl Operator {
    /// A store with two members and a few posts.
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("nightheron.toml"), "data_dir = \"data\"\n").unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        let operator = Self(folder);
        let store = operator.store().await;
        populate(&store).await;
        let posts = (0..25).map(|n| post(&n.to_string(), "delta flight", Vec::new())).collect();
        let mut stored = page("forum", capture("c1", 0), posts);
        stored.now = nightheron::clock::Clock::now(&nightheron::clock::SystemClock);
        store.commit_page(&stored).await.unwrap();
        operator
    }

    async fn store(&self) -> SqlStore {
        let url = format!("sqlite:{}", self.0.path().join("data/nightheron.db").display());
        SqlStore::open(&url, 2).await.unwrap()
    }

    fn run_as(&self, user: &str, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nightheron"));
        command.current_dir(self.0.path()).env("USER", user).arg("term").args(arguments);
        command.output().unwrap()
    }

    fn must(&self, arguments: &[&str]) -> String {
        let output = self.run_as("ann", arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run_as("ann", arguments);
        assert!(!output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }
}

#[tokio::test]
async fn a_broad_term_is_previewed_refused_drafted_and_activated_by_another() {
    let operator = Operator::new().await;
    let json: serde_json::Value =
        serde_json::from_str(&operator.must(&["preview", "keyword", "delta", "--json"])).unwrap();
    assert_eq!(
        (&json["hits"], &json["alerts"], &json["verdict"]["too_broad"]),
        (&25.into(), &25.into(), &"many_a_day".into())
    );
    let context = r#"{"near":{"any_of":["Electronics"],"within":40}}"#;
    let narrow = operator.must(&["preview", "keyword", "delta", "--context", context]);
    assert!(narrow.contains("never seen"), "{narrow}");
    let add = ["add", "--member", "04595257", "--kind", "keyword", "--reason", "its name", "delta"];
    assert!(operator.refused(&add).contains("too broad: more than 3 alerts a day"));
    assert_eq!(operator.must(&[&add[..], &["--draft"]].concat()), "added\n");
    let id = operator
        .must(&["list"])
        .lines()
        .find(|l| l.contains("\tdelta\t"))
        .unwrap()
        .split('\t')
        .next()
        .unwrap()
        .to_owned();
    assert!(operator.refused(&["activate", &id]).contains("somebody else activates"));
    assert!(operator.run_as("lin", &["activate", &id]).status.success());
    operator.must(&["edit", &id, "--context", context, "--review", "2020-01-31"]);
    operator.must(&["pause", &id, "--note", "season of flights"]);
    let shown = operator.must(&["show", &id]);
    for text in [
        "state: paused, version 4, by ann",
        "review: 2020-01-31",
        "Electronics",
        "(season of flights)",
        "lin:",
        "look back",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    assert_eq!(operator.must(&["list", "--review", "due"]), "", "it is paused");
    operator.must(&["activate", &id]);
    assert_eq!(operator.must(&["list", "--review", "due"]).lines().count(), 1);
    assert_eq!(operator.must(&["list", "--review", "never-fired"]).lines().count(), 3);
    assert!(operator.refused(&["edit", &id, "--review", "soon"]).contains("no date of review"));
}

#[tokio::test]
async fn an_import_shows_what_it_would_do_and_does_all_or_nothing() {
    let operator = Operator::new().await;
    operator.write(
        "terms.csv",
        "kind,text,business_number,reason,state\nkeyword,acme,04595257,other words,\nkeyword,bolt,04595257,theirs,\n\
         domain,new.example,04595257,r,\nkeyword,flight,04595257,r,\n",
    );
    let plan = operator.must(&["import", "terms.csv", "--dry-run"]);
    for text in [
        "line 2: keyword acme: there already as term 1, with another reason",
        "line 3: keyword bolt: watched for by bolt as well",
        "line 5: keyword flight: too broad",
        "3 new, 0 there already, 1 there and different, 1 too broad\nnothing was written",
    ] {
        assert!(plan.contains(text), "{text}: {plan}");
    }
    assert!(operator.refused(&["import", "terms.csv"]).contains("1 terms are there already and differ"));
    let store = operator.store().await;
    assert_eq!(store.terms(None).await.unwrap().len(), 2);
    assert!(operator.must(&["import", "terms.csv", "--update"]).contains("3 terms added, 1 changed, 0 were"));
    let terms = store.terms(None).await.unwrap();
    let of = |text: &str| terms.iter().filter(|t| t.term.text == text).collect::<Vec<_>>();
    assert_eq!((of("acme")[0].term.reason.as_str(), of("bolt").len()), ("other words", 2));
    assert_eq!(of("flight")[0].term.state, TermState::Draft, "somebody else has to look");
    assert!(operator.must(&["import", "terms.csv", "--keep"]).contains("0 terms added, 0 changed, 4 were"));
    // A faulty file names every fault and changes nothing.
    operator.write("bad.csv", "kind,text,business_number,reason\ndomain,com.tw,04595257,r\nkeyword,ok,04595257,\n");
    assert!(operator.refused(&["import", "bad.csv"]).contains("public suffix"));
    operator.write(
        "bad.toml",
        "[[term]]\nkind = \"keyword\"\ntext = \"okay\"\nreason = \"r\"\nbusiness_number = \"98765433\"\n",
    );
    assert!(operator.refused(&["import", "bad.toml"]).contains("line 1: no member has the number 98765433"));
    assert_eq!(store.terms(None).await.unwrap().len(), 5);
}

#[tokio::test]
async fn an_export_is_imported_as_it_was() {
    let operator = Operator::new().await;
    for example in ["terms.csv", "terms.toml"] {
        let path = format!("{}/watchlists/examples/{example}", env!("CARGO_MANIFEST_DIR"));
        let numbers = [("12345675", "04595257"), ("98765433", "22099131")];
        let text = std::fs::read_to_string(path).unwrap();
        // The examples name members of their own.
        let text = numbers.iter().fold(text, |text, (theirs, ours)| text.replace(theirs, ours));
        operator.write(example, &text);
        operator.must(&["import", example, "--member", "04595257", "--keep"]);
    }
    for (format, file) in [("csv", "out.csv"), ("toml", "out.toml")] {
        operator.write(file, &operator.must(&["export", "--format", format]));
        let again = operator.must(&["import", file]);
        assert!(again.contains("0 new, ") && again.contains(" 0 there and different"), "{again}");
    }
    let store = operator.store().await;
    let bolt = store.member_by_number("22099131").await.unwrap();
    let count = store.terms(Some(bolt.id)).await.unwrap().len();
    let out = operator.must(&["export", "--format", "csv", "--member", "22099131"]);
    assert_eq!(out.lines().count(), count + 1);
    assert_eq!(store.sources().await.unwrap().len(), 1);
}
