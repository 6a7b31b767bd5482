//! A run without a verdict.

use crate::policy::{Diagnostic, Refused};

/// Reason why a run has no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoVerdict {
    /// Cause in one sentence without a full stop: `policy error in line 6: …`. Untrusted.
    pub reason: String,
    /// Mistakes in policy files, errors first; empty for other causes.
    pub mistakes: Vec<PolicyMistake>,
    /// `true` if there is a verdict and only the publishing of the release failed.
    pub verdict_stands: bool,
}

/// A mistake in a policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyMistake {
    /// Path of the file as the user named it. Untrusted.
    pub file: String,
    /// Line, counted from 1; `None` if the mistake is about the whole file.
    pub line: Option<u64>,
    /// Column in characters, counted from 1.
    pub column: Option<u64>,
    /// Code of the diagnostic, for example `P011`.
    pub code: String,
    /// Description of the mistake, one sentence without a full stop. Untrusted.
    pub message: String,
    /// Correction to write instead. Untrusted.
    pub help: Option<String>,
    /// `true` for a warning.
    pub is_warning: bool,
}

impl NoVerdict {
    /// Creates the reason for a run that failed without a mistake in a policy file.
    pub fn because(reason: &str) -> Self {
        Self { reason: reason.to_owned(), mistakes: Vec::new(), verdict_stands: false }
    }
}

impl From<&Refused> for NoVerdict {
    fn from(refused: &Refused) -> Self {
        let mut mistakes: Vec<PolicyMistake> =
            refused.diagnostics().iter().map(PolicyMistake::from).collect();
        // The first mistake becomes the headline. A warning does not explain why there is no
        // verdict.
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
