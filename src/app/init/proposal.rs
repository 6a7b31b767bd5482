//! The proposal: values of options, else recognized names, else names to create.

use crate::options::{InitChoices, LabelsAndTags, PRESETS, WorkflowKind};
use crate::policy::LabelPattern;

/// Labels to create where the repository has none of the kind: name, colour, description.
const NEW: [(&str, &str, &str); 5] = [
    ("production-bug", "b60205", "A defect that was found in production"),
    ("bug", "d73a4a", "A defect that was found before production"),
    ("sev/critical", "b60205", "Data loss, a security breach or a complete outage"),
    ("sev/major", "d93f0b", "An important function does not work"),
    ("sev/minor", "fbca04", "Everything else"),
];

/// Everything that the files are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The preset.
    pub preset: String,
    /// Labels of what was found in production, at least one.
    pub escaped: Vec<String>,
    /// Labels of what was found before.
    pub caught: Vec<String>,
    /// Labels of each severity, the heaviest first.
    pub severity: [(&'static str, Vec<String>); 3],
    /// A pattern of labels that name a component.
    pub component: Option<String>,
    /// A pattern of labels that name a team.
    pub team: Option<String>,
    /// A pattern of tags that are releases.
    pub tags: Option<String>,
    /// Globs of test reports.
    pub reports: Vec<String>,
    /// When the gate runs.
    pub workflow: WorkflowKind,
    /// `true` if an issue form is wanted.
    pub form: bool,
}

impl Proposal {
    /// Each choice, else what was recognised, else a name to create.
    pub fn new(choices: &InitChoices, found: &LabelsAndTags) -> Self {
        let chosen = &choices.names;
        let first = |chosen: &[String], found: &[String], new: usize| -> Vec<String> {
            let known = [chosen, found].into_iter().find(|list| !list.is_empty());
            known.map_or_else(|| vec![NEW[new].0.to_owned()], <[String]>::to_vec)
        };
        // A repository that has names for the others may do without minor ones. Presets ask for critical and major.
        let has_own = !found.critical.is_empty() || !found.major.is_empty();
        let minor = match found.minor.as_slice() {
            [] if has_own && chosen.minor.is_empty() => Vec::new(),
            found => first(&chosen.minor, found, 4),
        };
        Self {
            preset: choices.preset.clone().unwrap_or_else(|| PRESETS[0].0.to_owned()),
            escaped: first(&chosen.escaped, &found.escaped, 0),
            caught: first(&chosen.caught, &found.caught, 1),
            severity: [
                ("critical", first(&chosen.critical, &found.critical, 2)),
                ("major", first(&chosen.major, &found.major, 3)),
                ("minor", minor),
            ],
            component: chosen.component.clone().or_else(|| found.component.clone()),
            team: chosen.team.clone().or_else(|| found.team.clone()),
            // `*` is the default, and a policy should only say what differs from it.
            tags: chosen.tags.clone().or_else(|| found.tags.clone()).filter(|tags| tags != "*"),
            reports: choices.reports.clone(),
            workflow: choices.workflow.unwrap_or(WorkflowKind::PullRequest),
            form: !choices.no_form,
        }
    }

    /// The labels that the policy names and the repository does not have, with colour and description. A pattern names
    /// none: its labels come as they are needed.
    pub fn absent(&self, labels: &[String]) -> Vec<(String, &'static str, &'static str)> {
        let mut absent: Vec<(String, &'static str, &'static str)> = Vec::new();
        let named =
            [&self.escaped, &self.caught].into_iter().chain(self.severity.iter().map(|(_, list)| list));
        for (names, (_, color, about)) in named.zip(NEW) {
            for name in names {
                let has = LabelPattern::new(name).is_ok_and(|pattern| {
                    !pattern.is_literal() || labels.iter().any(|label| pattern.matches(label).is_some())
                });
                if !has && !absent.iter().any(|(other, ..)| other == name) {
                    absent.push((name.clone(), color, about));
                }
            }
        }
        absent
    }

    /// The label that an issue form can set: the first that is a label and no pattern.
    pub fn form_label(&self) -> Option<&str> {
        let is_label = |name: &&String| LabelPattern::new(name).is_ok_and(|pattern| pattern.is_literal());
        self.escaped.iter().find(is_label).map(String::as_str)
    }
}
