//! Warnings about the labels of `defects`: labels that another pattern matches first, or that say two things at once.

use crate::model::{Severity, same_name};
use crate::policy::code::Code;
use crate::policy::language::{Draft, Problems, quote, visible};
use crate::policy::matcher::LabelPattern;
use crate::policy::sections::defects::selectors::{Placed, SelectorRead};
use crate::policy::selector::{Alternative, Selector};

/// Labels of each severity, the most severe first.
pub(in crate::policy) type SeverityLabels = Vec<(Severity, Vec<Placed>)>;

/// Warns about labels with two meanings, and reports exclusions that leave no defect.
pub(in crate::policy) fn warn_about_labels(
    escaped: &SelectorRead,
    caught: &SelectorRead,
    excluded: Option<&[(String, Vec<Placed>)]>,
    severity: Option<&[(Severity, Vec<Placed>)]>,
    problems: &mut Problems,
) {
    // A pattern that is wrong would produce misleading warnings about overlaps.
    let Some(selector) = &escaped.selector else { return };
    overlaps(&escaped.plain_labels, &caught.plain_labels, problems);
    shadows(&escaped.plain_labels, excluded, severity, problems);
    if let Some(excluded) = excluded {
        excludes_all(selector, excluded, problems);
    }
}

/// Warns about labels that an earlier pattern of the same list, or of a list that comes first, always matches.
pub(in crate::policy) fn lint_labels(
    escaped: &[Placed],
    caught: &[Placed],
    excluded: &[(String, Vec<Placed>)],
    severity: &SeverityLabels,
    problems: &mut Problems,
) {
    let severity: Vec<&[Placed]> = severity.iter().map(|(_, labels)| labels.as_slice()).collect();
    let excluded: Vec<&[Placed]> = excluded.iter().map(|(_, labels)| labels.as_slice()).collect();
    for lists in [&[escaped, caught], severity.as_slice(), excluded.as_slice()] {
        for (at, later) in lists.iter().enumerate() {
            for earlier in lists.iter().take(at + 1) {
                shadowed(earlier, later, problems);
            }
        }
    }
    for (label, span) in escaped.iter().chain(caught) {
        if label.source().to_lowercase().contains("milestone") && label.has_version() {
            // A milestone names the release that fixes a defect, not the one that it was found in.
            let message =
                "a milestone is where a defect is to be fixed, and this reads it as where it was found";
            let draft = Draft::lint(Code::MilestoneLabel, span, message);
            problems.push(draft.help("use a label that names the release a defect was found in"));
        }
    }
}

/// Warns about each label of `later` that a wider pattern of `earlier` matches. The same text twice is reported elsewhere, or
/// is harmless.
fn shadowed(earlier: &[Placed], later: &[Placed], problems: &mut Problems) {
    for (label, span) in later {
        let wider = earlier.iter().find(|(one, _)| {
            one.source() != label.source() && !one.is_literal() && one.matches(label.source()).is_some()
        });
        let Some((wider, first)) = wider else { continue };
        let message =
            format!("{} is never reached: {} matches it first", quote(label.source()), quote(wider.source()));
        let draft = Draft::lint(Code::ShadowedPattern, span, message);
        problems.push(draft.see(first, "matches it").help("remove it, or make the other pattern narrower"));
    }
}

fn overlaps(escaped: &[Placed], caught: &[Placed], problems: &mut Problems) {
    for (label, span) in caught {
        let Some((_, first)) = escaped.iter().find(|(one, _)| same_name(one.source(), label.source())) else {
            continue;
        };
        let message = format!("the label {} is both escaped and caught; escaped wins", quote(label.source()));
        problems.push(
            Draft::new(Code::EscapedAndCaught, span, message)
                .see(first, "escaped")
                .help("remove it from one of them"),
        );
    }
}

/// Warns about a severity or an exclusion that every issue with an escaped label gets from that same label.
fn shadows(
    escaped: &[Placed],
    excluded: Option<&[(String, Vec<Placed>)]>,
    severity: Option<&[(Severity, Vec<Placed>)]>,
    problems: &mut Problems,
) {
    let excluded = excluded.into_iter().flatten().flat_map(|(class, labels)| {
        labels.iter().map(move |label| (label, format!("is excluded as {}", quote(class))))
    });
    let severity = severity
        .into_iter()
        .flatten()
        .flat_map(|(severity, labels)| labels.iter().map(move |label| (label, format!("is {severity}"))));
    for ((label, span), fate) in excluded.chain(severity) {
        let covers = |one: &LabelPattern| {
            same_name(one.source(), label.source()) || label.matches(one.source()).is_some()
        };
        let Some((source, first)) = escaped.iter().find(|(one, _)| covers(one)) else { continue };
        let message = format!("every issue that escapes by the label {} {fate}", quote(source.source()));
        problems.push(
            Draft::new(Code::ShadowedLabel, span, message)
                .see(first, "escapes by this label")
                .help("use a label of its own"),
        );
    }
}

/// Reports an exclusion that matches every issue of every alternative: no rule would count any defect.
fn excludes_all(escaped: &Selector, excluded: &[(String, Vec<Placed>)], problems: &mut Problems) {
    let patterns =
        || excluded.iter().flat_map(|(class, labels)| labels.iter().map(move |label| (class, label)));
    let is_covered = |label: &LabelPattern| patterns().any(|(_, (pattern, _))| pattern.covers(label));
    let is_excluded = |one: &Alternative| {
        let any = !one.labels.is_empty() && one.labels.iter().all(is_covered);
        any || one.all_labels.iter().any(is_covered)
    };
    if escaped.is_empty() || !escaped.alternatives.iter().all(is_excluded) {
        return;
    }
    let first = patterns().find(|(_, (pattern, _))| escaped.labels().any(|label| pattern.covers(label)));
    let Some((class, (pattern, span))) = first else { return };
    let message = format!(
        "every escaped defect has a label that `excluded.{}` takes out ({}), so no rule would count any",
        visible(class),
        quote(pattern.source())
    );
    let draft = Draft::new(Code::ExcludesAll, span, message);
    problems.push(draft.help("use a label that only the expected issues have, such as `cause/infra`"));
}
