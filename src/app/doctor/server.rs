//! What GitHub says of branches, environments and workflows: from the network, or from a file of answers.

use std::path::Path;

use anyhow::Context as _;
use release_history::bounded;
use serde_json::{Map, Value};

use crate::doctor::server::{BranchFacts, ServerFacts};
use crate::github::{Client, percent_encode};
use crate::options::DoctorOptions;
use crate::report::NotKnown;
use crate::tracker::github::RepositoryName;

use super::super::clone::origin_repository;
use super::super::connect::{connect, named_repository};
use super::super::secrets::TOKENS;
use super::super::{Failure, Run};

/// Largest file of answers, in bytes.
const LARGEST: u64 = 16 << 20;

/// Entries of one page.
const PAGE: &str = "per_page=100";

/// Where answers come from.
enum Source {
    /// Nothing is asked.
    None,
    /// Answers by request, for example `GET /repos/acme/shop`.
    File(Map<String, Value>),
    /// The network.
    Network(Box<Client>),
}

/// The answers of GitHub about one repository.
pub struct Answers {
    source: Source,
    repository: Option<RepositoryName>,
}

impl Answers {
    /// Opens the file of answers or a connection. Without a repository or a token nothing is asked.
    ///
    /// # Errors
    /// If the file cannot be read, or an option is wrong.
    pub fn open(options: &DoctorOptions, root: &Path, run: &Run<'_>) -> Result<Self, Failure> {
        let named = options.repository.as_deref();
        if let Some(file) = &options.answers {
            let repository = Some(named_repository(named, run)?.ok_or_else(|| {
                Failure::Usage("--answers needs the repository that they are about: --repo OWNER/NAME".into())
            })?);
            return Ok(Self {
                source: Source::File(read_answers(&run.folder.join(file), file)?),
                repository,
            });
        }
        // A token says that GitHub may be asked. A public repository answers most questions without one.
        let may_ask = named.is_some() || run.variable(&TOKENS).is_some();
        let repository = match may_ask {
            true => named_repository(named, run)?.or_else(|| origin_repository(root)),
            false => None,
        };
        let Some(repository) = repository else {
            return Ok(Self { source: Source::None, repository: None });
        };
        Ok(Self { source: Source::Network(Box::new(connect(run)?)), repository: Some(repository) })
    }

    /// Returns `true` if the answers come from a file, so that the network is not used.
    pub fn is_file(&self) -> bool {
        matches!(self.source, Source::File(_))
    }

    /// Reads everything. An answer that does not come is listed as not known. `None` if nothing is asked.
    pub fn read(&self, branches: &[String], not_known: &mut Vec<NotKnown>) -> Option<ServerFacts> {
        let Some(repository) = &self.repository else {
            not_known.push(NotKnown {
                subject: "required checks, environments and states of workflows".to_owned(),
                why: "GitHub was not asked; give --repo OWNER/NAME, or set GITHUB_TOKEN in a clone"
                    .to_owned(),
                unread: false,
            });
            return None;
        };
        let base = format!("/repos/{}/{}", repository.owner, repository.name);
        let mut facts = ServerFacts::default();
        for name in self.branch_names(&base, branches, not_known) {
            facts.branches.push(self.branch(&base, &name, not_known));
        }
        if let Some(pages) = self.list(&format!("{base}/environments"), "environments", not_known) {
            facts.environments = Some(Vec::new());
            pages.iter().for_each(|page| facts.add_environments(page));
        }
        if let Some(pages) = self.list(&format!("{base}/actions/workflows"), "states of workflows", not_known)
        {
            facts.workflows = Some(Vec::new());
            pages.iter().for_each(|page| facts.add_workflows(page));
        }
        Some(facts)
    }

    fn branch_names(&self, base: &str, named: &[String], not_known: &mut Vec<NotKnown>) -> Vec<String> {
        if !named.is_empty() {
            return named.to_vec();
        }
        let answer = self.one(base, "default branch", not_known);
        let name = answer.and_then(|answer| answer["default_branch"].as_str().map(str::to_owned));
        name.into_iter().collect()
    }

    fn branch(&self, base: &str, name: &str, not_known: &mut Vec<NotKnown>) -> BranchFacts {
        let mut facts = BranchFacts { name: name.to_owned(), ..BranchFacts::default() };
        let encoded = percent_encode(name);
        let rules = self.list(
            &format!("{base}/rules/branches/{encoded}"),
            &format!("rules of branch {name}"),
            not_known,
        );
        let mut rulesets: Vec<u64> = rules.iter().flatten().flat_map(|page| facts.add_rules(page)).collect();
        rulesets.sort_unstable();
        rulesets.dedup();
        let branch = self.one(
            &format!("{base}/branches/{encoded}"),
            &format!("protection of branch {name}"),
            not_known,
        );
        if let Some(branch) = &branch {
            facts.add_protection(branch);
        }
        facts.is_complete = rules.is_some() && branch.is_some();
        for id in rulesets {
            let subject = format!("ruleset {id}");
            let ruleset = self.one(&format!("{base}/rulesets/{id}"), &subject, not_known);
            if ruleset.is_some_and(|ruleset| !facts.add_ruleset(&ruleset)) {
                let why = "GitHub does not show this token who may bypass it".to_owned();
                not_known.push(NotKnown { subject, why, unread: false });
            }
        }
        facts
    }

    /// Returns one answer.
    fn one(&self, path: &str, subject: &str, not_known: &mut Vec<NotKnown>) -> Option<Value> {
        let answer = match &self.source {
            Source::None => return None,
            Source::File(answers) => {
                answers.get(&format!("GET {path}")).cloned().ok_or_else(|| "404".to_owned())
            }
            Source::Network(client) => {
                client.get(path).map(|answer| answer.json).map_err(|error| error.to_string())
            }
        };
        known(answer, subject, not_known)
    }

    /// Returns the pages of a list.
    fn list(&self, path: &str, subject: &str, not_known: &mut Vec<NotKnown>) -> Option<Vec<Value>> {
        match &self.source {
            Source::None | Source::File(_) => Some(vec![self.one(path, subject, not_known)?]),
            Source::Network(client) => {
                let pages: Result<Vec<Value>, _> =
                    client.pages(&format!("{path}?{PAGE}")).map(|page| page.map(|page| page.json)).collect();
                known(pages.map_err(|error| error.to_string()), subject, not_known)
            }
        }
    }
}

fn known<T>(answer: Result<T, String>, subject: &str, not_known: &mut Vec<NotKnown>) -> Option<T> {
    match answer {
        Ok(answer) => Some(answer),
        Err(why) => {
            not_known.push(NotKnown { subject: subject.to_owned(), why, unread: true });
            None
        }
    }
}

fn read_answers(path: &Path, name: &Path) -> Result<Map<String, Value>, Failure> {
    let name = name.display();
    let bytes = bounded::read_up_to(path, LARGEST).with_context(|| format!("failed to read {name}"))?;
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(answers)) => Ok(answers),
        Ok(_) => Err(Failure::Usage(format!(
            "{name} holds no answers: write a JSON object such as {{ \"GET /repos/acme/shop\": … }}"
        ))),
        Err(error) => Err(Failure::Usage(format!("{name} is not JSON: {error}"))),
    }
}
