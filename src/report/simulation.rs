//! Evaluation of past releases with today's policy.

use jiff::Timestamp;
use serde::Serialize;

use super::{ExceptionEffect, ExceptionLine, Report, SCHEMA, Verdict};

/// Verdicts of past releases under a policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Simulation {
    /// The format's version, that of the report.
    pub schema: u32,
    /// The policy's path.
    pub policy: String,
    /// `true` if the commit graph says what each release contained, and issues are seen as they were then; `false` for a snapshot
    /// of schema 1, which has neither.
    pub by_commit_graph: bool,
    /// Releases, newest first.
    pub releases: Vec<SimulatedRelease>,
    /// Number of failures of each rule, in the policy's order.
    pub rules: Vec<SimulatedRule>,
    /// Ids of the rules that were not simulated because they measure tests.
    pub left_out: Vec<String>,
    /// Waivers that changed a verdict, in the policy's order. Policies record no start date, so a waiver may be younger than
    /// the release.
    pub waivers: Vec<SimulatedWaiver>,
}

/// A waiver that was applied to past releases.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SimulatedWaiver {
    /// Rule and scope, for example `` `zero-critical`, #12 ``. Untrusted.
    pub about: String,
    /// File that contains the waiver. Untrusted.
    pub place: String,
    /// Tags of the releases that it was applied to, newest first.
    pub releases: Vec<String>,
}

/// Result of one past release.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SimulatedRelease {
    /// Tag of the release.
    pub tag: String,
    /// Time when the release was published.
    pub published_at: Timestamp,
    /// Verdict of the policy.
    pub verdict: Verdict,
    /// The verdict in one sentence.
    pub headline: String,
    /// Values of all rules, in the policy's order.
    pub rules: Vec<SimulatedValue>,
}

/// A rule's value at one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SimulatedValue {
    /// The rule's id.
    pub rule: String,
    /// Verdict of the rule.
    pub verdict: Verdict,
    /// Value as display text.
    pub shown: String,
    /// Numbers of the defects that count against the release.
    pub issues: Vec<u64>,
}

/// Number of past releases that a rule would have blocked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SimulatedRule {
    /// The rule's id.
    pub rule: String,
    /// Number of releases with the verdict `fail`, also for an advisory rule.
    pub fails: u64,
    /// Number of releases with the verdict `unknown`.
    pub unknown: u64,
}

/// Combines the reports on past releases, newest first.
pub fn summarize_simulation(
    policy: &str,
    reports: Vec<Report>,
    left_out: Vec<String>,
    by_commit_graph: bool,
) -> Simulation {
    let ids: Vec<String> =
        // All reports are of one policy, so the rules of the first are those of all.
        reports.iter().take(1).flat_map(|r| &r.rules).map(|rule| rule.id.clone()).collect();
    let how_often = |id: &str, verdict: Verdict| {
        let rules = reports.iter().flat_map(|report| &report.rules);
        rules.filter(|rule| rule.id == id && rule.verdict == verdict).count() as u64
    };
    let rules = ids.into_iter().map(|id| SimulatedRule {
        fails: how_often(&id, Verdict::Fail),
        unknown: how_often(&id, Verdict::Unknown),
        rule: id,
    });
    let rules = rules.collect();
    let waivers = applied_waivers(&reports);
    let releases = reports.into_iter().map(|report| SimulatedRelease {
        tag: report.candidate.map(|candidate| candidate.name).unwrap_or_default(),
        published_at: report.evaluated_at,
        verdict: report.verdict,
        headline: report.headline,
        rules: report
            .rules
            .into_iter()
            .map(|rule| SimulatedValue {
                rule: rule.id,
                verdict: rule.verdict,
                shown: rule.shown,
                issues: rule.issues,
            })
            .collect(),
    });
    let releases = releases.collect();
    Simulation {
        schema: SCHEMA,
        policy: policy.to_owned(),
        by_commit_graph,
        releases,
        rules,
        left_out,
        waivers,
    }
}

/// Returns the applied waivers, each with the releases that it was applied to.
fn applied_waivers(reports: &[Report]) -> Vec<SimulatedWaiver> {
    let Some(first) = reports.first() else { return Vec::new() };
    let counted = |(at, line): (usize, &ExceptionLine)| {
        let counts = |report: &&Report| {
            // Waivers stand in the order of the policy in each report, so the position identifies
            // one.
            report.exceptions.get(at).is_some_and(|line| line.standing == ExceptionEffect::Applied)
        };
        let releases: Vec<String> = reports
            .iter()
            .filter(counts)
            .filter_map(|report| report.candidate.as_ref().map(|candidate| candidate.name.clone()))
            .collect();
        let is_needed = !releases.is_empty();
        is_needed.then(|| SimulatedWaiver { about: line.about.clone(), place: line.place.clone(), releases })
    };
    first.exceptions.iter().enumerate().filter_map(counted).collect()
}
