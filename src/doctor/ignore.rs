//! Comments that accept findings: `# escape-gate: ignore[ID] until 2027-06-30: reason`.

use std::ops::RangeInclusive;

use crate::report::{Finding, FindingLevel, IgnoredFinding};

use super::catalog::KINDS;
use super::workflow::Workflow;

/// A comment that accepts findings.
#[derive(Debug, Clone)]
pub struct IgnoreComment {
    /// File.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Ids of findings.
    pub ids: Vec<String>,
    /// Last day on which it applies.
    pub until: Option<String>,
    /// The reason.
    pub reason: String,
    /// Lines that it is about.
    lines: RangeInclusive<usize>,
    /// Job that it is about as a whole.
    job: Option<String>,
    /// The mistake in it.
    mistake: Option<String>,
}

/// Beginning of such a comment.
const MARK: &str = "escape-gate: ignore";

/// Returns the comments of a workflow.
pub fn workflow_comments(workflow: &Workflow) -> Vec<IgnoreComment> {
    let mut comments = text_comments(&workflow.path, &workflow.text);
    for comment in &mut comments {
        let next = next_line(&workflow.text, comment.line);
        for job in &workflow.jobs {
            let steps = job
                .steps
                .iter()
                .find(|step| next == step.line || (step.line..=step.last_line).contains(&comment.line));
            if let Some(step) = steps {
                comment.lines = step.line..=step.last_line;
                comment.job = None;
                break;
            }
            if next == job.line || (job.line..=job.last_line).contains(&comment.line) {
                comment.lines = job.line..=job.last_line;
                comment.job = Some(job.id.clone());
            }
        }
    }
    comments
}

/// Returns the comments of a file, each about the next line, or about the whole file if it stands at its beginning.
pub fn text_comments(file: &str, text: &str) -> Vec<IgnoreComment> {
    let mut out = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let Some((_, rest)) = line.trim_start().split_once('#').filter(|(before, _)| before.is_empty())
        else {
            continue;
        };
        let Some(rest) = rest.trim_start().strip_prefix(MARK) else { continue };
        let next = next_line(text, at + 1);
        let is_first = text.lines().take(at).all(is_blank);
        let lines = if is_first { 0..=usize::MAX } else { next..=next };
        out.push(read(file, at + 1, rest, lines));
    }
    out
}

fn is_blank(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line == "---"
}

/// Returns the number of the next line that is neither empty nor a comment.
fn next_line(text: &str, line: usize) -> usize {
    let mut rest = text.lines().enumerate().skip(line);
    rest.find(|(_, text)| !is_blank(text)).map_or(usize::MAX, |(at, _)| at + 1)
}

fn read(file: &str, line: usize, rest: &str, lines: RangeInclusive<usize>) -> IgnoreComment {
    let mut comment = IgnoreComment {
        file: file.to_owned(),
        line,
        ids: Vec::new(),
        until: None,
        reason: String::new(),
        lines,
        job: None,
        mistake: None,
    };
    let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((ids, rest)) = inner else {
        comment.mistake = Some("name the finding: `ignore[publish-path-without-gate]: reason`".to_owned());
        return comment;
    };
    comment.ids = ids.split(',').map(|id| id.trim().to_owned()).collect();
    let (until, reason) = match rest.trim_start().strip_prefix("until") {
        Some(rest) => {
            let (day, reason) = rest.split_once(':').unwrap_or((rest, ""));
            (Some(day.trim().to_owned()), reason)
        }
        None => (None, rest.trim_start().strip_prefix(':').unwrap_or("")),
    };
    comment.reason = reason.trim().to_owned();
    let unknown = comment.ids.iter().find(|id| !KINDS.iter().any(|kind| kind.id == id.as_str()));
    comment.mistake = if let Some(id) = unknown {
        Some(format!("there is no finding `{id}`"))
    } else if until.as_deref().is_some_and(|day| day.parse::<jiff::civil::Date>().is_err()) {
        Some("write the day as 2027-06-30".to_owned())
    } else if comment.reason.is_empty() {
        Some("give a reason behind a colon".to_owned())
    } else {
        None
    };
    comment.until = until;
    comment
}

impl IgnoreComment {
    fn covers(&self, finding: &Finding) -> bool {
        let is_place = self.lines.contains(&finding.line) || (self.job.is_some() && self.job == finding.job);
        self.mistake.is_none()
            && self.file == finding.file
            && is_place
            && self.ids.iter().any(|id| id == finding.id)
    }

    fn has_expired(&self, today: &str) -> bool {
        self.until.as_deref().is_some_and(|until| until < today)
    }

    fn note(&self, id: &'static str, problem: String) -> Finding {
        Finding {
            id,
            level: FindingLevel::Note,
            file: self.file.clone(),
            line: self.line,
            job: self.job.clone(),
            way: format!("comment in {}", self.file),
            problem,
            why: "a comment that has no effect hides nothing, and looks as if it did",
            fix: "# escape-gate: ignore[ID] until 2027-06-30: reason".to_owned(),
            details: Default::default(),
        }
    }
}

/// Parts the findings into those that stand and those that a comment accepts. Comments without effect become notes.
pub fn apply_comments(
    findings: Vec<Finding>,
    comments: &[IgnoreComment],
    today: &str,
) -> (Vec<Finding>, Vec<IgnoredFinding>) {
    let (mut standing, mut ignored) = (Vec::new(), Vec::new());
    let mut used = vec![false; comments.len()];
    for mut finding in findings {
        let position = comments.iter().position(|comment| comment.covers(&finding));
        let Some((at, comment)) = position.and_then(|at| Some((at, comments.get(at)?))) else {
            standing.push(finding);
            continue;
        };
        used[at] = true;
        if comment.has_expired(today) {
            let until = comment.until.as_deref().unwrap_or("");
            finding.problem.push_str(&format!("; the comment that accepts it expired on {until}"));
            standing.push(finding);
        } else {
            ignored.push(IgnoredFinding {
                finding,
                reason: comment.reason.clone(),
                until: comment.until.clone(),
            });
        }
    }
    for (comment, used) in comments.iter().zip(used) {
        match &comment.mistake {
            Some(mistake) => {
                standing.push(comment.note("ignore-invalid", format!("the comment is not valid: {mistake}")))
            }
            None if !used => {
                let ids = comment.ids.join(", ");
                standing.push(comment.note(
                    "ignore-unused",
                    format!("there is no finding {ids} that the comment could accept"),
                ));
            }
            None => {}
        }
    }
    (standing, ignored)
}
