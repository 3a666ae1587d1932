//! Scrapy, from PyPI, with a spider that reads the same fields.

use std::{path::PathBuf, process::Command};

use super::Result;

const VERSION: &str = "2.19.0";

/// A Python with Scrapy, and the spider.
pub(crate) struct Scrapy {
    python: PathBuf,
    spider: PathBuf,
}

impl Scrapy {
    /// Finds or installs Scrapy.
    ///
    /// # Errors
    /// No Python, or PyPI cannot be reached.
    pub(crate) fn prepare() -> Result<Self> {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("scrapy-{VERSION}"));
        let spider = folder.with_extension("py");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(&spider, include_str!("spider.py"))?;
        if let Some(python) = std::env::var_os("NIGHTHERON_BENCH_PYTHON") {
            return Ok(Self { python: python.into(), spider });
        }
        let python = folder.join("bin/python");
        if !folder.join("bin/scrapy").exists() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", &format!("scrapy=={VERSION}")]))?;
        }
        Ok(Self { python, spider })
    }

    pub(crate) fn command(&self, link: &str) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(&self.spider).arg(link);
        command
    }
}

fn succeed(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}
