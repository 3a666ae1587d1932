//! Vectorscan, when its library and a C compiler are there: a helper program of its own, since this
//! workspace has no unsafe code and does not need the library.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::engines::pieces;

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/matcher/vectorscan.c");
const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");

/// The compiled helper.
pub(crate) struct Vectorscan {
    program: PathBuf,
}

/// What the helper measured.
pub(crate) struct Measured {
    pub(crate) build_seconds: f64,
    pub(crate) database_bytes: f64,
    /// For each text, in their order.
    pub(crate) scan_seconds: Vec<f64>,
}

impl Vectorscan {
    /// Compiles the helper; the error says what is missing.
    pub(crate) fn compile() -> Result<Vectorscan, String> {
        let program = Path::new(FOLDER).join("vectorscan");
        let mut compiler = Command::new("cc");
        compiler.args(["-O2", SOURCE, "-o"]).arg(&program);
        compiler.args(["-I/usr/include/hs", "-lhs"]);
        let output = compiler.output().map_err(|error| format!("no C compiler: {error}"))?;
        finished(output, "the helper does not compile (Debian: libvectorscan-dev)")?;
        Ok(Vectorscan { program })
    }

    pub(crate) fn measure(&self, literals: &[String], texts: &[String]) -> Result<Measured, String> {
        let mut command = Command::new(&self.program);
        let literals: Vec<&str> = literals.iter().map(String::as_str).collect();
        command.arg(write_list("literals", &literals).map_err(|error| error.to_string())?);
        for (index, text) in texts.iter().enumerate() {
            let path = write_list(&format!("text{index}"), &pieces(text));
            command.arg(path.map_err(|error| error.to_string())?);
        }
        let output = command.output().map_err(|error| error.to_string())?;
        parse(&finished(output, "the helper failed")?).ok_or_else(|| "the helper printed no figures".to_owned())
    }
}

fn finished(output: Output, what: &str) -> Result<String, String> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let reason = String::from_utf8_lossy(&output.stderr);
    Err(format!("{what}: {}", reason.lines().next().unwrap_or("killed")))
}

fn write_list(name: &str, items: &[&str]) -> io::Result<PathBuf> {
    let path = Path::new(FOLDER).join(name);
    let mut file = io::BufWriter::new(fs::File::create(&path)?);
    for item in items {
        file.write_all(&(item.len() as u32).to_ne_bytes())?;
        file.write_all(item.as_bytes())?;
    }
    file.flush()?;
    Ok(path)
}

fn parse(printed: &str) -> Option<Measured> {
    let rows: Vec<Vec<&str>> = printed.lines().map(|line| line.split(' ').collect()).collect();
    let build = rows.first()?;
    let number = |row: &[&str], at: usize| row.get(at)?.parse::<f64>().ok();
    Some(Measured {
        build_seconds: number(build, 1)?,
        database_bytes: number(build, 2)?,
        scan_seconds: rows[1..].iter().map(|row| number(row, 1)).collect::<Option<_>>()?,
    })
}
