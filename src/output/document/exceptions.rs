//! Lists of waivers and overrides, and the ages of exceptions.

use super::{DocumentMedium, DocumentSection, Paragraph, prose, sentence};
use crate::output::escape::{Safe, safe};
use crate::output::labels;
use crate::report::{ExceptionAge, ExceptionEffect, ExceptionKind, ExceptionLine, Report};

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
    let ages = report.page.as_ref().filter(|_| M::SHOWS_ALL).map_or(&[][..], |page| &page.exceptions);
    let entry = |(line, at): (&ExceptionLine, usize)| {
        let place = match line.kind {
            ExceptionKind::Override => M::linked("comment".into(), &line.place),
            ExceptionKind::Waiver => M::name(&line.place),
        };
        // No colon after untrusted text: it could complete the short code of an emoji.
        let first = safe!(
            "{} {} · {} · {}{}",
            M::strong(&labels::effect_label(line).into()),
            sentence(report, &line.about),
            prose(&labels::approval_text(line)),
            place,
            ages.get(at).map(age_clause).unwrap_or_default(),
        );
        let reason = prose(&line.reason);
        let reason = (!reason.is_empty()).then_some(reason);
        [first].into_iter().chain(reason).chain(line.notes.iter().map(|note| prose(note))).collect()
    };
    let lines = report.exceptions.iter().zip(0..);
    effects
        .iter()
        .flat_map(|effect| lines.clone().filter(move |(line, _)| line.standing == *effect))
        .map(entry)
        .collect()
}

/// Returns, for example, ` · 12 days old`, ` · ends in 9 days`, ` · ended 3 days ago`.
fn age_clause<M: DocumentMedium>(age: &ExceptionAge) -> Safe<M> {
    let days = |count: i64| labels::counted_noun::<M>(count.unsigned_abs(), "day", "days");
    let written = age.days.map(|old| safe!(" · {} old", days(old)));
    let end = age.days_left.map(|left| match left {
        0 => " · ends today".into(),
        1.. => safe!(" · ends in {}", days(left)),
        _ => safe!(" · ended {} ago", days(left)),
    });
    written.into_iter().chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::age_clause;
    use crate::output::escape::Html;
    use crate::report::ExceptionAge;

    #[test]
    fn age_says_how_old_and_when_it_ends() {
        let text = |days, days_left| age_clause::<Html>(&ExceptionAge { days, days_left });
        assert_eq!(text(Some(12), None), " · 12 days old");
        assert_eq!(text(Some(1), Some(9)), " · 1 day old · ends in 9 days");
        assert_eq!(text(None, Some(0)), " · ends today");
        assert_eq!(text(None, Some(-3)), " · ended 3 days ago");
        assert_eq!(text(None, None), "");
    }
}
