//! Memory of the matcher: the resident set of a process of its own.

use std::fs;
use std::process::Command;

use nightheron_watchlists::{Matcher, TermId};

use crate::words::Words;
use crate::{SIZES, report, terms};

/// Makes this program measure one size and end.
pub(crate) const ARGUMENT: &str = "memory";

/// Runs this program again for `size`, so that nothing else is in its memory.
pub(crate) fn measure(size: &str) {
    let output = std::env::current_exe().and_then(|program| Command::new(program).args([ARGUMENT, size]).output());
    match output {
        Ok(output) => print!("{}", String::from_utf8_lossy(&output.stdout)),
        Err(error) => eprintln!("memory is left out: {error}"),
    }
}

/// The resident set after building, less that before (the terms themselves), and the highest one.
pub(crate) fn child(size: &str) {
    let Some(&(size, count)) = SIZES.iter().find(|(name, _)| *name == size) else {
        return eprintln!("unknown size {size}");
    };
    let words = Words::generate();
    let start = resident("VmRSS:");
    let terms = terms::generate(&words, count, 4);
    let matcher = Matcher::new(terms.into_iter().enumerate().map(|(id, term)| (id as TermId, term))).expect("matcher");
    if let (Some(start), Some(after), Some(peak)) = (start, resident("VmRSS:"), resident("VmHWM:")) {
        report("memory", size, "nightheron", after - start, "MB");
        report("memory", &format!("{size}/peak"), "nightheron", peak, "MB");
    }
    drop(matcher);
}

/// A line of `/proc/self/status` in megabytes; none on other systems than Linux.
fn resident(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().trim_end_matches(" kB").parse::<f64>().ok()? * 1024.0 / 1e6)
}
