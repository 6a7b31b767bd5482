//! What a policy would have said of past releases.

use jiff::Timestamp;
use serde::Serialize;

use super::{ExceptionLine, ExceptionStanding, Outcome, Report, SCHEMA};

/// What a policy would have said of past releases.
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
    /// Each release, the newest first.
    pub releases: Vec<SimulatedRelease>,
    /// How often each rule would have blocked, in the policy's order.
    pub rules: Vec<SimulatedRule>,
    /// Rules that could not be simulated: they are about tests.
    pub left_out: Vec<String>,
    /// Waivers by which rules came out otherwise, in the policy's order. Whether they had been granted by then is not known.
    pub waivers: Vec<SimulatedWaiver>,
}

/// A waiver that was taken to hold at past releases.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SimulatedWaiver {
    /// What it is about: "`zero-critical`, #12". Untrusted.
    pub about: String,
    /// The file it stands in. Untrusted.
    pub place: String,
    /// The releases at which it counted, the newest first.
    pub releases: Vec<String>,
}

/// What the policy would have said of one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SimulatedRelease {
    /// Its tag.
    pub tag: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// The verdict.
    pub verdict: Outcome,
    /// The verdict in one sentence.
    pub headline: String,
    /// Every rule, in the policy's order.
    pub rules: Vec<SimulatedValue>,
}

/// A rule's value at one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SimulatedValue {
    /// The rule's id.
    pub rule: String,
    /// What became of it.
    pub verdict: Outcome,
    /// The value for a person.
    pub shown: String,
    /// The defects that spoke against the release.
    pub issues: Vec<u64>,
}

/// How often a rule would have blocked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct SimulatedRule {
    /// The rule's id.
    pub rule: String,
    /// Releases that it would have failed, advisory or not.
    pub fails: u64,
    /// Releases of which it could not have told.
    pub unknown: u64,
}

/// The reports on past releases as one, the newest first.
pub fn summarize_simulation(
    policy: &str,
    reports: Vec<Report>,
    left_out: Vec<String>,
    by_commit_graph: bool,
) -> Simulation {
    let ids: Vec<String> =
        reports.iter().take(1).flat_map(|r| &r.rules).map(|rule| rule.id.clone()).collect();
    let how_often = |id: &str, verdict: Outcome| {
        let rules = reports.iter().flat_map(|report| &report.rules);
        rules.filter(|rule| rule.id == id && rule.verdict == verdict).count() as u64
    };
    let rules = ids.into_iter().map(|id| SimulatedRule {
        fails: how_often(&id, Outcome::Fail),
        unknown: how_often(&id, Outcome::Unknown),
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

/// The waivers that counted, each with the releases at which it did. Every report has all waivers, in the policy's order.
fn applied_waivers(reports: &[Report]) -> Vec<SimulatedWaiver> {
    let Some(first) = reports.first() else { return Vec::new() };
    let counted = |(at, line): (usize, &ExceptionLine)| {
        let counts = |report: &&Report| {
            report.exceptions.get(at).is_some_and(|line| line.standing == ExceptionStanding::Applied)
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
