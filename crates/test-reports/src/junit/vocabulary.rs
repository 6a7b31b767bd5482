//! Words that producers use for elements, results and numbers.

use crate::CaseStatus;
use crate::xml::XmlTag;

/// Meaning of an element inside a test case or a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultElement {
    /// An assertion failed.
    Failed,
    /// The test could not run to a result.
    Error,
    /// The test did not run.
    Skipped,
    /// One run failed, and the last one passed (Surefire, nextest).
    FlakyFailed,
    /// One run had an error, and the last one passed.
    FlakyError,
    /// A further run failed (Surefire, nextest).
    RerunFailed,
    /// A further run had an error.
    RerunError,
    /// The element is not about the result.
    Neutral,
    /// The element is unknown and could be a result.
    Unknown,
}

/// Returns the meaning of an element by its name.
pub fn classify_element(name: &str) -> ResultElement {
    match name {
        "failure" | "failed" | "fail" | "failures" => ResultElement::Failed,
        "error" | "errors" | "exception" | "aborted" | "timeout" => ResultElement::Error,
        "skipped" | "skip" | "ignored" | "disabled" | "notrun" | "pending" => ResultElement::Skipped,
        "flakyFailure" => ResultElement::FlakyFailed,
        "flakyError" => ResultElement::FlakyError,
        "rerunFailure" => ResultElement::RerunFailed,
        "rerunError" => ResultElement::RerunError,
        "properties" | "property" | "system-out" | "system-err" | "systemout" | "systemerr" | "output"
        | "stdout" | "stderr" | "passed" | "success" | "attachments" | "attachment" | "attributes"
        | "annotations" | "assertions" | "assumptions" | "benchmark" | "categories" | "category"
        | "comment" | "custom" | "description" | "environment" | "excludeTags" | "extra" | "feature"
        | "file" | "group" | "groups" | "includeTags" | "info" | "label" | "labels" | "line" | "link"
        | "links" | "location" | "measurement" | "meta" | "metadata" | "metrics" | "metric" | "name"
        | "note" | "notes" | "package" | "parameters" | "perf" | "requirement" | "requirements"
        | "reporter-output" | "rundata" | "source" | "stackTrace" | "summary" | "tag" | "tags" | "time"
        | "traits" | "trait" | "url" | "uri" | "values" | "value" | "version" | "warning" | "warnings" => {
            ResultElement::Neutral
        }
        _ => ResultElement::Unknown,
    }
}

/// Returns `true` if an element of this name can hold a failure, wherever it is.
pub fn is_result_element(name: &str) -> bool {
    matches!(name, "testcase" | "testsuite" | "testsuites")
        || matches!(classify_element(name), ResultElement::Failed | ResultElement::Error)
}

/// Returns `true` if an element of this name holds the output of a test.
pub fn is_output_element(name: &str) -> bool {
    matches!(name, "system-out" | "system-err" | "systemout" | "systemerr" | "output" | "stdout" | "stderr")
}

/// Returns `true` if an element holds one of the suite's numbers and nothing else, as AntUnit writes them.
pub fn is_count_element(tag: &XmlTag<'_>) -> bool {
    let mut attributes = false;
    tag.each(|_, _| attributes = true);
    !attributes && matches!(tag.name(), "tests" | "failures" | "errors")
}

/// Returns `true` if an element says that an assumption was not met and the test did not run: JUnit 5 calls this aborted,
/// and Ant writes it so. `counted` if the suite counts these by themselves.
pub fn is_unmet_assumption(tag: &XmlTag<'_>, counted: bool) -> bool {
    let mut known = counted;
    tag.each(|key, raw| {
        let is_assumption = ["TestAbortedException", "AssumptionViolatedException"];
        known |= key == "type" && is_assumption.iter().any(|kind| raw.ends_with(kind));
    });
    known && tag.name() == "aborted"
}

/// Returns `true` for the root element of Check, a framework for C, which is not JUnit XML.
pub fn is_of_check(root: &XmlTag<'_>) -> bool {
    let mut is_check = false;
    root.each(|key, raw| is_check |= key == "xmlns" && raw.contains("check.sourceforge.net"));
    is_check
}

/// Parses a `status` or `result` attribute; `None` if the word is unknown.
pub fn parse_status(word: &str) -> Option<CaseStatus> {
    let word: String =
        // Producers differ in case and separators: `NotRun`, `not-run` and `not run` are one word.
        word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    Some(match word.as_str() {
        "" | "run" | "ran" | "executed" | "passed" | "pass" | "ok" | "okay" | "success" | "successful"
        | "succeeded" | "completed" | "complete" | "finished" | "done" | "true" | "expected" | "fixed"
        | "green" | "passedwithwarning" | "warning" | "xpassed" | "0" => CaseStatus::Passed,
        "skipped" | "skip" | "notrun" | "disabled" | "ignored" | "ignore" | "pending" | "suppressed"
        | "filtered" | "todo" | "inactive" | "notexecuted" | "excluded" | "unsupported" | "notrunnable"
        | "notapplicable" | "xfail" | "xfailed" | "expectedfailure" | "untested" | "inconclusive" => {
            CaseStatus::Skipped
        }
        "flaky" => CaseStatus::Flaky,
        "failed" | "fail" | "failure" | "failures" | "regression" | "unexpected" | "false" | "red" | "ko"
        | "notok" | "rejected" | "1" => CaseStatus::Failed,
        "error" | "errored" | "errors" | "aborted" | "abort" | "timeout" | "timedout" | "interrupted"
        | "panicked" | "hookerror" | "cleanuperror" | "crashed" | "crash" | "broken" | "incomplete"
        | "unknown" | "cancelled" | "canceled" | "killed" | "invalid" | "exception" => CaseStatus::Error,
        _ => return None,
    })
}

/// Returns `true` if a `skipped` marks the failure next to it as expected: a test that is still to do (Node.js), or one
/// that may fail (Catch2). The framework itself does not fail because of it.
pub fn expects_failure(skipped: &XmlTag<'_>) -> bool {
    let mut expects = false;
    skipped.each(|key, raw| {
        expects |= matches!((key, raw), ("type", "todo") | ("message", "TEST_CASE tagged with !mayfail"));
    });
    expects
}

/// Returns `true` if CTest counts a test that did not run for this reason as failed.
pub fn could_not_start(reason: &str) -> bool {
    // CTest has the same status for a test that asked to be skipped (`SKIP_RETURN_CODE`). Only the reason
    // distinguishes the two.
    let reasons = [
        "Unable to find executable",
        "Fixture dependency failed",
        "Failed to start",
        "Failed to change working directory",
        "Missing Configuration",
        "Insufficient resources",
        "Invalid resource spec file",
    ];
    reasons.iter().any(|known| reason.starts_with(known))
}

/// Returns `true` if an attribute says yes.
pub fn is_yes(word: &str) -> bool {
    matches!(word.trim().to_ascii_lowercase().as_str(), "true" | "1" | "yes")
}

/// Returns `true` if an attribute says no.
pub fn is_no(word: &str) -> bool {
    matches!(word.trim().to_ascii_lowercase().as_str(), "false" | "0" | "no")
}

/// Parses a declared number: `12`, `1,234`, `3.0`.
pub fn parse_count(text: &str) -> Option<u64> {
    let digits: String = text.trim().chars().filter(|c| !matches!(c, ',' | '_' | ' ')).collect();
    let whole = match digits.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => &digits,
    };
    whole.parse().ok()
}
