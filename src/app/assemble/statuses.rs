//! The status of every escaped defect in the candidate.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::attribution::statement::statements;
use crate::history::changes::Changes;
use crate::model::{Defect, IssueNumber, Phase, Status, StatusRow, Ticket, Timeline, Version};
use crate::policy::Policy;
use crate::status::standpoint::Standpoint;
use crate::status::{Cause, Decision, Question, decide};

use super::standpoint::Lookout;

/// Associations whose bisect results count as a maintainer's, in GitHub's words.
const MAINTAINERS: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];

/// The evidence that a status depends on, without the defect itself.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// The release that the defects are looked for in.
    pub standpoint: &'a Standpoint<'a>,
    /// The commits.
    pub changes: Option<&'a Changes<'a>>,
    /// The policy.
    pub policy: &'a Policy,
    /// The releases in order.
    pub timeline: &'a Timeline,
}

impl Ground<'_> {
    /// The status of a defect, with the rows that were tried.
    pub fn decide(&self, defect: &Defect) -> Decision {
        let said = statements(&defect.ticket, self.policy, self.timeline);
        let cause = cause(&defect.ticket);
        decide(&Question {
            issue: &defect.ticket,
            statements: &said,
            found_in: &defect.found_in,
            newest_at_opening: self.timeline.newest_at(defect.ticket.created_at).map(|newest| &newest.tag),
            cause: cause.as_ref(),
            release: self.standpoint,
            changes: self.changes,
            policy: self.policy,
        })
    }

    /// Gives every escaped defect its status.
    pub fn decide_all<'d>(&self, defects: impl IntoParallelIterator<Item = &'d mut Defect>) {
        defects.into_par_iter().filter(|defect| defect.phase == Phase::Escaped).for_each(|defect| {
            defect.status = Some(Box::new(self.decide(defect).found));
        });
    }
}

/// The defects that the candidate fixes and the release before it does not, if it is the next patch of that release; none
/// unless a rule treats hotfixes apart.
pub fn hotfixed(lookout: &Lookout<'_>, ground: &Ground<'_>, defects: &[Defect]) -> BTreeSet<IssueNumber> {
    let find = || {
        let before = ground.timeline.current()?;
        let version = Version::parse(&before.tag.0)?;
        let is_patch = ground.timeline.version()?.is_next_patch_of(&version);
        let asks = ground.policy.rules.iter().any(|rule| rule.hotfix_warns);
        let candidate = lookout.candidate_of(&before.tag).filter(|_| asks && is_patch)?;
        let timeline = lookout.timeline(Some(&candidate));
        let standpoint = lookout.standpoint(Some(&candidate), &timeline);
        let earlier = Ground { standpoint: &standpoint, timeline: &timeline, ..*ground };
        // A word that it was closed by hand is no fix that the candidate contains.
        let contains_fix = |row: StatusRow| matches!(row, StatusRow::ContainsFix | StatusRow::FixedByLabel);
        let is_fixed = |defect: &&Defect| {
            let found = defect.status.as_ref();
            found.is_some_and(|found| found.status == Ok(Status::Fixed) && contains_fix(found.row))
        };
        let is_new = |defect: &&Defect| earlier.decide(defect).found.status == Ok(Status::Affected);
        Some(defects.iter().filter(is_fixed).filter(is_new).map(Defect::number).collect())
    };
    find().unwrap_or_default()
}

/// The change that a maintainer named as the cause: the last bisect result that one posted.
fn cause(issue: &Ticket) -> Option<Cause> {
    let found = issue.bisects.as_ref().map_or(&[][..], |bisects| bisects.found.as_slice());
    let is_own = |association: &str| MAINTAINERS.iter().any(|one| association.eq_ignore_ascii_case(one));
    let last = found
        .iter()
        .filter(|one| !one.hidden && is_own(&one.association))
        .max_by_key(|one| one.created_at)?;
    let by = last.by.as_deref().unwrap_or("a deleted account");
    Some(Cause { commit: last.result.commit.clone(), said: format!("a bisect result of @{by}") })
}
