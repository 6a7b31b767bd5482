//! The test results of a case.

use super::super::code::Code;
use super::super::keys;
use super::read::{read_issue_numbers, read_number_up_to};
use crate::model::{IssueMention, IssueNumber, Records, ReportFile, ReportFormat, TestEvidence, TestId};
use crate::policy::language::{Draft, Fields, Node, Problems, Spanned, read_texts};

/// The most tests of one outcome that totals may have.
// Each test is an entry in memory, and a case is written by hand.
const MOST_TESTS: u64 = 100_000;

/// The section `tests`.
#[derive(Default)]
pub(super) struct CaseTests {
    /// Totals as evidence; `None` if the case gives none.
    pub totals: Option<TestEvidence>,
    /// Globs of test reports.
    pub reports: Vec<String>,
    /// Test reports that are written out.
    pub inline: Vec<String>,
}

/// Reads the section.
pub(super) fn case_tests(node: &Node, problems: &mut Problems) -> Option<CaseTests> {
    let fields = Fields::open(node, "`tests`", keys::cases::TESTS, problems)?;
    let keys = ["passed", "failed", "errors", "skipped", "flaky"];
    let counts = keys.map(|key| fields.get(key, problems, read_number_up_to(MOST_TESTS)).optional());
    let covers = fields.get("covers", problems, read_issue_numbers).optional();
    let reports = fields.get("reports", problems, read_texts).optional();
    let inline = fields.get("inline", problems, read_texts).optional();
    let [passed, failed, errors, skipped, flaky] = counts;
    let counts = [passed?, failed?, errors?, skipped?, flaky?];
    let (covers, reports, inline) = (covers?, reports?, inline?);
    let values = |texts: Option<Vec<Spanned<String>>>| -> Vec<String> {
        texts.into_iter().flatten().map(|one| one.value).collect()
    };
    let has_totals = counts.iter().any(Option::is_some) || covers.is_some();
    let (reports, inline) = (values(reports), values(inline));
    if !has_totals && reports.is_empty() && inline.is_empty() {
        let draft = Draft::new(Code::OddEvidence, &node.span, "`tests` says nothing of any test");
        problems
            .push(draft.help("write `{ passed: 40, failed: 2 }`, or leave the key out: nothing was read"));
        return None;
    }
    let [passed, failed, errors, skipped, flaky] = counts.map(|count| count.unwrap_or(0));
    let covers = covers.unwrap_or_default();
    // A test that covers an issue has to pass. With only flaky ones, the case would contradict
    // itself.
    if flaky > passed || (passed == flaky && !covers.is_empty()) {
        let draft =
            Draft::new(Code::OddEvidence, &node.span, "fewer tests passed than are said to have passed");
        problems.push(draft.help("`passed` includes the flaky ones, and one that `covers` an issue"));
        return None;
    }
    let mut next = 0_u128;
    let mut some = |count: u64| -> Vec<TestId> {
        let first = next;
        next += u128::from(count);
        (first..next).map(TestId).collect()
    };
    let records = Records {
        passed: some(passed - flaky),
        skipped: some(skipped),
        flaky: some(flaky),
        failed: some(failed),
        error: some(errors),
        suite_errors: Vec::new(),
    };
    let mention = |issue: IssueNumber| IssueMention {
        issue: issue.0,
        repository: None,
        test: TestId(0),
        name: "a test".into(),
    };
    let file = ReportFile {
        path: "totals of the case".into(),
        digest: TestId::default(),
        format: ReportFormat::Junit,
        encoding: "UTF-8".into(),
        complete: true,
        runs: passed + failed + errors + skipped,
        tests: records,
        details: Vec::new(),
        mentions: covers.into_iter().map(mention).collect(),
    };
    let totals = has_totals.then(|| TestEvidence::new(vec![file]));
    Some(CaseTests { totals, reports, inline })
}
