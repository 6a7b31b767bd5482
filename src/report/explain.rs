//! Explanations: the defects behind a rule's verdict, and the rules that an issue counts for.

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::{
    Area, Defect, DefectAttribute, Excluded, ExclusionReason, IssueNumber, MetricId, Phase, RecordedCause,
    UndecidedBecause, format_duration,
};
use crate::policy::Policy;
use crate::verdict::{
    Contribution, Evaluation, ExceptionEffect, Finding, Grant, NotCountedReason, explain_contribution,
};

use super::build::{defect_line, rule_line, rules_by_defect};
use super::{DefectLine, RuleLine, SCHEMA, StatusLine};

/// Result of the command `explain`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Explanation {
    /// The format's version, that of the report.
    pub schema: u32,
    /// The explained rule or issue.
    pub about: ExplanationSubject,
}

/// Subject of an explanation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExplanationSubject {
    /// A rule with the defects that were considered for it.
    Rule(Box<RuleExplanation>),
    /// An issue with its role in every rule.
    Issue(Box<IssueExplanation>),
}

/// A rule with the defects that were considered for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleExplanation {
    /// Result of the rule.
    pub rule: RuleLine,
    /// Considered defects, by role (those that count first), then by number.
    pub defects: Vec<ConsideredDefect>,
}

/// A defect with its role in the rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConsideredDefect {
    /// Role of the defect.
    pub answer: DefectRole,
    /// Reason for the role, a clause. Untrusted.
    pub reason: String,
    /// The considered defect.
    pub defect: DefectLine,
}

/// An issue with its role in every rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IssueExplanation {
    /// Issue number.
    pub number: u64,
    /// Classification of the issue, a sentence without subject and full stop. Untrusted.
    pub counts_as: String,
    /// The issue as a defect, also if it is excluded; `None` if the policy does not select it.
    pub defect: Option<DefectLine>,
    /// Causes that are recorded on the issue; omitted if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<CauseLine>,
    /// Status in the candidate or in the requested release; omitted if the issue is no escaped defect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusExplanation>,
    /// Role in every rule: rules that apply to the candidate first, then in the policy's order.
    pub rules: Vec<RoleInRule>,
}

/// A cause that is recorded on an issue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CauseLine {
    /// The attribute: `root-cause` or `detection-gap`.
    pub attribute: &'static str,
    /// Names of the cause; empty if it is only recorded in prose. Untrusted.
    pub names: Vec<String>,
    /// Evidence, for example "label `root-cause/logic`"; `null` if a label says that the cause is still to be found. Untrusted.
    pub shown_by: Option<String>,
}

/// Status of an issue in a release, with the rows of the status table that were checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StatusExplanation {
    /// Tag of the release, or name of the candidate.
    pub release: String,
    /// Status and deciding row.
    pub status: StatusLine,
    /// Rows before the deciding row, in order.
    pub tried: Vec<RejectedRow>,
}

/// A row of the status table that does not match.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RejectedRow {
    /// Name of the row, for example `9`.
    pub row: &'static str,
    /// Reason for the mismatch, a clause. Untrusted.
    pub why: String,
}

/// Role of an issue in one rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RoleInRule {
    /// Id of the rule.
    pub rule: String,
    /// Role of the issue.
    pub answer: DefectRole,
    /// Reason for the role, a clause. Untrusted.
    pub reason: String,
}

/// Role of a defect in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DefectRole {
    /// Counts against the release.
    Counts,
    /// May count: evidence is missing.
    Undecided,
    /// Would count, but a waiver leaves it out.
    Waived,
    /// Is in the denominator only and counts for the release.
    Beside,
    /// Does not count.
    DoesNotCount,
}

/// Explains a rule. Returns `None` if the policy has no rule with this id.
pub fn explain_rule(id: &str, evidence: &Evidence, judgement: &Evaluation) -> Option<Explanation> {
    let finding = every_finding(judgement).find(|finding| finding.rule.id == id)?;
    let roles = rules_by_defect(judgement);
    let considered = |defect: &Defect| {
        let (answer, reason) = defect_role(finding, evidence, judgement, defect);
        ConsideredDefect { answer, reason, defect: defect_line(defect, &roles) }
    };
    let looked_at = evidence.looked_at(finding.rule.metric).into_iter().flatten();
    let mut defects: Vec<ConsideredDefect> = looked_at.map(considered).collect();
    defects.sort_by_key(|one| (one.answer, one.defect.number));
    let explained = RuleExplanation { rule: rule_line(finding), defects };
    Some(Explanation { schema: SCHEMA, about: ExplanationSubject::Rule(Box::new(explained)) })
}

/// Returns all rules, also those that do not apply to the candidate.
fn every_finding(judgement: &Evaluation) -> impl Iterator<Item = &Finding> {
    judgement.findings.iter().chain(&judgement.not_evaluated)
}

/// Explains an issue. `read` is `true` if the issue was collected, even if the policy does not select it.
pub fn explain_issue(
    number: IssueNumber,
    read: bool,
    policy: &Policy,
    evidence: &Evidence,
    judgement: &Evaluation,
) -> Explanation {
    let defect = evidence.defects.iter().flatten().find(|defect| defect.number() == number);
    let excluded = evidence.excluded.iter().find(|one| one.defect.number() == number);
    let counts_as = match (defect, excluded) {
        (Some(defect), _) => {
            let phase = match defect.phase {
                Phase::Escaped => "an escaped defect",
                Phase::Caught => "a defect that was caught before production",
            };
            format!("counts as {phase}, by {}", defect.because)
        }
        (None, Some(Excluded { reason, because, .. })) => {
            format!("does not count: {reason}, by {because}")
        }
        // "Not read" and "no defect" need different steps: a permission, or a label.
        (None, None) if read => {
            format!(
                "does not count: none of its labels or types is one of a defect ({})",
                defect_selectors(policy)
            )
        }
        (None, None) => format!(
            "was not read: either it does not exist, or it has none of the labels and types of a defect ({})",
            defect_selectors(policy)
        ),
    };
    let either = defect.or(excluded.map(|one| &one.defect));
    let rules = every_finding(judgement).map(|finding| {
        let (answer, reason) = match (defect, excluded) {
            (Some(defect), _) => defect_role(finding, evidence, judgement, defect),
            // For this metric alone, an excluded issue is what is counted.
            (None, Some(one))
                if finding.rule.metric == MetricId::Excluded
                    && one.reason != ExclusionReason::OtherProduct =>
            {
                defect_role(finding, evidence, judgement, &one.defect)
            }
            (None, Some(one)) => (DefectRole::DoesNotCount, format!("it is excluded: {}", one.reason)),
            (None, None) if !finding.rule.metric.needs().contains(&Area::Issues) => {
                (DefectRole::DoesNotCount, NotCountedReason::NotAboutDefects.to_string())
            }
            (None, None) if read => (DefectRole::DoesNotCount, "it is no defect".to_owned()),
            (None, None) => (DefectRole::Undecided, "it was not read".to_owned()),
        };
        RoleInRule { rule: finding.rule.id.clone(), answer, reason }
    });
    let causes = either.map_or_else(Vec::new, |defect| {
        let all = [
            (DefectAttribute::DetectionGap, &defect.detection_gap),
            (DefectAttribute::RootCause, &defect.root_cause),
        ];
        let recorded = all.into_iter().filter(|(_, one)| one.shown_by.is_some() || !one.names.is_empty());
        let line = |(attribute, one): (DefectAttribute, &RecordedCause)| CauseLine {
            attribute: attribute.name(),
            names: one.names.clone(),
            shown_by: one.shown_by.clone(),
        };
        recorded.map(line).collect()
    });
    let explained = IssueExplanation {
        number: number.0,
        counts_as,
        causes,
        status: None,
        rules: rules.collect(),
        defect: either.map(|defect| defect_line(defect, &rules_by_defect(judgement))),
    };
    Explanation { schema: SCHEMA, about: ExplanationSubject::Issue(Box::new(explained)) }
}

/// Returns the role of a defect in a rule, and the reason. Names the waivers that apply.
fn defect_role(
    finding: &Finding,
    evidence: &Evidence,
    judgement: &Evaluation,
    defect: &Defect,
) -> (DefectRole, String) {
    if finding.waived.contains(&defect.number()) {
        return (DefectRole::Waived, waiver_reasons(finding, judgement, Some(defect)));
    }
    let (answer, reason) = role_without_waivers(finding, evidence, defect);
    let whole =
        if answer == DefectRole::Counts { waiver_reasons(finding, judgement, None) } else { String::new() };
    if whole.is_empty() { (answer, reason) } else { (answer, format!("{reason}; {whole}")) }
}

/// Describes the waivers that leave a defect out of a rule; without a defect, those that waive the whole rule.
fn waiver_reasons(finding: &Finding, judgement: &Evaluation, defect: Option<&Defect>) -> String {
    let told = judgement.exceptions.all.iter().filter_map(|exception| {
        let Grant::Waiver(waiver) = &exception.grant else { return None };
        let is_it = match defect {
            Some(defect) => exception.issues.contains(&defect.number()),
            None => waiver.is_whole(),
        };
        let holds = exception.standing == ExceptionEffect::Applied && waiver.rule == finding.rule.id && is_it;
        holds.then(|| {
            format!(
                "waived until {} by {} in `{}` ({}): {}",
                waiver.until(),
                waiver.approved_by,
                waiver.file,
                waiver.scope(),
                waiver.reason
            )
        })
    });
    told.collect::<Vec<_>>().join("; ")
}

/// Returns the role of a defect before waivers, and the reason.
fn role_without_waivers(finding: &Finding, evidence: &Evidence, defect: &Defect) -> (DefectRole, String) {
    let standing = match explain_contribution(finding, evidence, defect) {
        Ok(standing) => standing,
        Err(reason) => return (DefectRole::Undecided, reason),
    };
    match standing {
        Contribution::Against => {
            let release = match (origin_reason(finding, defect), &defect.found_in.release) {
                (Some(told), _) => told,
                (None, Some(tag)) => format!("it was found in {tag}"),
                (None, None) => "it has no release".to_owned(),
            };
            match &defect.status {
                // The release it was found in does not explain why it is not fixed. The status
                // does.
                Some(found) if finding.rule.metric == MetricId::Unfixed => {
                    (DefectRole::Counts, found.shown())
                }
                Some(_) | None => (DefectRole::Counts, release),
            }
        }
        Contribution::For => {
            let told = origin_reason(finding, defect);
            (DefectRole::Beside, told.unwrap_or_else(|| "it speaks for the release".to_owned()))
        }
        Contribution::Undecided(UndecidedBecause::Severity) => {
            (DefectRole::Undecided, "its severity is not known".to_owned())
        }
        Contribution::Undecided(UndecidedBecause::Fix) => {
            (DefectRole::Undecided, "whether the candidate has its fix could not be read".to_owned())
        }
        Contribution::NotCounted(
            why @ (NotCountedReason::Fixed
            | NotCountedReason::NotAffected
            | NotCountedReason::UnderInvestigation
            | NotCountedReason::Accepted),
        ) => {
            let shown = defect.status.as_ref().map(|found| found.shown());
            (DefectRole::DoesNotCount, shown.unwrap_or_else(|| why.to_string()))
        }
        Contribution::NotCounted(why) => (DefectRole::DoesNotCount, why.to_string()),
    }
}

/// Names the release or duration by which a defect counts, for a rule that uses origins.
fn origin_reason(finding: &Finding, defect: &Defect) -> Option<String> {
    let origin = finding.origin();
    if finding.rule.metric == MetricId::TimeToDetect {
        let since = defect.introduced.as_ref()?.since(origin.since)?;
        let time = u64::try_from(defect.issue.created_at.duration_since(since).as_secs()).ok()?;
        return Some(format!("{} from the {} to its report", format_duration(time), origin.since.name()));
    }
    origin.origin_of(defect).map(|tag| format!("it came in with {tag}"))
}

/// Lists the labels and types that select defects.
fn defect_selectors(policy: &Policy) -> String {
    let defects = &policy.defects;
    let labels = defects.escaped.labels().chain(defects.caught.labels()).map(|p| p.source().to_owned());
    let types = defects.escaped.types().chain(defects.caught.types()).cloned();
    labels.chain(types).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
