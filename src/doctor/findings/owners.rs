//! Files of the gate that CODEOWNERS does not cover: finding 22.

use crate::classify::codeowners::Codeowners;
use crate::report::FindingLevel;

use super::super::catalog::Draft;
use super::super::examination::Examination;
use super::super::gate::DEFAULT_POLICY;

/// Returns the findings.
pub fn find(examination: &Examination<'_>) -> Option<Draft> {
    let gates: Vec<_> = examination.own_gates().collect();
    let first = gates.first()?;
    let needs_review = examination
        .input
        .server
        .as_ref()
        .is_some_and(|server| server.branches.iter().any(|branch| branch.owners_review));
    let (path, owners) = match &examination.input.owners {
        Some(file) => (file.path.as_str(), Codeowners::parse(&file.text)),
        None if needs_review => (".github/CODEOWNERS", Codeowners::default()),
        None => return None,
    };
    let mut files: Vec<String> = Vec::new();
    for gate in &gates {
        let policy = gate.settings.policy_path().unwrap_or(DEFAULT_POLICY).to_owned();
        let stem = policy.strip_suffix(".yml").or_else(|| policy.strip_suffix(".yaml")).unwrap_or(&policy);
        files.push(format!("{stem}/waivers/"));
        files.push(policy);
        files.push(examination.workflow(gate.workflow).path.clone());
        files.push(gate.file.clone());
    }
    files.push(path.to_owned());
    files.sort();
    files.dedup();
    let is_owned = |file: &String| {
        // A new waiver is a file in the folder.
        let probe = if file.ends_with('/') { format!("{file}waiver.yml") } else { file.clone() };
        !owners.owners(&probe).is_empty()
    };
    let unowned: Vec<String> = files.into_iter().filter(|file| !is_owned(file)).collect();
    if unowned.is_empty() {
        return None;
    }
    let policy = first.settings.policy_path().unwrap_or(DEFAULT_POLICY).to_owned();
    let problem = format!("{path} names no owner of {}", unowned.join(", "));
    let way = format!("change without a review of owners → {policy}");
    let draft = Draft {
        id: "policy-unowned",
        level: FindingLevel::Warning,
        file: policy,
        line: 1,
        job: None,
        way,
        problem,
        details: Default::default(),
    };
    Some(draft.with("unowned", unowned).with("fix-name", path.to_owned()))
}
