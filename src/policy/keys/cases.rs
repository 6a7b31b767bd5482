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
    key("policy", ValueType::Text, "The policy of all cases, by its path from this file."),
    key("given", ValueType::Map(GIVEN), "Evidence that all cases share, key by key."),
    key("cases", ValueType::Maps(CASE), "The cases.").required(),
];

/// A case.
pub const CASE: &[Key] = &[
    key("name", ValueType::Text, "What the case shows.").required(),
    key("policy", ValueType::Text, "The policy of this case, by its path from this file."),
    key("given", ValueType::Map(GIVEN), "The evidence."),
    key("expect", ValueType::Map(EXPECT), "What the policy is to say of it.").required(),
];

/// The evidence of a case.
pub const GIVEN: &[Key] = &[
    key("now", ValueType::Text, "When it is judged; the latest moment of the evidence if left out."),
    key("snapshot", ValueType::Text, "A snapshot that has the evidence, by its path from this file."),
    key("candidate", ValueType::Map(CANDIDATE), "What is judged: a tag, or a mapping."),
    key("releases", ValueType::Maps(RELEASE), "All releases."),
    key("history", ValueType::Map(HISTORY), "The commit graph."),
    key("pull-requests", ValueType::Maps(PULL_REQUEST), "Pull requests."),
    key("issues", ValueType::Maps(TICKET), "All issues."),
    key("tickets", ValueType::Maps(TICKET), "The older name of `issues`."),
    key("tests", ValueType::Map(TESTS), "Test results."),
    key("deployments", ValueType::Maps(DEPLOYMENT), "Deployments to the environment of the policy."),
    key("codeowners", ValueType::Text, "The text of a CODEOWNERS file."),
    key(
        "unread",
        ValueType::List { of: &ValueType::Text, least: 1 },
        "Evidence that could not be read completely.",
    ),
];

/// `given.candidate`.
pub const CANDIDATE: &[Key] = &[
    key("tag", ValueType::Text, "The tag, which need not exist yet."),
    key("pull-request", NUMBER, "The pull request, if it is one."),
    key("commit", ValueType::Text, "Its commit in the history; that of the release or branch if left out."),
    key("branch", ValueType::Text, "Its branch; for a pull request the branch that it targets."),
    key("since", ValueType::Text, "The release its commits are counted from; as in a run if left out."),
    key("commits", TEXTS, "Its commits, beside those of fixes that are `in-candidate`."),
    key("closes", ISSUES, "Issues that messages of its commits close."),
];

/// An entry of `given.releases`.
pub const RELEASE: &[Key] = &[
    key("tag", ValueType::Text, "The tag.").required(),
    key("published", ValueType::Text, "When it was published; a draft has no such time."),
    key("commit", ValueType::Text, "Its commit in the history."),
    key("prerelease", ValueType::Text, "True if it is not for production."),
    key("draft", ValueType::Text, "True if it is not published."),
];

/// `given.history`.
pub const HISTORY: &[Key] = &[
    key("commits", ValueType::Maps(COMMIT), "The commits, in any order.").required(),
    key("branches", ValueType::Named(&ValueType::Text), "The commit at the head of each branch."),
    key("default-branch", ValueType::Text, "The default branch; `main` if left out."),
];

/// An entry of `given.history.commits`.
pub const COMMIT: &[Key] = &[
    key("name", ValueType::Text, "A short name, which stands for its id.").required(),
    key("parents", TEXTS, "Its parents by their names; the commit before it in the list if left out."),
    key("date", ValueType::Text, "When it was committed.").required(),
    key("message", ValueType::Text, "Its message; `{f2}` stands for the id of commit `f2`."),
    key("author", ValueType::Text, "Its author."),
    key("author-date", ValueType::Text, "When it was written; a copy keeps it."),
];

/// An entry of `given.pull-requests`.
pub const PULL_REQUEST: &[Key] = &[
    key("number", NUMBER, "Its number.").required(),
    key("title", ValueType::Text, "Its title."),
    key("body", ValueType::Text, "Its description."),
    key("author", ValueType::Text, "The login of whoever opened it."),
    key("base", ValueType::Text, "The branch that it targets; the default branch if left out."),
    key("head-branch", ValueType::Text, "The branch that it comes from."),
    key("state", ValueType::Text, "open, merged or closed; merged if it has a `commit`, else open."),
    key("commit", ValueType::Text, "The commit that it came in by."),
    key("merged", ValueType::Text, "When it was merged; the date of its commit if left out."),
    key("opened", ValueType::Text, "When it was opened; when it was merged if left out."),
    key("labels", TEXTS, "Its labels."),
    key("milestone", ValueType::Text, "Its milestone."),
    key("repository", ValueType::Text, "`owner/name` of its repository, if it is another one."),
    key("files", TEXTS, "The paths that it changes."),
];

/// An entry of `labels` that is no text.
pub const LABEL: &[Key] = &[
    key("name", ValueType::Text, "Its name.").required(),
    key("by", ValueType::Text, "Who set it: maintainer, reporter, bot, or a login."),
    key("at", ValueType::Text, "When."),
];

/// `closed` of an issue, if it is no date.
pub const CLOSED: &[Key] = &[
    key("at", ValueType::Text, "When.").required(),
    key("by", ValueType::Text, "Who closed it: maintainer, reporter, bot, or a login."),
    key("change", ValueType::Text, "The change that closed it: a pull request or a commit."),
];

/// An entry of `given.issues`.
pub const TICKET: &[Key] = &[
    key("number", NUMBER, "Its number.").required(),
    key("count", NUMBER, "Number of such issues, numbered from `number` on."),
    key("title", ValueType::Text, "Its title."),
    key("labels", TEXTS, "Its labels: names, or mappings that say who set them and when."),
    key("type", ValueType::Text, "Its issue type."),
    key("fields", ValueType::Named(&ValueType::Text), "Its issue fields by their names."),
    key("author", ValueType::Text, "The login of whoever opened it."),
    key("author-role", ValueType::Text, "What the author is to the repository: maintainer or reporter."),
    key("body", ValueType::Text, "Its description."),
    key("opened", ValueType::Text, "When it was opened.").required(),
    key("closed", ValueType::Text, "When it was closed, or a mapping; it is open if left out."),
    key("reopened", ValueType::Text, "When it was reopened."),
    key("reason", ValueType::Text, "Why it was closed: completed, not-planned or duplicate."),
    key("duplicate-of", NUMBER, "The issue it duplicates."),
    key("milestone", ValueType::Text, "Its milestone."),
    key("found-in", ValueType::Text, "The release it was found in, as an issue field says it."),
    key("linked", ISSUES, "The pull requests that are linked to it as its fix, by number."),
    key("fixes", ValueType::Maps(FIX), "The changes that close it."),
];

/// An entry of `fixes`.
pub const FIX: &[Key] = &[
    key("pull-request", NUMBER, "Its number."),
    key(
        "merged",
        ValueType::Text,
        "When it was merged; when its issue was closed if left out beside `commit`.",
    ),
    key("commit", ValueType::Text, "The commit; a name of your own will do."),
    key("in-candidate", ValueType::Text, "True if the candidate has it."),
    key("files", TEXTS, "The paths it changes."),
];

/// `given.tests`.
pub const TESTS: &[Key] = &[
    key("passed", NUMBER, "Tests that passed, flaky ones included."),
    key("failed", NUMBER, "Tests that failed."),
    key("errors", NUMBER, "Tests that ended in an error."),
    key("skipped", NUMBER, "Tests that did not run."),
    key("flaky", NUMBER, "Of the tests that passed, those that failed first."),
    key("covers", ISSUES, "Issues that one of the tests that passed names."),
    key("reports", TEXTS, "Globs of reports, from the folder of this file."),
    key("inline", TEXTS, "Reports, written out."),
];

/// An entry of `given.deployments`.
pub const DEPLOYMENT: &[Key] = &[
    key("release", ValueType::Text, "The tag that was deployed.").required(),
    key("at", ValueType::Text, "When.").required(),
    key("state", ValueType::Text, "How it ended: succeeded or failed.").required(),
];

/// Keys of `expect`.
pub const EXPECT: &[Key] = &[
    key("verdict", ValueType::Text, "The verdict as a whole."),
    key(
        "rules",
        ValueType::Named(&ValueType::Map(EXPECTED_RULE)),
        "Rules by their ids: a verdict, or a mapping.",
    ),
    key("status", ValueType::Named(&ValueType::Map(EXPECTED_STATUS)), "Statuses in the candidate, by issue."),
    key("found-in", ValueType::Named(&ValueType::Text), "The releases that issues were found in, or `none`."),
    key("unfixed", ISSUES, "The issues that the rules on `unfixed` count."),
    key("blockers", ISSUES, "The issues and pull requests that the rules on `blockers` count."),
];

/// Keys of an expectation about a rule.
pub const EXPECTED_RULE: &[Key] = &[
    key("verdict", ValueType::Text, "Verdict of the rule."),
    key("value", ValueType::Text, "What is measured: `2`, `2 of 40`, `5%`, `12d`, `none`."),
    key("issues", ISSUES, "The issues that it counts, or that break it."),
];

/// Keys of an expectation about the status of an issue.
pub const EXPECTED_STATUS: &[Key] = &[
    key("status", ValueType::Text, "affected, fixed, not-affected or under-investigation.").required(),
    key("row", ValueType::Text, "The row of the table that decides, for example `9` or `6a`."),
    key("reason-contains", ValueType::Text, "A part of the reason as it is shown."),
];
