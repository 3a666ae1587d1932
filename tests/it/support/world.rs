//! The world that `tests/run` starts: a private onion network with real sites behind it, and a mail server.

use std::{ffi::OsString, path::PathBuf, process::Stdio};

use serde_json::Value;
use tokio::{io::AsyncWriteExt, process::Command};

/// What `tests/support/world/world.py` says of itself.
pub(crate) struct World {
    file: PathBuf,
    info: Value,
}

impl World {
    /// The world of this run.
    pub(crate) fn of_this_run() -> Self {
        let file: PathBuf = std::env::var_os("NIGHTHERON_TEST_WORLD")
            .expect("NIGHTHERON_TEST_WORLD names the world to test in: start the tests by tests/run, which makes one")
            .into();
        let info = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        Self { file, info }
    }

    /// A text of the world's description, by its path.
    pub(crate) fn text(&self, pointer: &str) -> String {
        self.info
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{pointer} in world.json"))
            .to_owned()
    }

    /// A number of the world's description.
    pub(crate) fn number(&self, pointer: &str) -> u64 {
        self.info.pointer(pointer).and_then(Value::as_u64).unwrap_or_else(|| panic!("{pointer} in world.json"))
    }

    /// The posts or pastes that must be read from a site.
    pub(crate) fn truth(&self, site: &str, list: &str) -> Vec<Value> {
        let file = self.text(&format!("/truth/{site}"));
        let mut truth: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        serde_json::from_value(truth[list].take()).unwrap()
    }

    /// Asks a part of the world to do something.
    pub(crate) async fn ask(&self, part: &str, command: &str, arguments: Value) -> Value {
        self.command(&[self.file.clone().into(), part.into(), command.into()], arguments).await
    }

    /// Sends a command to what `words` name, as the control program takes it.
    pub(super) async fn command(&self, words: &[OsString], arguments: Value) -> Value {
        let mut child = Command::new(self.text("/python"))
            .arg(self.text("/control_program"))
            .args(words)
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(arguments.to_string().as_bytes()).await.unwrap();
        drop(input);
        let output = child.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    /// Waits until a mailbox holds `count` messages, and gives all it holds.
    pub(crate) async fn mail(&self, to: &str, count: u64) -> Vec<Value> {
        let wait = serde_json::json!({"count": count, "to": to, "timeout": 90});
        self.ask("smtp", "wait", wait).await;
        self.mailbox(to).await
    }

    /// What a mailbox holds now.
    pub(crate) async fn mailbox(&self, to: &str) -> Vec<Value> {
        let messages = self.ask("smtp", "messages", serde_json::json!({ "to": to })).await;
        let messages = messages.get("messages").cloned().unwrap_or(messages);
        serde_json::from_value(messages).unwrap()
    }
}
