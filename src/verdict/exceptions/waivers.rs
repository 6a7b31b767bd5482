//! Waivers. A waiver of single defects removes them from the value of its rule; a waiver of a whole rule lets the rule fail
//! without blocking the release.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use super::super::groups::{build_finding, let_pass};
use super::super::sentence::list_issues;
use super::super::{Finding, RuleResult, Verdict};
use super::{Exception, ExceptionEffect, Grant, WaiverEnd};
use crate::evidence::Evidence;
use crate::model::{Defect, IssueNumber, IssueState, MetricValue};
use crate::policy::{FollowUp, Policy, Waiver, same_login};

/// Days before the end of a waiver in which reports warn about it: two weeks to close its follow-up or renew the approval.
const SOON: i32 = 14;

/// Days after which an end is too far away: an exception is meant to end within a year. A year with a leap day has 366 days.
const FAR: i64 = 366;

/// A waiver with the facts that decide its effect, while findings are processed.
struct WaiverState<'p> {
    waiver: &'p Waiver,
    /// Reason why it does not apply at the time of the run.
    ended: Option<WaiverEnd>,
    /// State of its follow-up issue.
    follow_up: Option<IssueState>,
    /// `true` if it matches a defect of its rule's value, or waives the whole rule.
    matched: bool,
    /// `true` if its rule has unknown evidence that it might match as well.
    unsure: bool,
    /// `true` if it changed a finding.
    applied: bool,
    issues: BTreeSet<IssueNumber>,
    /// Defects that its approver reported.
    own: BTreeSet<IssueNumber>,
    notes: Vec<String>,
}

/// Applies every waiver to the finding of its rule. Returns the effect of each, and warnings.
pub(super) fn apply_waivers(
    policy: &Policy,
    evidence: &Evidence,
    findings: &mut [Finding],
) -> (Vec<Exception>, Vec<String>) {
    // Days end in UTC: the time zone of a runner must not decide whether a waiver applies.
    let today = evidence.evaluated_at.to_zoned(TimeZone::UTC).date();
    let mut entries: Vec<WaiverState<'_>> =
        policy.exceptions.waivers.iter().map(|one| WaiverState::new(one, today, policy, evidence)).collect();
    for finding in findings {
        let of_rule: Vec<&mut WaiverState<'_>> =
            entries.iter_mut().filter(|entry| entry.waiver.rule == finding.rule.id).collect();
        if !of_rule.is_empty() {
            apply_rule_waivers(finding, of_rule, policy, evidence);
        }
    }
    let warnings = entries.iter().flat_map(|entry| entry.warnings(today, policy)).collect();
    (entries.into_iter().map(WaiverState::finish).collect(), warnings)
}

/// Applies the waivers of one rule to its finding.
fn apply_rule_waivers(
    finding: &mut Finding,
    mut entries: Vec<&mut WaiverState<'_>>,
    policy: &Policy,
    evidence: &Evidence,
) {
    let suspects = suspects(finding, evidence);
    // Without `approvers`, `approved-by` is only a note that nothing checks.
    let has_approver = policy.exceptions.approvers.is_some();
    let mut waived = BTreeSet::new();
    for entry in &mut entries {
        // A defect may be missing only because of a gap, so "it matches nothing" would be a wrong
        // advice then.
        entry.unsure = finding.parts().any(is_unsure);
        for (defect, is_blocking) in suspects.iter().filter(|(defect, _)| entry.waiver.names(defect)) {
            entry.matched = true;
            // Two people have to agree on an exception. The reporter of a defect must not approve
            // its waiver alone.
            if has_approver && is_own(entry.waiver, defect) {
                entry.own.insert(defect.number());
            } else if entry.ended.is_none() && !entry.waiver.is_whole() && *is_blocking {
                entry.issues.insert(defect.number());
                waived.insert(defect.number());
            }
        }
        // A waiver of a whole rule may be for defects to come, so it is never reported as matching
        // nothing.
        entry.matched |= entry.waiver.is_whole();
        entry.applied = !entry.issues.is_empty();
    }
    if !waived.is_empty() {
        leave_out(finding, waived, policy, evidence);
    }
    // Whole-rule waivers come after the others: they apply only to what still fails.
    for entry in &mut entries {
        waive_whole(entry, finding);
    }
    // Say why a waiver did not help only where someone will look for it: at a rule that still
    // blocks.
    if blocks(finding.result.verdict) {
        for entry in entries.iter().filter(|entry| entry.matched) {
            if let Some(why) = entry.void() {
                finding.result.reason.push_str(&format!("; the waiver of {} {why}", entry.waiver.scope()));
            }
        }
    }
}

/// Returns the defects that count against a rule or might do so. The flag is `true` if the rule, or a group with the defect,
/// fails or is unknown: a waiver is not needed for a defect of a group that passes.
fn suspects<'e>(finding: &Finding, evidence: &'e Evidence) -> Vec<(&'e Defect, bool)> {
    let mut numbers: BTreeMap<IssueNumber, bool> = BTreeMap::new();
    for part in finding.parts() {
        let measured = &part.measurement;
        for number in measured.against.iter().chain(measured.undecided.iter().map(|(number, _)| number)) {
            *numbers.entry(*number).or_default() |= blocks(part.verdict);
        }
    }
    numbers.into_iter().filter_map(|(number, blocks)| Some((evidence.defect(number)?, blocks))).collect()
}

/// Returns `true` if a part of a rule is unknown or has no value.
fn is_unsure(part: &RuleResult) -> bool {
    part.verdict == Verdict::Unknown || matches!(part.measurement.value, MetricValue::Missing(_))
}

/// Returns `true` for verdicts that an exception may change.
fn blocks(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Fail | Verdict::Unknown => true,
        Verdict::Pass | Verdict::Warn | Verdict::Waived => false,
    }
}

/// Evaluates the rule again without the waived defects.
fn leave_out(finding: &mut Finding, waived: BTreeSet<IssueNumber>, policy: &Policy, evidence: &Evidence) {
    // Subtracting from the value would not do: denominators, medians and the worst group change too.
    *finding = build_finding(&finding.rule, policy.missing, &evidence.without(&waived));
    if !blocks(finding.result.verdict) {
        finding.result.verdict = Verdict::Waived;
    }
    finding.result.reason.push_str(&format!("; waived and left out: {}", list_issues(&waived)));
    finding.waived = waived;
}

/// Applies a waiver of the whole rule. An unknown rule stays unknown: its approver accepted a failure, not a missing value.
fn waive_whole(entry: &mut WaiverState<'_>, finding: &mut Finding) {
    if !entry.waiver.is_whole() || entry.void().is_some() {
        return;
    }
    entry.applied |= let_pass(finding, &format!("; waived as a whole until {}", entry.waiver.until()));
    if finding.result.verdict == Verdict::Unknown {
        entry
            .notes
            .push(format!("`{}` is unknown, not broken: a waiver does not decide it", finding.rule.id));
    }
}

/// Returns `true` if the approver of the waiver reported the defect: four eyes are needed.
fn is_own(waiver: &Waiver, defect: &Defect) -> bool {
    defect.issue.author.as_ref().is_some_and(|author| same_login(author, &waiver.approved_by))
}

impl<'p> WaiverState<'p> {
    /// Creates the state of a waiver before any finding is processed.
    fn new(waiver: &'p Waiver, today: Date, policy: &Policy, evidence: &Evidence) -> Self {
        Self {
            waiver,
            ended: WaiverEnd::of(waiver, today, policy, evidence),
            follow_up: waiver.follow_up.and_then(|one| evidence.follow_ups.get(&one.issue).copied()),
            matched: false,
            unsure: false,
            applied: false,
            issues: BTreeSet::new(),
            own: BTreeSet::new(),
            notes: Vec::new(),
        }
    }

    /// Returns why the waiver does not apply, or not to all its defects; `None` if it applies.
    fn void(&self) -> Option<String> {
        if let Some(ended) = &self.ended {
            return Some(ended.to_string());
        }
        (!self.own.is_empty()).then(|| {
            let (own, approver) = (list_issues(&self.own), &self.waiver.approved_by);
            format!("does not count for {own}, which its approver {approver} reported")
        })
    }

    /// Returns warnings about a waiver that matches nothing, ends soon, ends late or cannot end.
    fn warnings(&self, today: Date, policy: &Policy) -> Vec<String> {
        let Waiver { rule, file, expires, .. } = self.waiver;
        let what = format!("the waiver of {} from `{rule}` in `{file}`", self.waiver.scope());
        if self.ended.is_some() {
            return Vec::new();
        }
        if !self.matched {
            // With unknown evidence, the waiver may match a defect that was not read.
            let is_idle = !self.unsure;
            return is_idle
                .then(|| format!("{what} matches nothing that the rule counts: take it out"))
                .into_iter()
                .collect();
        }
        let end = expires.and_then(|day| match days_until_soon(today, day) {
            Some(left) => Some(format!("{what} expires {left}, at the end of {day} (UTC)")),
            None => is_far(today, day)
                .then(|| format!("{what} holds until {day}: an exception is meant to end within a year")),
        });
        // A closed follow-up can no longer end the waiver, so there is nothing to warn about.
        let is_open = self.follow_up != Some(IssueState::Closed);
        let follow_up = self.waiver.follow_up.filter(|_| is_open).and_then(|FollowUp { issue, due }| {
            let left = days_until_soon(today, due)?;
            let unread = match self.follow_up {
                Some(_) => "",
                None => "; the evidence does not have the issue: give it a label that the policy counts",
            };
            Some(format!("{what} ends {left} unless {issue} is closed, at the end of {due} (UTC){unread}"))
        });
        // A tag that never counts as a release never comes before a candidate. The waiver would
        // apply for ever.
        let ends_with = self.waiver.ends_with.as_ref().filter(|tag| !policy.counts_tag(&tag.0));
        let never =
            ends_with.map(|tag| format!("{what} ends with {tag}, which `releases.tags` does not match"));
        [end, follow_up, never].into_iter().flatten().collect()
    }

    /// Returns the exception with its effect.
    fn finish(self) -> Exception {
        let mut notes = self.notes.clone();
        notes.extend(self.void());
        let standing = match (&self.ended, self.applied, notes.is_empty()) {
            (Some(ended), _, _) if ended.is_over() => ExceptionEffect::Expired,
            (Some(_), _, _) => ExceptionEffect::Void,
            (None, true, _) => ExceptionEffect::Applied,
            (None, false, false) => ExceptionEffect::Void,
            (None, false, true) => ExceptionEffect::Unneeded,
        };
        if !self.matched && !self.unsure {
            notes.push("it matches nothing that the rule counts".into());
        }
        let mut exception = Exception::of(Grant::Waiver(self.waiver.clone()));
        if standing == ExceptionEffect::Applied {
            exception.rules.insert(self.waiver.rule.clone());
        }
        let (ended, follow_up) = (self.ended, self.follow_up);
        Exception { standing, issues: self.issues, ended, follow_up, notes, ..exception }
    }
}

/// Returns "today", "tomorrow" or "in 9 days"; `None` for a day that is not soon.
fn days_until_soon(today: Date, day: Date) -> Option<String> {
    if day > today.saturating_add(SOON.days()) {
        return None;
    }
    Some(match today.until(day).map_or(0, span_days) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        left => format!("in {left} days"),
    })
}

/// Returns `true` for a day that is further away than an exception should last.
fn is_far(today: Date, day: Date) -> bool {
    today.until(day).map_or(true, |span| span_days(span) > FAR)
}

fn span_days(span: Span) -> i64 {
    i64::from(span.get_days())
}
