//! The policy of the base branch, if the pull request has a different one.

use serde::Serialize;

use super::{Area, DryRun, GapLine, Report, Verdict};

/// The policy of the branch that a pull request targets, and its verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct BasePolicyLine {
    /// The base branch. Untrusted.
    pub branch: String,
    /// Difference from the policy of the pull request.
    pub state: BasePolicyState,
    /// Verdict of the policy that does not decide; `None` if only one policy was evaluated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_verdict: Option<Verdict>,
    /// The state as a sentence without a full stop. Untrusted.
    pub note: String,
}

/// How the policy of a base branch differs from the policy of the pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum BasePolicyState {
    /// The pull request changes the policy: the base branch's policy decides.
    Changed,
    /// The base branch has a policy at the default path only, the pull request uses another path: the worse verdict decides.
    AtDefaultPath,
    /// The base branch has no policy: the pull request's policy decides.
    Absent,
    /// The base branch's policy cannot be read: the verdict is at least `unknown`.
    Unread,
}

impl Report {
    /// Marks this report as evaluated with the base branch's policy and notes the verdict of the changed policy.
    #[must_use]
    pub fn decided_by_base(self, branch: &str, changed: &Self) -> Self {
        let note = format!(
            "this pull request changes the policy: with it the verdict would be {}; the policy of `{branch}` decides",
            shown_verdict(changed)
        );
        self.with_base(branch, BasePolicyState::Changed, Some(changed.verdict), note)
    }

    /// Returns the report with the worse verdict, with a note about the other one. `self` uses the pull request's policy,
    /// `base` the policy at the default path of the base branch.
    #[must_use]
    pub fn worse_of(self, branch: &str, base: Self) -> Self {
        // The worse one decides, or a pull request could choose the milder policy by its path.
        let (decides, other, which) = if self.weight() > base.weight() {
            (self, base, "the policy of this path decides, and the default policy")
        } else {
            (base, self, "the default policy decides, and the policy of this path")
        };
        let note = format!(
            "`{branch}` has no policy at this path, and one at the default path, so the worse verdict counts: {which} gives {}",
            shown_verdict(&other)
        );
        decides.with_base(branch, BasePolicyState::AtDefaultPath, Some(other.verdict), note)
    }

    /// Notes that the base branch has no policy.
    #[must_use]
    pub fn without_base(self, branch: &str) -> Self {
        let note = format!("no policy on `{branch}` yet: the one of this pull request decides");
        self.with_base(branch, BasePolicyState::Absent, None, note)
    }

    /// Raises a milder verdict to `unknown`, because the policy that has to decide could not be read. The pull request's
    /// `mode: observe` is ignored: a pull request must not switch off its own gate.
    #[must_use]
    pub fn with_unread_base(mut self, branch: &str, why: &str) -> Self {
        let note =
            format!("the policy of `{branch}` decides about this pull request and cannot be read: {why}");
        match self.verdict {
            Verdict::Pass | Verdict::Warn | Verdict::Waived => {
                self.verdict = Verdict::Unknown;
                self.headline = format!("Not enough evidence to decide: {note}.");
            }
            Verdict::Unknown | Verdict::Fail => {}
        }
        // `mode: observe` comes from the pull request's own policy here. It must not turn the gate
        // off.
        if self.dry_run_by == Some(DryRun::Policy) {
            self.dry_run_by = None;
            self.dry_run = false;
        }
        let remedy = "Give the job the permission `contents: read`, or check out with `fetch-depth: 0`; if the policy itself \
                      is refused, correct it on the base branch.";
        let gap = GapLine {
            area: Area::Issues,
            place: Some(format!("the policy of {branch}")),
            what: format!("it decides about this pull request and cannot be read: {why}"),
            remedy: Some(remedy.into()),
            verdict: Verdict::Unknown,
        };
        self.gaps.insert(0, gap);
        self.with_base(branch, BasePolicyState::Unread, None, note)
    }

    /// Returns the sort key of the worse report: blocking reports first, then by verdict.
    fn weight(&self) -> (bool, u8) {
        let (is_blocking, rank) = match self.verdict {
            Verdict::Pass => (false, 0),
            Verdict::Warn | Verdict::Waived => (false, 1),
            Verdict::Unknown => (true, 2),
            Verdict::Fail => (true, 3),
        };
        (is_blocking && !self.dry_run, rank)
    }

    fn with_base(
        mut self,
        branch: &str,
        state: BasePolicyState,
        other_verdict: Option<Verdict>,
        note: String,
    ) -> Self {
        self.warnings.insert(0, note.clone());
        self.base_policy = Some(BasePolicyLine { branch: branch.to_owned(), state, other_verdict, note });
        self
    }
}

/// Returns the verdict as display text: `pass`, `fail (observed only)`.
fn shown_verdict(report: &Report) -> String {
    // `--dry-run` holds for both policies, so it makes no difference to tell.
    let observed = if report.dry_run_by == Some(DryRun::Policy) { " (observed only)" } else { "" };
    format!("{}{observed}", report.verdict.name())
}
