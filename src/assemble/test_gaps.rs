//! Test evidence that is not whole: reports that are missing, and a test step that ended otherwise than its reports say.

use std::collections::BTreeSet;

use crate::model::{Area, Gap, TestEvidence};
use crate::policy::ExpectedReports;

/// Letters of an outcome that a gap quotes: the word comes from outside.
// GitHub knows four outcomes, the longest of 9 letters. Forty leave room for the words of other CI
// systems.
const LONGEST_OUTCOME: usize = 40;

/// Returns a gap for every glob of `tests.expect` that too few reports match.
pub fn missing_reports<'e>(
    tests: &'e TestEvidence,
    expected: &'e [ExpectedReports],
) -> impl Iterator<Item = Gap> + 'e {
    expected.iter().filter_map(|one| {
        let matches = |path: &str| {
            // A report in an archive has a path such as `results.zip!/junit.xml`, and the policy
            // may name the archive.
            let archive = path.split_once("!/").map(|(archive, _)| archive);
            one.glob.matches(path) || archive.is_some_and(|archive| one.glob.matches(archive))
        };
        let found = tests.files.iter().filter(|file| matches(&file.path)).count() as u64;
        let s = if one.at_least == 1 { "" } else { "s" };
        (found < one.at_least).then(|| Gap {
            area: Area::Tests,
            place: Some(one.glob.source().to_owned()),
            what: format!("`tests.expect` asks for at least {} report{s} here, and {found} were read", one.at_least),
            remedy: Some(
                "Check that these tests ran and wrote their reports before the gate, or correct `tests.expect`.".into(),
            ),
        })
    })
}

/// Returns a gap for every outcome of a test step that its reports do not explain. Only `success` says that all tests ran.
pub fn unexplained_outcomes<'o>(
    outcomes: &'o BTreeSet<String>,
    tests: Option<&TestEvidence>,
) -> impl Iterator<Item = Gap> + 'o {
    let failed = tests.map(TestEvidence::totals).map_or(0, |totals| totals.failed + totals.errors);
    outcomes.iter().filter_map(move |outcome| {
        let what = match outcome.as_str() {
            "success" => return None,
            // The reports explain the failure, and a rule on failed tests decides about it.
            "failure" if failed > 0 => return None,
            // A step that crashes before its first report has no failed test. Rules on test results
            // would pass.
            "failure" => "the test step failed and no report says why".to_owned(),
            "cancelled" => "the test step was cancelled, so its reports may not be all".to_owned(),
            "skipped" => "the test step was skipped, so its tests did not run".to_owned(),
            other => {
                let word: String = other.chars().take(LONGEST_OUTCOME).collect();
                format!(
                    "the test step ended as `{word}`, and only `success`, `failure`, `cancelled` and `skipped` are known"
                )
            }
        };
        Some(Gap {
            area: Area::Tests,
            place: None,
            what,
            remedy: Some(
                "Read the log of the test step, and run it again so that it ends and writes its reports.".into(),
            ),
        })
    })
}
