//! The tables of cases: evidence in a short form, and what a policy is expected to say of it.

use super::{Key, Merge, ValueType};

/// A list of texts.
const TEXTS: ValueType = ValueType::List { of: &ValueType::Text, least: 0 };

/// A list of numbers of issues.
const ISSUES: ValueType = ValueType::List { of: &NUMBER, least: 0 };

/// A number of an issue or a pull request, or how many there are.
const NUMBER: ValueType = ValueType::Whole { most: u64::MAX };

const fn key(name: &'static str, shape: ValueType, doc: &'static str) -> Key {
    Key::new(name, shape, Merge::Own, doc)
}

/// A file of cases.
pub const CASE_FILE: &[Key] = &[
    key("version", ValueType::Version, "The version of this format: 1.").required(),
    key("policy", ValueType::Text, "Policy of all cases, by its path from this file; else `--policy`."),
    key(
        "given",
        ValueType::Map(GIVEN),
        "Evidence that all cases share. A key of a case's own `given` replaces it.",
    ),
    key("cases", ValueType::Maps(CASE), "The cases.").required(),
];

/// A case.
pub const CASE: &[Key] = &[
    key("name", ValueType::Text, "Name of the case in the output.").required(),
    key("policy", ValueType::Text, "Policy of this case."),
    key("given", ValueType::Map(GIVEN), "The evidence."),
    key("expect", ValueType::Map(EXPECT), "Expected results. At least one.").required(),
];

/// The evidence of a case.
pub const GIVEN: &[Key] = &[
    key(
        "now",
        ValueType::Text,
        "Time of the evaluation: a date (its first instant in UTC) or a time with its zone. By default \
         the latest time in the evidence.",
    ),
    key(
        "snapshot",
        ValueType::Text,
        "File that `collect` wrote. It replaces all other keys except `now` and `tests`.",
    ),
    key("candidate", ValueType::Map(CANDIDATE), "Candidate: a tag, or a mapping."),
    key("releases", ValueType::Maps(RELEASE), "All releases."),
    key("history", ValueType::Map(HISTORY), "Commit graph."),
    key("pull-requests", ValueType::Maps(PULL_REQUEST), "Pull requests."),
    key("issues", ValueType::Maps(TICKET), "All issues."),
    key("tickets", ValueType::Maps(TICKET), "The older name of `issues`."),
    key("tests", ValueType::Map(TESTS), "Test reports to read."),
    key("deployments", ValueType::Maps(DEPLOYMENT), "Deployments to the environment of the policy."),
    key("codeowners", ValueType::Text, "Text of a CODEOWNERS file."),
    key(
        "unread",
        ValueType::List { of: &ValueType::Text, least: 1 },
        "Evidence that could not be read completely: `issues`, `tests`, `history`, `deployments`, \
         `origins`.",
    ),
];

/// `given.candidate`.
pub const CANDIDATE: &[Key] = &[
    key("tag", ValueType::Text, "Tag, which need not exist yet."),
    key("pull-request", NUMBER, "Number of the pull request, if the candidate is one."),
    key(
        "commit",
        ValueType::Text,
        "Commit in the history. By default that of the release of its tag, or the head of its branch.",
    ),
    key("branch", ValueType::Text, "Branch; of a pull request the branch that it targets."),
    key("since", ValueType::Text, "Without a history: release from which the commits are counted."),
    key("commits", TEXTS, "Without a history: commits, in addition to fixes that are `in-candidate`."),
    key("closes", ISSUES, "Without a history: issues that commit messages close."),
];

/// An entry of `given.releases`.
pub const RELEASE: &[Key] = &[
    key("tag", ValueType::Text, "Tag of the release.").required(),
    key("published", ValueType::Text, "Time of the publication; none for a draft."),
    key("commit", ValueType::Text, "Commit in the history."),
    key("prerelease", ValueType::Text, "`true` for a pre-release."),
    key("draft", ValueType::Text, "`true` for a draft."),
];

/// `given.history`.
pub const HISTORY: &[Key] = &[
    key("commits", ValueType::Maps(COMMIT), "Commits, in any order.").required(),
    key("branches", ValueType::Named(&ValueType::Text), "Head commit of each branch, by its name."),
    key("default-branch", ValueType::Text, "Default branch. By default `main`."),
];

/// An entry of `given.history.commits`.
pub const COMMIT: &[Key] = &[
    key("name", ValueType::Text, "Short name, from which the id is made.").required(),
    key(
        "parents",
        TEXTS,
        "Names of the parents; `[]` for none. By default the commit before it in the list.",
    ),
    key("date", ValueType::Text, "Time of the commit.").required(),
    key("message", ValueType::Text, "Message. `{f2}` stands for the id of the commit `f2`."),
    key("author", ValueType::Text, "Author."),
    key("author-date", ValueType::Text, "Time of the author; a cherry-pick keeps it."),
];

/// An entry of `given.pull-requests`.
pub const PULL_REQUEST: &[Key] = &[
    key("number", NUMBER, "Number.").required(),
    key("title", ValueType::Text, "Title."),
    key("body", ValueType::Text, "Description."),
    key("author", ValueType::Text, "Login of the author."),
    key("base", ValueType::Text, "Target branch. By default the default branch."),
    key("head-branch", ValueType::Text, "Source branch."),
    key(
        "state",
        ValueType::Text,
        "`open`, `merged` or `closed`. By default `merged` with a `commit`, else `open`.",
    ),
    key("commit", ValueType::Text, "Commit by which it was merged."),
    key("merged", ValueType::Text, "Time of the merge. By default the time of its commit."),
    key("opened", ValueType::Text, "Time of the opening. By default the time of the merge."),
    key("labels", TEXTS, "Labels."),
    key("milestone", ValueType::Text, "Milestone."),
    key("repository", ValueType::Text, "`owner/name` of its repository, if it is another one."),
    key("files", TEXTS, "Paths that it changes."),
];

/// An entry of `labels` that is no text.
pub const LABEL: &[Key] = &[
    key("name", ValueType::Text, "Name of the label.").required(),
    key("by", ValueType::Text, "Who set it: `maintainer`, `reporter`, `bot`, or a login."),
    key("at", ValueType::Text, "Time."),
];

/// `closed` of an issue, if it is no date.
pub const CLOSED: &[Key] = &[
    key("at", ValueType::Text, "Time.").required(),
    key("by", ValueType::Text, "Who closed it: `maintainer`, `reporter`, `bot`, or a login."),
    key(
        "change",
        ValueType::Text,
        "Change that closed it: a pull request (`2`), a commit (`f2`), or one elsewhere \
         (`acme/parser#12`).",
    ),
];

/// An entry of `given.issues`.
pub const TICKET: &[Key] = &[
    key("number", NUMBER, "Number.").required(),
    key("count", NUMBER, "Number of such issues, numbered from `number` on."),
    key("title", ValueType::Text, "Title."),
    key(
        "labels",
        TEXTS,
        "Labels: names, or mappings of `name`, `by` (`maintainer`, `reporter`, `bot`, a login) and `at`. \
         By default, a maintainer sets a label an hour after the opening.",
    ),
    key("type", ValueType::Text, "Issue type."),
    key("fields", ValueType::Named(&ValueType::Text), "Issue fields by name."),
    key("author", ValueType::Text, "Login of the author."),
    key("author-role", ValueType::Text, "Role of the author: `maintainer` or `reporter`."),
    key("body", ValueType::Text, "Description."),
    key("opened", ValueType::Text, "Time of the opening.").required(),
    key(
        "closed",
        ValueType::Text,
        "Time of the closing, or a mapping of `at`, `by` and `change`: a pull request (`2`), a commit \
         (`f2`), or one elsewhere (`acme/parser#12`). By default, the issue is open.",
    ),
    key("reopened", ValueType::Text, "Time of the reopening."),
    key("reason", ValueType::Text, "Reason of the closing: `completed`, `not-planned` or `duplicate`."),
    key("duplicate-of", NUMBER, "Number of the issue that it duplicates."),
    key("milestone", ValueType::Text, "Milestone."),
    key("found-in", ValueType::Text, "Release in which it was found, as an issue field."),
    key("linked", ISSUES, "Pull requests that are linked as its fix, by number."),
    key(
        "fixes",
        ValueType::Maps(FIX),
        "Changes that close it. One with only a `pull-request` is not merged.",
    ),
];

/// An entry of `fixes`.
pub const FIX: &[Key] = &[
    key("pull-request", NUMBER, "Number."),
    key(
        "merged",
        ValueType::Text,
        "Time of the merge. With a `commit`, by default the closing of the issue.",
    ),
    key("commit", ValueType::Text, "Commit; any name."),
    key("in-candidate", ValueType::Text, "`true` if the candidate contains it. Without a history only."),
    key("files", TEXTS, "Paths that it changes."),
];

/// `given.tests`.
pub const TESTS: &[Key] = &[
    key("passed", NUMBER, "Number of tests that passed, flaky ones included."),
    key("failed", NUMBER, "Number of tests that failed."),
    key("errors", NUMBER, "Number of tests that ended in an error."),
    key("skipped", NUMBER, "Number of tests that did not run."),
    key("flaky", NUMBER, "Number of tests that passed after they failed."),
    key("covers", ISSUES, "Issues that a passing test names."),
    key("reports", TEXTS, "Globs of test reports, from the folder of this file."),
    key("inline", TEXTS, "Test reports as text."),
];

/// An entry of `given.deployments`.
pub const DEPLOYMENT: &[Key] = &[
    key("release", ValueType::Text, "Tag that was deployed.").required(),
    key("at", ValueType::Text, "Time.").required(),
    key("state", ValueType::Text, "`succeeded` or `failed`.").required(),
];

/// Keys of `expect`.
pub const EXPECT: &[Key] = &[
    key("verdict", ValueType::Text, "Verdict of the run: `pass`, `warn`, `unknown` or `fail`."),
    key(
        "rules",
        ValueType::Named(&ValueType::Map(EXPECTED_RULE)),
        "Rules by id: a verdict (also `waived`), or a mapping.",
    ),
    key(
        "status",
        ValueType::Named(&ValueType::Map(EXPECTED_STATUS)),
        "Statuses in the candidate by issue: `{ 1: affected }`, or a mapping.",
    ),
    key("found-in", ValueType::Named(&ValueType::Text), "Release in which each issue was found, or `none`."),
    key("unfixed", ISSUES, "All issues that the rules on `unfixed` count."),
    key("blockers", ISSUES, "All issues and pull requests that the rules on `blockers` count."),
];

/// Keys of an expectation about a rule.
pub const EXPECTED_RULE: &[Key] = &[
    key("verdict", ValueType::Text, "Verdict of the rule."),
    key(
        "value",
        ValueType::Text,
        "Value: `2`, `2 of 40` or `5%` (compared at the written precision), `12d` or `36h` (rounded up), \
         `none` if nothing can be measured.",
    ),
    key("issues", ISSUES, "Issues that it counts, or that fail it."),
];

/// Keys of an expectation about the status of an issue.
pub const EXPECTED_STATUS: &[Key] = &[
    key("status", ValueType::Text, "`affected`, `fixed`, `not-affected` or `under-investigation`.")
        .required(),
    key("row", ValueType::Text, "Row of the table of statuses that decides, for example `9` or `6a`."),
    key("reason-contains", ValueType::Text, "Part of the reason as it is shown."),
];
