//! The report as workflow commands, which GitHub Actions shows on the run's page and next to the code.

use super::escape::{Safe, WorkflowCommand, truncate_text, workflow_command};
use super::labels;
use crate::report::{CaseStatus, DryRun, GapLine, NotableCase, Report, RuleLine, Verdict, join_limited};

/// Maximum number of annotations per level and step. GitHub silently drops the rest.
// GitHub shows 10 annotations of each level for a step, and drops the others without a word.
const PER_LEVEL: usize = 10;

/// Maximum length of a message in characters.
const MESSAGE_LENGTH: usize = 1_000;

/// Renders one command per line, the verdict first. If a level has more than ten, its last annotation counts the rest.
pub fn annotations(report: &Report) -> Safe<WorkflowCommand> {
    let mut all = vec![verdict_annotation(report)];
    all.extend(report.rules.iter().filter_map(|rule| rule_annotation(report, rule)));
    all.extend(report.gaps.iter().map(|line| gap_annotation(report, line)));
    if let Some(tests) = &report.tests {
        all.extend(tests.notable.iter().filter_map(|case| test_annotation(report, case)));
        if tests.more > 0 {
            let message = format!("{} more failing or flaky tests are not named", tests.more);
            all.push(Annotation::new(AnnotationLevel::Warning, "Tests", message));
        }
    }
    let notice = |warning: &String| Annotation::new(AnnotationLevel::Notice, "Worth a look", warning.clone());
    all.extend(report.warnings.iter().map(notice));
    limit_per_level(&all)
}

/// Renders as many annotations as GitHub shows, errors first. The last one of a level counts the rest.
pub(super) fn limit_per_level(all: &[Annotation]) -> Safe<WorkflowCommand> {
    let mut out = Safe::default();
    for level in [AnnotationLevel::Error, AnnotationLevel::Warning, AnnotationLevel::Notice] {
        let of_level: Vec<_> = all.iter().filter(|annotation| annotation.level == level).collect();
        let fits = of_level.len() <= PER_LEVEL;
        // The last place is for the note that some are missing.
        let shown = if fits { of_level.len() } else { PER_LEVEL - 1 };
        for annotation in &of_level[..shown] {
            out.push(annotation.command());
        }
        if !fits {
            let more = of_level.len() - shown;
            let message = format!("{more} more are not shown here; the job summary has them all");
            out.push(Annotation::new(level, "Escape gate", message).command());
        }
    }
    out
}

/// Renders a warning that is not in the report, for example about a refused write.
pub fn warning_annotation(title: &str, message: &str) -> Safe<WorkflowCommand> {
    workflow_command("warning", &[("title", title)], message)
}

/// Level of an annotation, by which GitHub Actions colors it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnnotationLevel {
    Error,
    Warning,
    Notice,
}

impl AnnotationLevel {
    /// Returns the name of the workflow command.
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }

    /// Returns the level of a verdict. Only blocking verdicts are errors.
    fn of(verdict: Verdict, blocks: bool) -> Self {
        match verdict {
            Verdict::Fail | Verdict::Unknown if blocks => Self::Error,
            Verdict::Fail | Verdict::Unknown | Verdict::Waived | Verdict::Warn => Self::Warning,
            Verdict::Pass => Self::Notice,
        }
    }
}

/// A message on the run's page, or on a line of a file.
pub(super) struct Annotation {
    pub level: AnnotationLevel,
    pub title: String,
    pub message: String,
    /// Path in the repository, and line counted from 1.
    pub place: Option<(String, Option<u64>)>,
}

impl Annotation {
    /// Creates a message on the run's page.
    pub fn new(level: AnnotationLevel, title: impl Into<String>, message: String) -> Self {
        Self { level, title: title.into(), message, place: None }
    }

    fn command(&self) -> Safe<WorkflowCommand> {
        let (title, message) =
            (truncate_text(&self.title, 120), truncate_text(&self.message, MESSAGE_LENGTH));
        let line = self.place.as_ref().and_then(|(_, line)| *line).map(|line| line.to_string());
        let file = self.place.as_ref().map(|(file, _)| ("file", file.as_str()));
        let line = line.as_deref().map(|line| ("line", line));
        let properties: Vec<_> = file.into_iter().chain(line).chain([("title", title.as_str())]).collect();
        workflow_command(self.level.name(), &properties, &message)
    }
}

fn verdict_annotation(report: &Report) -> Annotation {
    let id = labels::distinctive_gate_id(report).map(|id| format!(" ({id})")).unwrap_or_default();
    let dry_run = match report.dry_run_by {
        Some(DryRun::Option) => ", dry run",
        Some(DryRun::Policy) => ", observed",
        None => "",
    };
    let title = format!("Escape gate: {}{id}{dry_run}", report.verdict.name());
    Annotation::new(AnnotationLevel::of(report.verdict, !report.dry_run), title, report.headline.clone())
}

fn rule_annotation(report: &Report, rule: &RuleLine) -> Option<Annotation> {
    if rule.verdict == Verdict::Pass {
        return None;
    }
    let mut message =
        format!("{}: {}, {} ({})", rule.metric, labels::value_with_interval(rule), rule.bound, rule.over);
    if !rule.reason.is_empty() {
        message.push_str(&format!("\n{}", rule.reason));
    }
    if !rule.issues.is_empty() {
        let numbers = rule.issues.iter().map(|number| format!("#{number}"));
        message.push_str(&format!("\nissues: {}", join_limited(numbers, 10)));
    }
    let level = AnnotationLevel::of(rule.verdict, rule.blocks && !report.dry_run);
    Some(Annotation::new(level, format!("Rule {}: {}", rule.id, rule.verdict.name()), message))
}

fn gap_annotation(report: &Report, gap: &GapLine) -> Annotation {
    let place = gap.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
    let remedy = gap.remedy.as_ref().map(|remedy| format!("\n{remedy}")).unwrap_or_default();
    let level = AnnotationLevel::of(gap.verdict, !report.dry_run);
    let title = format!("Missing evidence: {}", gap.area.name());
    Annotation::new(level, title, format!("{place}{}{remedy}", gap.what))
}

/// Returns `None` for a test that passed at once or was skipped.
fn test_annotation(report: &Report, case: &NotableCase) -> Option<Annotation> {
    // The level is that of the test: the annotation of the rule says whether the gate fails.
    let level = match case.status {
        CaseStatus::Failed | CaseStatus::Error if report.dry_run => AnnotationLevel::Warning,
        CaseStatus::Failed | CaseStatus::Error => AnnotationLevel::Error,
        CaseStatus::Flaky => AnnotationLevel::Warning,
        CaseStatus::Passed | CaseStatus::Skipped => return None,
    };
    let message = case.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default();
    Some(Annotation {
        level,
        title: format!("Test {}", labels::case_status_label(case.status)),
        message: format!("{}{message}\nin {}", case.name, case.report),
        place: case.file.as_deref().and_then(path_in_repository).map(|file| (file.to_owned(), case.line)),
    })
}

/// Returns the path if it is relative and stays inside the repository: test reports name their files themselves.
fn path_in_repository(file: &str) -> Option<&str> {
    let file = file.strip_prefix("./").unwrap_or(file);
    // A path from a test report is untrusted, and only a path of the repository can be linked.
    let odd = |c: char| super::escape::is_unprintable(c) || c == '\\' || c == ':';
    let outside = file.is_empty() || file.starts_with('/') || file.split('/').any(|part| part == "..");
    (!outside && !file.chars().any(odd)).then_some(file)
}

#[cfg(test)]
mod tests;
