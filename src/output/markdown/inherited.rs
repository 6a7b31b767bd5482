//! What the policy inherits, and what it loosens of that.

use super::super::escape::{Markdown, Safe, safe};
use super::super::words;
use super::fit::Section;
use super::links::{name, quoted};
use super::sections::{IN_THE_OPEN, quoted_long};
use crate::report::{LoosenedLine, Report};

/// What is looser than it was inherited, and where the policy comes from.
pub fn inherited(report: &Report) -> Section {
    let Some(inherited) = &report.inherited else { return Section::default() };
    let files: Vec<Safe<Markdown>> = inherited
        .files
        .iter()
        .take(IN_THE_OPEN)
        .map(|file| safe!("{} ({})", name(&file.name), quoted(&words::digest(&file.digest))))
        .collect();
    let more = match inherited.files.len().saturating_sub(files.len()) {
        0 => Safe::default(),
        more => safe!(" and {} more", more),
    };
    let items: Vec<Safe<Markdown>> = inherited.loosened.iter().take(IN_THE_OPEN).map(loosened).collect();
    let (head, gap) = if items.is_empty() { ("", "") } else { ("### Looser than inherited\n\n", "\n") };
    let tail = safe!("{}The policy inherits from {}{}\n\n", gap, Safe::join(&files, ", "), more);
    Section { name: "inherited", rank: 6, head: head.into(), items, tail }
}

fn loosened(line: &LoosenedLine) -> Safe<Markdown> {
    safe!(
        "- {} is {} instead of {} ({}): {}\n",
        quoted(&line.what),
        name(&line.holds),
        name(&line.inherited),
        quoted(&line.inherited_at),
        quoted_long(&line.reason),
    )
}
