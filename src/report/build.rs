//! Builds the report from the evidence and the judgement.

mod rule_lines;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::evidence::Evidence;
use crate::model::{
    AttributionMethod, Blocker, Defect, DefectStatus, Excluded, IssueNumber, IssueState, Measurement,
    MetricId, MetricValue, Over, Severity, TestEvidence,
};
use crate::policy::Policy;
use crate::verdict::{Evaluation, Finding, Verdict};

use self::rule_lines::not_evaluated_line;
pub use self::rule_lines::{rate, rule_line, scope_text};
use super::component_table::component_table;
use super::exceptions;
use super::gate_report::gate_report;
use super::inheritance::inheritance_report;
use super::next_steps::next_steps;
use super::origin::{OriginLine, detection_report};
use super::{
    AreaNames, BlockerLine, CandidateLine, Cost, DefectLine, DefectStatusLine, DryRun, ExcludedLine, GapLine,
    GuessedReleases, PolicyPlace, PullRequestLine, Report, ReportTotals, RuleLine, SCHEMA, StatusLine,
    TestLine,
};

/// Maximum number of tests that a report names; the rest is counted.
// A broken build fails thousands of tests for one reason. Fifty names show which.
const NOTABLE_TESTS: usize = 50;

/// Properties of the run itself.
#[derive(Debug, Clone)]
pub struct Header {
    /// Id of the gate.
    pub id: String,
    /// `true` if `--dry-run` was given.
    pub dry_run: bool,
    /// Path of the policy.
    pub policy: String,
    /// Cost of the GitHub API calls; `None` if GitHub was not queried.
    pub cost: Option<Cost>,
    /// `true` if the data of a page is needed too.
    pub page: bool,
}

/// Builds the report.
pub fn build_report(header: Header, policy: &Policy, evidence: &Evidence, judgement: &Evaluation) -> Report {
    let mut report = Report {
        defects: defect_lines(evidence, judgement),
        excluded: evidence.excluded.iter().map(excluded_line).collect(),
        guessed: guessed_releases(evidence),
        statuses: status_lines(evidence),
        gates: judgement
            .gates
            .as_ref()
            .map(|escapes| gate_report(escapes, scope_text(escapes.over, &escapes.basis))),
        cross: component_table(
            &judgement.totals.escaped,
            scope_text(Over::Supported, &judgement.totals.escaped.basis),
            evidence,
        ),
        detection: judgement.detection.as_ref().and_then(detection_report),
        warnings: collect_warnings(evidence, judgement),
        next: next_steps(policy, evidence, judgement),
        ..rules_of(header, policy, evidence, judgement)
    };
    report.headline = report.verdict_sentence();
    report
}

/// Builds the report of a past release: the verdict, the rules and the exceptions. A simulation keeps one for each of a thousand
/// releases; lists of single defects would take more time than the evaluation, and would not fit into memory.
pub fn build_past_report(
    header: Header,
    policy: &Policy,
    evidence: &Evidence,
    judgement: &Evaluation,
) -> Report {
    let mut report = rules_of(header, policy, evidence, judgement);
    report.defects = lines_of_causes(&report.rules, evidence, judgement);
    report.headline = report.verdict_sentence();
    report.defects = Vec::new();
    report.blockers = None;
    report
}

/// Returns the report without headline and without the lists of single defects.
fn rules_of(header: Header, policy: &Policy, evidence: &Evidence, judgement: &Evaluation) -> Report {
    let rules: Vec<RuleLine> =
        judgement.findings.iter().map(|finding| placed_rule_line(finding, policy)).collect();
    let dry_run_by = DryRun::of(header.dry_run, policy);
    Report {
        schema: SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        id: header.id,
        verdict: judgement.verdict,
        dry_run: dry_run_by.is_some(),
        dry_run_by,
        headline: String::new(),
        evaluated_at: evidence.now,
        repository: evidence.repository.clone(),
        policy: header.policy,
        product: policy.product.as_ref().map(|product| product.name.clone()),
        inherited: inheritance_report(&policy.inherited),
        base_policy: None,
        policy_digest: None,
        links: None,
        cost: header.cost,
        candidate: candidate_line(evidence),
        pull_request: pull_request_line(evidence),
        totals: report_totals(judgement, evidence),
        not_evaluated: judgement.not_evaluated.iter().map(not_evaluated_line).collect(),
        exceptions: judgement.exceptions.all.iter().map(exceptions::exception_line).collect(),
        exceptions_by_quarter: exceptions::exceptions_per_quarter(
            &judgement.exceptions.all,
            evidence.evaluated_at,
        ),
        defects: Vec::new(),
        excluded: Vec::new(),
        guessed: None,
        statuses: Vec::new(),
        blockers: evidence.blockers.as_ref().map(|all| all.iter().map(blocker_line).collect()),
        gates: None,
        cross: None,
        detection: None,
        tests: evidence.tests.as_ref().map(test_line),
        gaps: judgement
            .gaps
            .iter()
            .map(|(gap, verdict)| GapLine {
                area: gap.area,
                place: gap.place.clone(),
                what: gap.what.clone(),
                remedy: gap.remedy.clone(),
                verdict: *verdict,
            })
            .collect(),
        warnings: Vec::new(),
        next: Vec::new(),
        rules,
        page: None,
    }
}

/// Returns the warnings of evidence and exceptions, and the defects that a rule on unfixed defects skips because their
/// releases are out of scope.
fn collect_warnings(evidence: &Evidence, judgement: &Evaluation) -> Vec<String> {
    // Notes of `unfixed` say which defects are not counted. Without them, a debt would grow out of
    // sight.
    let unfixed = judgement.findings.iter().filter(|finding| finding.rule.metric == MetricId::Unfixed);
    let passed_over = unfixed.flat_map(|finding| {
        let notes: BTreeSet<&String> = finding.parts().flat_map(|part| &part.measurement.notes).collect();
        notes.into_iter().map(|note| format!("`{}`: {note}", finding.rule.id))
    });
    let read = evidence.warnings.iter().map(|warning| warning.0.clone());
    read.chain(judgement.exceptions.warnings.iter().cloned()).chain(passed_over).collect()
}

/// Returns the line of a rule with its place in the policy.
fn placed_rule_line(finding: &Finding, policy: &Policy) -> RuleLine {
    let place = policy.rule_places.get(&finding.rule.id);
    let place = place.map(|place| PolicyPlace { file: place.file.clone(), line: place.line as u64 });
    RuleLine { place, ..rule_line(finding) }
}

fn candidate_line(evidence: &Evidence) -> Option<CandidateLine> {
    evidence.candidate.as_ref().map(|candidate| CandidateLine {
        name: candidate.title(),
        pull_request: candidate.pull_request,
        head: candidate.head.as_ref().map(|sha| sha.0.clone()),
        base: candidate.commits.as_ref().map(|commits| commits.base.0.clone()),
        commits: candidate.commits.as_ref().map(|commits| commits.ids.len() as u64),
    })
}

/// Returns the effect of a pull request. `None` if the candidate is none, or not before its merge.
fn pull_request_line(evidence: &Evidence) -> Option<PullRequestLine> {
    let number = evidence.candidate.as_ref()?.pull_request?;
    let change = evidence.proposed.as_ref()?;
    let is_fix = |defect: &&Defect| {
        defect.issue.fixes.iter().any(|fix| fix.own_pull_request() == Some(number) && !fix.is_dropped())
    };
    Some(PullRequestLine {
        fixes: evidence
            .escaped()
            .into_iter()
            .flatten()
            .filter(is_fix)
            .map(|defect| defect.number().0)
            .collect(),
        takes_back: change.takes_back.iter().map(|number| number.0).collect(),
    })
}

fn report_totals(judgement: &Evaluation, evidence: &Evidence) -> ReportTotals {
    let totals = &judgement.totals;
    ReportTotals {
        over: scope_text(Over::Supported, &totals.escaped.basis),
        escaped: counted_value(&totals.escaped),
        critical: counted_value(&totals.critical),
        untriaged: counted_value(&totals.untriaged),
        unattributed: counted_value(&totals.unattributed),
        excluded: evidence.defects.as_ref().map(|_| evidence.excluded.len() as u64),
        escape_rate: match &totals.escape_rate.value {
            MetricValue::Ratio(ratio) => rate(*ratio, &totals.escape_rate.basis),
            MetricValue::Count(_) | MetricValue::Duration(_) | MetricValue::Missing(_) => None,
        },
    }
}

fn counted_value(measurement: &Measurement) -> Option<u64> {
    match measurement.value {
        MetricValue::Count(count) => Some(count),
        MetricValue::Ratio(_) | MetricValue::Duration(_) | MetricValue::Missing(_) => None,
    }
}

/// Returns the escaped defects that a rule or a total counts, most severe first.
fn defect_lines(evidence: &Evidence, judgement: &Evaluation) -> Vec<DefectLine> {
    let Some(escaped) = evidence.escaped() else { return Vec::new() };
    let totals = &judgement.totals;
    let shown: BTreeSet<IssueNumber> = [&totals.escaped, &totals.unattributed]
        .into_iter()
        .chain(judgement.findings.iter().flat_map(Finding::parts).map(|part| &part.measurement))
        .flat_map(|measured| {
            let undecided = measured.undecided.iter().map(|(number, _)| *number);
            // Not counted, but a maintainer has to act on them.
            let listed = measured.details.investigated.iter().chain(&measured.details.debt).copied();
            measured.against.iter().copied().chain(undecided).chain(listed)
        })
        .collect();
    let roles = rules_by_defect(judgement);
    let mut lines: Vec<DefectLine> = escaped
        .filter(|defect| shown.contains(&defect.number()) || roles.waived.contains_key(&defect.number()))
        .map(|defect| defect_line(defect, &roles))
        .collect();
    lines.sort_by_key(|line| order_of_line(line, !line.breaks.is_empty()));
    lines
}

/// Orders the lines of defects: those that break a rule first, then the most severe.
// The comment may be cut at its limit, so the lines that block come first.
fn order_of_line(line: &DefectLine, is_broken: bool) -> (Reverse<(bool, Option<Severity>, bool)>, u64) {
    (Reverse((is_broken, line.severity, line.open)), line.number)
}

/// Returns the defects that may be the cause of the verdict, in the order of [`defect_lines`]. The lines have only what a headline
/// shows.
fn lines_of_causes(rules: &[RuleLine], evidence: &Evidence, judgement: &Evaluation) -> Vec<DefectLine> {
    let unfixed = rules.iter().filter(|rule| rule.metric == MetricId::Unfixed.name());
    let mut numbers: Vec<u64> = unfixed.flat_map(|rule| rule.issues.iter().copied()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let broken = judgement.findings.iter().flat_map(Finding::parts).flat_map(|part| {
        let measured = &part.measurement;
        let against: &[IssueNumber] = if part.verdict == Verdict::Fail { &measured.against } else { &[] };
        let undecided = measured.undecided.iter().filter(|_| part.verdict == Verdict::Unknown);
        against.iter().copied().chain(undecided.map(|(number, _)| *number))
    });
    let broken: HashSet<IssueNumber> = broken.collect();
    let line = |number| {
        let defect = evidence.defect(IssueNumber(number))?;
        let status = defect.status.as_deref().map(|found| StatusLine {
            status: found.status.clone().ok(),
            row: found.row.name(),
            confidence: found.confidence,
            shown: String::new(),
            accepted: found.accepted,
            notes: Vec::new(),
        });
        let line = DefectLine {
            number,
            title: defect.issue.title.clone(),
            url: String::new(),
            open: defect.issue.state == IssueState::Open,
            severity: defect.severity,
            triaged: defect.triaged,
            because: String::new(),
            components: AreaNames::default(),
            teams: AreaNames::default(),
            found_in: None,
            method: defect.found_in.method,
            confidence: defect.found_in.confidence,
            evidence: String::new(),
            introduced: None,
            created_at: defect.issue.created_at,
            status,
            waived: Vec::new(),
            breaks: Vec::new(),
        };
        Some((broken.contains(&defect.number()), line))
    };
    let mut lines: Vec<(bool, DefectLine)> = numbers.into_iter().filter_map(line).collect();
    lines.sort_by_key(|(is_broken, line)| order_of_line(line, *is_broken));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Returns the rules that each defect breaks or is waived from.
pub fn rules_by_defect(judgement: &Evaluation) -> RulesByDefect {
    let (mut breaks, mut waived) = (BTreeMap::new(), BTreeMap::new());
    let note = |rules: &mut RuleIds, number, rule: &Arc<str>| {
        rules.entry(number).or_default().push(Arc::clone(rule));
    };
    for finding in &judgement.findings {
        let id: Arc<str> = finding.rule.id.as_str().into();
        for number in finding.against(&[Verdict::Fail]) {
            note(&mut breaks, number, &id);
        }
        let unknown = finding.parts().filter(|part| part.verdict == Verdict::Unknown);
        let undecided: BTreeSet<IssueNumber> =
            unknown.flat_map(|part| part.measurement.undecided.iter().map(|(number, _)| *number)).collect();
        // An undecided defect blocks too, and a reader of its row must see why.
        let id_undecided: Arc<str> = format!("{id} (undecided)").into();
        for number in undecided {
            note(&mut breaks, number, &id_undecided);
        }
        for number in &finding.waived {
            note(&mut waived, *number, &id);
        }
    }
    RulesByDefect { breaks, waived }
}

/// Ids of rules by defect. Shared, because thousands of defects refer to a few ids.
type RuleIds = BTreeMap<IssueNumber, Vec<Arc<str>>>;

/// Rules that each defect breaks or is waived from.
pub struct RulesByDefect {
    /// Rules that fail because of the defect. The suffix ` (undecided)` marks rules that are unknown because of it.
    breaks: RuleIds,
    /// Rules whose waivers leave the defect out.
    waived: RuleIds,
}

impl RulesByDefect {
    /// Returns the ids of the rules that fail, or are unknown, because of a defect.
    pub fn broken_by(&self, number: IssueNumber) -> Vec<Arc<str>> {
        self.breaks.get(&number).cloned().unwrap_or_default()
    }
}

pub fn defect_line(defect: &Defect, roles: &RulesByDefect) -> DefectLine {
    let of = |rules: &RuleIds| rules.get(&defect.number()).cloned().unwrap_or_default();
    let issue = &defect.issue;
    DefectLine {
        number: issue.number.0,
        title: issue.title.clone(),
        url: issue.url.clone(),
        open: issue.state == IssueState::Open,
        severity: defect.severity,
        triaged: defect.triaged,
        because: defect.because.to_string(),
        components: AreaNames { names: defect.components.clone(), inferred: defect.inferred.components },
        teams: AreaNames { names: defect.teams.clone(), inferred: defect.inferred.teams },
        found_in: found_in_tag(defect),
        method: defect.found_in.method,
        confidence: defect.found_in.confidence,
        evidence: defect.found_in.evidence.clone(),
        introduced: OriginLine::of(defect),
        created_at: issue.created_at,
        status: defect.status.as_deref().map(status_line),
        waived: of(&roles.waived),
        breaks: of(&roles.breaks),
    }
}

/// Returns the line of a status.
pub fn status_line(found: &DefectStatus) -> StatusLine {
    StatusLine {
        status: found.status.clone().ok(),
        row: found.row.name(),
        confidence: found.confidence,
        shown: found.shown(),
        accepted: found.accepted,
        notes: found.notes.clone(),
    }
}

/// Counts the escaped defects whose release is guessed. Returns `None` if there are none.
fn guessed_releases(evidence: &Evidence) -> Option<GuessedReleases> {
    let (mut guessed, mut of) = (0, 0);
    for defect in evidence.escaped()? {
        of += 1;
        guessed += u64::from(defect.found_in.method == AttributionMethod::Window);
    }
    (guessed > 0).then_some(GuessedReleases { guessed, of })
}

/// Returns the status of every escaped defect and excluded issue, by number.
fn status_lines(evidence: &Evidence) -> Vec<DefectStatusLine> {
    let excluded = evidence.excluded.iter().map(|one| &one.defect);
    let all = evidence.defects.iter().flat_map(|defects| defects.iter()).chain(excluded);
    let line = |defect: &Defect| {
        let found = defect.status.as_deref()?;
        let found_in = found_in_tag(defect);
        Some(DefectStatusLine { number: defect.number().0, found_in, status: status_line(found) })
    };
    let mut lines: Vec<DefectStatusLine> = all.filter_map(line).collect();
    lines.sort_by_key(|line| line.number);
    lines
}

fn blocker_line(blocker: &Blocker) -> BlockerLine {
    let issue = &blocker.defect.issue;
    BlockerLine {
        number: issue.number.0,
        title: issue.title.clone(),
        url: issue.url.clone(),
        pull_request: blocker.pull_request,
        because: blocker.defect.because.to_string(),
        done: blocker.done,
        reason: blocker.reason.clone(),
        found_in: found_in_tag(&blocker.defect).filter(|_| !blocker.pull_request),
        status: blocker.defect.status.as_deref().map(status_line),
    }
}

fn found_in_tag(defect: &Defect) -> Option<String> {
    defect.found_in.release.as_ref().map(|tag| tag.0.clone())
}

fn excluded_line(excluded: &Excluded) -> ExcludedLine {
    ExcludedLine {
        number: excluded.defect.issue.number.0,
        title: excluded.defect.issue.title.clone(),
        url: excluded.defect.issue.url.clone(),
        reason: excluded.reason.to_string(),
        because: excluded.because.clone(),
    }
}

fn test_line(tests: &TestEvidence) -> TestLine {
    let totals = tests.totals();
    let mut notable = tests.notable();
    notable.truncate(NOTABLE_TESTS);
    // `notable` keeps a limited number of tests by name; the totals count all of them.
    let all = totals.failed.saturating_add(totals.errors).saturating_add(totals.flaky);
    let more = all.saturating_sub(notable.len() as u64);
    TestLine {
        files: tests.files.len() as u64,
        total: totals.total,
        passed: totals.passed,
        failed: totals.failed,
        errors: totals.errors,
        skipped: totals.skipped,
        flaky: totals.flaky,
        runs: totals.runs,
        notable,
        more,
    }
}
