//! Entries that accept findings: comments such as `# escape-gate: ignore[ID] until 2027-06-30: reason`, and `doctor.ignore` of a
//! policy.

use std::ops::RangeInclusive;

use crate::report::{Finding, FindingLevel, IgnoredFinding};

use super::catalog::KINDS;
use super::workflow::Workflow;

/// An entry that accepts findings of one kind.
#[derive(Debug, Clone)]
pub struct IgnoreEntry {
    /// File that contains the entry.
    pub file: String,
    /// Line of the entry, counted from 1.
    pub line: usize,
    /// Id of the findings.
    id: String,
    /// Last day on which it applies.
    until: Option<String>,
    /// The reason.
    reason: String,
    /// The findings that it is about.
    place: IgnorePlace,
    /// The mistake in it.
    mistake: Option<String>,
    /// `true` if the base branch does not have it, so that it does not count on a pull request.
    is_proposed: bool,
}

/// The findings that an entry is about.
#[derive(Debug, Clone)]
enum IgnorePlace {
    /// A comment: findings in its own file.
    Comment {
        /// Lines that it is about.
        lines: RangeInclusive<usize>,
        /// Job that it is about as a whole.
        job: Option<String>,
        /// The job that contains it, and the text of the line below it: the same in two versions of a file.
        anchor: (Option<String>, String),
    },
    /// An entry of a policy: findings in a file, or in every file, and in a job, or in every job.
    Policy { file: Option<String>, job: Option<String> },
}

/// Beginning of such a comment.
const MARK: &str = "escape-gate: ignore";

/// Returns the comments of a workflow.
pub fn workflow_comments(workflow: &Workflow) -> Vec<IgnoreEntry> {
    let mut comments = text_comments(&workflow.path, &workflow.text);
    for comment in &mut comments {
        let own = comment.line;
        let next = next_line(&workflow.text, own);
        let IgnorePlace::Comment { lines, job: whole_job, anchor } = &mut comment.place else { continue };
        for job in &workflow.jobs {
            let is_within = (job.line..=job.last_line).contains(&own);
            if next == job.line || is_within {
                anchor.0 = Some(job.id.clone());
            }
            let step = job
                .steps
                .iter()
                .find(|step| next == step.line || (step.line..=step.last_line).contains(&own));
            if let Some(step) = step {
                *lines = step.line..=step.last_line;
                *whole_job = None;
                anchor.0 = Some(job.id.clone());
                break;
            }
            if next == job.line || is_within {
                *lines = job.line..=job.last_line;
                *whole_job = Some(job.id.clone());
            }
        }
    }
    comments
}

/// Returns the comments of a file, each about the next line, or about the whole file if it stands at its beginning. A comment with
/// several ids is an entry for each.
pub fn text_comments(file: &str, text: &str) -> Vec<IgnoreEntry> {
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
        let below = text.lines().nth(next.saturating_sub(1)).filter(|_| !is_first).unwrap_or("");
        let anchor = (None, below.trim().to_owned());
        out.extend(read(file, at + 1, rest, IgnorePlace::Comment { lines, job: None, anchor }));
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

/// Reads a comment behind its mark. A comment with a mistake is one entry, which accepts nothing.
fn read(file: &str, line: usize, rest: &str, place: IgnorePlace) -> Vec<IgnoreEntry> {
    let entry = IgnoreEntry {
        file: file.to_owned(),
        line,
        id: String::new(),
        until: None,
        reason: String::new(),
        place,
        mistake: None,
        is_proposed: false,
    };
    let inner = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let Some((ids, rest)) = inner else {
        let mistake = "name the finding: `ignore[publish-path-without-gate]: reason`".to_owned();
        return vec![IgnoreEntry { mistake: Some(mistake), ..entry }];
    };
    let mut ids: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).collect();
    ids.sort();
    ids.dedup();
    let (until, reason) = match rest.trim_start().strip_prefix("until") {
        Some(rest) => {
            let (day, reason) = rest.split_once(':').unwrap_or((rest, ""));
            (Some(day.trim().to_owned()), reason)
        }
        None => (None, rest.trim_start().strip_prefix(':').unwrap_or("")),
    };
    let reason = reason.trim().to_owned();
    let unknown = ids.iter().find(|id| !KINDS.iter().any(|kind| kind.id == id.as_str()));
    let mistake = if let Some(id) = unknown {
        Some(format!("there is no finding `{id}`"))
    } else if until.as_deref().is_some_and(|day| day.parse::<jiff::civil::Date>().is_err()) {
        Some("write the day as 2027-06-30".to_owned())
    } else if reason.is_empty() {
        Some("give a reason behind a colon".to_owned())
    } else {
        None
    };
    if mistake.is_some() {
        ids.truncate(1);
    }
    let of = |id| IgnoreEntry {
        id,
        until: until.clone(),
        reason: reason.clone(),
        mistake: mistake.clone(),
        ..entry.clone()
    };
    ids.into_iter().map(of).collect()
}

impl IgnoreEntry {
    /// Returns an entry of `doctor.ignore`. `at` is the file and line of the entry; `file` and `job` name the place of the findings,
    /// `None` every place.
    pub fn of_policy(
        at: (String, usize),
        id: &str,
        (file, job): (Option<String>, Option<String>),
        reason: &str,
        until: Option<String>,
    ) -> Self {
        let place = IgnorePlace::Policy { file, job };
        Self {
            file: at.0,
            line: at.1,
            id: id.to_owned(),
            until,
            reason: reason.to_owned(),
            place,
            mistake: None,
            is_proposed: false,
        }
    }

    fn covers(&self, finding: &Finding) -> bool {
        let is_place = match &self.place {
            IgnorePlace::Comment { lines, job, .. } => {
                self.file == finding.file
                    && (lines.contains(&finding.line) || (job.is_some() && *job == finding.job))
            }
            IgnorePlace::Policy { file, job } => {
                let is_file = |file: &String| {
                    *file == finding.file || finding.file.rsplit('/').next() == Some(file.as_str())
                };
                file.as_ref().is_none_or(is_file) && (job.is_none() || *job == finding.job)
            }
        };
        self.mistake.is_none() && self.id == finding.id && is_place
    }

    /// Returns `true` if an entry of another version of the repository is about the same findings.
    fn is_same_place(&self, other: &Self) -> bool {
        let is_place = match (&self.place, &other.place) {
            (IgnorePlace::Comment { anchor, .. }, IgnorePlace::Comment { anchor: other_anchor, .. }) => {
                self.file == other.file && anchor == other_anchor
            }
            (IgnorePlace::Policy { file, job }, IgnorePlace::Policy { file: other_file, job: other_job }) => {
                file == other_file && job == other_job
            }
            (IgnorePlace::Comment { .. }, IgnorePlace::Policy { .. })
            | (IgnorePlace::Policy { .. }, IgnorePlace::Comment { .. }) => false,
        };
        self.id == other.id && is_place
    }

    /// Returns the words for the entry: `comment`, or `entry of doctor.ignore`.
    fn noun(&self) -> &'static str {
        match self.place {
            IgnorePlace::Comment { .. } => "comment",
            IgnorePlace::Policy { .. } => "entry of `doctor.ignore`",
        }
    }

    fn has_expired(&self, today: &str) -> bool {
        self.until.as_deref().is_some_and(|until| until < today)
    }

    fn note(&self, id: &'static str, problem: String) -> Finding {
        let fix = match self.place {
            IgnorePlace::Comment { .. } => "# escape-gate: ignore[ID] until 2027-06-30: reason",
            IgnorePlace::Policy { .. } => "# Remove the entry, or correct `at`.",
        };
        let job = match &self.place {
            IgnorePlace::Comment { job, .. } => job.clone(),
            IgnorePlace::Policy { .. } => None,
        };
        Finding {
            id,
            level: FindingLevel::Note,
            file: self.file.clone(),
            line: self.line,
            job,
            way: format!("{} in {}", self.noun(), self.file),
            problem,
            why: "an entry that has no effect hides nothing, and looks as if it did",
            fix: fix.to_owned(),
            details: Default::default(),
        }
    }
}

/// Holds the entries of a pull request to those of its base branch. An entry that the base does not have does not count yet. Of one
/// that it has, the reason and the day of the base count: otherwise the author could prolong it.
pub fn hold_to_base(own: Vec<IgnoreEntry>, base: &[IgnoreEntry]) -> Vec<IgnoreEntry> {
    let held = |entry: IgnoreEntry| match base.iter().find(|known| known.is_same_place(&entry)) {
        Some(known) => IgnoreEntry {
            until: known.until.clone(),
            reason: known.reason.clone(),
            mistake: entry.mistake.or_else(|| known.mistake.clone()),
            ..entry
        },
        None => IgnoreEntry { is_proposed: true, ..entry },
    };
    own.into_iter().map(held).collect()
}

/// Parts the findings into those that stand and those that an entry accepts. Entries without effect become notes.
pub fn apply_entries(
    findings: Vec<Finding>,
    entries: &[IgnoreEntry],
    today: &str,
) -> (Vec<Finding>, Vec<IgnoredFinding>) {
    let (mut standing, mut ignored) = (Vec::new(), Vec::new());
    let mut used = vec![false; entries.len()];
    for mut finding in findings {
        let mut why_not = None;
        let mut accepted = None;
        for (entry, used) in entries.iter().zip(&mut used).filter(|(entry, _)| entry.covers(&finding)) {
            *used = true;
            let noun = entry.noun();
            if entry.is_proposed {
                why_not.get_or_insert_with(|| {
                    format!("the {noun} that accepts it counts when the base branch has it")
                });
            } else if entry.has_expired(today) {
                let until = entry.until.as_deref().unwrap_or("");
                why_not.get_or_insert_with(|| format!("the {noun} that accepts it expired on {until}"));
            } else {
                accepted = Some(entry);
                break;
            }
        }
        if let Some(entry) = accepted {
            let by = format!("{}:{}", entry.file, entry.line);
            let (reason, until) = (entry.reason.clone(), entry.until.clone());
            ignored.push(IgnoredFinding { finding, reason, until, by });
            continue;
        }
        if let Some(why_not) = why_not {
            finding.problem.push_str(&format!("; {why_not}"));
        }
        standing.push(finding);
    }
    for (entry, used) in entries.iter().zip(used) {
        match &entry.mistake {
            Some(mistake) => {
                standing.push(entry.note("ignore-invalid", format!("the comment is not valid: {mistake}")))
            }
            None if !used => standing.push(entry.note(
                "ignore-unused",
                format!("there is no finding {} that the {} could accept", entry.id, entry.noun()),
            )),
            None => {}
        }
    }
    (standing, ignored)
}
