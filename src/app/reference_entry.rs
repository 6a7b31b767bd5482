//! Entries of the reference that `explain` prints without a policy, a repository or network.

use serde::Serialize;

use crate::policy::Code;

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
