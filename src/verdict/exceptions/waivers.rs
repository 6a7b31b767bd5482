//! Waivers: the defects they name leave the value, as if they were not there; a whole rule's waiver lets its breach
//! stand and the release pass.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use super::super::groups::{build_finding, let_pass};
use super::super::sentence::list_issues;
use super::super::{Finding, RuleResult, Verdict};
use super::{Exception, ExceptionEffect, Grant, WaiverEnd};
use crate::evidence::Evidence;
use crate::model::{Defect, IssueNumber, IssueState, MetricValue, Tag};
use crate::policy::{FollowUp, Policy, Waiver, same_login};

/// Days before its end in which a waiver is warned about.
const SOON: i32 = 14;

/// Days beyond which an expiry is warned about: an exception is meant to end.
const FAR: i64 = 366;

/// What became of a waiver so far.
struct WaiverState<'p> {
    waiver: &'p Waiver,
    /// Why it does not hold at the time of the run.
    ended: Option<WaiverEnd>,
    /// State of its follow-up.
    follow_up: Option<IssueState>,
    /// A defect of its rule's value has its conditions, or it is about the whole rule.
    matched: bool,
    /// Something that was not known of its rule might have them too.
    unsure: bool,
    /// It changed a finding.
    applied: bool,
    issues: BTreeSet<IssueNumber>,
    /// Defects that its approver reported.
    own: BTreeSet<IssueNumber>,
    notes: Vec<String>,
}

/// Lets every waiver change the finding of its rule; what came of each, and what a person should look at.
pub(super) fn apply_waivers(
    policy: &Policy,
    evidence: &Evidence,
    findings: &mut [Finding],
) -> (Vec<Exception>, Vec<String>) {
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

/// Lets the waivers of one rule change its finding.
fn apply_rule_waivers(
    finding: &mut Finding,
    mut entries: Vec<&mut WaiverState<'_>>,
    policy: &Policy,
    evidence: &Evidence,
) {
    let suspects = suspects(finding, evidence);
    let has_approver = policy.exceptions.approvers.is_some();
    let mut waived = BTreeSet::new();
    for entry in &mut entries {
        entry.unsure = finding.parts().any(is_unsure);
        for (defect, is_blocking) in suspects.iter().filter(|(defect, _)| entry.waiver.names(defect)) {
            entry.matched = true;
            if has_approver && is_own(entry.waiver, defect) {
                entry.own.insert(defect.number());
            } else if entry.ended.is_none() && !entry.waiver.is_whole() && *is_blocking {
                entry.issues.insert(defect.number());
                waived.insert(defect.number());
            }
        }
        entry.matched |= entry.waiver.is_whole();
        entry.applied = !entry.issues.is_empty();
    }
    if !waived.is_empty() {
        leave_out(finding, waived, policy, evidence);
    }
    for entry in &mut entries {
        waive_whole(entry, finding);
    }
    if blocks(finding.result.verdict) {
        for entry in entries.iter().filter(|entry| entry.matched) {
            if let Some(why) = entry.void() {
                finding.result.reason.push_str(&format!("; the waiver of {} {why}", entry.waiver.scope()));
            }
        }
    }
}

/// The defects that speak against a rule, or of which that is not known, each with whether a part of the rule is broken or
/// unknown by it.
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

/// True if not all that counts is known.
fn is_unsure(part: &RuleResult) -> bool {
    part.verdict == Verdict::Unknown || matches!(part.measurement.value, MetricValue::Missing(_))
}

/// True for verdicts that an exception may change.
fn blocks(verdict: Verdict) -> bool {
    match verdict {
        Verdict::Fail | Verdict::Unknown => true,
        Verdict::Pass | Verdict::Warn | Verdict::Waived => false,
    }
}

/// Judges the rule again without the waived defects.
fn leave_out(finding: &mut Finding, waived: BTreeSet<IssueNumber>, policy: &Policy, evidence: &Evidence) {
    *finding = build_finding(&finding.rule, policy.missing, &evidence.without(&waived));
    if !blocks(finding.result.verdict) {
        finding.result.verdict = Verdict::Waived;
    }
    finding.result.reason.push_str(&format!("; waived and left out: {}", list_issues(&waived)));
    finding.waived = waived;
}

/// Lets a waiver of the whole rule stand for its breach. What is unknown may be anything, and is not waived with it.
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

/// True if whoever approved the waiver reported the defect.
fn is_own(waiver: &Waiver, defect: &Defect) -> bool {
    defect.issue.author.as_ref().is_some_and(|author| same_login(author, &waiver.approved_by))
}

impl<'p> WaiverState<'p> {
    /// A waiver that nothing has been looked at for.
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

    /// Why it does not count at all, or not for all that it names.
    fn void(&self) -> Option<String> {
        if let Some(ended) = &self.ended {
            return Some(ended.to_string());
        }
        (!self.own.is_empty()).then(|| {
            let (own, approver) = (list_issues(&self.own), &self.waiver.approved_by);
            format!("does not count for {own}, which its approver {approver} reported")
        })
    }

    /// What a person should look at.
    fn warnings(&self, today: Date, policy: &Policy) -> Vec<String> {
        let Waiver { rule, file, expires, .. } = self.waiver;
        let what = format!("the waiver of {} from `{rule}` in `{file}`", self.waiver.scope());
        if self.ended.is_some() {
            return Vec::new();
        }
        if !self.matched {
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
        let is_open = self.follow_up != Some(IssueState::Closed);
        let follow_up = self.waiver.follow_up.filter(|_| is_open).and_then(|FollowUp { issue, due }| {
            let left = days_until_soon(today, due)?;
            let unread = match self.follow_up {
                Some(_) => "",
                None => "; the evidence does not have the issue: give it a label that the policy counts",
            };
            Some(format!("{what} ends {left} unless {issue} is closed, at the end of {due} (UTC){unread}"))
        });
        let tags = policy.releases.tags.as_ref();
        let is_release = |tag: &Tag| tags.is_none_or(|pattern| pattern.matches(&tag.0).is_some());
        let ends_with = self.waiver.ends_with.as_ref().filter(|tag| !is_release(tag));
        let never =
            ends_with.map(|tag| format!("{what} ends with {tag}, which `releases.tags` does not match"));
        [end, follow_up, never].into_iter().flatten().collect()
    }

    /// What came of it.
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

/// "today", "tomorrow" or "in 9 days" for a day that is soon; `None` for a later one.
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
