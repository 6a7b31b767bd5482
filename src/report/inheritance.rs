//! Inherited policies and relaxations.

use serde::Serialize;

use crate::policy;

/// Inherited policies and relaxations.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct InheritanceReport {
    /// Inherited files.
    pub files: Vec<InheritedFileLine>,
    /// Values that the policy relaxes with an explicit `override`.
    pub loosened: Vec<RelaxationLine>,
}

/// An inherited file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct InheritedFileLine {
    /// Source of the file: a path, `owner/name//path@commit` or `preset starter`. Untrusted.
    pub name: String,
    /// SHA-256 of the file's bytes in hexadecimal.
    pub digest: String,
}

/// A value that is looser than the inherited one. All fields are untrusted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct RelaxationLine {
    /// Key, for example `` `max` of the rule `rate` ``.
    pub what: String,
    /// Inherited value.
    pub inherited: String,
    /// Place of the inherited value.
    pub inherited_at: String,
    /// Effective value.
    pub holds: String,
    /// Place of the effective value.
    pub holds_at: String,
    /// Reason that the policy states.
    pub reason: String,
}

/// Returns `None` if the policy inherits nothing.
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
    // A preset is a file too, so this is empty only without `extends`.
    (!inherited.files.is_empty()).then(|| InheritanceReport {
        files: inherited.files.iter().map(file).collect(),
        loosened: inherited.loosened.iter().map(loosened).collect(),
    })
}
