//! Named points at which a test kills the process, to see that nothing is lost.

/// Kills this process by SIGKILL when `NIGHTHERON_CRASH_AT` names this point; otherwise does nothing.
pub fn point(name: &str) {
    if std::env::var_os("NIGHTHERON_CRASH_AT").is_none_or(|at| at != name) {
        return;
    }
    let killed =
        std::process::Command::new("sh").args(["-c", "kill -9 \"$0\"", &std::process::id().to_string()]).status();
    // Only reached when there is no such command.
    tracing::error!(point = name, result = ?killed, "the process could not be killed where a test asked for it");
    std::process::abort();
}
