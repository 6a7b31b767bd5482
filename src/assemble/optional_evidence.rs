//! The parts of a snapshot that only some policies ask for: deployments, who owns which paths, where defects came from.

use std::collections::{BTreeSet, HashMap};

use crate::attribution::stated_origin::introduced;
use crate::classify::codeowners::Codeowners;
use crate::evidence::Evidence;
use crate::model::{
    Area, DefectOrigin, Deployment, Deployments, Gap, IssueNumber, OriginMethod, Origins, OwnersFile, Phase,
    Warning, join_limited,
};
use crate::policy::Policy;

/// Number of skipped lines of a file that a warning names.
const NAMED: usize = 5;

/// The deployments to the policy's environment. A gap if a rule needs them and there are none: an environment without a
/// deployment is more likely a slip of the pen than one in which nothing ever failed.
pub fn watched_deployments(
    read: Option<Deployments>,
    policy: &Policy,
    gaps: &mut BTreeSet<Gap>,
) -> Option<Vec<Deployment>> {
    // No rule, no gap: a token without `deployments: read` is fine for a policy that needs none.
    let environment = policy.watched_environment()?;
    let found = read.and_then(|mut all| all.remove(environment));
    let (what, remedy) = match &found {
        None => (
            "the evidence holds no deployments to it",
            "Gather it with a token that may read deployments (`deployments: read`).",
        ),
        Some(none) if none.is_empty() => (
            "nothing was ever deployed to it",
            "Write under `deployments` the environment's name as GitHub has it.",
        ),
        Some(_) => return found,
    };
    // A gap of the collection has the reason, such as a missing permission. It is more useful than
    // this one.
    if !gaps.iter().any(|gap| gap.area == Area::Deployments) {
        gaps.insert(Gap {
            area: Area::Deployments,
            place: Some(format!("environment {environment}")),
            what: what.into(),
            remedy: Some(remedy.into()),
        });
    }
    found
}

/// Who owns which paths. A gap if the policy wants to know and there is no file: a rule that asks for a team would find
/// nothing to count.
pub fn read_codeowners(
    read: Option<&OwnersFile>,
    policy: &Policy,
    gaps: &mut BTreeSet<Gap>,
    warnings: &mut BTreeSet<Warning>,
) -> Option<Codeowners> {
    let wanted = policy.defects.team_owners.as_ref()?;
    let Some(file) = read else {
        let places = wanted.places();
        // A file that exists and could not be read already has a gap of its own.
        let is_said = |gap: &Gap| gap.place.as_deref().is_some_and(|place| places.contains(&place));
        if !gaps.iter().any(is_said) {
            gaps.insert(Gap {
                area: Area::Issues,
                place: Some(places.join(", ")),
                what: "there is no such file, so that no team is known by the paths of a fix".into(),
                remedy: Some(
                    "Check the repository out before the gate runs, or take `codeowners` out of the policy."
                        .into(),
                ),
            });
        }
        return None;
    };
    let owners = Codeowners::parse(&file.text);
    if !owners.skipped.is_empty() {
        // Without their text: who may write the policy may name a file that not everybody may read.
        let (lines, own) = if owners.skipped.len() == 1 { ("line", "owns") } else { ("lines", "own") };
        warnings.insert(Warning(format!(
            "{}: {lines} {} could not be understood and {own} nothing",
            file.path,
            join_limited(&owners.skipped, NAMED)
        )));
    }
    Some(owners)
}

/// Gives the escaped defects their origins, if the policy asks for them. A history that could not be read is a gap if a rule needs it
/// and an origin is not stated by the policy or in the issue; otherwise it is a warning.
pub fn apply_origins(evidence: &mut Evidence, read: Option<&Origins>, policy: &Policy) {
    let Some(defects) = evidence.defects.as_mut().filter(|_| policy.wants_origins()) else { return };
    let timeline = &evidence.timeline;
    let (mut gaps, mut warnings) = (BTreeSet::new(), BTreeSet::new());
    let mut records: HashMap<IssueNumber, &DefectOrigin> = HashMap::new();
    for one in read.iter().flat_map(|read| &read.found) {
        records.entry(one.issue).or_insert(one);
    }
    // If every origin is stated, an unread history has no effect and is no gap.
    let mut is_open = false;
    for defect in defects.iter_mut().filter(|defect| defect.phase == Phase::Escaped) {
        let found = introduced(defect, policy, timeline, read, records.get(&defect.number()).copied());
        is_open |= found.method != OriginMethod::Override;
        defect.introduced = Some(Box::new(found));
    }
    for one in &policy.origins.overrides {
        let defect = defects.iter().find(|defect| defect.number() == one.issue);
        let origin = defect.and_then(|defect| defect.introduced.as_ref());
        let place = format!("`attribution.overrides` says where {} came from", one.issue);
        match origin {
            None => {
                warnings.insert(Warning(format!("{place}, which is no escaped defect: take it out")));
            }
            Some(origin) if origin.method != OriginMethod::Override => {
                let what = "which is no known release, and no commit of a history that was read";
                warnings.insert(Warning(format!("{place}: `{}`, {what}", one.introduced_in)));
            }
            Some(_) => {}
        }
    }
    let unread = match read {
        _ if !is_open => BTreeSet::new(),
        Some(read) => read.gaps.iter().cloned().chain(uncollected_methods_gap(read, policy)).collect(),
        None => BTreeSet::from([Gap {
            area: Area::Origins,
            place: None,
            what: "the evidence says nothing of where defects came from".into(),
            remedy: Some("Gather it in a clone of the repository, with `fetch-depth: 0`.".into()),
        }]),
    };
    // Origins that only appear in the report must not make a run `unknown`.
    if policy.needs_origins() {
        gaps.extend(unread);
    } else {
        let told = |gap: Gap| Warning(format!("{}. {}", gap.what, gap.remedy.unwrap_or_default()));
        warnings.extend(unread.into_iter().map(told));
    }
    insert_sorted(&mut evidence.gaps, gaps);
    insert_sorted(&mut evidence.warnings, warnings);
}

/// Inserts into a sorted list without duplicates.
fn insert_sorted<T: Ord>(list: &mut Vec<T>, mut new: BTreeSet<T>) {
    new.extend(std::mem::take(list));
    list.extend(new);
}

/// The ways in which the policy finds origins and nobody looked when the evidence was gathered.
fn uncollected_methods_gap(read: &Origins, policy: &Policy) -> Option<Gap> {
    // Snapshots of older versions have no such list. They looked for origins by all methods of
    // their time.
    let looked = read.methods.as_ref()?;
    let missing = policy.origin_methods().iter().filter(|method| !looked.contains(method));
    let names: Vec<String> = missing.map(|method| format!("`{}`", method.name())).collect();
    (!names.is_empty()).then(|| Gap {
        area: Area::Origins,
        place: None,
        what: format!(
            "the evidence was gathered by a policy that does not look for origins by {}",
            names.join(" or ")
        ),
        remedy: Some("Gather it anew with this policy (`escape-gate collect --policy`).".into()),
    })
}

#[cfg(test)]
mod tests;
