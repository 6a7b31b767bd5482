//! What the policy inherits, and what it loosens of that.

use super::super::words;
use super::fit::Section;
use super::links::{name, quoted};
use super::sections::{IN_THE_OPEN, quoted_long};
use crate::report::{LoosenedLine, Report};

/// What is looser than it was inherited, and where the policy comes from.
pub fn inherited(report: &Report) -> Section {
    let Some(inherited) = &report.inherited else { return Section::default() };
    let files: Vec<String> = inherited
        .files
        .iter()
        .take(IN_THE_OPEN)
        .map(|file| format!("{} ({})", name(&file.name), quoted(&words::digest(&file.digest))))
        .collect();
    let more = match inherited.files.len().saturating_sub(files.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let tail = format!("The policy inherits from {}{more}\n\n", files.join(", "));
    let items: Vec<String> = inherited.loosened.iter().take(IN_THE_OPEN).map(loosened).collect();
    let head = if items.is_empty() { "" } else { "### Looser than inherited\n\n" }.to_owned();
    let gap = if items.is_empty() { "" } else { "\n" };
    Section { name: "inherited", rank: 6, head, items, tail: format!("{gap}{tail}") }
}

fn loosened(line: &LoosenedLine) -> String {
    format!(
        "- {}: {} instead of {} ({}): {}\n",
        quoted(&line.what),
        name(&line.holds),
        name(&line.inherited),
        quoted(&line.inherited_at),
        quoted_long(&line.reason),
    )
}
