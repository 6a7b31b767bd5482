//! Answers of GitHub about branches, environments and workflows, as facts.

use serde_json::Value;

/// The answers, each `None` if it could not be read.
#[derive(Debug, Clone, Default)]
pub struct ServerFacts {
    /// Branches that were asked about.
    pub branches: Vec<BranchFacts>,
    /// Environments: name, and `true` if it has a rule or a branch policy.
    pub environments: Option<Vec<(String, bool)>>,
    /// Workflows: path and state.
    pub workflows: Option<Vec<(String, String)>>,
}

/// Rules of a branch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BranchFacts {
    /// Name.
    pub name: String,
    /// Required checks.
    pub checks: Vec<RequiredCheck>,
    /// `true` if everything that can require a check was read.
    pub is_complete: bool,
    /// `true` if the branch has a merge queue.
    pub has_queue: bool,
    /// `true` if owners have to review.
    pub owners_review: bool,
    /// Actors that may always bypass a rule that requires checks.
    pub bypass: Vec<String>,
}

/// A required check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredCheck {
    /// Name.
    pub context: String,
    /// `true` if only one app may report it.
    pub has_source: bool,
}

impl BranchFacts {
    /// Adds the answer of `GET /repos/{owner}/{repo}/rules/branches/{branch}`. Returns the ids of rulesets that require checks.
    pub fn add_rules(&mut self, rules: &Value) -> Vec<u64> {
        let mut rulesets = Vec::new();
        for rule in rules.as_array().into_iter().flatten() {
            match rule["type"].as_str() {
                Some("required_status_checks") => {
                    rulesets.extend(rule["ruleset_id"].as_u64());
                    let checks = rule["parameters"]["required_status_checks"].as_array();
                    for check in checks.into_iter().flatten() {
                        self.add_check(check["context"].as_str(), &check["integration_id"]);
                    }
                }
                Some("merge_queue") => self.has_queue = true,
                Some("pull_request") => {
                    self.owners_review |=
                        rule["parameters"]["require_code_owner_review"].as_bool() == Some(true);
                }
                Some(_) | None => {}
            }
        }
        rulesets
    }

    /// Adds the answer of `GET /repos/{owner}/{repo}/branches/{branch}`.
    pub fn add_protection(&mut self, branch: &Value) {
        let checks = &branch["protection"]["required_status_checks"];
        let level = checks["enforcement_level"].as_str().unwrap_or("off");
        if level == "off" {
            return;
        }
        let list = checks["checks"].as_array().filter(|list| !list.is_empty());
        match list {
            Some(list) => {
                list.iter().for_each(|check| self.add_check(check["context"].as_str(), &check["app_id"]))
            }
            None => {
                let contexts = checks["contexts"].as_array();
                contexts.into_iter().flatten().for_each(|name| self.add_check(name.as_str(), &Value::Null));
            }
        }
        if level == "non_admins" {
            self.bypass.push("administrators".to_owned());
        }
    }

    /// Adds the answer of `GET /repos/{owner}/{repo}/rulesets/{id}`. Returns `false` if it does not say who may bypass it.
    pub fn add_ruleset(&mut self, ruleset: &Value) -> bool {
        let Some(actors) = ruleset["bypass_actors"].as_array() else { return false };
        for actor in actors {
            let mode = actor["bypass_mode"].as_str().unwrap_or("always");
            if mode != "pull_request" {
                let kind = actor["actor_type"].as_str().unwrap_or("actor");
                let id = actor["actor_id"].as_u64().map_or(String::new(), |id| format!(" {id}"));
                self.bypass.push(format!("{kind}{id}"));
            }
        }
        true
    }

    fn add_check(&mut self, context: Option<&str>, source: &Value) {
        let Some(context) = context else { return };
        let has_source = source.as_i64().is_some_and(|id| id > 0);
        match self.checks.iter_mut().find(|check| check.context == context) {
            // Both rules apply, and the stricter one decides.
            Some(check) => check.has_source |= has_source,
            None => self.checks.push(RequiredCheck { context: context.to_owned(), has_source }),
        }
    }
}

impl ServerFacts {
    /// Adds the answer of `GET /repos/{owner}/{repo}/environments`.
    pub fn add_environments(&mut self, answer: &Value) {
        let list = answer["environments"].as_array();
        let known = self.environments.get_or_insert_default();
        for environment in list.into_iter().flatten() {
            let Some(name) = environment["name"].as_str() else { continue };
            let has_rules = environment["protection_rules"].as_array().is_some_and(|rules| !rules.is_empty());
            let has_branches = !environment["deployment_branch_policy"].is_null();
            known.push((name.to_owned(), has_rules || has_branches));
        }
    }

    /// Adds the answer of `GET /repos/{owner}/{repo}/actions/workflows`.
    pub fn add_workflows(&mut self, answer: &Value) {
        let list = answer["workflows"].as_array();
        let known = self.workflows.get_or_insert_default();
        for workflow in list.into_iter().flatten() {
            if let (Some(path), Some(state)) = (workflow["path"].as_str(), workflow["state"].as_str()) {
                known.push((path.to_owned(), state.to_owned()));
            }
        }
    }
}
