//! The workflow that is proposed. Every workflow of the documentation has the same shape, and one test reads them all.

use super::Failure;
use super::product_policies::{ProductGate, stem};
use super::proposal::Proposal;
use crate::model::Sha;
use crate::options::{DEFAULT_POLICY, WorkflowKind};
use crate::output::escape::is_unprintable;
use crate::policy::yaml_double_quoted;
use crate::tracker::github::RepositoryName;

/// The action without an owner and a commit: there is no release yet. `NO_COMMIT` is no commit of any repository, so a workflow
/// that still has it fails.
const ACTION: &str = "OWNER/escape-gate";

/// Placeholder of the commit.
const NO_COMMIT: &str = "0000000000000000000000000000000000000000";

/// The version that belongs to the commit.
const VERSION: &str = concat!("v", env!("CARGO_PKG_VERSION"));

const CHECKOUT: &str = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";
const CACHE: &str = "actions/cache@27d5ce7f107fe9357f9df03efb73ab90386fccae # v5.0.5";
const UPLOAD: &str = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0";
const DOWNLOAD: &str = "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1";

/// The folder that the workflow restores, saves and gives to the gate.
const CACHE_FOLDER: &str = "${{ runner.temp }}/escape-gate";

/// Lets the gate run after tests that failed, and not after somebody cancelled the run.
const NOT_CANCELLED: &str = "        if: ${{ !cancelled() }}\n";

/// The action as a workflow names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionReference {
    repository: RepositoryName,
    commit: Option<Sha>,
}

impl ActionReference {
    /// Parses `OWNER/NAME` or `OWNER/NAME@COMMIT`; `None` stands for the placeholder.
    ///
    /// # Errors
    /// If the text is none of them. A branch or a tag is refused: whoever moves it changes the program that decides about releases.
    pub fn parse(text: Option<&str>) -> Result<Self, Failure> {
        let text = text.unwrap_or(ACTION);
        let (name, commit) = text.split_once('@').map_or((text, None), |(name, commit)| (name, Some(commit)));
        let repository = RepositoryName::parse(name).map_err(|error| Failure::Usage(error.to_string()))?;
        let commit = commit
            .map(|commit| {
                Sha::parse(commit).ok_or_else(|| {
                    Failure::Usage(format!(
                        "invalid --gate `{name}@…`: name the action by its full commit id of 40 digits, not by a branch or tag"
                    ))
                })
            })
            .transpose()?;
        Ok(Self { repository, commit })
    }

    /// The value of `uses:`, with the version as a comment.
    fn uses(&self) -> String {
        match &self.commit {
            Some(commit) => format!("{}@{commit}", self.repository),
            None => format!("{}@{NO_COMMIT} # {VERSION}", self.repository),
        }
    }

    /// The placeholders that are left to replace, for people; empty if there is none.
    pub fn placeholders(&self) -> String {
        let owner = if self.repository.to_string() == ACTION { Some("OWNER") } else { None };
        let commit = if self.commit.is_none() { Some(NO_COMMIT) } else { None };
        owner.into_iter().chain(commit).collect::<Vec<_>>().join(" and ")
    }
}

/// Returns the workflow; `None` if none is wanted. `policy` is the path of the policy, if that is not the default one.
pub fn workflow_file(proposal: &Proposal, policy: Option<&str>, action: &ActionReference) -> Option<String> {
    let gates = proposal.gates.as_slice();
    let shared = policy.unwrap_or(DEFAULT_POLICY);
    let of_product = |from: &str| format!("{}-${{{{ {from}.product }}}}.yml", stem(shared));
    let policy = match (gates, proposal.workflow) {
        ([], _) => policy.map(str::to_owned),
        (_, WorkflowKind::Publish) => Some(of_product("inputs")),
        (_, WorkflowKind::PullRequest | WorkflowKind::None) => Some(of_product("matrix")),
    };
    let reports =
        proposal.reports.iter().chain(gates.iter().flat_map(|gate| &gate.reports)).cloned().collect();
    let parts = Parts { reports, commands: &proposal.test_commands, gates, policy, uses: action.uses() };
    match proposal.workflow {
        WorkflowKind::None => None,
        WorkflowKind::PullRequest => Some(parts.for_pull_requests()),
        WorkflowKind::Publish => Some(parts.for_drafts()),
    }
}

/// The parts that differ between repositories.
struct Parts<'p> {
    /// Globs of the test reports; without one, the workflow runs no tests.
    reports: Vec<String>,
    /// Commands that run the tests; empty if they are not known.
    commands: &'p [String],
    /// Products with a gate of their own.
    gates: &'p [ProductGate],
    policy: Option<String>,
    /// The action.
    uses: String,
}

impl Parts<'_> {
    /// One job: the author of a pull request from a fork gets a token that may only read.
    fn for_pull_requests(&self) -> String {
        let mut inputs = String::new();
        let mut steps = checkout();
        let cached = if self.gates.is_empty() { "" } else { "${{ matrix.product }}-" };
        let matrix = match self.gates {
            [] => String::new(),
            _ => format!(
                "    strategy:\n      fail-fast: false\n      matrix:\n        product: [{}]\n",
                self.product_ids()
            ),
        };
        if !self.reports.is_empty() {
            steps.push_str(&self.tests("matrix"));
            steps.push_str("        id: test\n");
            inputs.push_str("          tests-outcome: ${{ steps.test.outcome }}\n");
        }
        steps.push_str(&format!(
            "      - uses: {CACHE}\n{NOT_CANCELLED}        with:\n          path: {CACHE_FOLDER}\n          \
             key: escape-gate-{cached}${{{{ github.run_id }}}}\n          restore-keys: escape-gate-{cached}\n"
        ));
        inputs.push_str(&format!("          cache: {CACHE_FOLDER}\n"));
        let gate = self.gate_step(&inputs);
        format!(
            "name: Escape gate\non: pull_request\n\npermissions: {{}}\n\njobs:\n  gate:\n{matrix}    runs-on: ubuntu-latest\n    permissions:\n      \
             contents: read          # releases, tags, commits\n      issues: read            # production bugs\n      \
             pull-requests: write    # fixes, and the comment\n    steps:\n{steps}{gate}"
        )
    }

    /// Two jobs: code of the repository never runs beside a token that may write releases.
    fn for_drafts(&self) -> String {
        let (product, group) = match self.gates {
            [] => (String::new(), "publish"),
            // Of two runs that wait in one group, GitHub cancels the older one.
            _ => (
                format!(
                    "      product: {{ description: Product of the release, required: true, type: choice, options: [{}] }}\n",
                    self.product_ids()
                ),
                "publish-${{ inputs.product }}",
            ),
        };
        let (mut test_job, mut needs, mut steps, mut inputs) = (String::new(), "", checkout(), String::new());
        if !self.reports.is_empty() {
            let (checkout, tests, path) = (checkout(), self.tests("inputs"), self.report_paths());
            test_job = format!(
                "  test:\n    runs-on: ubuntu-latest\n    permissions:\n      contents: read\n    steps:\n{checkout}{tests}      \
                 - uses: {UPLOAD}\n{NOT_CANCELLED}        with:\n          name: test-reports\n          path: {path}\n          \
                 if-no-files-found: error\n"
            );
            // A skipped job counts as a passed one, so the job runs however the tests ended.
            needs = "    needs: test\n    if: ${{ always() }}\n";
            steps.push_str(&format!(
                "      - uses: {DOWNLOAD}\n        with: {{ name: test-reports, path: test-reports }}\n"
            ));
            inputs.push_str(
                "          reports: test-reports/**\n          tests-outcome: ${{ needs.test.result }}\n",
            );
        }
        inputs.push_str("          release: ${{ inputs.release }}\n          publish: true\n");
        let gate = self.gate_step(&inputs);
        format!(
            "name: Escape gate\non:\n  workflow_dispatch:   # run it on the branch that the draft targets: the tests run there\n    inputs:\n      \
             release: {{ description: Tag of the draft release, required: true }}\n{product}\n\
             permissions: {{}}\n\njobs:\n{test_job}  gate:\n{needs}    runs-on: ubuntu-latest\n    permissions:\n      \
             contents: write         # only a token that may write sees drafts; publishing, notes\n      \
             issues: read            # production bugs\n      pull-requests: read     # fixes\n    concurrency: {group}\n    steps:\n{steps}{gate}"
        )
    }

    /// The step that runs the tests. `from` holds the product, if there are several.
    fn tests(&self, from: &str) -> String {
        let mut commands: String =
            self.commands.iter().map(|command| format!("          {command}\n")).collect();
        let own: Vec<&ProductGate> = self.gates.iter().filter(|gate| !gate.commands.is_empty()).collect();
        if commands.is_empty() && own.is_empty() {
            return "      # Replace `make test` with the command that runs your tests and writes the reports that the policy reads.\n      \
                    - run: make test\n"
                .to_owned();
        }
        if own.is_empty() {
            return format!("      - run: |\n{commands}");
        }
        commands.push_str("          case \"$PRODUCT\" in\n");
        for gate in own {
            let lines: String =
                gate.commands.iter().map(|command| format!("              {command}\n")).collect();
            commands.push_str(&format!("            {})\n{lines}              ;;\n", gate.id));
        }
        commands.push_str("          esac\n");
        format!("      - env: {{ PRODUCT: \"${{{{ {from}.product }}}}\" }}\n        run: |\n{commands}")
    }

    /// The names of the products, as a list.
    fn product_ids(&self) -> String {
        self.gates.iter().map(|gate| yaml_double_quoted(&gate.id)).collect::<Vec<_>>().join(", ")
    }

    /// The gate's own step, with its inputs as lines.
    fn gate_step(&self, inputs: &str) -> String {
        let policy = self
            .policy
            .as_ref()
            .map(|path| format!("          policy: {}\n", yaml_double_quoted(path)))
            .unwrap_or_default();
        format!("      - uses: {}\n{NOT_CANCELLED}        with:\n{policy}{inputs}", self.uses)
    }

    /// The globs as one value, one a line.
    fn report_paths(&self) -> String {
        match self.reports.as_slice() {
            [only] => yaml_double_quoted(only),
            // A block of text shows each glob as it is, but cannot hold every character.
            globs if globs.iter().any(|glob| glob.contains(is_unprintable)) => {
                yaml_double_quoted(&globs.join("\n"))
            }
            globs => globs.iter().fold("|".to_owned(), |text, glob| format!("{text}\n            {glob}")),
        }
    }
}

/// The step that checks the repository out.
fn checkout() -> String {
    format!("      - uses: {CHECKOUT}\n        with: {{ persist-credentials: false }}\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const COMMIT: &str = "3f2a9d1c5b7e80642a19f0d3c4b5a69788776655";

    #[test]
    fn action_is_named_by_its_commit_only() {
        let uses = |text: Option<&str>| ActionReference::parse(text).unwrap().uses();
        assert_eq!(uses(None), format!("OWNER/escape-gate@{NO_COMMIT} # {VERSION}"));
        assert_eq!(uses(Some("acme/escape-gate")), format!("acme/escape-gate@{NO_COMMIT} # {VERSION}"));
        assert_eq!(uses(Some(&format!("acme/gate@{COMMIT}"))), format!("acme/gate@{COMMIT}"));
        for refused in
            ["acme/gate@main", "acme/gate@v0", "acme/gate@", "acme", "acme/gate@abc123", "acme/ga te"]
        {
            assert!(ActionReference::parse(Some(refused)).is_err(), "{refused}");
        }
    }

    #[test]
    fn placeholders_that_are_left_are_named() {
        let left = |text: Option<&str>| ActionReference::parse(text).unwrap().placeholders();
        assert_eq!(left(None), format!("OWNER and {NO_COMMIT}"));
        assert_eq!(left(Some("acme/escape-gate")), NO_COMMIT);
        assert_eq!(left(Some(&format!("acme/gate@{COMMIT}"))), "");
    }
}
