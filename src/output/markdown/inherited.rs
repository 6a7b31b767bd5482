//! What the policy inherits, and what it loosens of that.

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::fit::MarkdownSection;
use super::links::{code_name, short_prose};
use super::sections::{IN_THE_OPEN, long_prose};
use crate::report::{RelaxationLine, Report};

/// What is looser than it was inherited, and where the policy comes from.
pub fn inherited_section(report: &Report) -> MarkdownSection {
    let Some(inherited) = &report.inherited else { return MarkdownSection::default() };
    let files: Vec<Safe<Markdown>> = inherited
        .files
        .iter()
        .take(IN_THE_OPEN)
        .map(|file| safe!("{} ({})", code_name(&file.name), short_prose(&labels::short_digest(&file.digest))))
        .collect();
    let more = match inherited.files.len().saturating_sub(files.len()) {
        0 => Safe::default(),
        more => safe!(" and {} more", more),
    };
    let items: Vec<Safe<Markdown>> =
        inherited.loosened.iter().take(IN_THE_OPEN).map(relaxation_item).collect();
    let (head, gap) = if items.is_empty() { ("", "") } else { ("### Looser than inherited\n\n", "\n") };
    let tail = safe!("{}The policy inherits from {}{}\n\n", gap, Safe::join(&files, ", "), more);
    MarkdownSection { name: "inherited", rank: 6, head: head.into(), items, tail }
}

fn relaxation_item(line: &RelaxationLine) -> Safe<Markdown> {
    safe!(
        "- {} is {} instead of {} ({}): {}\n",
        short_prose(&line.what),
        code_name(&line.holds),
        code_name(&line.inherited),
        short_prose(&line.inherited_at),
        long_prose(&line.reason),
    )
}
