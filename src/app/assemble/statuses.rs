//! The status of every escaped defect in the candidate.

use rayon::prelude::*;

use crate::attribution::statement::statements;
use crate::history::changes::Changes;
use crate::model::{Defect, Phase, Ticket, Timeline};
use crate::policy::Policy;
use crate::status::standpoint::Standpoint;
use crate::status::{Cause, Decision, Question, decide};

/// How a commenter may belong to the repository for a bisect result to be a maintainer's.
const MAINTAINERS: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];

/// Everything but the defect that a status depends on.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// What the defects are looked at from.
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
