//! Entries of the reference that `explain` prints without a policy, a repository or network.

use serde::Serialize;

use crate::doctor::KINDS;
use crate::policy::Code;

/// The page with the entries of metrics and verdicts: one section for each.
const METRICS: &str = include_str!("../../docs/reference/metrics.md");

/// An entry of the reference.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReferenceEntry {
    schema: u32,
    /// Name of the entry, for example `P012`.
    subject: String,
    /// Class of the entry, for example `policy error`.
    kind: &'static str,
    /// The explanation in Markdown.
    text: String,
}

impl ReferenceEntry {
    /// Returns the entry of a code, for example `P012`.
    pub fn of_code(subject: &str) -> Option<Self> {
        let code = Code::parse(subject)?;
        let kind = if code.is_warning() { "policy warning" } else { "policy error" };
        Some(Self { schema: 1, subject: subject.to_owned(), kind, text: code.explanation() })
    }

    /// Returns the entry of a finding of `doctor`, for example `gate-not-required`.
    pub fn of_finding(subject: &str) -> Option<Self> {
        let kind = KINDS.iter().find(|kind| kind.id == subject)?;
        let text = format!(
            "Why: {}.\n\nFix:\n\n```yaml\n{}\n```\n\nAccept it in the policy:\n\n```yaml\ndoctor:\n  ignore:\n    - {{ id: {subject}, at: release.yml, reason: … }}\n```",
            kind.why,
            kind.example()
        );
        Some(Self { schema: 1, subject: subject.to_owned(), kind: "finding of doctor", text })
    }

    /// Returns the entry of a metric, for example `escape-rate`, or that of `verdicts`.
    pub fn of_metric(subject: &str) -> Option<Self> {
        let (kind, heading) = match subject {
            "verdicts" => ("reference", "## Verdicts".to_owned()),
            metric => ("metric", format!("## `{metric}`")),
        };
        let section = METRICS.lines().skip_while(|line| *line != heading).skip(1);
        let lines: Vec<String> =
            section.take_while(|line| !line.starts_with("## ")).map(without_links).collect();
        let text = lines.join("\n").trim().to_owned();
        (!text.is_empty()).then(|| Self { schema: 1, subject: subject.to_owned(), kind, text })
    }

    /// Renders the entry as text: without the fences of code blocks, which are indented instead.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}: {}\n\n", self.subject, self.kind);
        let mut is_code = false;
        for line in self.text.lines() {
            if line.starts_with("```") {
                is_code = !is_code;
                continue;
            }
            if is_code && !line.is_empty() {
                text.push_str("    ");
            }
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

/// Returns a line with the texts of its links instead of the links, which lead to pages that a terminal does not have.
fn without_links(line: &str) -> String {
    let mut parts = line.split("](");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // The text of a link begins at the last bracket, and its target ends at the first parenthesis.
        if let Some(bracket) = text.rfind('[') {
            text.remove(bracket);
        }
        text.push_str(part.split_once(')').map_or(part, |(_, rest)| rest));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::MetricId;

    #[test]
    fn every_metric_has_an_entry() {
        for metric in MetricId::ALL {
            let entry = ReferenceEntry::of_metric(metric.name()).unwrap();
            let text = entry.to_text();
            assert!(text.starts_with(&format!("{}: metric\n\n", metric.name())), "{text}");
            assert!(!text.contains("]("), "{text}");
        }
        assert!(ReferenceEntry::of_metric("verdicts").unwrap().text.contains("waived"));
        assert_eq!(ReferenceEntry::of_metric("escape"), None);
    }

    #[test]
    fn links_are_printed_as_their_text() {
        assert_eq!(without_links("An [origin](../a.md#b), and [x](y)."), "An origin, and x.");
        assert_eq!(without_links("`[ ]` is no link"), "`[ ]` is no link");
    }
}
