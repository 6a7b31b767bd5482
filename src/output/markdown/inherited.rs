//! Inherited policies and relaxations in the Markdown report.

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::fit::MarkdownSection;
use super::fold::IN_THE_OPEN;
use super::links::{code_name, long_prose, short_prose};
use crate::report::{RelaxationLine, Report};

/// Lists the relaxations, and the policies that are inherited.
pub fn inherited_section(report: &Report) -> MarkdownSection {
    let Some(inherited) = &report.inherited else { return MarkdownSection::default() };
    let files = inherited.files.iter().take(IN_THE_OPEN);
    let files: Vec<Safe<Markdown>> = files
        .map(|file| safe!("{} ({})", code_name(&file.name), short_prose(&labels::short_digest(&file.digest))))
        .collect();
    let more = labels::and_more(inherited.files.len(), files.len());
    let item = |line: &RelaxationLine| {
        safe!(
            "- {} is {} instead of {} ({}): {}\n",
            short_prose(&line.what),
            code_name(&line.holds),
            code_name(&line.inherited),
            short_prose(&line.inherited_at),
            long_prose(&line.reason),
        )
    };
    let items: Vec<Safe<Markdown>> = inherited.loosened.iter().take(IN_THE_OPEN).map(item).collect();
    let (head, gap) = if items.is_empty() { ("", "") } else { ("### Looser than inherited\n\n", "\n") };
    let tail = safe!("{}The policy inherits from {}{}\n\n", gap, Safe::join(&files, ", "), more);
    MarkdownSection { name: "inherited", rank: 6, head: head.into(), items, tail }
}
