//! What the command line prints: captured text cannot steer the terminal.

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Prints a line on standard output; a reader that went away (`| head`) is no error.
pub(super) fn line(text: &str) {
    writeln!(io::stdout(), "{text}").ok();
}

/// Prints an error and gives the exit code for it.
pub(super) fn fail(message: &str) -> ExitCode {
    writeln!(io::stderr(), "nightheron: {message}").ok();
    ExitCode::FAILURE
}

/// Captured text on one line, with control characters and direction marks made visible.
pub(super) fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
        {
            '\u{fffd}'
        }
        c => c,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn captured_text_cannot_steer_the_terminal() {
        assert_eq!(super::plain("a\x1b[31mb\nc\u{202e}d\u{7}台"), "a\u{fffd}[31mb c\u{fffd}d\u{fffd}台");
    }
}
