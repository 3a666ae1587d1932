//! The service as an operator sets it up, in a folder of its own, and the memory it takes.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

use jiff::Timestamp;
use nightheron::store::{
    Members as _, SqlStore, Terms as _,
    model::{MemberState, NewMember, NewTerm, TermState},
};
use tempfile::TempDir;

use crate::Result;

/// Members of the organisation today.
const MEMBERS: usize = 500;

/// The running service; it is stopped with this value.
pub(crate) struct Service {
    child: Child,
    _folder: TempDir,
}

impl Service {
    /// Starts the service with a source for each link, members, and this many terms of theirs.
    pub(crate) async fn start(links: &[String], terms: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        configure(folder.path(), links)?;
        fill(folder.path(), terms).await?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_nightheron"));
        command.arg("--config").arg(folder.path().join("nightheron.toml")).arg("run");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        Ok(Self { child, _folder: folder })
    }

    /// What the kernel says under this name, in MB (10⁶ bytes): `VmRSS` for now, `VmHWM` for the most so far.
    pub(crate) fn memory(&self, name: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let kib: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).ok_or("it has ended")?;
        Ok((kib * 1024.0 / 1e5).round() / 10.0)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn configure(folder: &Path, links: &[String]) -> Result<()> {
    let mut config = "data_dir = \"data\"\n[web]\nlisten = \"127.0.0.1:0\"\n[net]\nallow_private = [\"127.0.0.0/8\"]\n\
                      [tor]\nenabled = false\n[crawl]\nrequests_per_minute = 60000\n\
                      [mail]\nfolder = \"mail\"\nfrom = \"nightheron@cert.example\"\n"
        .to_owned();
    for (n, link) in links.iter().enumerate() {
        // Nothing is asked for again while it is measured.
        let definition = format!(
            "schema: 1\nid: forum-{n}\nname: Forum {n}\nextends: phpbb\nlinks: [\"{link}\"]\n\
             network: {{ gap: 20ms }}\nschedule: {{ class: slow, min_interval: 50m, max_interval: 60m }}\n"
        );
        std::fs::write(folder.join(format!("forum-{n}.yaml")), definition)?;
        config.push_str(&format!("[[source]]\ndefinition = \"./forum-{n}.yaml\"\n"));
    }
    std::fs::create_dir(folder.join("mail"))?;
    std::fs::create_dir(folder.join("data"))?;
    Ok(std::fs::write(folder.join("nightheron.toml"), config)?)
}

async fn fill(folder: &Path, terms: usize) -> Result<()> {
    let url = format!("sqlite:{}", folder.join("data/nightheron.db").display());
    let store = SqlStore::open(&url, 2).await?;
    let members: Vec<_> = (0..MEMBERS).map(member).collect();
    store.import_members(&members, Timestamp::UNIX_EPOCH).await?;
    let owners = store.members().await?;
    let all: Vec<_> = (0..terms).map(|n| (owners[n % owners.len()].id, term(n))).collect();
    store.add_terms(&all, Timestamp::UNIX_EPOCH).await?;
    Ok(())
}

fn member(n: usize) -> NewMember {
    NewMember {
        business_number: format!("{n:08}"),
        name: format!("Company {n}"),
        state: MemberState::Approved,
        language: "en".into(),
        fixed_ips: Vec::new(),
        contacts: Vec::new(),
        terms: Vec::new(),
    }
}

fn term(n: usize) -> NewTerm {
    NewTerm {
        kind: "domain".into(),
        text: format!("company-{n:x}.example"),
        context: None,
        state: TermState::Active,
        author: "benchmark".into(),
        reason: "measured".into(),
        review_at: None,
    }
}
