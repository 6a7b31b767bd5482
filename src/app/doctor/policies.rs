//! The policies of the gates, as facts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use policy_lang::Node;

use crate::doctor::IgnoreEntry;
use crate::doctor::examination::PolicyFacts;
use crate::doctor::gate::{Gate, GateKind};
use crate::model::{Area, MetricId};
use crate::policy::{Mode, Parsed, Policy, RuleLevel, Tolerance};
use crate::report::NotKnown;

use super::super::Run;
use super::super::policy_files::{Checkout, PolicyFiles};
use super::super::policy_sources::load_policy_in;
use super::files::without_first_folder;
use super::server::Answers;

/// Policies that could be read.
#[derive(Debug, Default)]
pub struct GatePolicies {
    /// Facts, by the path that the gate names.
    pub facts: BTreeMap<String, PolicyFacts>,
    /// Texts, by path.
    pub texts: BTreeMap<String, String>,
    /// Findings that the policies accept.
    pub ignores: Vec<IgnoreEntry>,
}

/// Reads the policy of each gate with everything that it inherits. A policy that cannot be read is listed as not known.
pub fn read_policies(
    gates: &[Gate],
    root: &Path,
    answers: &Answers,
    run: &Run<'_>,
    not_known: &mut Vec<NotKnown>,
) -> GatePolicies {
    let mut out = GatePolicies::default();
    let mut tried: Vec<&str> = Vec::new();
    for gate in gates.iter().filter(|gate| gate.kind != GateKind::Named) {
        let Some(path) = gate.settings.policy_path() else {
            let subject = format!("policy `{}` of {}:{}", gate.settings.policy, gate.file, gate.line);
            let why = "its path is an expression".to_owned();
            not_known.push(NotKnown { subject, why, unread: false });
            continue;
        };
        if tried.contains(&path) {
            continue;
        }
        tried.push(path);
        let mut place = PathBuf::from(path);
        // A workflow may check the policy out into a folder.
        if let Some(inner) =
            without_first_folder(path).filter(|inner| !root.join(path).exists() && root.join(inner).exists())
        {
            place = inner;
        }
        let checkout = Checkout::around(root);
        match load_policy_in(&place, &checkout, !answers.is_file(), run) {
            Ok(parsed) => {
                out.facts.insert(path.to_owned(), facts(&parsed, path));
                out.ignores.extend(ignore_entries(&parsed, path));
                if let Ok(Some(bytes)) = checkout.read(&place) {
                    out.texts
                        .insert(place.display().to_string(), String::from_utf8_lossy(&bytes).into_owned());
                }
            }
            Err(refused) => {
                let why = refused.diagnostics().first().map_or_else(String::new, ToString::to_string);
                not_known.push(NotKnown { subject: format!("policy {path}"), why, unread: true });
            }
        }
    }
    out
}

fn facts(parsed: &Parsed, path: &str) -> PolicyFacts {
    let policy = &parsed.policy;
    let observe = (policy.exceptions.mode == Mode::Observe).then(|| place_of_mode(parsed, path));
    let blocks = policy.rules.iter().filter(|rule| rule.level != RuleLevel::Advisory);
    let needs = |area: Area| {
        let mut mandatory = policy.rules.iter().filter(|rule| rule.level == RuleLevel::Mandatory);
        mandatory.any(|rule| rule.metric.row().needs.contains(&area))
    };
    PolicyFacts {
        observe,
        has_tests_rule: blocks.clone().any(|rule| rule.metric.row().needs.contains(&Area::Tests)),
        reports: policy.reports.clone(),
        tolerated: tolerated(policy)
            .into_iter()
            .filter(|(_, area)| needs(*area))
            .map(|(name, _)| name)
            .collect(),
        needs_deployments: policy.rules.iter().any(|rule| rule.metric == MetricId::ChangeFailureRate)
            && policy.environment.is_some(),
    }
}

/// Returns the entries of `missing` that are `warn`.
fn tolerated(policy: &Policy) -> Vec<(&'static str, Area)> {
    let missing = &policy.missing;
    let all = [
        ("issues", missing.issues, Area::Issues),
        ("tests", missing.tests, Area::Tests),
        ("history", missing.history, Area::History),
        ("deployments", missing.deployments, Area::Deployments),
        ("origins", missing.origins, Area::Origins),
    ];
    let is_warn = |tolerance: Tolerance| tolerance == Tolerance::Warn;
    all.into_iter()
        .filter(|(_, tolerance, _)| is_warn(*tolerance))
        .map(|(name, _, area)| (name, area))
        .collect()
}

/// Returns the entries of `doctor.ignore` of a policy, also the inherited ones.
pub fn ignore_entries(parsed: &Parsed, path: &str) -> Vec<IgnoreEntry> {
    let list = parsed.effective.root.get("doctor").and_then(|doctor| doctor.get("ignore"));
    let nodes = list.map(|list| list.items()).unwrap_or_default();
    let entries = parsed.policy.accepted_findings.iter().zip(nodes);
    entries
        .map(|(one, node)| {
            let (at, until) = (place_of(Some(node), parsed, path), one.until.map(|day| day.to_string()));
            IgnoreEntry::of_policy(at, one.id, (one.file.clone(), one.job.clone()), &one.reason, until)
        })
        .collect()
}

/// Returns file and line of `mode`, in the policy or in one that it inherits from.
fn place_of_mode(parsed: &Parsed, path: &str) -> (String, usize) {
    place_of(parsed.effective.root.get("mode"), parsed, path)
}

/// Returns file and line of a value of a policy; the first line of the policy without a value.
fn place_of(node: Option<&Rc<Node>>, parsed: &Parsed, path: &str) -> (String, usize) {
    let files = &parsed.effective.files;
    let place = node.and_then(|node| {
        let (file, _) = files.locate(&node.span)?;
        Some((file.name.clone(), files.line_number(&node.span)))
    });
    place.unwrap_or_else(|| (path.to_owned(), 1))
}

#[cfg(test)]
mod tests {
    use crate::doctor::KINDS;
    use crate::policy::FINDING_IDS;

    #[test]
    fn policy_knows_every_finding_by_its_id() {
        assert_eq!(KINDS.map(|kind| kind.id), FINDING_IDS);
    }
}
