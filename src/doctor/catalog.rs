//! The kinds of findings: id, the behavior of GitHub behind it, and the fix.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::report::{Finding, FindingLevel};

/// A kind of finding.
#[derive(Debug)]
pub struct FindingKind {
    /// Id.
    pub id: &'static str,
    /// The behavior of GitHub that makes it a problem.
    pub why: &'static str,
    /// The fix; `{gate}` is the id of the gate's job, `{fix-name}` a further name.
    pub fix: &'static str,
}

impl FindingKind {
    /// Returns the fix with names in the place of its placeholders.
    pub fn example(&self) -> String {
        let names = [
            ("{job}", "release"),
            ("{gate}", "gate"),
            ("{condition}", "always() && needs.gate.result == 'success'"),
            ("{fix-name}", "NAME"),
        ];
        names.iter().fold(self.fix.to_owned(), |fix, (placeholder, name)| fix.replace(placeholder, name))
    }
}

/// All kinds, in the order of the documentation.
pub const KINDS: [FindingKind; 25] = [
    FindingKind {
        id: "publish-path-without-gate",
        why: "each workflow runs by itself; a gate in another workflow does not stop this one",
        fix: "jobs:\n  gate:\n    steps:\n      - uses: actions/checkout@v5\n      - uses: OWNER/escape-gate@v1\n  {job}:\n    needs: gate",
    },
    FindingKind {
        id: "publish-not-behind-gate",
        why: "jobs without `needs` run side by side, so the step publishes whatever the gate says",
        fix: "  {job}:\n    needs: {gate}",
    },
    FindingKind {
        id: "publish-ignores-result",
        why: "a condition with `always()`, `!cancelled()` or `failure()` replaces the implicit `success()`; \
              `workflow_run: completed` also comes after a failed run",
        fix: "    if: {condition}",
    },
    FindingKind {
        id: "gate-after-publish",
        why: "the gate can only stop what comes after it; `release: published` comes when everyone can see the release",
        fix: "# Create a draft, and let the gate publish it.\n      - uses: OWNER/escape-gate@v1\n        with: { release: \"${{ inputs.release }}\", publish: true }",
    },
    FindingKind {
        id: "gate-step-conditional",
        why: "a step that is skipped by its `if:` leaves the job green",
        fix: "# Remove the `if:`. To let one release pass, use an override, which is recorded.\n      - uses: OWNER/escape-gate@v1\n        if: ${{ !cancelled() }}",
    },
    FindingKind {
        id: "gate-job-skippable",
        why: "a skipped job reports success to a required check",
        fix: "  {gate}:\n    if: always()",
    },
    FindingKind {
        id: "gate-continue-on-error",
        why: "with `continue-on-error` on a step, the job is green; on a job, `needs.JOB.result` is `success`",
        fix: "# Remove `continue-on-error` from the gate.",
    },
    FindingKind {
        id: "gate-exit-swallowed",
        why: "a step fails only if its script ends with an exit code other than 0; the default shell is `bash -e` without \
              `pipefail`",
        fix: "      - run: escape-gate check\n        shell: bash",
    },
    FindingKind {
        id: "gate-report-only",
        why: "the gate reports, and its exit code is 0 whatever the verdict",
        fix: "# Remove `fail-on: never`, `--dry-run` or `mode: observe`. A trial gate has its own `id` and no `status`.",
    },
    FindingKind {
        id: "aggregate-lets-through",
        why: "a cancelled or skipped job has the result `cancelled` or `skipped`, not `failure`",
        fix: "      - run: exit 1\n        if: needs.{gate}.result != 'success'",
    },
    FindingKind {
        id: "gate-not-required",
        why: "GitHub blocks a merge only by the names of required checks",
        fix: "# Require this check in the ruleset of the branch:\n{fix-name}",
    },
    FindingKind {
        id: "untrusted-policy",
        why: "the checkout holds the files of the proposed change, and with them its policy and waivers",
        fix: "      - uses: actions/checkout@v5   # without `ref`: the base branch\n# Pass test reports as an artifact.",
    },
    FindingKind {
        id: "tests-failure-hidden",
        why: "the step is green although tests failed, and the policy does not ask for test results",
        fix: "rules:\n  - { id: tests, metric: tests.failed, max: 0 }",
    },
    FindingKind {
        id: "gate-disabled",
        why: "a disabled workflow does not run; GitHub disables schedules of a public repository after 60 days without activity",
        fix: "gh workflow enable {fix-name}",
    },
    FindingKind {
        id: "gate-check-never-reports",
        why: "a workflow that does not start reports nothing, and the required check waits forever",
        fix: "on:\n  pull_request:\n  merge_group:",
    },
    FindingKind {
        id: "gate-never-triggered",
        why: "events that the job token causes start no workflow, except `workflow_dispatch` and `repository_dispatch`",
        fix: "# Create the tag with the token of a GitHub App, or start the gate:\n      - run: gh workflow run {fix-name} --ref \"$TAG\"",
    },
    FindingKind {
        id: "check-name-shared",
        why: "GitHub compares checks by name only, so the last report counts",
        fix: "  {gate}:\n    name: escape gate   # a name that no other job has",
    },
    FindingKind {
        id: "unknown-passes",
        why: "evidence that could not be read lets the release pass",
        fix: "# Remove `fail-on: fail`, or the entry of `missing`.",
    },
    FindingKind {
        id: "reports-unproduced",
        why: "the gate reads the files that are there when its step starts",
        fix: "      - uses: actions/download-artifact@v5\n        with: { name: reports, path: build/reports }",
    },
    FindingKind {
        id: "permissions-short",
        why: "`permissions:` sets every permission that it does not name to `none`, so the verdict is `unknown` every time",
        fix: "    permissions: { {fix-name} }",
    },
    FindingKind {
        id: "release-cancellable",
        why: "a new run cancels the running one of the same group, also in the middle of publishing",
        fix: "concurrency: { group: release, cancel-in-progress: false }",
    },
    FindingKind {
        id: "policy-unowned",
        why: "the last line of CODEOWNERS that matches a file decides who owns it",
        fix: "/.github/escape-gate*  @ORG/release\n/.github/workflows/    @ORG/release\n/.github/escape-gate/  @ORG/release\n/{fix-name}  @ORG/release",
    },
    FindingKind {
        id: "environment-open",
        why: "GitHub creates an environment at its first use, without rules",
        fix: "# In the settings of environment {fix-name}: required reviewers, and deployment tags `v*`.",
    },
    FindingKind {
        id: "gate-bypassable",
        why: "a required check without a source takes the report of any token; a bypass actor merges without it",
        fix: "# In the ruleset: source GitHub Actions for the check, and a short bypass list.",
    },
    FindingKind {
        id: "gate-not-reached",
        why: "a step without a status function does not run after a failed step",
        fix: "      - uses: OWNER/escape-gate@v1\n        if: ${{ !cancelled() }}",
    },
];

/// A finding without its kind.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Id of the kind.
    pub id: &'static str,
    /// Level.
    pub level: FindingLevel,
    /// Path.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Id of the job.
    pub job: Option<String>,
    /// Steps from the event to the place.
    pub way: String,
    /// The problem, in one sentence.
    pub problem: String,
    /// Values of the placeholders in the fix, and further facts.
    pub details: BTreeMap<&'static str, Value>,
}

impl Draft {
    /// Adds a fact.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.details.insert(name, value.into());
        self
    }

    /// Returns the finding.
    pub fn finish(mut self) -> Finding {
        let kind = KINDS.iter().find(|kind| kind.id == self.id);
        let mut fix = kind.map_or("", |kind| kind.fix).to_owned();
        let job = ("job", self.job.as_deref().unwrap_or("release"));
        let gate = ("gate", self.job.as_deref().unwrap_or("gate"));
        let known = self.details.iter().filter_map(|(name, value)| Some((*name, value.as_str()?)));
        for (name, value) in known.chain([job, gate]) {
            fix = fix.replace(&format!("{{{name}}}"), value);
        }
        // These only fill the fix.
        for name in ["gate", "condition", "fix-name"] {
            self.details.remove(name);
        }
        Finding {
            id: self.id,
            level: self.level,
            file: self.file,
            line: self.line,
            job: self.job,
            way: self.way,
            problem: self.problem,
            why: kind.map_or("", |kind| kind.why),
            fix,
            details: self.details,
        }
    }
}
