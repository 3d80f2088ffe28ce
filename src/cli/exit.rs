//! The exit codes: the whole list, once.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Exit {
    /// 0: everything is fine.
    Fine,
    /// 1: an expectation failed.
    Failed,
    /// 2: the command line makes no sense.
    Usage,
    /// 3: a scenario or manifest is invalid.
    Invalid,
    /// 4: a replay differs from its recording.
    Differs,
    /// 5: an invariant of the engine is broken: a bug of ours.
    Bug,
    /// 6: a file cannot be read or written.
    Files,
}

// 130 (interrupted) comes from the shell: SIGINT keeps its default action.

impl Exit {
    /// The number.
    pub(super) fn code(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Invalid => 3,
            Exit::Differs => 4,
            Exit::Bug => 5,
            Exit::Files => 6,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}
