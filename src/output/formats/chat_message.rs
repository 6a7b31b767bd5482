//! The content of a message for a chat: short, and the same for every chat.

use crate::output::escape::{Plain, Safe, is_safe_address};
use crate::output::labels::{distinctive_gate_id, dry_run_suffix, severity_label};
use crate::report::{DefectLine, Report, RuleLine, Verdict};

/// Maximum number of rules, of defects, and of steps.
// A message is read on a phone. Teams also refuses more than 28 kB.
const ENTRIES: usize = 5;

/// A message. All texts are single lines without control characters, and are not escaped.
pub struct ChatMessage<'r> {
    /// State of the candidate: `v1.4.0 is blocked`.
    pub title: String,
    /// Verdict in one sentence.
    pub headline: String,
    /// Names and values of the run.
    pub facts: Vec<(&'static str, String)>,
    /// Rules that do not pass.
    pub rules: Vec<(&'r RuleLine, String)>,
    /// Number of other rules that do not pass.
    pub more_rules: usize,
    /// Defects that fail a rule.
    pub defects: Vec<ChatDefect>,
    /// Number of other defects that fail a rule.
    pub more_defects: usize,
    /// Steps that turn the verdict to `pass`.
    pub steps: Vec<String>,
    /// Number of other steps.
    pub more_steps: usize,
    /// Version of the program and time of the evidence.
    pub footer: String,
}

/// A defect in a message.
pub struct ChatDefect {
    /// `#101`.
    pub number: String,
    /// Address of the issue; `None` if it is not safe as a link.
    pub url: Option<String>,
    /// `critical`, `untriaged`.
    pub severity: String,
    /// Title.
    pub title: String,
    /// Status in the candidate.
    pub status: String,
}

impl<'r> ChatMessage<'r> {
    /// Chooses what a message says of the report.
    pub fn of(report: &'r Report) -> Self {
        let failing: Vec<&RuleLine> =
            report.rules.iter().filter(|rule| rule.verdict != Verdict::Pass).collect();
        let blocking: Vec<&DefectLine> =
            report.defects.iter().filter(|line| !line.breaks.is_empty()).collect();
        let title = format!("{} {}{}", report.subject(), report.outcome(), dry_run_suffix(report));
        Self {
            title: one_line(&title, 120),
            headline: one_line(&report.headline, 400),
            facts: facts(report),
            rules: failing
                .iter()
                .take(ENTRIES)
                .map(|rule| {
                    (*rule, one_line(&format!("{}: {}. {}", rule.id, rule.verdict.name(), rule.reason), 300))
                })
                .collect(),
            more_rules: failing.len().saturating_sub(ENTRIES),
            defects: blocking.iter().take(ENTRIES).map(|line| chat_defect(line)).collect(),
            more_defects: blocking.len().saturating_sub(ENTRIES),
            steps: report.next.iter().take(ENTRIES).map(|step| one_line(step, 200)).collect(),
            more_steps: report.next.len().saturating_sub(ENTRIES),
            footer: format!(
                "Escape Gate {}, {}",
                report.version,
                report.evaluated_at.strftime("%Y-%m-%d %H:%M UTC")
            ),
        }
    }
}

fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let candidate = report.candidate.as_ref();
    let commit = candidate.and_then(|candidate| candidate.head.as_deref());
    let all = [
        ("Repository", report.repository.as_deref()),
        ("Candidate", candidate.map(|candidate| candidate.name.as_str())),
        ("Commit", commit.map(|sha| sha.get(..12).unwrap_or(sha))),
        ("Policy", Some(report.policy.as_str())),
        ("Gate", distinctive_gate_id(report)),
    ];
    let fact = |(name, value): (&'static str, Option<&str>)| Some((name, one_line(value?, 120)));
    all.into_iter().filter_map(fact).filter(|(_, value)| !value.is_empty()).collect()
}

fn chat_defect(line: &DefectLine) -> ChatDefect {
    let status = line.status.as_ref().map_or("not known", |status| &status.shown);
    ChatDefect {
        number: format!("#{}", line.number),
        url: is_safe_address(&line.url).then(|| line.url.clone()).filter(|url| url.len() <= 500),
        severity: severity_label::<Plain>(line).into_string(),
        title: one_line(&line.title, 120),
        status: one_line(status, 200),
    }
}

/// Returns one line of at most `max` characters.
fn one_line(text: &str, max: usize) -> String {
    Safe::<Plain>::of(text).cut(max).into_string()
}
