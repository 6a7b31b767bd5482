//! Label sets of public projects, each with the meaning that its maintainers give the labels.
//!
//! `fixtures/label-sets.json` holds the names only, and those that matter. A key that is not listed is not recognized.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use serde::Deserialize;

use super::*;
use crate::app::init::documents::policy;
use crate::app::init::proposal::Proposal;
use crate::options::{InitChoices, PRESETS};
use crate::policy::parse;

/// Labels of one project.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelSet {
    project: String,
    /// Repository and file that name the labels and their meaning; `None` if the set was written from the labels page alone.
    source: Option<String>,
    labels: Vec<String>,
    expected: Expected,
}

/// The meaning of the labels.
#[derive(Deserialize, Debug, PartialEq, Eq, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Expected {
    escaped: BTreeSet<String>,
    caught: BTreeSet<String>,
    critical: BTreeSet<String>,
    major: BTreeSet<String>,
    minor: BTreeSet<String>,
    blocking: BTreeSet<String>,
    component: Option<String>,
    team: Option<String>,
    kind: Option<String>,
    triage: Option<String>,
    found_by: Option<String>,
}

fn label_sets() -> Vec<LabelSet> {
    serde_json::from_str(include_str!("../../../../fixtures/label-sets.json")).unwrap()
}

fn facts_of(set: &LabelSet) -> RepositoryFacts {
    RepositoryFacts { labels: set.labels.clone(), ..RepositoryFacts::default() }
}

#[test]
fn labels_of_public_projects_get_their_meaning() {
    let sets = label_sets();
    assert!(sets.len() >= 40);
    let is_file = |source: &String| {
        source.split_once(": ").is_some_and(|(name, path)| name.contains('/') && path.contains('.'))
    };
    assert!(sets.iter().filter_map(|set| set.source.as_ref()).filter(|source| is_file(source)).count() >= 15);
    let mut wrong = Vec::new();
    for set in &sets {
        let Recognized { names, practice, .. } = recognise(&facts_of(set));
        let all = |list: Vec<String>| list.into_iter().collect::<BTreeSet<String>>();
        let found = Expected {
            escaped: all(names.escaped),
            caught: all(names.caught),
            critical: all(names.critical),
            major: all(names.major),
            minor: all(names.minor),
            blocking: all(practice.blocking),
            component: names.component,
            team: names.team,
            kind: practice.kind.labels,
            triage: practice.triage,
            found_by: practice.found_by.labels,
        };
        if found != set.expected {
            wrong.push(format!("{}:\n  found    {found:?}\n  expected {:?}", set.project, set.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn policy_of_public_project_has_no_warning_and_doubles_no_label() {
    for set in label_sets() {
        let facts = facts_of(&set);
        for (preset, _) in PRESETS {
            let choices = InitChoices { preset: Some(preset.into()), ..InitChoices::default() };
            let proposal = Proposal::new(&choices, &recognise(&facts));
            let text = policy(&proposal);
            let parsed = parse(text.as_bytes(), "policy.yml").unwrap();
            assert!(parsed.warnings.is_empty(), "{}\n{text}\n{:?}", set.project, parsed.warnings);
            let there: BTreeSet<String> = set.labels.iter().map(|label| joined_words(label)).collect();
            for (new, ..) in proposal.absent(&set.labels) {
                assert!(!there.contains(&joined_words(&new)), "{} has {new} already", set.project);
            }
        }
    }
}
