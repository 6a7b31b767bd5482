//! The tables of cases: evidence in a short form, and what a policy is expected to say of it.

use super::{Key, Merge, Shape};

/// A list of texts.
const TEXTS: Shape = Shape::List { of: &Shape::Text, least: 0 };

/// A list of numbers of issues.
const ISSUES: Shape = Shape::List { of: &NUMBER, least: 0 };

/// A number of an issue or a pull request, or how many there are.
const NUMBER: Shape = Shape::Whole { most: u64::MAX };

const fn key(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key::new(name, shape, Merge::Own, doc)
}

/// A file of cases.
pub const CASE_FILE: &[Key] = &[
    key("version", Shape::Version, "The version of this format: 1.").required(),
    key("policy", Shape::Text, "The policy of all cases, by its path from this file."),
    key("given", Shape::Map(GIVEN), "Evidence that all cases share, key by key."),
    key("cases", Shape::Maps(CASE), "The cases.").required(),
];

/// A case.
pub const CASE: &[Key] = &[
    key("name", Shape::Text, "What the case shows.").required(),
    key("policy", Shape::Text, "The policy of this case, by its path from this file."),
    key("given", Shape::Map(GIVEN), "The evidence."),
    key("expect", Shape::Map(EXPECT), "What the policy is to say of it.").required(),
];

/// The evidence of a case.
pub const GIVEN: &[Key] = &[
    key("now", Shape::Text, "When it is judged; the latest moment of the evidence if left out."),
    key("snapshot", Shape::Text, "A snapshot that has the evidence, by its path from this file."),
    key("candidate", Shape::Map(CANDIDATE), "What is judged: a tag, or a mapping."),
    key("releases", Shape::Maps(RELEASE), "All releases."),
    key("tickets", Shape::Maps(TICKET), "All tickets."),
    key("tests", Shape::Map(TESTS), "Test results."),
    key("deployments", Shape::Maps(DEPLOYMENT), "Deployments to the environment of the policy."),
    key("codeowners", Shape::Text, "The text of a CODEOWNERS file."),
    key("unread", Shape::List { of: &Shape::Text, least: 1 }, "Evidence that could not be read completely."),
];

/// `given.candidate`.
pub const CANDIDATE: &[Key] = &[
    key("tag", Shape::Text, "The tag, which need not exist yet."),
    key("pull-request", NUMBER, "The pull request, if it is one."),
    key("since", Shape::Text, "The release its commits are counted from; as in a run if left out."),
    key("commits", TEXTS, "Its commits, beside those of fixes that are `in-candidate`."),
    key("closes", ISSUES, "Issues that messages of its commits close."),
];

/// An entry of `given.releases`.
pub const RELEASE: &[Key] = &[
    key("tag", Shape::Text, "The tag.").required(),
    key("published", Shape::Text, "When it was published; a draft has no such time."),
    key("prerelease", Shape::Text, "True if it is not for production."),
    key("draft", Shape::Text, "True if it is not published."),
];

/// An entry of `given.tickets`.
pub const TICKET: &[Key] = &[
    key("number", NUMBER, "Its number.").required(),
    key("count", NUMBER, "So many of them, with the numbers that follow."),
    key("title", Shape::Text, "Its title."),
    key("labels", TEXTS, "Its labels."),
    key("type", Shape::Text, "Its issue type."),
    key("author", Shape::Text, "The login of whoever opened it."),
    key("body", Shape::Text, "Its description."),
    key("opened", Shape::Text, "When it was opened.").required(),
    key("closed", Shape::Text, "When it was closed; it is open if left out."),
    key("reopened", Shape::Text, "When it was reopened."),
    key("reason", Shape::Text, "Why it was closed: completed, not-planned or duplicate."),
    key("duplicate-of", NUMBER, "The issue it duplicates."),
    key("milestone", Shape::Text, "Its milestone."),
    key("found-in", Shape::Text, "The release it was found in, as an issue field says it."),
    key("fixes", Shape::Maps(FIX), "The changes that close it."),
];

/// An entry of `fixes`.
pub const FIX: &[Key] = &[
    key("pull-request", NUMBER, "Its number."),
    key("merged", Shape::Text, "When it was merged; when its ticket was closed if left out beside `commit`."),
    key("commit", Shape::Text, "The commit; a name of your own will do."),
    key("in-candidate", Shape::Text, "True if the candidate has it."),
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
    key("release", Shape::Text, "The tag that was deployed.").required(),
    key("at", Shape::Text, "When.").required(),
    key("state", Shape::Text, "How it ended: succeeded or failed.").required(),
];

/// What is expected of a policy.
pub const EXPECT: &[Key] = &[
    key("verdict", Shape::Text, "The verdict as a whole."),
    key("rules", Shape::Named(&Shape::Map(EXPECTED_RULE)), "Rules by their ids: a verdict, or a mapping."),
];

/// What is expected of a rule.
pub const EXPECTED_RULE: &[Key] = &[
    key("verdict", Shape::Text, "What becomes of it."),
    key("value", Shape::Text, "What is measured: `2`, `2 of 40`, `5%`, `12d`, `none`."),
    key("issues", ISSUES, "The issues that it counts, or that break it."),
];
