//! A run that came to no verdict, as outputs show it.

use crate::policy::{Diagnostic, Refused};

/// Why a run came to no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoVerdict {
    /// The cause in one sentence without a full stop: "policy error in line 6: …". Untrusted.
    pub reason: String,
    /// Mistakes in files of the policy, the errors first; empty if the cause is another.
    pub mistakes: Vec<PolicyMistake>,
    /// True if there is a verdict after all, and what it allows could not be done.
    pub verdict_stands: bool,
}

/// A mistake in a file of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyMistake {
    /// The file as it was named. Untrusted.
    pub file: String,
    /// The line, counted from 1; none if it is about the file as a whole.
    pub line: Option<u64>,
    /// The character within the line, counted from 1.
    pub column: Option<u64>,
    /// The code: "P011".
    pub code: String,
    /// The mistake, one sentence without a full stop. Untrusted.
    pub message: String,
    /// The text to write instead. Untrusted.
    pub help: Option<String>,
    /// True for a warning.
    pub is_warning: bool,
}

impl NoVerdict {
    /// A run that failed for a reason that is in no file of the policy.
    pub fn because(reason: &str) -> Self {
        Self { reason: reason.to_owned(), mistakes: Vec::new(), verdict_stands: false }
    }
}

impl From<&Refused> for NoVerdict {
    fn from(refused: &Refused) -> Self {
        let mut mistakes: Vec<PolicyMistake> =
            refused.diagnostics().iter().map(PolicyMistake::from).collect();
        mistakes.sort_by_key(|mistake| mistake.is_warning);
        let errors = mistakes.iter().filter(|mistake| !mistake.is_warning).count();
        let reason = match mistakes.first() {
            None => refused.to_string(),
            Some(PolicyMistake { file, line, message, .. }) => {
                let line = line.map_or_else(String::new, |line| format!("line {line} of "));
                let more = match errors.saturating_sub(1) {
                    0 => String::new(),
                    1 => " (and 1 more error)".to_owned(),
                    more => format!(" (and {more} more errors)"),
                };
                format!("policy error in {line}`{file}`: {message}{more}")
            }
        };
        Self { reason, mistakes, verdict_stands: false }
    }
}

impl From<&Diagnostic> for PolicyMistake {
    fn from(diagnostic: &Diagnostic) -> Self {
        let place = diagnostic.place();
        Self {
            file: diagnostic.file().to_owned(),
            line: place.map(|place| place.line as u64),
            column: place.map(|place| place.column as u64),
            code: diagnostic.code().to_string(),
            message: diagnostic.message().to_owned(),
            help: diagnostic.help().map(str::to_owned),
            is_warning: diagnostic.code().is_warning(),
        }
    }
}
