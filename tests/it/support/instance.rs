//! A site of the world, started for one test alone, which may break it as it likes.

use std::{os::unix::fs::PermissionsExt, process::Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::world::World;

/// A running site; it ends with this value.
pub(crate) struct Instance {
    child: Child,
    facts: Value,
    _folder: TempDir,
}

impl Instance {
    /// Starts the program behind the world's site of this name, with the same content, and waits until it serves.
    pub(crate) async fn start(world: &World, name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A database server of the site runs as another user, who goes through.
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o711)).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut child = Command::new(world.text(&format!("/sites/{name}/0")))
            .arg(world.text(&format!("/sites/{name}/1")))
            .arg(folder.path().join(name))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let line = BufReader::new(child.stdout.take().unwrap()).lines().next_line().await.unwrap();
        let said = || std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        let line = line.unwrap_or_else(|| panic!("{name} did not start:\n{}", said()));
        Self { child, facts: serde_json::from_str(&line).unwrap(), _folder: folder }
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        self.facts["url"].as_str().unwrap()
    }

    /// Asks it to do something.
    pub(crate) async fn ask(&self, world: &World, command: &str, arguments: Value) -> Value {
        world.command(&[self.facts["control"].as_str().unwrap().into(), command.into()], arguments).await
    }

    /// The posts that must be read from it, as they are now.
    pub(crate) async fn truth(&self, world: &World) -> Vec<Value> {
        let mut truth = self.ask(world, "truth", serde_json::json!({})).await;
        serde_json::from_value(truth["posts"].take()).unwrap()
    }

    /// Sends its server a signal, `STOP` or `CONT`.
    pub(crate) async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("sh").args(["-c", "kill -\"$0\" \"$1\"", name, &id]).status().await.unwrap();
        assert!(sent.success());
    }
}
