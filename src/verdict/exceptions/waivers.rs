//! Waivers: the defects they name leave the value, as if they were not there; a whole rule's waiver lets its breach
//! stand and the release pass.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use super::super::groups::{judge, let_pass};
use super::super::sentence::list;
use super::super::{Finding, Verdict, Weighed};
use super::{Effect, Exception, Grant};
use crate::evidence::Evidence;
use crate::model::{Defect, IssueNumber, Value};
use crate::policy::{Policy, Waiver, same_login};

/// Days before its end in which a waiver is warned about.
const SOON: i32 = 14;

/// Days beyond which an expiry is warned about: an exception is meant to end.
const FAR: i64 = 366;

/// What became of a waiver so far.
struct Entry<'p> {
    waiver: &'p Waiver,
    /// Its last day is over.
    expired: bool,
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
pub(super) fn apply(
    policy: &Policy,
    evidence: &Evidence,
    findings: &mut [Finding],
) -> (Vec<Exception>, Vec<String>) {
    let today = evidence.evaluated_at.to_zoned(TimeZone::UTC).date();
    let mut entries: Vec<Entry<'_>> =
        policy.exceptions.waivers.iter().map(|one| Entry::new(one, today)).collect();
    for finding in findings {
        let of_rule: Vec<&mut Entry<'_>> =
            entries.iter_mut().filter(|entry| entry.waiver.rule == finding.rule.id).collect();
        if !of_rule.is_empty() {
            waive(finding, of_rule, policy, evidence);
        }
    }
    let warnings = entries.iter().filter_map(|entry| entry.warning(today)).collect();
    (entries.into_iter().map(Entry::finish).collect(), warnings)
}

/// Lets the waivers of one rule change its finding.
fn waive(finding: &mut Finding, mut entries: Vec<&mut Entry<'_>>, policy: &Policy, evidence: &Evidence) {
    let suspects = suspects(finding, evidence);
    let has_approver = policy.exceptions.approvers.is_some();
    let mut waived = BTreeSet::new();
    for entry in &mut entries {
        entry.unsure = finding.parts().any(is_unsure);
        for (defect, is_blocking) in suspects.iter().filter(|(defect, _)| entry.waiver.names(defect)) {
            entry.matched = true;
            if has_approver && is_own(entry.waiver, defect) {
                entry.own.insert(defect.number());
            } else if !entry.expired && !entry.waiver.is_whole() && *is_blocking {
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
    if blocks(finding.weighed.verdict) {
        for entry in entries.iter().filter(|entry| entry.matched) {
            if let Some(why) = entry.void() {
                finding.weighed.reason.push_str(&format!("; the waiver of {} {why}", entry.waiver.scope()));
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
fn is_unsure(part: &Weighed) -> bool {
    part.verdict == Verdict::Unknown || matches!(part.measurement.value, Value::Missing(_))
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
    *finding = judge(&finding.rule, policy.missing, &evidence.without(&waived));
    if !blocks(finding.weighed.verdict) {
        finding.weighed.verdict = Verdict::Waived;
    }
    finding.weighed.reason.push_str(&format!("; waived and left out: {}", list(&waived)));
    finding.waived = waived;
}

/// Lets a waiver of the whole rule stand for its breach. What is unknown may be anything, and is not waived with it.
fn waive_whole(entry: &mut Entry<'_>, finding: &mut Finding) {
    if !entry.waiver.is_whole() || entry.void().is_some() {
        return;
    }
    entry.applied |= let_pass(finding, &format!("; waived as a whole until {}", entry.waiver.expires));
    if finding.weighed.verdict == Verdict::Unknown {
        entry
            .notes
            .push(format!("`{}` is unknown, not broken: a waiver does not decide it", finding.rule.id));
    }
}

/// True if whoever approved the waiver reported the defect.
fn is_own(waiver: &Waiver, defect: &Defect) -> bool {
    defect.ticket.author.as_ref().is_some_and(|author| same_login(author, &waiver.approved_by))
}

impl<'p> Entry<'p> {
    /// A waiver that nothing has been looked at for.
    fn new(waiver: &'p Waiver, today: Date) -> Self {
        Self {
            waiver,
            expired: waiver.expires < today,
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
        if self.expired {
            return Some(format!("expired on {}", self.waiver.expires));
        }
        (!self.own.is_empty()).then(|| {
            let (own, approver) = (list(&self.own), &self.waiver.approved_by);
            format!("does not count for {own}, which its approver {approver} reported")
        })
    }

    /// What a person should look at.
    fn warning(&self, today: Date) -> Option<String> {
        let Waiver { rule, file, expires, .. } = self.waiver;
        let what = format!("the waiver of {} from `{rule}` in `{file}`", self.waiver.scope());
        let days = |span: Span| i64::from(span.get_days());
        if self.expired {
            None
        } else if !self.matched {
            (!self.unsure).then(|| format!("{what} matches nothing that the rule counts: take it out"))
        } else if *expires <= today.saturating_add(SOON.days()) {
            let left = today.until(*expires).map_or(0, days);
            let left = match left {
                0 => "today".to_owned(),
                1 => "tomorrow".to_owned(),
                left => format!("in {left} days"),
            };
            Some(format!("{what} expires {left}, at the end of {expires} (UTC)"))
        } else if today.until(*expires).map_or(true, |span| days(span) > FAR) {
            Some(format!("{what} holds until {expires}: an exception is meant to end within a year"))
        } else {
            None
        }
    }

    /// What came of it.
    fn finish(self) -> Exception {
        let mut notes = self.notes.clone();
        notes.extend(self.void());
        let standing = match (self.expired, self.applied, notes.is_empty()) {
            (true, _, _) => Effect::Expired,
            (false, true, _) => Effect::Applied,
            (false, false, false) => Effect::Void,
            (false, false, true) => Effect::Unneeded,
        };
        if !self.matched && !self.unsure {
            notes.push("it matches nothing that the rule counts".into());
        }
        let mut exception = Exception::of(Grant::Waiver(self.waiver.clone()));
        if standing == Effect::Applied {
            exception.rules.insert(self.waiver.rule.clone());
        }
        Exception { standing, issues: self.issues, notes, ..exception }
    }
}
