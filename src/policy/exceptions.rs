//! Waivers, the right to override rules, and the mode of the gate.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::named_enum;
use crate::model::{Defect, IssueNumber, Tag, same_name};

/// The keys of a policy about waivers and overrides.
#[derive(Debug, Clone)]
pub struct ExceptionRules {
    /// Mode of the gate.
    pub mode: Mode,
    /// Waivers: those of the policy first, then those of other files.
    pub waivers: Vec<Waiver>,
    /// Approvers of waivers; `None` if anyone who may change the policy is one.
    pub approvers: Option<Approvers>,
    /// Users and roles that may override a rule.
    pub overriders: Overriders,
}

impl ExceptionRules {
    /// The issues that have to be closed for waivers to hold, in ascending order.
    pub fn follow_ups(&self) -> BTreeSet<IssueNumber> {
        self.waivers.iter().filter_map(|waiver| Some(waiver.follow_up?.issue)).collect()
    }
}

/// A recorded exception to one rule. Its conditions are joined by "and"; without any it waives the rule as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// The issue that it waives.
    pub issue: Option<IssueNumber>,
    /// The component whose defects it waives.
    pub component: Option<String>,
    /// The release that the defects were found in.
    pub release: Option<Tag>,
    /// Reason for the exception.
    pub reason: String,
    /// A login or a team, as written.
    pub approved_by: String,
    /// Last day of the waiver, to its end in UTC. At least one of `expires` and `ends_with` is set.
    pub expires: Option<Date>,
    /// Last release that it applies to.
    pub ends_with: Option<Tag>,
    /// An issue that has to be closed for the waiver to hold after a day.
    pub follow_up: Option<FollowUp>,
    /// File that contains it.
    pub file: String,
}

/// A finding of `doctor` that a maintainer accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingException {
    /// Id of the finding.
    pub id: &'static str,
    /// Path or name of the file with the finding; `None` for every file.
    pub file: Option<String>,
    /// Id of the job with the finding; `None` for every job.
    pub job: Option<String>,
    /// Reason for the exception.
    pub reason: String,
    /// Last day on which it counts, to its end in UTC; `None` if it has no end.
    pub until: Option<Date>,
}

/// An issue that has to be closed for a waiver to hold after a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUp {
    /// The issue.
    pub issue: IssueNumber,
    /// The last day on which it may be open, to its end in UTC.
    pub due: Date,
}

impl Waiver {
    /// Returns the end of the waiver for display: "2026-12-01", "v1.5.0", "2026-12-01 or v1.5.0".
    pub fn until(&self) -> String {
        let ends = [self.expires.map(|day| day.to_string()), self.ends_with.as_ref().map(Tag::to_string)];
        ends.into_iter().flatten().collect::<Vec<_>>().join(" or ")
    }

    /// Returns `true` if it waives the whole rule, and not only some of its defects.
    pub fn is_whole(&self) -> bool {
        // An empty waiver would be the widest of all, so reports call it "the whole rule".
        self.issue.is_none() && self.component.is_none() && self.release.is_none()
    }

    /// Returns `true` if its conditions match a defect.
    pub fn names(&self, defect: &Defect) -> bool {
        self.issue.is_none_or(|number| number == defect.number())
            && self
                .component
                .as_ref()
                .is_none_or(|name| defect.components.iter().any(|one| same_name(one, name)))
            && self.release.as_ref().is_none_or(|tag| defect.found_in.release.as_ref() == Some(tag))
    }

    /// Returns the waived defects for display: "#12", "component cart found in v1.4.0", "the whole rule".
    pub fn scope(&self) -> String {
        let parts = [
            self.issue.map(|number| number.to_string()),
            self.component.as_ref().map(|name| format!("component {name}")),
            self.release.as_ref().map(|tag| format!("found in {tag}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "the whole rule".into() } else { parts.join(", ") }
    }
}

/// The users and teams that may approve a waiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approvers {
    /// Logins.
    pub users: Vec<String>,
    /// Teams, `organisation/team`.
    pub teams: Vec<String>,
}

impl Approvers {
    /// Returns `true` for one of them, with or without an `@` before it.
    pub fn include(&self, approver: &str) -> bool {
        self.users.iter().chain(&self.teams).any(|one| same_login(one, approver))
    }
}

/// The roles and users that may override an overridable rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overriders {
    /// Roles on the repository.
    pub roles: Vec<String>,
    /// Logins, whatever their role.
    pub users: Vec<String>,
}

impl Overriders {
    /// Returns `true` for a login that needs no role.
    pub fn name(&self, login: &str) -> bool {
        self.users.iter().any(|one| same_login(one, login))
    }
}

named_enum! {
    /// The consequence of a failed verdict.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Mode {
        /// A failed rule blocks.
        Enforce = "enforce",
        /// The true verdict is shown, and nothing is blocked.
        Observe = "observe",
    }
}

/// Returns `true` if two texts are the same login or team. The case and a leading `@` are ignored.
pub fn same_login(one: &str, other: &str) -> bool {
    // GitHub logins are unique without regard to case.
    let plain = |text: &str| text.trim().trim_start_matches('@').to_lowercase();
    plain(one) == plain(other)
}
