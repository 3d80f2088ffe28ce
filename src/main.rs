//! The program: everything it does lives in the library's `cli` room.

use std::process::ExitCode;

fn main() -> ExitCode {
    prova::cli::main()
}
