//! Policies of the products that share a repository: each says what differs from the shared one.

use super::documents::{MILD_PRESET, yaml_list};
use super::practice::names_of;
use super::proposal::Proposal;
use super::test_tools::TestTool;
use crate::policy::yaml_double_quoted;

/// A product with a policy and a gate of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductGate {
    /// Name in tags, for example `@acme/api`.
    pub name: String,
    /// Name in paths and workflows, for example `acme-api`.
    pub id: String,
    /// Globs of its own test reports.
    pub reports: Vec<String>,
    /// Commands of its own tests.
    pub commands: Vec<String>,
}

impl ProductGate {
    /// Creates the gate of a product, with its name as letters, digits and hyphens.
    pub fn new(name: &str) -> Self {
        let parts = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        let id = parts.collect::<Vec<_>>().join("-");
        Self { name: name.to_owned(), id, reports: Vec::new(), commands: Vec::new() }
    }

    /// Returns the path of its policy, next to the shared one.
    pub fn path(&self, shared: &str) -> String {
        format!("{}-{}.yml", stem(shared), self.id)
    }
}

/// Returns a path without its extension.
pub fn stem(path: &str) -> &str {
    path.strip_suffix(".yml").or_else(|| path.strip_suffix(".yaml")).unwrap_or(path)
}

/// Gives each product the tests in a folder of its name, and leaves the others to all of them.
pub fn split_tests(proposal: &mut Proposal, tools: &[TestTool]) {
    for tool in tools {
        // Reports that a person chose belong to all products.
        if proposal.test_commands.is_empty() {
            return;
        }
        let is_in = |gate: &&mut ProductGate| {
            tool.file.split('/').rev().skip(1).any(|part| part == gate.id || part == gate.name)
        };
        if let Some(gate) = proposal.gates.iter_mut().find(is_in) {
            gate.reports.extend(tool.reports.iter().cloned());
            gate.commands.extend(tool.commands.iter().cloned());
        }
    }
    let own = |list: fn(&ProductGate) -> &Vec<String>, gates: &[ProductGate]| -> Vec<String> {
        gates.iter().flat_map(list).cloned().collect()
    };
    let (reports, commands) =
        (own(|gate| &gate.reports, &proposal.gates), own(|gate| &gate.commands, &proposal.gates));
    proposal.reports.retain(|report| !reports.contains(report));
    proposal.test_commands.retain(|command| !commands.contains(command));
}

/// Returns the policy of one product. `shared` is the path of the policy that it extends.
pub fn product_policy(gate: &ProductGate, proposal: &Proposal, shared: &str, labels: &[String]) -> String {
    let file = shared.rsplit_once('/').map_or(shared, |(_, file)| file);
    let components =
        proposal.component.as_deref().map(|pattern| names_of(pattern, labels)).unwrap_or_default();
    let own = components
        .iter()
        .find(|name| name.eq_ignore_ascii_case(&gate.name) || name.eq_ignore_ascii_case(&gate.id));
    let name = yaml_double_quoted(&gate.name);
    let product = match own {
        Some(component) => format!("{{ name: {name}, component: [{}] }}", yaml_double_quoted(component)),
        None => name,
    };
    let mut out = format!(
        "# The gate of one product: what differs from the shared policy.\nversion: 1\nextends: [{}]\nproduct: {product}\n",
        yaml_double_quoted(file)
    );
    if !gate.reports.is_empty() {
        let level = if proposal.preset == MILD_PRESET { ", level: advisory" } else { "" };
        out.push_str(&format!(
            "tests:\n  reports: {}\nrules:\n  - {{ id: tests, metric: tests.failed, max: 0{level} }}\n",
            yaml_list(&gate.reports)
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::recognise::{Products, Recognized};
    use super::*;
    use crate::options::InitChoices;

    fn proposal() -> Proposal {
        let names = ["@acme/api", "web"].map(|name| (name.to_owned(), format!("{name}@1.0.0"))).to_vec();
        let products = Products { tags: "{product}@{version}", names, newest: "web".into() };
        Proposal::new(
            &InitChoices::default(),
            &Recognized { products: Some(products), ..Recognized::default() },
        )
    }

    fn tool(file: &str, report: &str) -> TestTool {
        TestTool {
            name: "Jest",
            file: file.into(),
            reports: vec![report.into()],
            commands: vec![format!("run {report}")],
            setup: None,
        }
    }

    #[test]
    fn tests_in_the_folder_of_a_product_are_its_own() {
        let mut proposal = proposal();
        let tools = [
            tool("packages/web/package.json", "packages/web/junit.xml"),
            tool("tools/x/package.json", "tools/x/junit.xml"),
        ];
        for tool in &tools {
            proposal.reports.extend(tool.reports.clone());
            proposal.test_commands.extend(tool.commands.clone());
        }
        split_tests(&mut proposal, &tools);
        assert_eq!(proposal.reports, ["tools/x/junit.xml"]);
        assert_eq!(proposal.gates[1].commands, ["run packages/web/junit.xml"]);
        assert!(proposal.gates[0].reports.is_empty());
    }

    #[test]
    fn policy_names_product_and_component() {
        let proposal = proposal();
        let labels = ["area/acme-api".to_owned()];
        let text = product_policy(&proposal.gates[0], &proposal, ".github/escape-gate.yml", &labels);
        assert!(text.contains("extends: [\"escape-gate.yml\"]\nproduct: { name: \"@acme/api\", component: [\"acme-api\"] }\n"), "{text}");
        assert_eq!(proposal.gates[0].path(".github/escape-gate.yml"), ".github/escape-gate-acme-api.yml");
        assert!(
            product_policy(&proposal.gates[1], &proposal, "gate.yml", &labels)
                .contains("\nproduct: \"web\"\n")
        );
    }
}
