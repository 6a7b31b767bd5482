//! The part of a coverage's defects that a rule looks at.

use std::collections::BTreeSet;

use crate::evidence::Evidence;
use crate::model::{Defect, IssueNumber, MetricId, Scope, join_limited};

use super::contribution::{Contribution, NotCountedReason, contribution_of};
use super::resolved_scope::ResolvedScope;

/// Number of sampled defects that the note names; the report lists all of them.
const NAMED: usize = 20;

/// Defects drawn by a rule.
#[derive(Debug)]
pub struct Sample {
    /// The defects.
    pub drawn: BTreeSet<IssueNumber>,
    /// Note that names the sample.
    pub note: String,
}

/// Draws from the defects that have a say in a ratio, if the scope asks for a sample.
pub fn draw_sample(
    metric: MetricId,
    evidence: &Evidence,
    scope: &Scope,
    window: &ResolvedScope<'_>,
) -> Option<Sample> {
    let draw = scope.sample.as_ref()?;
    let has_a_say = |defect: &&Defect| {
        let standing = contribution_of(metric, evidence, window, &scope.filter, defect);
        // Undecided defects are not drawn. A sample of them would say nothing about coverage.
        matches!(standing, Contribution::Against | Contribution::For)
    };
    let all: Vec<IssueNumber> =
        evidence.defects.iter().flatten().filter(has_a_say).map(Defect::number).collect();
    // Seeded by release and rule: every run draws the same defects, so running again does not give
    // a better sample.
    let drawn = draw.of(all.iter().copied());
    let release = if draw.release.is_empty() { "the first release" } else { &draw.release };
    let note = match drawn.len() {
        0 => "a sample of none: there is none in scope".into(),
        count => {
            format!(
                "a sample of {count} of {}, drawn at {release}: {}",
                all.len(),
                join_limited(&drawn, NAMED)
            )
        }
    };
    Some(Sample { drawn, note })
}

impl Sample {
    /// Returns the contribution of a defect that counts only if it is in the sample.
    pub fn only(&self, defect: &Defect, standing: Contribution) -> Contribution {
        match standing {
            Contribution::Against | Contribution::For if !self.drawn.contains(&defect.number()) => {
                Contribution::NotCounted(NotCountedReason::NotDrawn)
            }
            Contribution::Against
            | Contribution::For
            | Contribution::NotCounted(_)
            | Contribution::Undecided(_) => standing,
        }
    }
}
