//! What a policy would have said of past releases.

use jiff::Timestamp;
use serde::Serialize;

use super::{Outcome, Report, SCHEMA};

/// What a policy would have said of past releases.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Simulation {
    /// The format's version, that of the report.
    pub schema: u32,
    /// The policy's path.
    pub policy: String,
    /// Each release, the newest first.
    pub releases: Vec<SimulatedRelease>,
    /// How often each rule would have blocked, in the policy's order.
    pub rules: Vec<SimulatedRule>,
    /// Rules that could not be simulated: they are about tests.
    pub left_out: Vec<String>,
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
pub fn simulated(policy: &str, reports: Vec<Report>, left_out: Vec<String>) -> Simulation {
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
    Simulation { schema: SCHEMA, policy: policy.to_owned(), releases: releases.collect(), rules, left_out }
}
