//! The table of metrics. To add a metric, add a row: the rest of the program asks the table.
//!
//! A condition on defects or a number of the test totals needs no more code. Any other metric also needs a variant of
//! [`Formula`], and a file in `src/metric/` that computes it.

use std::fmt;

use test_reports::TestTotals;

use super::defect::Defect;
use super::gap::Area;
use super::metric::MetricUnit;
use super::scope::Over;

/// Definition of a metric.
#[derive(Debug)]
pub struct MetricRow {
    /// Name used in policies and reports.
    pub name: &'static str,
    /// Noun for the counted items, in singular and plural.
    pub noun: [&'static str; 2],
    /// Formula of the value, which also gives its unit and the contribution of a defect.
    pub formula: Formula,
    /// Scope of a rule without `over`.
    pub default_over: Over,
    /// Evidence that the metric needs: a gap in one of these makes the value unsure.
    pub needs: &'static [Area],
    /// Areas whose missing evidence could lower the count. With a gap in any other area, a count above its limit is proven.
    pub falls_with: &'static [Area],
    /// Next step if a rule fails.
    pub remedy: Remedy,
}

/// Formula of the value of a metric.
#[derive(Debug, Clone, Copy)]
pub enum Formula {
    /// Number of escaped defects in scope that meet the condition, if there is one.
    Defects(Option<DefectCondition>),
    /// Number of escaped defects in scope that the candidate does not fix.
    Unfixed,
    /// Number of escaped defects without a release that were reported since the oldest release in scope.
    Unattributed,
    /// Number of excluded issues in scope.
    Excluded,
    /// Number of issues and pull requests that block the candidate and are not done.
    Blockers,
    /// Share of the closed escaped defects in scope that are covered.
    Coverage(fn(&Defect) -> bool),
    /// Share of the closed escaped defects in scope with a regression test.
    RegressionTestCoverage,
    /// Escaped ÷ (escaped + caught).
    EscapeRate,
    /// Releases that failed in production ÷ releases.
    ChangeFailureRate,
    /// Median time from the introduction of a defect to its report.
    TimeToDetect,
    /// A number of the test totals.
    Tests(fn(&TestTotals) -> u64),
    /// Passed ÷ (passed + failed + errors).
    TestPassRate,
}

/// A condition that a defect meets or not.
#[derive(Debug, Clone, Copy)]
pub struct DefectCondition {
    /// Returns `true` if the defect meets the condition.
    pub is_met: fn(&Defect) -> bool,
    /// Reason why another defect is not counted, for example "it has a severity".
    pub otherwise: &'static str,
}

/// Next step if a rule fails.
#[derive(Debug, Clone, Copy)]
pub enum Remedy {
    /// A sentence with placeholders: `{rule}` for the id of the rule, `{issues}` for the defects that count against the
    /// release, `{releases}` for the failed releases, `{root-cause}` for the ways to record a root cause.
    Text(&'static str),
    /// Steps that depend on where each defect is fixed.
    FixDefects,
    /// The severity labels of the policy.
    SetSeverity,
}

/// Defines [`MetricId`] with one variant for each row.
macro_rules! metric_table {
    ($($(#[$doc:meta])* $id:ident => $row:expr,)*) => {
        /// A number that a rule can limit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum MetricId { $($(#[$doc])* $id,)* }

        impl MetricId {
            /// All metrics, in the order of the documentation.
            pub const ALL: [Self; [$(Self::$id),*].len()] = [$(Self::$id),*];

            /// Returns the row of the metric.
            pub fn row(self) -> &'static MetricRow {
                match self { $(Self::$id => const { &$row },)* }
            }
        }
    };
}

metric_table! {
    /// Escaped defects attributed to the scope.
    Escaped => MetricRow {
        name: "escaped",
        noun: ["escaped defect", "escaped defects"],
        formula: Formula::Defects(None),
        default_over: Over::Current,
        needs: &[Area::Issues],
        // An origin that is found later may take a defect to another release.
        falls_with: &[Area::Origins],
        remedy: Remedy::Text(
            "`{rule}` looks back: a fix does not change what escaped. Check that {issues} are rightly attributed, or decide \
             this release by changing the rule.",
        ),
    },
    /// Escaped defects of the scope that the candidate does not fix.
    Unfixed => MetricRow {
        name: "unfixed",
        noun: [
            "escaped defect that the candidate does not fix",
            "escaped defects that the candidate does not fix",
        ],
        formula: Formula::Unfixed,
        default_over: Over::All,
        needs: &[Area::Issues, Area::History],
        // Commits that were not read may hold a fix.
        falls_with: &[Area::History],
        remedy: Remedy::FixDefects,
    },
    /// Issues and pull requests that block the candidate and are not done.
    Blockers => MetricRow {
        name: "blockers",
        noun: ["release blocker that is not done", "release blockers that are not done"],
        formula: Formula::Blockers,
        default_over: Over::Candidate,
        needs: &[Area::Issues, Area::History],
        falls_with: &[Area::History],
        remedy: Remedy::Text(
            "Finish {issues}: merge the fix into this release, set the labels that the policy requires, or close as not \
             planned what need not be done.",
        ),
    },
    /// Escaped defects without a severity.
    Untriaged => MetricRow {
        name: "untriaged",
        noun: ["escaped defect without a severity", "escaped defects without a severity"],
        formula: Formula::Defects(Some(DefectCondition {
            is_met: |defect| !defect.triaged,
            otherwise: "it has a severity",
        })),
        default_over: Over::Current,
        needs: &[Area::Issues],
        falls_with: &[Area::Origins],
        remedy: Remedy::SetSeverity,
    },
    /// Escaped defects without a release.
    Unattributed => MetricRow {
        name: "unattributed",
        noun: ["escaped defect without a release", "escaped defects without a release"],
        formula: Formula::Unattributed,
        default_over: Over::Current,
        needs: &[Area::Issues],
        falls_with: &[],
        remedy: Remedy::Text(
            "Say in {issues} where it was found: a line `Found-in: <tag>` in the description.",
        ),
    },
    /// Issues that look like escaped defects and do not count.
    Excluded => MetricRow {
        name: "excluded",
        noun: ["excluded issue", "excluded issues"],
        formula: Formula::Excluded,
        default_over: Over::Current,
        needs: &[Area::Issues],
        falls_with: &[],
        remedy: Remedy::Text(
            "Look at each excluded issue again: {issues}. If one is a defect, remove the label that excludes it; or change \
             the limit of `{rule}`.",
        ),
    },
    /// Escaped ÷ (escaped + caught).
    EscapeRate => MetricRow {
        name: "escape-rate",
        noun: ["defects escaped", "defects escaped"],
        formula: Formula::EscapeRate,
        default_over: Over::LastDays(90),
        needs: &[Area::Issues],
        falls_with: &[],
        remedy: Remedy::Text(
            "`{rule}` looks back: the rate falls as tests catch more before production. Check that {issues} are rightly \
             counted, or decide this release by changing the rule.",
        ),
    },
    /// Releases that failed in production ÷ releases.
    ChangeFailureRate => MetricRow {
        name: "change-failure-rate",
        noun: ["releases failed in production", "releases failed in production"],
        formula: Formula::ChangeFailureRate,
        default_over: Over::LastReleases(10),
        needs: &[Area::Issues, Area::Deployments],
        falls_with: &[],
        remedy: Remedy::Text(
            "`{rule}` looks back: the rate falls with releases that do not fail. Check that the failures of {releases} are \
             rightly attributed, or decide this release by changing the rule.",
        ),
    },
    /// From the release or the commit that introduced a defect to its report.
    TimeToDetect => MetricRow {
        name: "time-to-detect",
        noun: ["escaped defect", "escaped defects"],
        formula: Formula::TimeToDetect,
        default_over: Over::LastDays(90),
        needs: &[Area::Issues, Area::Origins],
        falls_with: &[],
        remedy: Remedy::Text(
            "`{rule}` looks back: the time falls as defects are found sooner after they ship. Check where {issues} came \
             from (`escape-gate explain '#…'`), or say it in the issue: a line `Introduced-in: <tag>`.",
        ),
    },
    /// Closed escaped defects whose root cause is recorded ÷ closed escaped defects.
    RootCauseCoverage => MetricRow {
        name: "root-cause-coverage",
        noun: [
            "closed escaped defects have their root cause recorded",
            "closed escaped defects have their root cause recorded",
        ],
        formula: Formula::Coverage(|defect| defect.root_cause.shown_by.is_some()),
        default_over: Over::LastDays(90),
        needs: &[Area::Issues],
        falls_with: &[],
        remedy: Remedy::Text("Record the root cause of {issues}: {root-cause}."),
    },
    /// Closed escaped defects with a regression test ÷ closed escaped defects.
    RegressionTestCoverage => MetricRow {
        name: "regression-test-coverage",
        noun: [
            "closed escaped defects have a regression test",
            "closed escaped defects have a regression test",
        ],
        formula: Formula::RegressionTestCoverage,
        default_over: Over::LastDays(90),
        needs: &[Area::Issues],
        falls_with: &[],
        remedy: Remedy::Text(
            "Give {issues} a regression test: a passing test case whose name holds the number, or a fix that changes a test.",
        ),
    },
    /// Tests that did not pass: failed, or ended in an error.
    TestsFailed => MetricRow {
        name: "tests.failed",
        noun: ["failed test", "failed tests"],
        formula: Formula::Tests(|totals| totals.failed + totals.errors),
        default_over: Over::Candidate,
        needs: &[Area::Tests],
        falls_with: &[],
        remedy: Remedy::Text("Make the failed tests pass."),
    },
    /// Tests or suites that could not run to a result.
    TestsErrors => MetricRow {
        name: "tests.errors",
        noun: ["test error", "test errors"],
        formula: Formula::Tests(|totals| totals.errors),
        default_over: Over::Candidate,
        needs: &[Area::Tests],
        falls_with: &[],
        remedy: Remedy::Text("Make the tests that ended in an error run."),
    },
    /// Tests that were skipped.
    TestsSkipped => MetricRow {
        name: "tests.skipped",
        noun: ["skipped test", "skipped tests"],
        formula: Formula::Tests(|totals| totals.skipped),
        default_over: Over::Candidate,
        needs: &[Area::Tests],
        // A test that one report skips, or calls flaky, may have another result in the next report.
        falls_with: &[Area::Tests],
        remedy: Remedy::Text("Run the tests that were skipped, or change the limit of `{rule}`."),
    },
    /// Tests that failed and then passed on a rerun.
    TestsFlaky => MetricRow {
        name: "tests.flaky",
        noun: ["flaky test", "flaky tests"],
        formula: Formula::Tests(|totals| totals.flaky),
        default_over: Over::Candidate,
        needs: &[Area::Tests],
        falls_with: &[Area::Tests],
        remedy: Remedy::Text("Make the flaky tests pass at their first run."),
    },
    /// Distinct tests.
    TestsTotal => MetricRow {
        name: "tests.total",
        noun: ["test", "tests"],
        formula: Formula::Tests(|totals| totals.total),
        default_over: Over::Candidate,
        needs: &[Area::Tests],
        falls_with: &[],
        remedy: Remedy::Text("Check that every suite ran: `{rule}` expects another number of tests."),
    },
    /// Passed ÷ (passed + failed + errors).
    TestsPassRate => MetricRow {
        name: "tests.pass-rate",
        noun: ["tests passed", "tests passed"],
        formula: Formula::TestPassRate,
        default_over: Over::Candidate,
        needs: &[Area::Tests],
        falls_with: &[],
        remedy: Remedy::Text("Make more of the failed tests pass."),
    },
}

impl MetricId {
    /// Returns the name used in policies and reports.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Returns the unit of the value.
    pub fn unit(self) -> MetricUnit {
        match self.row().formula {
            Formula::Defects(_)
            | Formula::Unfixed
            | Formula::Unattributed
            | Formula::Excluded
            | Formula::Blockers
            | Formula::Tests(_) => MetricUnit::Count,
            Formula::Coverage(_)
            | Formula::RegressionTestCoverage
            | Formula::EscapeRate
            | Formula::ChangeFailureRate
            | Formula::TestPassRate => MetricUnit::Ratio,
            Formula::TimeToDetect => MetricUnit::Duration,
        }
    }

    /// Returns the scope of a rule without `over`.
    pub fn default_over(self) -> Over {
        self.row().default_over
    }

    /// Returns the evidence that the metric needs.
    pub fn needs(self) -> &'static [Area] {
        self.row().needs
    }

    /// Returns `true` if more of this evidence could only raise the value: a value above its limit then fails despite a gap.
    pub fn only_grows_with(self, area: Area) -> bool {
        self.unit() == MetricUnit::Count && !self.row().falls_with.contains(&area)
    }

    /// Returns `true` if the metric can be measured for earlier releases and periods. The candidate has no earlier status and
    /// test results, and a defect without a release belongs to none of them.
    pub fn has_past(self) -> bool {
        self.goes_by_origin()
            || matches!(
                self.row().formula,
                Formula::Excluded | Formula::ChangeFailureRate | Formula::TimeToDetect
            )
    }

    /// Returns `true` if a defect counts only for its own release, so that `count-by: introduced` makes a difference. An unfixed
    /// defect is in production wherever it was introduced; a release fails by what was found in it.
    pub fn goes_by_origin(self) -> bool {
        matches!(self.row().formula, Formula::Defects(_) | Formula::EscapeRate) || self.can_be_sampled()
    }

    /// Returns `true` if a rule may leave out defects that were reported before a day (`since: 2026-11-01`).
    pub fn can_leave_out_debt(self) -> bool {
        matches!(self, Self::Escaped | Self::Unfixed | Self::Blockers)
    }

    /// Returns `true` if a rule may look at a sample.
    pub fn can_be_sampled(self) -> bool {
        matches!(self.row().formula, Formula::Coverage(_) | Formula::RegressionTestCoverage)
    }
}

impl fmt::Display for MetricId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
