//! The policy language with the codes of this program.

use policy_lang::{LanguageProblem, ProblemCode};

pub use policy_lang::{
    Effective, Inherited, InheritedFile, MAX_BYTES, Place, Relaxation, nearest_name, yaml_double_quoted,
};
pub(super) use policy_lang::{
    Field, Fields, Named, Node, NodeKind, PolicyFiles, Scalar, Spanned, decode_utf8, in_backticks,
    is_supported_version, parse_document, quote, read_entries, read_list, read_scalar, read_text,
    read_text_or_number, read_text_or_texts, read_texts, read_truth, visible,
};

use super::code::Code;

/// A problem of a policy, with its place.
pub type Diagnostic = policy_lang::Diagnostic<Code>;

/// A policy, or a file of its cases, that cannot be used: every error and every warning, sorted by place.
pub type Refused = policy_lang::Refused<Code>;

pub(super) type Document = policy_lang::Document<Code>;
pub(super) type Draft = policy_lang::Draft<Code>;
pub(super) type Problems = policy_lang::Problems<Code>;

/// Returns the diagnostic of a policy that could not be read at all. `reason` reads well after a colon: "no such file".
pub fn unreadable_policy(name: &str, reason: &str) -> Refused {
    let mut problems = Problems::default();
    problems.push(
        Draft::file(Code::Unreadable, format!("cannot read the policy: {}", visible(reason)))
            .help("run `escape-gate init` to propose a policy, or name the file with `--policy` (the default is `.github/escape-gate.yml`)"),
    );
    problems.refuse(&PolicyFiles::default(), name)
}

impl ProblemCode for Code {
    fn is_warning(self) -> bool {
        Self::is_warning(self)
    }

    fn explanation_note(self) -> String {
        format!("run 'escape-gate explain {self}'")
    }
}

impl From<LanguageProblem> for Code {
    fn from(problem: LanguageProblem) -> Self {
        match problem {
            LanguageProblem::TooLarge => Self::TooLarge,
            LanguageProblem::Encoding => Self::Encoding,
            LanguageProblem::Syntax => Self::Syntax,
            LanguageProblem::Empty => Self::Empty,
            LanguageProblem::SeveralDocuments => Self::SeveralDocuments,
            LanguageProblem::Expansion => Self::Expansion,
            LanguageProblem::YamlTag => Self::YamlTag,
            LanguageProblem::MissingVersion => Self::MissingVersion,
            LanguageProblem::UnsupportedVersion => Self::UnsupportedVersion,
            LanguageProblem::UnknownKey => Self::UnknownKey,
            LanguageProblem::DuplicateKey => Self::DuplicateKey,
            LanguageProblem::MissingKey => Self::MissingKey,
            LanguageProblem::WrongType => Self::WrongType,
            LanguageProblem::EmptyText => Self::EmptyText,
            LanguageProblem::Loosened => Self::Loosened,
            LanguageProblem::BasesDisagree => Self::BasesDisagree,
            LanguageProblem::OverrideTarget => Self::OverrideTarget,
            LanguageProblem::NothingToOverride => Self::NothingToOverride,
            LanguageProblem::UnusedOverride => Self::UnusedOverride,
        }
    }
}
