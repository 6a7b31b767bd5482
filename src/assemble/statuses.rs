//! The status of every escaped defect in the candidate.

use std::collections::BTreeSet;

use crate::attribution::statement::Statement;
use crate::attribution::statements;
use crate::model::{Defect, DefectStatus, Issue, IssueNumber, Phase, Status, StatusRow, Timeline, Version};
use crate::policy::Policy;
use crate::status::release_view::ReleaseView;
use crate::status::{Cause, ExplainedStatus, StatusQuestion, decide_status, explain_status};
use release_history::changes::Changes;

use super::candidate_position::{ReleaseCommits, candidate_of};

/// Associations whose bisect results count as a maintainer's, in GitHub's words.
// A `CONTRIBUTOR` merely has a merged commit, and `NONE` is any account. Both could unblock a
// release by posting a commit that it lacks.
const MAINTAINERS: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];

/// The evidence that a status depends on, without the defect itself.
#[derive(Clone, Copy)]
pub struct StatusInputs<'a> {
    /// The release that the defects are looked for in.
    pub standpoint: &'a ReleaseView<'a>,
    /// The commits.
    pub changes: Option<&'a Changes<'a>>,
    /// The policy.
    pub policy: &'a Policy,
    /// The releases in order.
    pub timeline: &'a Timeline,
}

impl StatusInputs<'_> {
    /// Decides the status of a defect.
    pub fn decide(&self, defect: &Defect) -> DefectStatus {
        self.decide_by(defect, &statements(&defect.issue, self.policy, self.timeline))
    }

    /// Decides the status of a defect by the statements of its issue. Reading those is most of the work.
    pub fn decide_by(&self, defect: &Defect, said: &[Statement]) -> DefectStatus {
        self.ask(defect, said, decide_status)
    }

    /// Decides the status of a defect, with the reason of each row that does not match.
    pub fn explain(&self, defect: &Defect) -> ExplainedStatus {
        self.ask(defect, &statements(&defect.issue, self.policy, self.timeline), explain_status)
    }

    fn ask<T>(&self, defect: &Defect, said: &[Statement], answer: fn(&StatusQuestion<'_>) -> T) -> T {
        let cause = bisected_cause(&defect.issue);
        answer(&StatusQuestion {
            issue: &defect.issue,
            statements: said,
            found_in: &defect.found_in,
            newest_at_opening: self.timeline.newest_at(defect.issue.created_at).map(|newest| &newest.tag),
            cause: cause.as_ref(),
            release: self.standpoint,
            changes: self.changes,
            policy: self.policy,
        })
    }

    /// Gives a defect its status, if it escaped.
    pub fn give_status(&self, defect: &mut Defect, said: &[Statement]) {
        if defect.phase == Phase::Escaped {
            defect.status = Some(Box::new(self.decide_by(defect, said)));
        }
    }
}

/// The defects that the candidate fixes and the release before it does not, if it is the next patch of that release; none
/// unless a rule treats hotfixes apart.
pub fn hotfixed_defects(
    commits_of_releases: &ReleaseCommits<'_>,
    inputs: &StatusInputs<'_>,
    defects: &[Defect],
) -> BTreeSet<IssueNumber> {
    let find = || {
        let before = inputs.timeline.current()?;
        let version = Version::parse(&before.tag.0)?;
        // Only the next patch is a hotfix. A minor release that happens to fix a defect brings new
        // code with it, and must meet the full policy.
        let is_patch = inputs.timeline.version()?.is_next_patch_of(&version);
        // Deciding every status a second time doubles the work, so only a policy that asks for it
        // pays.
        let asks = inputs.policy.rules.iter().any(|rule| rule.hotfix_warns);
        let candidate =
            candidate_of(&commits_of_releases.releases, &before.tag).filter(|_| asks && is_patch)?;
        let position = commits_of_releases.position(Some(&candidate));
        let timeline = commits_of_releases.timeline(&position);
        let standpoint = commits_of_releases.release_view(position, &timeline);
        let earlier = StatusInputs { standpoint: &standpoint, timeline: &timeline, ..*inputs };
        // A word that it was closed by hand is no fix that the candidate contains.
        let contains_fix = |row: StatusRow| matches!(row, StatusRow::ContainsFix | StatusRow::FixedByLabel);
        let is_fixed = |defect: &&Defect| {
            let found = defect.status.as_ref();
            found.is_some_and(|found| found.status == Ok(Status::Fixed) && contains_fix(found.row))
        };
        // *Under investigation* is not enough: a hotfix is for a defect that users are known to
        // have.
        let is_new = |defect: &&Defect| earlier.decide(defect).status == Ok(Status::Affected);
        Some(defects.iter().filter(is_fixed).filter(is_new).map(Defect::number).collect())
    };
    find().unwrap_or_default()
}

/// The change that a maintainer named as the cause: the last bisect result that one posted.
fn bisected_cause(issue: &Issue) -> Option<Cause> {
    let found = issue.bisects.as_ref().map_or(&[][..], |bisects| bisects.found.as_slice());
    let is_own = |association: &str| MAINTAINERS.iter().any(|one| association.eq_ignore_ascii_case(one));
    let last = found
        .iter()
        // Hiding a comment is how a maintainer withdraws a wrong bisect result.
        .filter(|one| !one.hidden && is_own(&one.association))
        // The last one wins: a second bisect is usually done because the first was wrong.
        .max_by_key(|one| one.created_at)?;
    let by = last.by.as_deref().unwrap_or("a deleted account");
    Some(Cause { commit: last.result.commit.clone(), said: format!("a bisect result of @{by}") })
}
