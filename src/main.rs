//! The program: everything it does lives in the library's `cli` room.

use std::process::ExitCode;

/// A run of a large cluster makes and drops millions of small objects of a few sizes, which is
/// what this allocator is made for; the system's own takes longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    prova::cli::main()
}
