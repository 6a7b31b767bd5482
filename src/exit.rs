//! Exit codes. They are part of the interface: a pipeline tells the cases apart by them.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The verdict is `pass` or `warn`, or the run was told not to block.
    Success,
    /// The program could not do its work.
    ToolError,
    /// The command line or the policy is wrong.
    Usage,
    /// The verdict is `unknown`: something that should have been read was not.
    Unknown,
    /// The verdict is `fail`: the policy is breached; or a case of a policy came out otherwise than expected.
    Fail,
}

impl Exit {
    /// The number a shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::ToolError => 1,
            Self::Usage => 2,
            Self::Unknown => 3,
            Self::Fail => 10,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
