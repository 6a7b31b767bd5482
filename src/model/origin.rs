//! Where defects came from, as it is recorded: the release and the commit that brought each one in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use release_history::origins::origin_method::{Confidence, NoOrigin, OriginMethod};
use release_history::{IssueNumber, Sha, Tag};
use serde::{Deserialize, Serialize};

use super::defect::Defect;
use super::gap::Gap;

/// Where a defect came from, how that is known and how sure it is. Texts are untrusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DefectOrigin {
    /// The defect.
    pub issue: IssueNumber,
    /// How sure it is.
    pub confidence: Confidence,
    /// How it was found.
    pub method: OriginMethod,
    /// Why there is no origin; none if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nothing: Option<NoOrigin>,
    /// Display text of the evidence.
    pub evidence: String,
    /// The first release that contains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<Tag>,
    /// When that release came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
    /// The commit; none if only a release was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Sha>,
    /// When it was committed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub committed_at: Option<Timestamp>,
    /// The pull request that the commit names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    /// Where both somebody's word and blame name a commit: whether they agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blame_agrees: Option<bool>,
}

impl DefectOrigin {
    /// A defect without an origin, and why.
    pub fn nothing(issue: IssueNumber, because: NoOrigin) -> Self {
        Self {
            issue,
            confidence: Confidence::None,
            method: OriginMethod::None,
            nothing: Some(because),
            evidence: because.sentence().to_owned(),
            release: None,
            released_at: None,
            commit: None,
            committed_at: None,
            pull_request: None,
            blame_agrees: None,
        }
    }

    /// When it came in, counted from its release or from its commit; none if that is not known.
    pub fn since(&self, since: Since) -> Option<Timestamp> {
        match since {
            Since::Release => self.released_at,
            Since::Commit => self.committed_at,
        }
    }
}

/// Start of the time to detect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Since {
    /// The publication of the first release that has the defect: how long users had it.
    #[default]
    Release,
    /// The commit that introduced it.
    Commit,
}

impl Since {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Release, Self::Commit];

    /// The name used in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Commit => "commit",
        }
    }
}

/// Release that a defect counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountBy {
    /// The one that it was found in.
    #[default]
    Found,
    /// The release that introduced it, if that is known.
    Introduced,
}

impl CountBy {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Found, Self::Introduced];

    /// The name used in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Introduced => "introduced",
        }
    }
}

/// Filter by the origin of defects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OriginFilter {
    /// Release that a defect counts for.
    pub count_by: CountBy,
    /// The least that an origin has to be sure, to be gone by.
    pub sure: Confidence,
    /// Start of the time to detect.
    pub since: Since,
}

impl Default for OriginFilter {
    fn default() -> Self {
        Self { count_by: CountBy::Found, sure: Confidence::Inferred, since: Since::Release }
    }
}

impl OriginFilter {
    /// The release that brought a defect in, if defects count by that and it is known surely enough.
    pub fn origin_of(self, defect: &Defect) -> Option<&Tag> {
        let origin = defect.introduced.as_ref().filter(|origin| origin.confidence >= self.sure)?;
        origin.release.as_ref().filter(|_| self.count_by == CountBy::Introduced)
    }

    /// The release that a defect counts for: where its origin is not known surely enough, the one that it was found in, for
    /// it cannot have come in later.
    pub fn release_of(self, defect: &Defect) -> Option<&Tag> {
        self.origin_of(defect).or(defect.found_in.release.as_ref())
    }
}

/// The origins that were looked for in a repository's history.
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
    /// The ways in which they were looked for; none if that is not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub methods: Option<BTreeSet<OriginMethod>>,
}

/// Both together: of two records of a defect the surer one, and of two that are equally sure the greater in field order.
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
            // Of the defects of either, the other may have been looked at in fewer ways.
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
