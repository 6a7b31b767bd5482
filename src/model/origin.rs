//! Origins: the introducing commit and release of each defect.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use release_history::origins::origin_method::{Confidence, NoOrigin, OriginMethod};
use release_history::{IssueNumber, Sha, Tag};
use serde::{Deserialize, Serialize};

use super::gap::Gap;
use super::named_enum::named_enum;

/// Origin of a defect, with its evidence. Texts are untrusted.
// The order of the fields matters: `merge_origins` keeps the greater record, so `confidence` comes before the rest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DefectOrigin {
    /// Issue number of the defect.
    pub issue: IssueNumber,
    /// Confidence in the origin.
    pub confidence: Confidence,
    /// Method that found the origin.
    pub method: OriginMethod,
    /// Reason why there is no origin; `None` if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nothing: Option<NoOrigin>,
    /// Display text of the evidence.
    pub evidence: String,
    /// First release that contains the introducing commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Tag>,
    /// Time when that release was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
    /// Introducing commit; `None` if only a release is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Sha>,
    /// Time of the introducing commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub committed_at: Option<Timestamp>,
    /// Pull request that the commit names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    /// `true` if blame names the commit that a person stated; `None` if one of the two names no commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blame_agrees: Option<bool>,
}

impl DefectOrigin {
    /// Creates the record of a defect without an origin.
    pub fn nothing(issue: IssueNumber, because: NoOrigin) -> Self {
        Self {
            issue,
            confidence: Confidence::None,
            method: OriginMethod::None,
            nothing: Some(because),
            evidence: because.to_string(),
            release: None,
            released_at: None,
            commit: None,
            committed_at: None,
            pull_request: None,
            blame_agrees: None,
        }
    }

    /// Returns the time of its release or of its commit; `None` if that is not known.
    pub fn since(&self, since: Since) -> Option<Timestamp> {
        match since {
            Since::Release => self.released_at,
            Since::Commit => self.committed_at,
        }
    }
}

named_enum! {
    /// Start of the time to detect.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Since {
        /// The publication of the first release that has the defect: how long users had it.
        #[default]
        Release = "release",
        /// The commit that introduced it.
        Commit = "commit",
    }
}

/// Origins that a run looked up in the history of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Origins {
    /// Origin of each defect that was looked up, by number.
    pub found: Vec<DefectOrigin>,
    /// Defects beyond the number that a run looks at.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub not_looked_at: BTreeSet<IssueNumber>,
    /// Gaps of the history; only rules that need origins become unknown by them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub gaps: BTreeSet<Gap>,
    /// Methods that the run used; `None` if they are not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methods: Option<BTreeSet<OriginMethod>>,
}

/// Merges two sets of origins. Of two records of a defect, the one with more confidence wins, then the greater in field order,
/// so that the order of merging does not matter.
pub fn merge_origins(left: Option<Origins>, right: Option<Origins>) -> Option<Origins> {
    let (left, right) = match (left, right) {
        (Some(left), Some(right)) => (left, right),
        (left, right) => return left.or(right),
    };
    let mut found: BTreeMap<IssueNumber, DefectOrigin> = BTreeMap::new();
    for one in left.found.into_iter().chain(right.found) {
        match found.get(&one.issue) {
            Some(known) if *known >= one => {}
            Some(_) | None => {
                found.insert(one.issue, one);
            }
        }
    }
    let beyond = left.not_looked_at.into_iter().chain(right.not_looked_at);
    Some(Origins {
        not_looked_at: beyond.filter(|number| !found.contains_key(number)).collect(),
        found: found.into_values().collect(),
        gaps: left.gaps.into_iter().chain(right.gaps).collect(),
        methods: match (left.methods, right.methods) {
            // Each run looked up its own defects, so only the methods of both runs were used for all of them.
            (Some(left), Some(right)) => Some(left.intersection(&right).copied().collect()),
            (left, right) => left.or(right),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins(found: &[(u64, Confidence)], beyond: &[u64]) -> Option<Origins> {
        let one = |(number, confidence): &(u64, Confidence)| DefectOrigin {
            confidence: *confidence,
            ..DefectOrigin::nothing(IssueNumber(*number), NoOrigin::TooUncertain)
        };
        Some(Origins {
            found: found.iter().map(one).collect(),
            not_looked_at: beyond.iter().copied().map(IssueNumber).collect(),
            ..Origins::default()
        })
    }

    #[test]
    fn origins_of_two_snapshots_were_looked_for_in_the_ways_of_both() {
        let by = |methods: &[OriginMethod]| {
            Some(Origins { methods: Some(methods.iter().copied().collect()), ..Origins::default() })
        };
        let (few, all) = (by(&[OriginMethod::Override]), by(&OriginMethod::ALL));
        assert_eq!(merge_origins(few.clone(), all.clone()), few);
        assert_eq!(
            merge_origins(by(&[OriginMethod::Blame]), few.clone()),
            by(&[]),
            "not the same as not recorded"
        );
        assert_eq!(merge_origins(all.clone(), Some(Origins::default())), all);
    }

    #[test]
    fn the_surer_record_holds_whichever_snapshot_comes_first() {
        let (one, other) = (
            origins(&[(1, Confidence::None), (2, Confidence::Certain)], &[3]),
            origins(&[(1, Confidence::Inferred), (3, Confidence::None)], &[2, 4]),
        );
        let expected =
            origins(&[(1, Confidence::Inferred), (2, Confidence::Certain), (3, Confidence::None)], &[4]);
        assert_eq!(merge_origins(one.clone(), other.clone()), expected);
        assert_eq!(merge_origins(other, one), expected);
    }

    #[test]
    fn a_snapshot_without_origins_takes_none_away() {
        let one = origins(&[(1, Confidence::Stated)], &[]);
        assert_eq!(merge_origins(one.clone(), None), one);
        assert_eq!(merge_origins(None, None), None);
    }
}
