//! The section `defects`.

use super::super::Defects;
use super::super::code::Code;
use super::super::matcher::LabelPattern;
use super::super::naming::AttributeNames;
use super::super::raw::{RawDefects, RawSeverity};
use super::super::selector::{Alternative, Selector};
use super::selectors::{self, Placed};
use super::{empty_list, pattern, rules::kebab_case, status, unknown, word};
use crate::model::{Severity, same_name};
use crate::policy::language::{Draft, Field, Problems, Spanned, quote, visible};

/// Returns the checked defects; `None` if something is wrong with them, which is then reported.
pub(super) fn defects(
    field: &Field<RawDefects>,
    missing_severity: &Field<String>,
    problems: &mut Problems,
) -> Option<Defects> {
    let raw = match field {
        Field::Absent => None,
        Field::Bad => return None,
        Field::Good(at) => Some(&at.value),
    };
    let untriaged = untriaged(raw, missing_severity, problems);
    let Some(raw) = raw else { return Some(nothing(untriaged?)) };

    let escaped = selectors::selector(&raw.escaped, "escaped", problems);
    let caught = selectors::selector(&raw.caught, "caught", problems);
    let blocking = selectors::blocking(&raw.blocking, problems);
    let words = [("caught", true)];
    let pre_releases_caught = status::one_of(&raw.pre_releases, "`pre-releases`", words, false, problems);
    let (key, words) = ("`closed-without-change`", [("fixed", true), ("unknown", false)]);
    let closed_by_hand_is_fixed = status::one_of(&raw.closed_without_change, key, words, true, problems);
    let status = raw.status.check_or(Vec::new(), |at| Some(at.value.clone()));
    let excluded = excluded(raw, problems);
    let severity = severity(&raw.severity, problems);
    let component = raw.component.check_or(Default::default(), |at| Some(at.value.clone()));
    let team = raw.team.check_or(Default::default(), |at| Some(at.value.clone()));
    let names = |field: &Field<AttributeNames>| {
        field.check_or(AttributeNames::default(), |at| Some(at.value.clone()))
    };
    let root_cause_needed = patterns(&raw.root_cause_needed, "a label pattern", problems);

    // A pattern that is wrong would produce misleading warnings about overlaps.
    if escaped.is_some() {
        let escaped = selectors::plain_labels(&raw.escaped);
        overlaps(&escaped, &selectors::plain_labels(&raw.caught), problems);
        shadows(&escaped, excluded.as_deref(), severity.as_deref(), problems);
    }
    if let Some(escaped) = &escaped
        && let Some(excluded) = &excluded
    {
        excludes_all(escaped, excluded, problems);
    }
    let ((component, component_paths), (team, team_owners)) = (component?, team?);
    Some(Defects {
        escaped: escaped?,
        caught: caught?,
        blocking: blocking?,
        pre_releases_caught: pre_releases_caught?,
        closed_by_hand_is_fixed: closed_by_hand_is_fixed?,
        status: status?,
        excluded: excluded?.into_iter().map(|(class, labels)| (class, bare(labels))).collect(),
        severity: severity?.into_iter().map(|(severity, labels)| (severity, bare(labels))).collect(),
        untriaged: untriaged?,
        component,
        component_paths,
        team,
        team_owners,
        kind: names(&raw.kind)?,
        found_by: names(&raw.found_by)?,
        root_cause: names(&raw.root_cause)?,
        detection_gap: names(&raw.detection_gap)?,
        root_cause_needed: bare(root_cause_needed?),
    })
}

fn nothing(untriaged: Option<Severity>) -> Defects {
    Defects {
        escaped: Selector::default(),
        caught: Selector::default(),
        blocking: None,
        pre_releases_caught: false,
        closed_by_hand_is_fixed: true,
        status: Vec::new(),
        excluded: Vec::new(),
        severity: Severity::ALL.map(|severity| (severity, Vec::new())).to_vec(),
        untriaged,
        component: AttributeNames::default(),
        component_paths: Vec::new(),
        team: AttributeNames::default(),
        team_owners: None,
        kind: AttributeNames::default(),
        found_by: AttributeNames::default(),
        root_cause: AttributeNames::default(),
        detection_gap: AttributeNames::default(),
        root_cause_needed: Vec::new(),
    }
}

fn excluded(raw: &RawDefects, problems: &mut Problems) -> Option<Vec<(String, Vec<Placed>)>> {
    let mut classes = Vec::new();
    for (name, field) in &raw.excluded {
        let class = kebab_case(name, "the name of an excluded class", problems);
        if let Field::Good(at) = field
            && at.value.is_empty()
        {
            problems.push(empty_list(at, &quote(&name.value)));
        }
        let labels = patterns(field, "an excluded label", problems);
        classes.push(class.zip(labels).filter(|(_, labels)| !labels.is_empty()));
    }
    classes.into_iter().collect()
}

/// Returns the labels of each severity, the most severe first.
fn severity(field: &Field<RawSeverity>, problems: &mut Problems) -> Option<Vec<(Severity, Vec<Placed>)>> {
    let raw = match field {
        Field::Absent => return Some(Severity::ALL.map(|severity| (severity, Vec::new())).to_vec()),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let mut whole = true;
    let mut all: Vec<(Severity, Vec<Placed>)> = Vec::new();
    for severity in Severity::ALL {
        let field = match severity {
            Severity::Critical => &raw.critical,
            Severity::Major => &raw.major,
            Severity::Minor => &raw.minor,
        };
        if let Field::Good(at) = field
            && at.value.is_empty()
        {
            problems.push(empty_list(at, &format!("`{severity}`")));
            whole = false;
        }
        let Some(labels) = patterns(field, "a severity label", problems) else {
            whole = false;
            continue;
        };
        for (label, span) in &labels {
            let earlier =
                all.iter().flat_map(|(severity, labels)| labels.iter().map(move |one| (severity, one)));
            let Some((heavier, (_, first))) =
                earlier.into_iter().find(|(_, (one, _))| same_name(one.source(), label.source()))
            else {
                continue;
            };
            whole = false;
            let message = format!("the label {} stands for two severities", quote(label.source()));
            problems.push(
                Draft::new(Code::LabelInTwoSeverities, span, message)
                    .label(severity.name())
                    .see(first, heavier.name())
                    .help("keep it where it belongs"),
            );
        }
        all.push((severity, labels));
    }
    whole.then_some(all)
}

/// Returns the severity of an untriaged defect: `defects.severity.untriaged` or `missing.severity`, which must agree.
fn untriaged(
    raw: Option<&RawDefects>,
    missing_severity: &Field<String>,
    problems: &mut Problems,
) -> Option<Option<Severity>> {
    let here = raw.and_then(|raw| raw.severity.good()).map(|at| &at.value.untriaged);
    let mut answers = Vec::new();
    for field in here.into_iter().chain([missing_severity]) {
        match field {
            Field::Absent => {}
            Field::Bad => answers.push(None),
            Field::Good(at) => answers.push(stand_in(at, problems).map(|answer| (answer, at))),
        }
    }
    // One answer that cannot be read spoils them all.
    let answers: Vec<(Option<Severity>, &Spanned<String>)> = answers.into_iter().collect::<Option<_>>()?;
    match answers.as_slice() {
        // An untriaged defect counts as critical by default. Otherwise, leaving out the label would
        // unblock a release.
        [] => Some(Some(Severity::Critical)),
        [(first, at), .., (second, other)] if first != second => {
            let message = "`missing.severity` and `defects.severity.untriaged` say different things";
            problems.push(
                Draft::new(Code::UntriagedConflict, &other.span, message)
                    .see(&at.span, "the other answer")
                    .help("keep one of them: both say what an untriaged defect counts as"),
            );
            None
        }
        [(answer, _), ..] => Some(*answer),
    }
}

fn stand_in(at: &Spanned<String>, problems: &mut Problems) -> Option<Option<Severity>> {
    if at.value == "unknown" {
        return Some(None);
    }
    let severity = word(at, Severity::ALL, Severity::name);
    if severity.is_none() {
        let known = Severity::ALL.map(Severity::name).into_iter().chain(["unknown"]);
        problems.push(unknown(Code::UnknownSeverity, at, "a severity", known));
    }
    severity.map(Some)
}

fn patterns(field: &Field<Vec<Spanned<String>>>, what: &str, problems: &mut Problems) -> Option<Vec<Placed>> {
    let items = match field {
        Field::Absent => return Some(Vec::new()),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let read: Vec<Option<Placed>> =
        items.iter().map(|item| pattern(item, what, problems).map(|one| (one, item.span.clone()))).collect();
    read.into_iter().collect()
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

fn bare(labels: Vec<Placed>) -> Vec<LabelPattern> {
    labels.into_iter().map(|(label, _)| label).collect()
}
