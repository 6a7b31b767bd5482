//! The proposal: values of options, else recognized names, else names to create.

use jiff::civil::Date;

use super::practice::{NewLabel, Practice};
use super::product_policies::ProductGate;
use super::recognise::{Products, Recognized};
use crate::options::{InitChoices, PRESETS, WorkflowKind};
use crate::policy::LabelPattern;

/// Labels to create where the repository has none of the kind: name, color, description.
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
    /// Issue types of what was found in production.
    pub escaped_types: Vec<String>,
    /// Labels of what was found before.
    pub caught: Vec<String>,
    /// Issue types of what was found before.
    pub caught_types: Vec<String>,
    /// Labels of each severity, the heaviest first.
    pub severity: [(&'static str, Vec<String>); 3],
    /// A pattern of labels that name a component.
    pub component: Option<String>,
    /// An issue field that holds the component.
    pub component_field: Option<String>,
    /// A pattern of labels that name a team.
    pub team: Option<String>,
    /// An issue field that holds the team.
    pub team_field: Option<String>,
    /// `true` if CODEOWNERS names the teams.
    pub has_team_owners: bool,
    /// Labels of the rest of the practice.
    pub practice: Practice,
    /// A pattern of tags that are releases.
    pub tags: Option<String>,
    /// Products that share the repository.
    pub products: Option<Products>,
    /// The product that the policy is about. `None` for all of them, or if there are no products.
    pub product: Option<String>,
    /// A gate for each product, if the policy is about all of them.
    pub gates: Vec<ProductGate>,
    /// Open escaped defects that are older than the policy: their number, and the day from which new ones count.
    pub old_defects: Option<(u64, Date)>,
    /// Headings of the repository's issue forms that ask for a version and have to be named.
    pub headings: Vec<String>,
    /// Owners of the policy and its waivers, as in CODEOWNERS.
    pub owners: Vec<String>,
    /// Globs of test reports.
    pub reports: Vec<String>,
    /// Commands that run the tests and write the reports; empty if they are not known.
    pub test_commands: Vec<String>,
    /// When the gate runs.
    pub workflow: WorkflowKind,
    /// `true` if an issue form is wanted.
    pub form: bool,
}

impl Proposal {
    /// Each choice, else what was recognised, else a name to create.
    pub fn new(choices: &InitChoices, recognized: &Recognized) -> Self {
        let (chosen, found) = (&choices.names, &recognized.names);
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
        // An issue type does for a label that does not exist.
        let typed = |labels: Vec<String>, known: &[String], types: &[String]| {
            if known.is_empty() && !types.is_empty() { Vec::new() } else { labels }
        };
        let types = |chosen: &[String], types: &[String]| {
            if chosen.is_empty() { types.to_vec() } else { Vec::new() }
        };
        let caught_known = if chosen.caught.is_empty() { &found.caught } else { &chosen.caught };
        let team = chosen.team.clone().or_else(|| found.team.clone());
        Self {
            preset: choices.preset.clone().unwrap_or_else(|| PRESETS[0].0.to_owned()),
            escaped: first(&chosen.escaped, &found.escaped, 0),
            escaped_types: types(&chosen.escaped, &recognized.escaped_types),
            caught: typed(first(&chosen.caught, &found.caught, 1), caught_known, &recognized.caught_types),
            caught_types: types(&chosen.caught, &recognized.caught_types),
            severity: [
                ("critical", first(&chosen.critical, &found.critical, 2)),
                ("major", first(&chosen.major, &found.major, 3)),
                ("minor", minor),
            ],
            // Without labels or a field for components, the team gives them as it likes.
            component: chosen
                .component
                .clone()
                .or_else(|| found.component.clone())
                .or_else(|| recognized.component_field.is_none().then(|| COMPONENT.to_owned())),
            component_field: recognized.component_field.clone(),
            team_field: recognized.team_field.clone(),
            has_team_owners: false,
            team,
            practice: recognized.practice.clone().or_new(),
            // `*` is the default, and a policy should only say what differs from it.
            tags: chosen.tags.clone().or_else(|| found.tags.clone()).filter(|tags| tags != "*"),
            products: recognized.products.clone().filter(|_| chosen.tags.is_none()),
            product: choices.product.clone(),
            gates: gates_of(
                recognized.products.as_ref().filter(|_| choices.product.is_none() && chosen.tags.is_none()),
            ),
            old_defects: None,
            headings: Vec::new(),
            owners: Vec::new(),
            reports: choices.reports.clone(),
            test_commands: Vec::new(),
            workflow: choices.workflow.unwrap_or(WorkflowKind::PullRequest),
            form: !choices.no_form,
        }
    }

    /// The pattern of tags that the policy needs: that of the products, else that of the newest release.
    pub fn release_tags(&self) -> Option<String> {
        self.products.as_ref().map(|products| products.tags.to_owned()).or_else(|| self.tags.clone())
    }

    /// The labels that the policy names and the repository does not have, with color and description. A pattern of the
    /// repository's own names none.
    pub fn absent(&self, labels: &[String]) -> Vec<NewLabel> {
        let mut absent: Vec<NewLabel> = Vec::new();
        let has = |name: &str| {
            LabelPattern::new(name).is_ok_and(|pattern| {
                !pattern.is_literal() || labels.iter().any(|label| pattern.matches(label).is_some())
            })
        };
        let named =
            [&self.escaped, &self.caught].into_iter().chain(self.severity.iter().map(|(_, list)| list));
        let counted = named.zip(NEW).flat_map(|(names, (_, color, about))| {
            names.iter().map(move |name| (name.clone(), color, about))
        });
        for label in counted.chain(self.practice.new_labels()) {
            if !has(&label.0) && !absent.iter().any(|(other, ..)| *other == label.0) {
                absent.push(label);
            }
        }
        absent
    }
}

/// A gate for each product.
pub fn gates_of(products: Option<&Products>) -> Vec<ProductGate> {
    let names = products.into_iter().flat_map(|products| &products.names);
    names.map(|(name, _)| ProductGate::new(name)).collect()
}

/// The pattern of labels for components where the repository has none. The team chooses the names.
const COMPONENT: &str = "area/*";
