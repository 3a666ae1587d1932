//! A private PostgreSQL cluster on loopback, durable as it comes, that ends with the benchmark.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::database::Result;

/// Tries to connect, a tenth of a second apart, before the server counts as not starting.
const TRIES: u32 = 300;

/// A running server.
pub(crate) struct Cluster {
    server: Child,
    port: u16,
    _folder: TempDir,
}

impl Cluster {
    /// Makes a cluster and waits until it answers.
    pub(crate) async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711))?;
        let data = folder.path().join("data");
        std::fs::create_dir(&data)?;
        let account = account(&data)?;
        let made = as_account(account, &program("initdb")?)
            .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--pgdata"])
            .arg(&data)
            .stdout(Stdio::null())
            .status()?;
        if !made.success() {
            return Err("initdb failed".into());
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let server = as_account(account, &program("postgres")?)
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "log_min_messages=fatal",
            ])
            .args(["-p", &port.to_string(), "-D"])
            .arg(&data)
            .stderr(Stdio::null())
            .spawn()?;
        let cluster = Self { server, port, _folder: folder };
        for _ in 0..TRIES {
            if sqlx::AnyPool::connect(&format!("{}/postgres", cluster.url())).await.is_ok() {
                return Ok(cluster);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("the private PostgreSQL cluster did not start".into())
    }

    /// Its address, without a database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It is thrown away: nothing has to be saved.
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// The user and group to run the server as: it refuses root, who has a `postgres` beside the packages.
fn account(data: &Path) -> Result<Option<(u32, u32)>> {
    let id = |what: &str, user: &[&str]| -> Result<u32> {
        let said = Command::new("id").arg(what).args(user).output()?;
        Ok(String::from_utf8_lossy(&said.stdout).trim().parse().map_err(|_| "there is no user `postgres`")?)
    };
    if id("-u", &[])? != 0 {
        return Ok(None);
    }
    let account = (id("-u", &["postgres"])?, id("-g", &["postgres"])?);
    std::os::unix::fs::chown(data, Some(account.0), Some(account.1))?;
    Ok(Some(account))
}

fn as_account(account: Option<(u32, u32)>, program: &Path) -> Command {
    use std::os::unix::process::CommandExt as _;
    let mut command = Command::new(program);
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    command.current_dir("/");
    command
}

/// A program of PostgreSQL's: Debian keeps them out of the search path.
fn program(name: &str) -> Result<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = debian.map(|version| version.path().join("bin").join(name)).collect();
    found.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).map(|p| p.join(name)));
    let there = found.into_iter().find(|path| path.is_file());
    Ok(there.ok_or_else(|| format!("no {name} here: install PostgreSQL or set NIGHTHERON_TEST_POSTGRES"))?)
}
