//! Waivers and overrides in the Markdown report.

use super::super::escape::{Markdown, Safe, link, safe};
use super::super::labels;
use super::fit::MarkdownSection;
use super::fold::Fold;
use super::links::{code_name, linked_sentence, long_prose, short_prose};
use crate::report::{ExceptionEffect, ExceptionKind, ExceptionLine, Report};

/// Lists the exceptions that matter to the verdict: first those that let a rule pass, then those that do not count.
pub fn exceptions_section(report: &Report) -> MarkdownSection {
    let effects = [ExceptionEffect::Applied, ExceptionEffect::Expired, ExceptionEffect::Void];
    let items = exception_items(report, &effects);
    if items.is_empty() {
        return MarkdownSection::default();
    }
    let counts = labels::quarter_counts(report).map(|counts| safe!("{}\n\n", counts));
    let tail = safe!("\n{}", counts.unwrap_or_default());
    MarkdownSection { name: "exceptions", rank: 3, head: "### Exceptions\n\n".into(), items, tail }
}

/// Lists the exceptions that no rule needs.
pub fn unneeded_fold(report: &Report) -> Option<Fold> {
    let items = exception_items(report, &[ExceptionEffect::Unneeded]);
    Fold::of(safe!("Exceptions that nothing needs ({})", items.len()), "exceptions", 12, "", items)
}

/// Renders the exceptions with one of the effects.
fn exception_items(report: &Report, effects: &[ExceptionEffect]) -> Vec<Safe<Markdown>> {
    let item = |line: &ExceptionLine| {
        let comment = match line.kind {
            ExceptionKind::Override => link("comment".into(), &line.place),
            ExceptionKind::Waiver => None,
        };
        let notes: Safe<Markdown> = line.notes.iter().map(|note| safe!("<br>{}", long_prose(note))).collect();
        let reason = long_prose(&line.reason);
        // No colon after untrusted text: it could complete the short code of an emoji.
        safe!(
            "- **{}** {} · {} · {}{}{}{}\n",
            labels::effect_label(line),
            linked_sentence(report, &line.about),
            short_prose(&labels::approval_text(line)),
            comment.unwrap_or_else(|| code_name(&line.place)),
            if reason.is_empty() { "" } else { "<br>" },
            reason,
            notes,
        )
    };
    labels::exceptions_by_effect(report, effects).map(item).collect()
}
