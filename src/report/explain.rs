//! Why a rule came out as it did, and why an issue counts or does not.

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::{Area, Defect, Excluded, IssueNumber, MetricId, Phase, UndecidedBecause, format_duration};
use crate::policy::Policy;
use crate::verdict::{
    Contribution, Evaluation, ExceptionEffect, Finding, Grant, NotCountedReason, explain_contribution,
};

use super::build::{defect_line, rule_line, rules_by_defect};
use super::{DefectLine, RuleLine, SCHEMA, StatusLine};

/// An answer to `explain`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Explanation {
    /// The format's version, that of the report.
    pub schema: u32,
    /// What it explains.
    pub about: ExplanationSubject,
}

/// What is explained.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExplanationSubject {
    /// A rule, and where every defect stands with it.
    Rule(Box<RuleExplanation>),
    /// An issue, and where it stands with every rule.
    Issue(Box<IssueExplanation>),
}

/// A rule, and where every defect stands with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RuleExplanation {
    /// The rule.
    pub rule: RuleLine,
    /// Every defect that was considered: those that speak against the release first, then by number.
    pub defects: Vec<ConsideredDefect>,
}

/// A defect and where it stands with the rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ConsideredDefect {
    /// Where it stands.
    pub answer: DefectRole,
    /// Why, a clause.
    pub reason: String,
    /// The defect.
    pub defect: DefectLine,
}

/// An issue, and where it stands with every rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct IssueExplanation {
    /// Its number.
    pub number: u64,
    /// What it counts as, a sentence without its full stop.
    pub counts_as: String,
    /// The defect that it is, or would be if nothing excluded it; none if the policy does not name it.
    pub defect: Option<DefectLine>,
    /// Its status in the candidate or in the release that was asked for; none if it is no escaped defect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusExplanation>,
    /// Every rule in the policy's order, those that are evaluated on the candidate first.
    pub rules: Vec<RoleInRule>,
}

/// The status of an issue in a release, with every row of the table that was tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct StatusExplanation {
    /// The release.
    pub release: String,
    /// The status, and the row that decided.
    pub status: StatusLine,
    /// The rows before it, in order.
    pub tried: Vec<RejectedRow>,
}

/// A row that does not match.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RejectedRow {
    /// Its number in the table.
    pub row: &'static str,
    /// Why it does not match.
    pub why: String,
}

/// A rule and where the issue stands with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RoleInRule {
    /// The rule's id.
    pub rule: String,
    /// Where the issue stands.
    pub answer: DefectRole,
    /// Why, a clause.
    pub reason: String,
}

/// Where a defect stands with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DefectRole {
    /// It counts, and speaks against the release.
    Counts,
    /// It may count.
    Undecided,
    /// It would count, and a waiver leaves it out.
    Waived,
    /// It is in the denominator and speaks for the release.
    Beside,
    /// It does not count.
    DoesNotCount,
}

/// Explains a rule; none if the policy has no rule of that name.
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

/// Every rule, evaluated on the candidate or not.
fn every_finding(judgement: &Evaluation) -> impl Iterator<Item = &Finding> {
    judgement.findings.iter().chain(&judgement.not_evaluated)
}

/// Explains an issue. `read` says whether the tracker gave it, although the policy may not name it.
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
            (None, Some(one)) if finding.rule.metric == MetricId::Excluded => {
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
    let explained = IssueExplanation {
        number: number.0,
        counts_as,
        status: None,
        rules: rules.collect(),
        defect: either.map(|defect| defect_line(defect, &rules_by_defect(judgement))),
    };
    Explanation { schema: SCHEMA, about: ExplanationSubject::Issue(Box::new(explained)) }
}

/// Where a defect stands with a rule, and why.
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

/// The waivers by which a defect is left out of a rule, or by which the rule as a whole is let pass.
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

/// Where a defect stands with a rule by itself, and why.
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

/// How a defect came to count, for a rule that goes by where it came from.
fn origin_reason(finding: &Finding, defect: &Defect) -> Option<String> {
    let origin = finding.origin();
    if finding.rule.metric == MetricId::TimeToDetect {
        let since = defect.introduced.as_ref()?.since(origin.since)?;
        let time = u64::try_from(defect.issue.created_at.duration_since(since).as_secs()).ok()?;
        return Some(format!("{} from the {} to its report", format_duration(time), origin.since.name()));
    }
    origin.origin_of(defect).map(|tag| format!("it came in with {tag}"))
}

/// The labels and types by which the policy names defects.
fn defect_selectors(policy: &Policy) -> String {
    let defects = &policy.defects;
    let labels = defects.escaped.labels().chain(defects.caught.labels()).map(|p| p.source().to_owned());
    let types = defects.escaped.types().chain(defects.caught.types()).cloned();
    labels.chain(types).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
