//! The `nightheron` command: flags → configuration → application; nothing else.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

/// The system's allocator keeps an arena a thread and gives back little: 1,000 idle sources took 347 MB with it, and
/// take less than half of that with this one (`benches/README.md`).
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    nightheron::cli::main()
}
