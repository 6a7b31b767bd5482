//! Waivers and overrides: those that count, and those that do not.

use super::super::escape::{Markdown, Safe, safe, safe_url};
use super::super::labels;
use super::fit::MarkdownSection;
use super::folds::Fold;
use super::links::{code_name, linked_sentence, short_prose};
use super::sections::long_prose;
use crate::report::{ExceptionKind, ExceptionLine, ExceptionStanding, Report};

/// Those that matter to this verdict: first what lets a rule pass, then what does not count.
pub fn exceptions_section(report: &Report) -> MarkdownSection {
    let with = |standing| report.exceptions.iter().filter(move |line| line.standing == standing);
    let order = [ExceptionStanding::Applied, ExceptionStanding::Expired, ExceptionStanding::Void];
    let items: Vec<_> = order.into_iter().flat_map(with).map(|line| exception_item(report, line)).collect();
    if items.is_empty() {
        return MarkdownSection::default();
    }
    let counts = labels::quarter_counts(report).map_or_else(Safe::default, |counts| safe!("{}\n\n", counts));
    let tail = safe!("\n{}", counts);
    MarkdownSection { name: "exceptions", rank: 3, head: "### Exceptions\n\n".into(), items, tail }
}

/// Those that nothing needs now.
pub fn unneeded_fold(report: &Report) -> Option<Fold> {
    let those = report.exceptions.iter().filter(|line| line.standing == ExceptionStanding::Unneeded);
    let items: Vec<_> = those.map(|line| exception_item(report, line)).collect();
    let title = safe!("Exceptions that nothing needs ({})", items.len());
    (!items.is_empty()).then(|| Fold::of(title, "exceptions", 12, "", items))
}

/// One exception.
fn exception_item(report: &Report, line: &ExceptionLine) -> Safe<Markdown> {
    let place = match (line.kind, safe_url(&line.place)) {
        (ExceptionKind::Override, Some(url)) => safe!("[comment]({})", url),
        (ExceptionKind::Override, None) | (ExceptionKind::Waiver, _) => code_name(&line.place),
    };
    let notes: Safe<Markdown> = line.notes.iter().map(|note| safe!("<br>{}", long_prose(note))).collect();
    let reason = long_prose(&line.reason);
    // No colon after what somebody wrote: it could end the name of an emoji.
    safe!(
        "- **{}** {} · {} · {}{}{}{}\n",
        labels::standing_label(line),
        linked_sentence(report, &line.about),
        short_prose(&labels::approval_text(line)),
        place,
        if reason.is_empty() { "" } else { "<br>" },
        reason,
        notes,
    )
}
