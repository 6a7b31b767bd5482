//! Exit codes. They are part of the interface: a pipeline distinguishes the results by them.

use std::process::ExitCode;

/// Result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The verdict is `pass` or `warn`, or the run does not block by request.
    Success,
    /// The program failed, for example because a file could not be written.
    ToolError,
    /// The command line or the policy is invalid.
    Usage,
    /// The verdict is `unknown`: evidence is missing.
    Unknown,
    /// The verdict is `fail`, or a case of a policy test has another result than expected.
    Fail,
}

impl Exit {
    /// Every result, in the order of its code.
    pub const ALL: [Self; 5] = [Self::Success, Self::ToolError, Self::Usage, Self::Unknown, Self::Fail];

    /// Returns the meaning, as Markdown for `docs/reference/github.md`.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Success => "verdict `pass` or `warn`, or a run that does not block",
            Self::ToolError => "the tool failed, or the release was not published",
            Self::Usage => "invalid option, event or policy",
            Self::Unknown => "verdict `unknown`: evidence is missing",
            Self::Fail => "verdict `fail`",
        }
    }

    /// Returns the exit code of the process.
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
