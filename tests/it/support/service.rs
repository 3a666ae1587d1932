//! The real binary, started, watched and killed.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Output, Stdio},
    time::Duration,
};

use nightheron::store::SqlStore;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

use super::world::World;

/// A folder with a configuration, on which the binary is run.
pub(crate) struct Site {
    folder: TempDir,
    pub(crate) store_url: String,
}

/// A running service.
pub(crate) struct Service {
    child: Child,
    /// Address of its pages.
    pub(crate) page: String,
}

/// One watched source of a test.
pub(crate) struct Watched<'a> {
    pub(crate) extends: &'a str,
    pub(crate) link: &'a str,
}

impl Site {
    /// A configuration for the world's mail server and onion network, with the given sources.
    pub(crate) fn new(world: &World, store_url: Option<&str>, sources: &[Watched<'_>]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let store_url = store_url.map_or_else(|| format!("sqlite:{}", path("nightheron.db").display()), str::to_owned);
        let mut config = format!(
            "data_dir = \"data\"\n[web]\nlisten = \"127.0.0.1:0\"\n[store]\nurl = \"{store_url}\"\nconnections = 4\n\
             [net]\nallow_private = [\"127.0.0.0/8\"]\ntimeout = \"60s\"\n[tor]\narti_config = \"arti.toml\"\n\
             [crawl]\nworkers = 2\nsites_dir = \"sites\"\n\
             [alerts]\nreviewers = [\"{}\"]\nmin_confidence = \"medium\"\n\
             [mail]\nhost = \"{}\"\nport = {}\nuser = \"{}\"\npassword_file = \"mail.password\"\nca_file = \"{}\"\n\
             from = \"nightheron@cert.example\"\ntimeout_seconds = 20\n",
            reviewer(folder.path()),
            world.text("/smtp/host"),
            world.number("/smtp/port"),
            world.text("/smtp/user"),
            world.text("/smtp/ca"),
        );
        std::fs::write(path("mail.password"), world.text("/smtp/password")).unwrap();
        std::fs::create_dir(path("sites")).unwrap();
        std::fs::write(path("sites/demo-forum.yaml"), include_str!("../../../src/demo/forum.yaml")).unwrap();
        for (n, source) in sources.iter().enumerate() {
            let via = if source.link.contains(".onion") { "tor" } else { "clear" };
            let text = format!(
                "schema: 1\nid: watched-{n}\nname: Watched {n}\nextends: {}\nlinks: [\"{}\"]\n\
                 network: {{ via: {via}, gap: 20ms }}\nschedule: {{ class: fast, max_interval: 2s }}\n",
                source.extends, source.link
            );
            std::fs::write(path(&format!("watched-{n}.yaml")), text).unwrap();
            config.push_str(&format!("[[source]]\ndefinition = \"./watched-{n}.yaml\"\n"));
        }
        std::fs::write(path("nightheron.toml"), config).unwrap();
        // Tests in parallel must not share the state of arti.
        let network = std::fs::read_to_string(world.text("/arti_network")).unwrap();
        let storage = format!(
            "[storage]\ncache_dir = \"{0}/cache\"\nstate_dir = \"{0}/state\"\n[storage.permissions]\n\
             dangerously_trust_everyone = true\n",
            path("tor").display()
        );
        std::fs::write(path("arti.toml"), storage + &network).unwrap();
        Self { folder, store_url }
    }

    /// Adds to the configuration.
    pub(crate) fn configure(&self, more: &str) {
        let file = self.path("nightheron.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, text + more).unwrap();
    }

    /// The reviewer's mail address, of this test alone.
    pub(crate) fn reviewer(&self) -> String {
        reviewer(self.folder.path())
    }

    /// A file of the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nightheron"));
        command.arg("--config").arg(self.path("nightheron.toml")).args(arguments).kill_on_drop(true);
        command
    }

    /// Runs a subcommand to its end, with text on its standard input.
    pub(crate) async fn run(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).await.unwrap();
        drop(stdin);
        child.wait_with_output().await.unwrap()
    }

    /// Runs a subcommand that must succeed; gives its standard output.
    pub(crate) async fn must(&self, arguments: &[&str], input: &str) -> String {
        let output = self.run(arguments, input).await;
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts the service and waits for its pages.
    pub(crate) async fn start(&self) -> Service {
        self.launch(self.command(&["run"])).await
    }

    /// Starts the service to be killed at a named point, and waits for its pages.
    pub(crate) async fn start_doomed(&self, point: &str) -> Service {
        let mut command = self.command(&["run"]);
        command.env("NIGHTHERON_CRASH_AT", point);
        self.launch(command).await
    }

    /// Starts the service on a file system of its own that holds `size` (as `mount` writes it) and no more. What the
    /// folder `name` has in it by now is there.
    pub(crate) async fn start_on_small_disk(&self, name: &str, size: &str) -> Service {
        const SCRIPT: &str = "set -e; cp -a \"$1\" \"$1.before\"; mount -t tmpfs -o size=\"$2\" tmpfs \"$1\"; \
                              cp -a \"$1.before/.\" \"$1\"; shift 2; exec \"$@\"";
        let mut command = Command::new("unshare");
        // Root may mount anyway, and may lack user namespaces, in a chroot for example.
        if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--mount", "sh", "-c", SCRIPT, "sh"]);
        command.arg(self.path(name)).arg(size).arg(env!("CARGO_BIN_EXE_nightheron"));
        command.arg("--config").arg(self.path("nightheron.toml")).arg("run").kill_on_drop(true);
        self.launch(command).await
    }

    /// Starts the service so that it may read no more than its files' modes say, also when root runs the tests.
    pub(crate) async fn start_without_privileges(&self) -> Service {
        let plain = self.command(&["run"]);
        if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
            return self.launch(plain).await;
        }
        let mut command = Command::new("setpriv");
        command.args(["--bounding-set=-dac_override,-dac_read_search", env!("CARGO_BIN_EXE_nightheron"), "--config"]);
        command.arg(self.path("nightheron.toml")).arg("run").kill_on_drop(true);
        self.launch(command).await
    }

    async fn launch(&self, mut command: Command) -> Service {
        let mut child = command.stdout(Stdio::piped()).stderr(self.log()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line =
            lines.next_line().await.unwrap().unwrap_or_else(|| panic!("the service did not start:\n{}", self.said()));
        let page = line.rsplit("pages are at ").next().unwrap().trim_end_matches('/').to_owned();
        Service { child, page }
    }

    /// Starts the service to be killed at a named point, and waits for that.
    pub(crate) async fn start_and_die(&self, point: &str) -> ExitStatus {
        let mut command = self.command(&["run"]);
        let mut child =
            command.env("NIGHTHERON_CRASH_AT", point).stdout(Stdio::null()).stderr(self.log()).spawn().unwrap();
        let died = tokio::time::timeout(Duration::from_secs(90), child.wait()).await;
        died.unwrap_or_else(|_| panic!("the point {point} was never reached:\n{}", self.said())).unwrap()
    }

    fn log(&self) -> std::fs::File {
        std::fs::OpenOptions::new().create(true).append(true).open(self.path("log")).unwrap()
    }

    /// What the service has logged.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// The service's store, read from beside.
    pub(crate) async fn store(&self) -> SqlStore {
        SqlStore::open(&self.store_url, 2).await.unwrap()
    }
}

fn reviewer(folder: &Path) -> String {
    let name = folder.file_name().unwrap().to_string_lossy();
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("reviewer-{}@cert.example", name.to_lowercase())
}

impl Service {
    /// A path as the service sees it, which may be on a file system of its own.
    pub(crate) fn its(&self, path: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.child.id().unwrap()));
        root.join(path.strip_prefix("/").unwrap())
    }

    /// Waits until it has died.
    pub(crate) async fn died(mut self) -> ExitStatus {
        tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.expect("an end in time").unwrap()
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn stop(mut self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("sh").args(["-c", "kill -TERM \"$0\"", &id]).status().await.unwrap().success());
        let ended =
            tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await.expect("a clean end in time");
        assert!(ended.unwrap().success());
    }
}

/// Waits until something in another process is so; fails after two minutes with what it was.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, site: &Site, mut look: impl FnMut() -> F) -> T {
    let patience = Duration::from_secs(120);
    let watch = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            // Another process cannot be awaited, only looked at.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let seen = tokio::time::timeout(patience, watch).await;
    seen.unwrap_or_else(|_| panic!("waited in vain until {what}; the service said:\n{}", site.said()))
}
