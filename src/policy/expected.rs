//! Lists the labels that a policy expects in the repository.

use super::{LabelPattern, Policy};
use crate::model::{DefectAttribute, Selection};

impl Policy {
    /// Returns the labels and patterns that select defects, give them a severity, or appear in the `where` of a rule.
    pub fn expected_labels(&self) -> Vec<LabelPattern> {
        let defects = &self.defects;
        let counted = defects.escaped.named_labels().chain(defects.caught.named_labels());
        // A label that names the candidate need not exist yet.
        let blocking = defects
            .blocking
            .iter()
            .flat_map(|blocking| blocking.selector.named_labels().chain(blocking.require.iter().flatten()));
        let counted = counted.chain(blocking.filter(|label| !label.has_variable()));
        let excluded = defects.excluded.iter().flat_map(|(_, patterns)| patterns);
        let severities = defects.severity.iter().flat_map(|(_, patterns)| patterns);
        let written = counted.chain(excluded).chain(severities).chain(&defects.root_cause_needed);
        let mut all: Vec<LabelPattern> = written.cloned().collect();
        for condition in self.rules.iter().flat_map(|rule| &rule.filter.0) {
            let values = match &condition.selection {
                Selection::AnyOf(values) | Selection::NoneOf(values) => values.as_slice(),
                Selection::Nothing => &[],
            };
            for label in values.iter().filter_map(|value| self.label_of(condition.attribute, value)) {
                if !all.contains(&label) {
                    all.push(label);
                }
            }
        }
        all
    }

    /// Returns the label that gives a defect this value; `None` if a field or a path can give it too.
    fn label_of(&self, attribute: DefectAttribute, value: &str) -> Option<LabelPattern> {
        let names = self.defects.naming(attribute)?;
        // No issue needs the label of such a value, so a warning that it does not exist would be wrong.
        if names.field.is_some() || self.defects.known_by_path(attribute, value) {
            return None;
        }
        LabelPattern::new(&names.labels.as_ref()?.source().replace('*', value)).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::policy::parse;

    #[test]
    fn selected_name_needs_a_label_unless_paths_give_it() {
        let policy = "version: 1
defects:
  escaped: { labels: [prod] }
  component: { labels: \"area/*\", paths: { mail: [\"mail/**\"] } }
  team: { labels: \"team/*\", codeowners: true }
  kind: \"kind/*\"
  detection-gap: { labels: \"gap/*\", field: Gap }
  root-cause-needed: [rca-needed]
rules:
  - { id: a, metric: escaped, where: { component: [cart, mail], team: checkout }, max: 0 }
  - { id: b, metric: escaped, where: { component: { not: [labs] }, severity: critical }, max: 0 }
  - { id: c, metric: escaped, where: { component: cart, kind: regression }, max: 0 }
  - { id: d, metric: escaped, where: { detection-gap: unit }, max: 0 }
";
        let parsed = parse(policy.as_bytes(), "policy.yml").unwrap();
        let labels: Vec<String> = parsed.policy.expected_labels().iter().map(ToString::to_string).collect();
        assert_eq!(labels, ["prod", "rca-needed", "area/cart", "area/labs", "kind/regression"]);
    }
}
