//! Lists of waivers and overrides.

use super::{DocumentMedium, DocumentSection, Paragraph, prose, sentence};
use crate::output::escape::safe;
use crate::output::labels;
use crate::report::{ExceptionEffect, ExceptionKind, ExceptionLine, Report};

/// Lists the exceptions that matter to the verdict: first those that let a rule pass, then those that do not count.
pub fn exception_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let effects = [ExceptionEffect::Applied, ExceptionEffect::Expired, ExceptionEffect::Void];
    let section = DocumentSection::of("Exceptions", "exceptions", 3, exception_entries(report, &effects))?;
    let outro = labels::quarter_counts(report).unwrap_or_default();
    Some(DocumentSection { outro, ..section })
}

/// Lists the exceptions that no rule needs.
pub fn unneeded_section<M: DocumentMedium>(report: &Report) -> Option<DocumentSection<M>> {
    let entries = exception_entries(report, &[ExceptionEffect::Unneeded]);
    DocumentSection::of(safe!("Exceptions that nothing needs ({})", entries.len()), "exceptions", 12, entries)
}

/// Renders the exceptions with one of the effects.
fn exception_entries<M: DocumentMedium>(report: &Report, effects: &[ExceptionEffect]) -> Vec<Paragraph<M>> {
    let entry = |line: &ExceptionLine| {
        let place = match line.kind {
            ExceptionKind::Override => M::linked("comment".into(), &line.place),
            ExceptionKind::Waiver => M::name(&line.place),
        };
        // No colon after untrusted text: it could complete the short code of an emoji.
        let first = safe!(
            "{} {} · {} · {}",
            M::strong(&labels::effect_label(line).into()),
            sentence(report, &line.about),
            prose(&labels::approval_text(line)),
            place,
        );
        let reason = prose(&line.reason);
        let reason = (!reason.is_empty()).then_some(reason);
        [first].into_iter().chain(reason).chain(line.notes.iter().map(|note| prose(note))).collect()
    };
    labels::exceptions_by_effect(report, effects).map(entry).collect()
}
