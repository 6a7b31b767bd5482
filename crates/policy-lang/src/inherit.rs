//! Inheritance of values: a file and the files that it extends become one tree.
//!
//! The most restrictive value of each key wins, as the tables say ([`Merge`](crate::Merge)). Every value of the merged
//! tree still knows its place, so reading and checking it is the same as for a file that stands alone.

mod lists;
mod merge;
mod overrides;
mod strictness;

use std::ops::Range;
use std::rc::Rc;

use crate::{Key, Node, PolicyFiles, ProblemCode, Problems};

pub use overrides::{OVERRIDE, OverrideEntry, Overrides, read_overrides};

use merge::ValueMerger;

/// The files that a policy inherits from, and what it relaxes of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inherited {
    /// The files in the order in which they were read, without the policy itself.
    pub files: Vec<InheritedFile>,
    /// Values that are looser than the inherited ones.
    pub loosened: Vec<Relaxation>,
}

/// A file that is inherited from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InheritedFile {
    /// Name by which a person finds the file, for example a path, `owner/name//path@commit` or `preset starter`.
    pub name: String,
    /// SHA-256 of the file's bytes, in hexadecimal digits.
    pub digest: String,
}

/// A value that is looser than the inherited one, with its reason. Texts are as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// The key, for example "`max` of the rule `rate`" or "`releases.supported`".
    pub what: String,
    /// The inherited value and its place.
    pub from: (String, String),
    /// The value that replaces it, and its place.
    pub to: (String, String),
    /// Reason that the policy gives.
    pub reason: String,
}

/// Merges a file with the trees of the files that it extends, in the order of `extends`. Returns the merged tree and what
/// the file relaxes; `None` if there are no bases. Values that may not be looser are reported.
///
/// `extends` is the place of that key in the file: what a base leaves out is shown there.
pub fn inherit_values<C: ProblemCode>(
    table: &'static [Key],
    bases: impl IntoIterator<Item = Rc<Node>>,
    own: &Rc<Node>,
    extends: &Range<usize>,
    overrides: &Overrides,
    files: &PolicyFiles,
    problems: &mut Problems<C>,
) -> Option<(Rc<Node>, Vec<Relaxation>)> {
    let mut merger = ValueMerger::new(table, overrides, extends, files, problems);
    // The bases first, so that the file is compared with the strictest value of all.
    let base = bases.into_iter().reduce(|all, next| merger.merge_bases(&all, &next))?;
    let tree = merger.merge_own(&base, own);
    let loosened = merger.loosened;
    overrides.report_unused(table, &base, problems);
    Some((tree, loosened))
}
