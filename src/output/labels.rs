//! Words and numbers that all outputs share. What quotes the report is a `String`, and not escaped here.

use super::escape::{Medium, Plain, Safe, safe};
use crate::report::{
    AreaNames, CaseStatus, ComponentTable, DefectLine, DetectionReport, DryRun, ExceptionKind, ExceptionLine,
    ExceptionQuarter, ExceptionStanding, GuessedReleases, OriginLine, Outcome, Rate, Report, RuleLine,
    RuleValue, TestLine, percent_text,
};

/// How many digits of a commit are shown.
const COMMIT: usize = 12;

/// The verdict's name.
pub fn outcome(outcome: Outcome) -> &'static str {
    outcome.name()
}

/// What stands behind a verdict that blocks nothing.
pub fn dry_run_suffix(report: &Report) -> &'static str {
    match report.dry_run_by {
        Some(DryRun::Option) => " (dry run)",
        Some(DryRun::Policy) => " (observed)",
        None => "",
    }
}

/// What came of an exception.
pub fn standing_label(line: &ExceptionLine) -> &'static str {
    match (line.standing, line.kind) {
        (ExceptionStanding::Applied, ExceptionKind::Waiver) => "waived",
        (ExceptionStanding::Applied, ExceptionKind::Override) => "overridden",
        (ExceptionStanding::Unneeded, ExceptionKind::Waiver) => "waiver not needed",
        (ExceptionStanding::Unneeded, ExceptionKind::Override) => "override not needed",
        (ExceptionStanding::Expired, ExceptionKind::Waiver) => "waiver has expired",
        (ExceptionStanding::Expired, ExceptionKind::Override) => "override has expired",
        (ExceptionStanding::Void, ExceptionKind::Waiver) => "waiver does not count",
        (ExceptionStanding::Void, ExceptionKind::Override) => "override does not count",
    }
}

/// Who stands for an exception: "approved by acme/release until 2026-12-01", "by mona (maintain) on 2026-11-20".
pub fn approval_text(line: &ExceptionLine) -> String {
    let by = line.by.trim_start_matches('@');
    match line.kind {
        ExceptionKind::Waiver => {
            let ends = [line.expires.map(|day| day.to_string()), line.ends_with.clone()];
            let ends: Vec<String> = ends.into_iter().flatten().collect();
            let follow_up = line.follow_up.map_or_else(String::new, |one| {
                let state = match one.closed {
                    Some(true) => "closed",
                    Some(false) => "open",
                    None => "not in the evidence",
                };
                format!("; follow-up #{} due {} ({state})", one.issue, one.due)
            });
            format!("approved by {by} until {}{follow_up}", ends.join(" or "))
        }
        ExceptionKind::Override => {
            let role = line.role.as_ref().map_or_else(String::new, |role| format!(" ({role})"));
            let at =
                line.written_at.map_or_else(String::new, |at| format!(" on {}", at.strftime("%Y-%m-%d")));
            format!("by {by}{role}{at}")
        }
    }
}

/// The exceptions that let a rule pass, by quarter: "2026-Q3: 1 override; 2026-Q4: 2 waivers". `None` without any.
pub fn quarter_counts<M: Medium + Clone>(report: &Report) -> Option<Safe<M>> {
    let line = |one: &ExceptionQuarter| {
        let counts = [(one.waivers, "waiver", "waivers"), (one.overrides, "override", "overrides")];
        let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
        let counts: Vec<Safe<M>> = counts.map(|(count, one, many)| counted_noun(count, one, many)).collect();
        safe!("{}: {}", Safe::of(&one.quarter), Safe::join(&counts, ", "))
    };
    let lines: Vec<Safe<M>> = report.exceptions_by_quarter.iter().map(line).collect();
    (!lines.is_empty()).then(|| Safe::join(&lines, "; "))
}

/// How a test ended.
pub fn case_status_label(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::Passed => "passed",
        CaseStatus::Skipped => "skipped",
        CaseStatus::Flaky => "flaky",
        CaseStatus::Failed => "failed",
        CaseStatus::Error => "error",
    }
}

/// A count, or that there is none.
pub fn count_or_not_measured<M: Medium>(count: Option<u64>) -> Safe<M> {
    count.map_or_else(|| "not measured".into(), |count| safe!("{}", count))
}

/// "1 issue", "2 issues".
pub fn counted_noun<M: Medium>(count: u64, one: &'static str, many: &'static str) -> Safe<M> {
    safe!("{} {}", count, if count == 1 { one } else { many })
}

/// "2.11": a percentage for a machine, to two decimals.
pub fn percent_number(rate: &Rate) -> Safe<Plain> {
    if rate.denominator == 0 {
        return Safe::default();
    }
    let (n, d) = (u128::from(rate.numerator), u128::from(rate.denominator));
    let hundredths = (n * 20_000 + d) / (2 * d);
    Safe::of(&format!("{}.{:02}", hundredths / 100, hundredths % 100))
}

/// "95 % interval 0.7–6.0 %".
pub fn interval_text<M: Medium>(rate: &Rate) -> Safe<M> {
    if rate.low.is_finite() && rate.high.is_finite() {
        Safe::of(&format!("95 % interval {:.1}–{:.1} %", rate.low * 100.0, rate.high * 100.0))
    } else {
        "95 % interval not measured".into()
    }
}

/// "2.1 % (3 of 142; 95 % interval 0.7–6.0 %)".
pub fn rate_text<M: Medium>(rate: &Rate) -> Safe<M> {
    let share = Safe::of(&percent_text(rate.numerator, rate.denominator));
    safe!("{} ({} of {}; {})", share, rate.numerator, rate.denominator, interval_text(rate))
}

/// A rule's value as shown, with its interval if it is a rate.
pub fn value_with_interval(rule: &RuleLine) -> String {
    match &rule.value {
        Some(RuleValue::Ratio(rate)) => format!("{}; {}", rule.shown, interval_text::<Plain>(rate)),
        Some(RuleValue::Count(_) | RuleValue::Duration(_)) | None => rule.shown.clone(),
    }
}

/// "3 of 7 are guessed by the time of the report; label the issue found-in/TAG, or ask for the version in the issue form".
pub fn guessed_releases_text(guessed: &GuessedReleases) -> String {
    format!(
        "{} of {} are guessed by the time of the report; label the issue found-in/TAG, or ask for the version in the issue \
         form",
        guessed.guessed, guessed.of
    )
}

/// "critical", "critical (assumed)", "untriaged".
pub fn severity_label<M: Medium>(defect: &DefectLine) -> Safe<M> {
    match defect.severity {
        Some(severity) if defect.triaged => severity.name().into(),
        Some(severity) => safe!("{} (assumed)", severity.name()),
        None => "untriaged".into(),
    }
}

/// "open; affected: found in v1.3.0, no fix is in v1.6.0"; of what is no escaped defect "open" or "closed".
pub fn defect_state(defect: &DefectLine) -> String {
    let state = if defect.open { "open" } else { "closed" };
    match &defect.status {
        Some(status) => format!("{state}; {}", status.shown),
        None => state.to_owned(),
    }
}

/// "component cart (inferred), teams web, mobile", or nothing; each name passes through `name`.
pub fn component_and_team<M: Medium + Clone>(defect: &DefectLine, name: &dyn Fn(&str) -> Safe<M>) -> Safe<M> {
    let part = |all: &AreaNames, one: &'static str, many: &'static str| {
        let names: Vec<Safe<M>> = all.names.iter().map(|text| name(text)).collect();
        let inferred = if all.inferred { " (inferred)" } else { "" };
        let what = if names.len() == 1 { one } else { many };
        (!names.is_empty()).then(|| safe!("{} {}{}", what, Safe::join(&names, ", "), inferred))
    };
    let parts = [part(&defect.components, "component", "components"), part(&defect.teams, "team", "teams")];
    Safe::join(&parts.into_iter().flatten().collect::<Vec<_>>(), ", ")
}

/// True if it is known where a defect came from.
pub fn has_origin(origin: &OriginLine) -> bool {
    origin.release.is_some() || origin.commit.is_some()
}

/// Where a defect came from, after "came in": "with v1.2.0 by 4f2a91c8d3e1 (inferred, by blame), 45 days before the report".
/// Names pass through `name`.
pub fn origin_text<M: Medium + Clone>(origin: &OriginLine, name: &dyn Fn(&str) -> Safe<M>) -> Safe<M> {
    let mut parts = Vec::new();
    parts.extend(origin.release.as_ref().map(|release| safe!("with {}", name(release))));
    parts.extend(
        origin.commit.as_ref().map(|commit| safe!("by {}", name(commit.get(..COMMIT).unwrap_or(commit)))),
    );
    if parts.is_empty() {
        return "unknown".into();
    }
    let how = safe!("({}, by {})", origin.confidence.name(), origin.method.name());
    let told = safe!("{} {}", Safe::join(&parts, " "), how);
    match origin.days_from_release.or(origin.days_from_commit).and_then(|days| u64::try_from(days).ok()) {
        Some(days) => safe!("{}, {} before the report", told, counted_noun(days, "day", "days")),
        None => told,
    }
}

/// How long defects went unseen: "12 days (mean 20 days) from the release, 15 days (mean 25 days) from the commit".
pub fn detection_times<M: Medium + Clone>(detection: &DetectionReport) -> Safe<M> {
    let parts: Vec<Safe<M>> = [(&detection.from_release, "release"), (&detection.from_commit, "commit")]
        .into_iter()
        .filter_map(|(time, what)| {
            time.as_ref().map(|time| safe!("{} from the {}", Safe::of(&time.shown), what))
        })
        .collect();
    if parts.is_empty() { "not measured".into() } else { Safe::join(&parts, ", ") }
}

/// What a person should know about a table of components and teams.
pub fn component_table_notes<M: Medium + Clone>(table: &ComponentTable) -> Safe<M> {
    let mut parts = Vec::new();
    if table.inferred > 0 {
        parts.push(safe!("inferred from changed paths for {} of {}", table.inferred, table.defects));
    }
    for (count, one, many) in [
        (table.more_components, "more component", "more components"),
        (table.more_teams, "more team", "more teams"),
        (table.not_shown, "defect in no cell", "defects in no cell"),
    ] {
        if count > 0 {
            parts.push(counted_noun(count, one, many));
        }
    }
    Safe::join(&parts, "; ")
}

/// The numbers of a test run, the worst first, zeros left out. A flaky test has passed, and is said to be one of those.
pub fn test_counts<M: Medium + Clone>(tests: &TestLine) -> Safe<M> {
    let mut parts = Vec::new();
    for (count, word) in [
        (tests.failed, "failed"),
        (tests.errors, if tests.errors == 1 { "error" } else { "errors" }),
        (tests.skipped, "skipped"),
        (tests.passed, "passed"),
    ] {
        if count > 0 {
            parts.push(safe!("{} {}", count, word));
        }
    }
    if tests.flaky > 0 {
        parts.push(safe!("{} of them flaky", tests.flaky));
    }
    let total = counted_noun(tests.total, "test", "tests");
    let files = counted_noun(tests.files, "report", "reports");
    if parts.is_empty() {
        safe!("{} from {}", total, files)
    } else {
        safe!("{} from {}: {}", total, files, Safe::join(&parts, ", "))
    }
}

/// "12 commits since v1.4.0", as far as it is known; the name of the base passes through `name`.
pub fn commits_since_base<M: Medium>(report: &Report, name: &dyn Fn(&str) -> Safe<M>) -> Option<Safe<M>> {
    let candidate = report.candidate.as_ref()?;
    match (candidate.commits, &candidate.base) {
        (Some(commits), Some(base)) => {
            Some(safe!("{} since {}", counted_noun(commits, "commit", "commits"), name(base)))
        }
        (Some(commits), None) => Some(counted_noun(commits, "commit", "commits")),
        (None, Some(base)) => Some(safe!("commits since {}: not measured", name(base))),
        (None, None) => None,
    }
}

/// Whether the gate's id tells it from another one.
pub fn distinctive_gate_id(report: &Report) -> Option<&str> {
    let id = report.id.trim();
    (!["", "default", "escape-gate"].contains(&id)).then_some(id)
}

/// As much of a digest as tells two files apart.
pub fn short_digest(hex: &str) -> String {
    format!("sha256:{}…", hex.chars().take(16).collect::<String>())
}

#[cfg(test)]
mod tests_of_numbers {
    use super::percent_number;
    use crate::report::Rate;

    #[test]
    fn a_machine_reads_two_decimals_and_no_sign() {
        let rate = |numerator, denominator| {
            percent_number(&Rate { numerator, denominator, low: 0.0, high: 1.0, over: String::new() })
        };
        assert_eq!(rate(3, 142), "2.11");
        assert_eq!(rate(0, 5), "0.00");
        assert_eq!(rate(5, 5), "100.00");
        assert_eq!(rate(0, 0), "");
    }
}
