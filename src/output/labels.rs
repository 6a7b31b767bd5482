//! Words and numbers that all outputs share. A `String` quotes the report and is not escaped yet.

use super::escape::{Medium, Plain, Safe, safe};
use crate::report::{
    AreaNames, CaseStatus, ComponentTable, DefectLine, DetectionReport, DryRun, ExceptionEffect,
    ExceptionKind, ExceptionLine, ExceptionQuarter, GuessedReleases, OriginLine, Rate, Report, RuleLine,
    RuleValue, TestLine,
};

/// Number of digits of a commit that are shown.
// Long enough to be unique in the largest repositories, such as the Linux kernel's, which uses 12.
const COMMIT_LENGTH: usize = 12;

/// Returns the suffix of a verdict that blocks nothing: ` (dry run)`, ` (observed)`; otherwise an empty string.
pub fn dry_run_suffix(report: &Report) -> &'static str {
    match report.dry_run_by {
        Some(DryRun::Option) => " (dry run)",
        Some(DryRun::Policy) => " (observed)",
        None => "",
    }
}

/// Returns the effect of an exception: `waived`, `override has expired`.
pub fn effect_label(line: &ExceptionLine) -> &'static str {
    match (line.standing, line.kind) {
        (ExceptionEffect::Applied, ExceptionKind::Waiver) => "waived",
        (ExceptionEffect::Applied, ExceptionKind::Override) => "overridden",
        (ExceptionEffect::Unneeded, ExceptionKind::Waiver) => "waiver not needed",
        (ExceptionEffect::Unneeded, ExceptionKind::Override) => "override not needed",
        (ExceptionEffect::Expired, ExceptionKind::Waiver) => "waiver has expired",
        (ExceptionEffect::Expired, ExceptionKind::Override) => "override has expired",
        (ExceptionEffect::Void, ExceptionKind::Waiver) => "waiver does not count",
        (ExceptionEffect::Void, ExceptionKind::Override) => "override does not count",
    }
}

/// Names the approver or author of an exception: `approved by acme/release until 2026-12-01`,
/// `by mona (maintain) on 2026-11-20`.
pub fn approval_text(line: &ExceptionLine) -> String {
    let by = line.by.trim_start_matches('@');
    match line.kind {
        ExceptionKind::Waiver => {
            let ends = [line.expires.map(|day| day.to_string()), line.ends_with.clone()];
            let ends: Vec<String> = ends.into_iter().flatten().collect();
            let follow_up = line.follow_up.map(|one| {
                let state = match one.closed {
                    Some(true) => "closed",
                    Some(false) => "open",
                    // A reader can act on this: give the issue a label that the policy counts.
                    None => "not in the evidence",
                };
                format!("; follow-up #{} due {} ({state})", one.issue, one.due)
            });
            format!("approved by {by} until {}{}", ends.join(" or "), follow_up.unwrap_or_default())
        }
        ExceptionKind::Override => {
            let role = line.role.as_ref().map(|role| format!(" ({role})")).unwrap_or_default();
            let at = line.written_at.map(|at| format!(" on {}", at.strftime("%Y-%m-%d")));
            format!("by {by}{role}{}", at.unwrap_or_default())
        }
    }
}

/// Counts the applied exceptions by quarter: `2026-Q3: 1 override; 2026-Q4: 2 waivers`. `None` if there are none.
pub fn quarter_counts<M: Medium + Clone>(report: &Report) -> Option<Safe<M>> {
    let line = |one: &ExceptionQuarter| {
        let counts = [(one.waivers, "waiver", "waivers"), (one.overrides, "override", "overrides")];
        safe!("{}: {}", Safe::of(&one.quarter), Safe::join(&counted_nouns(&counts), ", "))
    };
    let lines: Vec<Safe<M>> = report.exceptions_by_quarter.iter().map(line).collect();
    (!lines.is_empty()).then(|| Safe::join(&lines, "; "))
}

/// Returns the status of a test as a word.
pub fn case_status_label(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Passed => "passed",
        CaseStatus::Skipped => "skipped",
        CaseStatus::Flaky => "flaky",
        CaseStatus::Failed => "failed",
        CaseStatus::Error => "error",
    }
}

/// Returns the count, or `not measured`.
pub fn count_or_not_measured<M: Medium>(count: Option<u64>) -> Safe<M> {
    count.map_or_else(|| "not measured".into(), |count| safe!("{}", count))
}

/// Returns a number with its noun: `1 issue`, `2 issues`.
pub fn counted_noun<M: Medium>(count: u64, one: &'static str, many: &'static str) -> Safe<M> {
    safe!("{} {}", count, if count == 1 { one } else { many })
}

/// Returns each number with its noun in singular or plural, without those that are zero.
pub fn counted_nouns<M: Medium>(counts: &[(u64, &'static str, &'static str)]) -> Vec<Safe<M>> {
    let counts = counts.iter().filter(|(count, ..)| *count > 0);
    counts.map(|(count, one, many)| counted_noun(*count, one, many)).collect()
}

/// Returns ` and 3 more` for the entries of a list that are not shown, or an empty string.
pub fn and_more<M: Medium>(all: usize, shown: usize) -> Safe<M> {
    match all.saturating_sub(shown) {
        0 => Safe::default(),
        more => safe!(" and {} more", more),
    }
}

/// Returns a percentage for programs, with two decimals and without a sign: `2.11`.
pub fn percent_number(rate: &Rate) -> Safe<Plain> {
    if rate.denominator == 0 {
        return Safe::default();
    }
    let (n, d) = (u128::from(rate.numerator), u128::from(rate.denominator));
    // Rounded in whole numbers, so that a workflow can compare the output with a limit.
    let hundredths = (n * 20_000 + d) / (2 * d);
    Safe::of(&format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

/// Returns the confidence interval: `95 % interval 0.7–6.0 %`.
pub fn interval_text<M: Medium>(rate: &Rate) -> Safe<M> {
    if rate.low.is_finite() && rate.high.is_finite() {
        Safe::of(&format!("95 % interval {:.1}–{:.1} %", rate.low * 100.0, rate.high * 100.0))
    } else {
        "95 % interval not measured".into()
    }
}

/// Returns the value of a rule; a rate with its interval.
pub fn value_with_interval(rule: &RuleLine) -> String {
    match &rule.value {
        Some(RuleValue::Ratio(rate)) => format!("{}; {}", rule.shown, interval_text::<Plain>(rate)),
        Some(RuleValue::Count(_) | RuleValue::Duration(_)) | None => rule.shown.clone(),
    }
}

/// Counts the guessed releases and says how to state them: `3 of 7 are guessed by the time of the report; …`.
pub fn guessed_releases_text(guessed: &GuessedReleases) -> String {
    format!(
        "{} of {} are guessed by the time of the report; label the issue found-in/TAG, or ask for the version in the issue \
         form",
        guessed.guessed, guessed.of
    )
}

/// Returns the severity: `critical`, `critical (assumed)`, `untriaged`.
pub fn severity_label<M: Medium>(defect: &DefectLine) -> Safe<M> {
    match defect.severity {
        Some(severity) if defect.triaged => severity.name().into(),
        Some(severity) => safe!("{} (assumed)", severity.name()),
        None => "untriaged".into(),
    }
}

/// Returns the state of the issue and its status in the candidate: `open; affected: found in v1.3.0, no fix is in v1.6.0`.
pub fn defect_state(defect: &DefectLine) -> String {
    let state = if defect.open { "open" } else { "closed" };
    match &defect.status {
        Some(status) => format!("{state}; {}", status.shown),
        None => state.to_owned(),
    }
}

/// Returns the release that a defect was found in, with its evidence. `escape` escapes names and evidence.
pub fn found_in_text<M: Medium>(defect: &DefectLine, escape: &dyn Fn(&str) -> Safe<M>) -> Safe<M> {
    let evidence = escape(&defect.evidence);
    match &defect.found_in {
        Some(release) => safe!(
            "{} ({}, by {}: {})",
            escape(release),
            defect.confidence.name(),
            defect.method.name(),
            evidence
        ),
        None => safe!("no known release ({})", evidence),
    }
}

/// Returns components and teams: `component cart (inferred), teams web, mobile`; empty if there are none. `escape` escapes
/// each name.
pub fn components_and_teams<M: Medium + Clone>(
    defect: &DefectLine,
    escape: &dyn Fn(&str) -> Safe<M>,
) -> Safe<M> {
    let part = |all: &AreaNames, one: &'static str, many: &'static str| {
        let names: Vec<Safe<M>> = all.names.iter().map(|text| escape(text)).collect();
        let inferred = if all.inferred { " (inferred)" } else { "" };
        let what = if names.len() == 1 { one } else { many };
        (!names.is_empty()).then(|| safe!("{} {}{}", what, Safe::join(&names, ", "), inferred))
    };
    let parts = [part(&defect.components, "component", "components"), part(&defect.teams, "team", "teams")];
    Safe::join(&parts.into_iter().flatten().collect::<Vec<_>>(), ", ")
}

/// Returns `true` if the release or the commit of an origin is known.
pub fn has_origin(origin: &OriginLine) -> bool {
    origin.release.is_some() || origin.commit.is_some()
}

/// Returns the origin of a defect, to follow "came in": `with v1.2.0 by 4f2a91c8d3e1 (inferred, by blame), 45 days before
/// the report`. `escape` escapes names.
pub fn origin_text<M: Medium + Clone>(origin: &OriginLine, escape: &dyn Fn(&str) -> Safe<M>) -> Safe<M> {
    let release = origin.release.as_ref().map(|release| safe!("with {}", escape(release)));
    let commit = origin
        .commit
        .as_ref()
        .map(|commit| safe!("by {}", escape(commit.get(..COMMIT_LENGTH).unwrap_or(commit))));
    let parts: Vec<Safe<M>> = release.into_iter().chain(commit).collect();
    if parts.is_empty() {
        return "unknown".into();
    }
    let text =
        safe!("{} ({}, by {})", Safe::join(&parts, " "), origin.confidence.name(), origin.method.name());
    match origin.days_from_release.or(origin.days_from_commit).and_then(|days| u64::try_from(days).ok()) {
        Some(days) => safe!("{}, {} before the report", text, counted_noun(days, "day", "days")),
        None => text,
    }
}

/// Returns the time to detect: `12 days (mean 20 days) from the release, 15 days (mean 25 days) from the commit`.
pub fn detection_times<M: Medium + Clone>(detection: &DetectionReport) -> Safe<M> {
    let parts: Vec<Safe<M>> = [(&detection.from_release, "release"), (&detection.from_commit, "commit")]
        .into_iter()
        .filter_map(|(time, since)| Some(safe!("{} from the {}", Safe::of(&time.as_ref()?.shown), since)))
        .collect();
    if parts.is_empty() { "not measured".into() } else { Safe::join(&parts, ", ") }
}

/// Returns the notes on a table of components and teams: inferred names, and names without a row or column.
pub fn component_table_notes<M: Medium + Clone>(table: &ComponentTable) -> Safe<M> {
    let inferred = (table.inferred > 0)
        .then(|| safe!("inferred from changed paths for {} of {}", table.inferred, table.defects));
    let hidden = counted_nouns(&[
        (table.more_components, "more component", "more components"),
        (table.more_teams, "more team", "more teams"),
        (table.not_shown, "defect in no cell", "defects in no cell"),
    ]);
    Safe::join(&inferred.into_iter().chain(hidden).collect::<Vec<_>>(), "; ")
}

/// Returns the numbers of a test run, worst first, without zeros: `20 tests from 2 reports: 1 failed, 19 passed`.
pub fn test_counts<M: Medium + Clone>(tests: &TestLine) -> Safe<M> {
    let parts = counted_nouns(&[
        (tests.failed, "failed", "failed"),
        (tests.errors, "error", "errors"),
        (tests.skipped, "skipped", "skipped"),
        (tests.passed, "passed", "passed"),
        // A flaky test has passed, so it is also counted there.
        (tests.flaky, "of them flaky", "of them flaky"),
    ]);
    let all = [counted_noun(tests.total, "test", "tests"), counted_noun(tests.files, "report", "reports")];
    let all = Safe::join(&all, " from ");
    if parts.is_empty() { all } else { safe!("{}: {}", all, Safe::join(&parts, ", ")) }
}

/// Returns `12 commits since v1.4.0`, as far as it is known. `escape` escapes the tag.
pub fn commits_since_base<M: Medium>(report: &Report, escape: &dyn Fn(&str) -> Safe<M>) -> Option<Safe<M>> {
    let candidate = report.candidate.as_ref()?;
    let commits = candidate.commits.map(|commits| counted_noun(commits, "commit", "commits"));
    match (commits, &candidate.base) {
        (Some(commits), Some(base)) => Some(safe!("{} since {}", commits, escape(base))),
        (None, Some(base)) => Some(safe!("commits since {}: not measured", escape(base))),
        (commits, None) => commits,
    }
}

/// Returns the id of the gate; `None` for the default id, which distinguishes nothing.
pub fn distinctive_gate_id(report: &Report) -> Option<&str> {
    let id = report.id.trim();
    // A repository with one gate should not see an id in each headline.
    (!["", "default", "escape-gate"].contains(&id)).then_some(id)
}

/// Returns the first 16 digits of a SHA-256 digest, enough to distinguish two files.
pub fn short_digest(hex: &str) -> String {
    format!("sha256:{}…", hex.chars().take(16).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::percent_number;
    use crate::report::Rate;

    #[test]
    fn percent_number_has_two_decimals_and_no_sign() {
        let rate = |numerator, denominator| {
            percent_number(&Rate { numerator, denominator, low: 0.0, high: 1.0, over: String::new() })
        };
        assert_eq!(rate(3, 142), "2.11");
        assert_eq!(rate(0, 5), "0.00");
        assert_eq!(rate(5, 5), "100.00");
        assert_eq!(rate(0, 0), "");
    }
}
