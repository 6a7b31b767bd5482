//! The release that the candidate's commits are counted from.

use jiff::Timestamp;

use crate::model::{Candidate, MetricId, Over, Release, Tag, Timeline};
use crate::policy::Policy;

use super::assemble::is_release;

/// The oldest release that a rule on unfixed defects looks at: what is in it, no defect found since then was fixed by.
/// Without such a rule, the release before the candidate. `None` before the first release.
pub fn base(policy: &Policy, releases: &[Release], candidate: &Candidate) -> Option<Tag> {
    let counted = releases.iter().filter(|release| is_release(release, policy)).cloned().collect();
    let timeline = Timeline::new(counted, Some(candidate));
    let unfixed = policy.rules.iter().filter(|rule| rule.metric == MetricId::Unfixed);
    let oldest = unfixed.filter_map(|rule| oldest_of(rule.over, policy, &timeline));
    oldest.min_by_key(|release| release.published_at).or_else(|| timeline.current()).map(|r| r.tag.clone())
}

/// The oldest release that a defect of this scope can have been found in.
fn oldest_of<'a>(over: Over, policy: &Policy, timeline: &'a Timeline) -> Option<&'a Release> {
    match over {
        Over::Candidate | Over::Current => timeline.current(),
        Over::Supported => timeline.supported(policy.releases.supported).last().copied(),
        Over::LastReleases(count) => timeline.before_candidate().take(count as usize).last(),
        // A defect that is reported within a period may name any release, however old.
        Over::LastDays(_) | Over::Quarter | Over::All => timeline.first_after(Timestamp::MIN),
    }
}
