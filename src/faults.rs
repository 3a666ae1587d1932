//! Named points at which a test makes the process die.

/// Aborts the process when `NIGHTHERON_CRASH_AT` names this point; otherwise does nothing.
pub fn point(name: &str) {
    if std::env::var_os("NIGHTHERON_CRASH_AT").is_some_and(|at| at == name) {
        std::process::abort();
    }
}
