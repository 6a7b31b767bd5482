//! Waivers and overrides: those that count, and those that do not.

use super::super::escape::{Markdown, Safe, safe, safe_url};
use super::super::words;
use super::fit::Section;
use super::folds::Fold;
use super::links::{name, quoted, sentence};
use super::sections::quoted_long;
use crate::report::{ExceptionKind, ExceptionLine, ExceptionStanding, Report};

/// Those that matter to this verdict: first what lets a rule pass, then what does not count.
pub fn exceptions(report: &Report) -> Section {
    let with = |standing| report.exceptions.iter().filter(move |line| line.standing == standing);
    let order = [ExceptionStanding::Applied, ExceptionStanding::Expired, ExceptionStanding::Void];
    let items: Vec<_> = order.into_iter().flat_map(with).map(|line| item(report, line)).collect();
    if items.is_empty() {
        return Section::default();
    }
    let counts = words::by_quarter(report).map_or_else(Safe::default, |counts| safe!("{}\n\n", counts));
    let tail = safe!("\n{}", counts);
    Section { name: "exceptions", rank: 3, head: "### Exceptions\n\n".into(), items, tail }
}

/// Those that nothing needs now.
pub fn unneeded(report: &Report) -> Option<Fold> {
    let those = report.exceptions.iter().filter(|line| line.standing == ExceptionStanding::Unneeded);
    let items: Vec<_> = those.map(|line| item(report, line)).collect();
    let title = safe!("Exceptions that nothing needs ({})", items.len());
    (!items.is_empty()).then(|| Fold::of(title, "exceptions", 12, "", items))
}

/// One exception.
fn item(report: &Report, line: &ExceptionLine) -> Safe<Markdown> {
    let place = match (line.kind, safe_url(&line.place)) {
        (ExceptionKind::Override, Some(url)) => safe!("[comment]({})", url),
        (ExceptionKind::Override, None) | (ExceptionKind::Waiver, _) => name(&line.place),
    };
    let notes: Safe<Markdown> = line.notes.iter().map(|note| safe!("<br>{}", quoted_long(note))).collect();
    let reason = quoted_long(&line.reason);
    // No colon after what somebody wrote: it could end the name of an emoji.
    safe!(
        "- **{}** {} · {} · {}{}{}{}\n",
        words::standing(line),
        sentence(report, &line.about),
        quoted(&words::granted(line)),
        place,
        if reason.is_empty() { "" } else { "<br>" },
        reason,
        notes,
    )
}
