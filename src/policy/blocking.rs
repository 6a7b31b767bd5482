//! Selects the issues and pull requests that block a release, and holds the status entries of the policy.

use crate::model::{IssueNumber, Tag};

use super::matcher::{LabelPattern, Variables};
use super::selector::{Alternative, Selector, SelectorSubject};

/// Issues and pull requests that block a release until they are done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockerRules {
    /// Selector of these issues and pull requests.
    pub selector: Selector,
    /// For each alternative of the selector, labels of which one has to be set before a fixed issue is done, for example
    /// `verified`; empty for none.
    pub require: Vec<Vec<LabelPattern>>,
}

/// The reason why an issue or a pull request is a blocker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockerMatch<'p> {
    /// Conditions that matched: "label `release-blocker`, milestone `1.4`".
    pub because: String,
    /// Labels of which one is required and none is set; empty if nothing is missing.
    pub missing: &'p [LabelPattern],
}

impl BlockerRules {
    /// Returns why an issue or a pull request is a blocker, done or not; `None` if it is none.
    pub fn find<'s>(
        &self,
        subject: impl Into<SelectorSubject<'s>>,
        variables: &Variables,
    ) -> Option<BlockerMatch<'_>> {
        let subject = subject.into();
        let is_set = |pattern: &LabelPattern| {
            let pattern = pattern.bind(variables);
            subject.labels.iter().any(|label| pattern.matches(label).is_some())
        };
        let mut found: Option<BlockerMatch<'_>> = None;
        for (alternative, require) in self.pairs() {
            let Some(because) = alternative.find(&subject, variables) else { continue };
            // One label of the list is enough: they stand for different outcomes, such as
            // `verified` and `no-test-needed`.
            let missing = if require.iter().any(is_set) { &[] } else { require };
            match &mut found {
                None => found = Some(BlockerMatch { because, missing }),
                // Every alternative that it matches has its own requirement.
                Some(found) if found.missing.is_empty() => found.missing = missing,
                Some(_) => {}
            }
        }
        found
    }

    /// Returns `true` if the blockers depend on `{candidate}` or `{line}`.
    pub fn has_variables(&self) -> bool {
        self.selector.has_variables() || self.require.iter().flatten().any(LabelPattern::has_variable)
    }

    fn pairs(&self) -> impl Iterator<Item = (&Alternative, &[LabelPattern])> {
        self.selector.alternatives.iter().zip(self.require.iter().map(Vec::as_slice))
    }
}

/// An entry of `defects.status`: the status of one issue in one release or release line, stated by a maintainer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEntry {
    /// The issue.
    pub issue: IssueNumber,
    /// The release or the line that it is about.
    pub scope: StatusScope,
    /// The status that the entry states.
    pub is: crate::model::Status,
    /// Login of the person who states it, as written.
    pub by: String,
    /// Reason for the statement.
    pub reason: String,
}

/// The release or the release line that an entry of `defects.status` is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusScope {
    /// One release.
    Release(Tag),
    /// All releases of a line, for example `1.6`.
    Line(String),
}
