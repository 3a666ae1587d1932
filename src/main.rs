//! The `nightheron` command: flags → configuration → application; nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    nightheron::cli::main()
}
