//! The release that the candidate's commits are counted from.

use crate::model::{Candidate, MetricId, Over, Release, Tag, Timeline, Version};
use crate::policy::Policy;

use super::{counted_releases, releases_in_order};

/// The oldest release that a rule on unfixed defects looks at: what is in it, no defect found since then was fixed by.
/// Without such a rule, the release before the candidate. `None` before the first release.
pub fn comparison_base(policy: &Policy, releases: &[Release], candidate: &Candidate) -> Option<Tag> {
    let releases = counted_releases(releases, policy, candidate.tag.as_ref());
    let timeline = releases_in_order(releases, policy, Some(candidate), None);
    // Only `unfixed` compares the candidate with releases that a rule chooses.
    let unfixed = policy.rules.iter().filter(|rule| rule.metric == MetricId::Unfixed);
    let oldest = unfixed.filter_map(|rule| oldest_of(rule.over, policy, &timeline));
    oldest.reduce(lower).or_else(|| timeline.current()).map(|r| r.tag.clone())
}

/// The lower of two releases by version, or the earlier where a tag is no version. A release of a maintenance branch is
/// younger than it is high: what lies between it and the candidate begins where the branch began.
fn lower<'a>(a: &'a Release, b: &'a Release) -> &'a Release {
    let order = match (Version::parse(&a.tag.0), Version::parse(&b.tag.0)) {
        (Some(left), Some(right)) => left.compare(&right),
        (None, _) | (_, None) => a.published_at.cmp(&b.published_at),
    };
    if order.is_gt() { b } else { a }
}

/// The lowest release that a defect of this scope can have been found in.
fn oldest_of<'a>(over: Over, policy: &Policy, timeline: &'a Timeline) -> Option<&'a Release> {
    match over {
        Over::Candidate | Over::Current => timeline.current(),
        Over::Supported => timeline.supported(policy.releases.supported).into_iter().reduce(lower),
        Over::LastReleases(count) => timeline.before_candidate().take(count as usize).reduce(lower),
        // A defect that is reported within a period may name any release, however old.
        Over::LastDays(_)
        | Over::Month
        | Over::Quarter
        | Over::LastMonths(_)
        | Over::LastQuarters(_)
        | Over::Period(_)
        | Over::LastPeriods(..)
        | Over::All => timeline.before_candidate().reduce(lower),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn of_two_tags_of_one_version_the_first_one_named_stays() {
        let release = |tag: &str, day: u8| -> Release {
            let published = format!("2026-01-{day:02}T00:00:00Z");
            serde_json::from_value(serde_json::json!({ "tag": tag, "published-at": published })).unwrap()
        };
        let (long, short, next) = (release("v1.0.0", 2), release("v1.0", 1), release("v1.1.0", 3));
        assert_eq!(lower(&long, &short).tag, long.tag);
        assert_eq!(lower(&short, &long).tag, short.tag);
        assert_eq!(lower(&next, &long).tag, long.tag);
    }
}
