//! The kinds of problem, and how a program numbers and explains them.

use std::fmt;

/// The codes of a program: one for each kind of problem, of the language and of its own.
///
/// The `Display` form is shown in brackets behind `error` or `warning`, for example `P011`. Problems at one place are
/// sorted by their code.
pub trait ProblemCode: Copy + Ord + fmt::Debug + fmt::Display + From<LanguageProblem> {
    /// Returns `true` if the file can be used in spite of the problem.
    fn is_warning(self) -> bool;

    /// Returns where to read about the problem, for example `run 'escape-gate explain P011'`.
    fn explanation_note(self) -> String;
}

/// A kind of problem that this crate itself finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LanguageProblem {
    /// The file is larger than [`MAX_BYTES`](crate::MAX_BYTES).
    TooLarge,
    /// The file is not UTF-8.
    Encoding,
    /// The file is not YAML.
    Syntax,
    /// The file holds nothing, or only comments.
    Empty,
    /// The file holds more than one document.
    SeveralDocuments,
    /// Aliases or nested collections beyond the limit.
    Expansion,
    /// A YAML tag, which the language does not use.
    YamlTag,
    /// No `version`.
    MissingVersion,
    /// A version of the format that the program does not read.
    UnsupportedVersion,
    /// A key that the format does not have.
    UnknownKey,
    /// A key that stands twice in one mapping.
    DuplicateKey,
    /// A required key is missing.
    MissingKey,
    /// A value of the wrong type.
    WrongType,
    /// A text in which nothing can be seen.
    EmptyText,
    /// A value that is looser than the inherited one, without an `override`.
    Loosened,
    /// Two inherited values of which neither is stricter.
    BasesDisagree,
    /// An `override` that does not name exactly one thing.
    OverrideTarget,
    /// An `override` of something that is not inherited.
    NothingToOverride,
    /// An `override` that loosens nothing.
    UnusedOverride,
}
