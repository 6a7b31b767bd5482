//! What the policy inherits, and what it loosens of that.

use serde::Serialize;

use crate::policy;

/// What the policy inherits.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InheritanceReport {
    /// The files that it inherits from.
    pub files: Vec<InheritedFileLine>,
    /// What is looser than it was inherited, by the policy's own word.
    pub loosened: Vec<RelaxationLine>,
}

/// A file that the policy inherits from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct InheritedFileLine {
    /// Where it is: a path, `owner/name//path@commit`, `preset starter`. Untrusted.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub digest: String,
}

/// Something that is looser than it was inherited. All of it is untrusted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RelaxationLine {
    /// "`max` of the rule `rate`".
    pub what: String,
    /// What was inherited.
    pub inherited: String,
    /// Where that stands.
    pub inherited_at: String,
    /// What holds now.
    pub holds: String,
    /// Where that stands.
    pub holds_at: String,
    /// Why, in the policy's words.
    pub reason: String,
}

/// None if the policy inherits nothing.
pub(super) fn inheritance_report(inherited: &policy::Inherited) -> Option<InheritanceReport> {
    let file = |file: &policy::InheritedFile| InheritedFileLine {
        name: file.name.clone(),
        digest: file.digest.clone(),
    };
    let loosened = |one: &policy::Relaxation| RelaxationLine {
        what: one.what.clone(),
        inherited: one.from.0.clone(),
        inherited_at: one.from.1.clone(),
        holds: one.to.0.clone(),
        holds_at: one.to.1.clone(),
        reason: one.reason.clone(),
    };
    (!inherited.files.is_empty()).then(|| InheritanceReport {
        files: inherited.files.iter().map(file).collect(),
        loosened: inherited.loosened.iter().map(loosened).collect(),
    })
}
