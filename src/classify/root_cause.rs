//! Finds the evidence that the root cause of a defect is recorded.

use crate::model::{Issue, body};
use crate::policy::Defects;

use super::first_match;

/// Labels of lines that link a document, in lower case.
const DOCUMENT_LINES: [&str; 2] = ["root cause", "rca"];

/// Describes the evidence that the root cause is recorded: a label, an answered section `### Root cause`, or a line
/// `Root cause: <url>` or `RCA: <url>`. A label that says that it is still to be found outweighs them all.
pub fn root_cause_evidence(issue: &Issue, rules: &Defects) -> Option<String> {
    // The label says that the analysis is still missing, whatever an issue form has filled in.
    if first_match(&issue.labels, &rules.root_cause_needed).is_some() {
        return None;
    }
    let label = rules.root_cause.as_ref().and_then(|p| first_match(&issue.labels, std::slice::from_ref(p)));
    let section = || body::sections(&issue.body, &["root cause"]).into_iter().next();
    label
        .map(|label| format!("label `{label}`"))
        .or_else(|| section().map(|(heading, _)| format!("section `### {heading}`")))
        .or_else(|| {
            body::visible_lines(&issue.body).find_map(document_link).map(|url| format!("document {url}"))
        })
}

/// Returns the address in a line that links a document.
fn document_link(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['-', '*', '+', '>', '_', ' ', '\t']);
    let (name, value) = line.split_once(':')?;
    let name = name.trim_matches(['*', '_', ' ']).to_lowercase();
    if !DOCUMENT_LINES.contains(&name.as_str()) {
        return None;
    }
    let at = ["https://", "http://"].into_iter().find_map(|scheme| Some((value.find(scheme)?, scheme)))?;
    let url = value.get(at.0..)?.split(|c: char| c.is_whitespace() || matches!(c, '>' | ')' | ']')).next()?;
    let host = url.strip_prefix(at.1)?;
    // `https://` alone is the placeholder of many issue forms.
    host.starts_with(|c: char| c.is_alphanumeric()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::document_link;

    #[test]
    fn a_document_is_an_address_behind_its_name() {
        for line in [
            "RCA: https://wiki.example.com/rca/12",
            "- **Root cause:** <https://wiki.example.com/rca/12>",
            "root cause: see [the page](https://wiki.example.com/rca/12)",
        ] {
            assert_eq!(document_link(line), Some("https://wiki.example.com/rca/12"), "{line}");
        }
        for line in [
            "RCA: to do",
            "RCA: https://",
            "RCA https://wiki.example.com",
            "The RCA: https://wiki.example.com",
            "Root cause: javascript://wiki.example.com",
            "https://wiki.example.com/rca: https://wiki.example.com",
        ] {
            assert_eq!(document_link(line), None, "{line}");
        }
    }
}
