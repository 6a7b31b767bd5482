//! The milestones that the policy selects blockers by.

use crate::model::{Area, Gap};
use crate::policy::{MilestonePattern, Policy, Variables};
use crate::tracker::CandidateRef;

use crate::assemble::is_merge_queue;

/// Milestones of `defects.blocking` whose issues and pull requests no label and no type finds.
pub fn blocking_milestones(policy: &Policy) -> impl Iterator<Item = &MilestonePattern> {
    policy.defects.blocking.iter().flat_map(|blocking| blocking.selector.listed_milestones())
}

/// The milestone as written, if the repository is expected to have it. One of the candidate need not exist yet.
pub fn expected_title(milestone: &MilestonePattern) -> Option<&str> {
    (!milestone.has_variable()).then(|| milestone.source())
}

/// A gap if the candidate is no release, so that no milestone stands for it. A pull request needs none: what it is merged
/// into becomes a release later.
pub fn unnamed(policy: &Policy, candidate: &CandidateRef, variables: &Variables) -> Option<Gap> {
    if candidate.pull_request.is_some() || is_merge_queue(&candidate.name) {
        return None;
    }
    // Without a tag, only a name such as `1.4.0` is that of a release. It has a line.
    let is_release = candidate.tag.is_some() || variables.line.is_some();
    let known = Variables {
        candidate: variables.candidate.clone().filter(|_| is_release),
        line: variables.line.clone(),
    };
    let milestone = blocking_milestones(policy).find(|milestone| milestone.lacks_value(&known))?;
    Some(Gap {
        area: Area::Issues,
        place: None,
        what: format!(
            "`defects.blocking` selects by the milestone `{}`, and `{}` names no release",
            milestone.source(),
            candidate.name
        ),
        remedy: Some("Name the release with `--release`, for example `--release v1.4.0`.".into()),
    })
}

#[cfg(test)]
mod tests;
