//! `where` and `per` of a rule.

mod class;
mod name;

use policy_lang::LanguageProblem;

use crate::model::{DefectAttribute, DefectFilter, MetricId, Selection, Severity, same_name};
use crate::policy::Defects;
use crate::policy::checks::{empty_list, known_word};
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, ValueType};
use crate::policy::language::{
    Draft, Fields, Node, NodeKind, Problems, Spanned, quote, read_text, read_text_or_texts,
};
use crate::policy::scopes::is_tests;

/// Keys of an attribute of `where` that is neither a value nor a list.
pub const NOT: &[Key] =
    &[Key::new("not", ValueType::Text, Merge::Own, "None of these values: one, or a list.").required()];

/// Reads `where`. Reports a condition that is invalid or that no defect can meet, and returns `None`.
pub(super) fn read_filter(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> Option<DefectFilter> {
    let conditions = rule.open_keys("where", problems, read_selection);
    match (rule.key_span("where"), metric) {
        (Some(place), Some(MetricId::Blockers)) => {
            let message = "`blockers` counts what `defects.blocking` selects, and `where` selects defects";
            let help = "leave `where` out, and narrow `defects.blocking`";
            problems.push(Draft::new(Code::KeyNotOfMetric, place, message).help(help));
            return None;
        }
        (Some(place), Some(metric)) if is_tests(metric) => {
            let message = format!("`{metric}` counts tests, and `where` selects defects");
            problems.push(Draft::new(Code::FilterOnTests, place, message).help("leave `where` out"));
        }
        (_, _) => {}
    }
    let mut whole = true;
    let mut filter = DefectFilter::default();
    for (name, field) in conditions {
        let what = "something that defects are selected by";
        let (Some(attribute), Some(selection)) = (attribute(&name, what, problems), field.good()) else {
            whole = false;
            continue;
        };
        if attribute == DefectAttribute::Class {
            whole &= class::fits(&name, metric, problems);
        }
        let (not, values) = &selection.value;
        if values.value.is_empty() {
            problems.push(empty_list(values, &format!("`{}`", attribute.name())));
            whole = false;
        }
        for value in &values.value {
            whole &= selects(attribute, value, defects, problems);
        }
        let values = values.value.iter().map(|value| value.value.clone()).collect();
        filter =
            filter.and(attribute, if *not { Selection::NoneOf(values) } else { Selection::AnyOf(values) });
    }
    whole.then_some(filter)
}

/// Reads one value, a list of which any will do, or `{ not: … }`, for which it returns `true`.
fn read_selection(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<(bool, Spanned<Vec<Spanned<String>>>)> {
    let (node, not) = match &node.kind {
        NodeKind::Map(_) => {
            let fields = Fields::open(node, name, NOT, problems)?;
            let Some(inner) = fields.node("not") else {
                let message = format!("{name} needs `not`, or values");
                let draft = Draft::structural(LanguageProblem::MissingKey, &node.span, message);
                let help = "write `[a, b]` for any of them, or `{ not: [a, b] }` for none of them";
                problems.push(draft.help(help));
                return None;
            };
            (inner, true)
        }
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) => (node, false),
    };
    let value = read_text_or_texts(node, name, problems)?;
    Some((not, Spanned { value, span: node.span.clone() }))
}

/// Reads `per`: `Some(None)` without one. Reports an invalid one, and returns `None`.
pub(super) fn read_per(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> Option<Option<DefectAttribute>> {
    rule.get("per", problems, read_text).check_optional(|at| {
        let attribute = attribute(at, "something that defects are grouped by", problems)?;
        let (code, message) = match metric {
            _ if attribute == DefectAttribute::Class => {
                class::report_groups(at, problems);
                return None;
            }
            Some(metric) if is_tests(metric) => {
                (Code::FilterOnTests, format!("`{metric}` counts tests, and `per` groups defects"))
            }
            Some(MetricId::Blockers) => {
                let message = "`blockers` counts issues and pull requests, and `per` groups defects";
                (Code::KeyNotOfMetric, message.to_owned())
            }
            Some(_) | None => return has_labels(attribute, at, defects, problems).then_some(attribute),
        };
        problems.push(Draft::new(code, &at.span, message).help("leave `per` out"));
        None
    })
}

fn attribute(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<DefectAttribute> {
    known_word(at, DefectAttribute::ALL, DefectAttribute::name, (Code::UnknownAttribute, what), problems)
}

/// Returns `true` if a defect can have this value of an attribute; otherwise that is reported.
fn selects(
    attribute: DefectAttribute,
    value: &Spanned<String>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> bool {
    if value.value.trim().is_empty() {
        let message = format!("an empty {}", attribute.name());
        problems.push(
            Draft::new(Code::EmptyText, &value.span, message).help("write a name, or leave the key out"),
        );
        return false;
    }
    match attribute {
        DefectAttribute::Severity => selects_severity(value, defects, problems),
        DefectAttribute::Class => class::selects(value, defects, problems),
        DefectAttribute::Component
        | DefectAttribute::Team
        | DefectAttribute::Kind
        | DefectAttribute::FoundBy
        | DefectAttribute::RootCause
        | DefectAttribute::DetectionGap => {
            has_labels(attribute, value, defects, problems)
                && name::is_one(attribute, value, defects, problems)
        }
    }
}

/// Returns `true` if the policy maps labels to an attribute; otherwise that is reported.
fn has_labels(
    attribute: DefectAttribute,
    place: &Spanned<String>,
    defects: Option<&Defects>,
    problems: &mut Problems,
) -> bool {
    let is_named = defects.map(|defects| defects.can_name(attribute));
    // Without the defects (they have problems of their own) nothing can be said.
    if is_named == Some(false) {
        let name = attribute.name();
        let message =
            format!("no defect has a {name}: the policy does not say which labels or which field name one");
        problems.push(
            Draft::new(Code::ImpossibleFilter, &place.span, message)
                .label("no defect is selected")
                .help(format!("add `{name}` to `defects`, for example `{name}: \"{name}/*\"`")),
        );
        return false;
    }
    true
}

fn selects_severity(value: &Spanned<String>, defects: Option<&Defects>, problems: &mut Problems) -> bool {
    if same_name(&value.value, "untriaged") {
        let message = "`untriaged` is not a severity: it is the lack of one";
        problems.push(
            Draft::new(Code::UntriagedSeverity, &value.span, message)
                .help("count defects without a severity by a rule with `metric: untriaged`"),
        );
        return false;
    }
    let what = (Code::UnknownSeverity, "a severity");
    let Some(severity) = known_word(value, Severity::ALL, Severity::name, what, problems) else {
        return false;
    };
    let Some(defects) = defects else { return true };
    // A rule for a severity that no label gives counts zero defects for ever, and looks as if all
    // were well.
    let labelled = defects.severity.iter().any(|(one, labels)| *one == severity && !labels.is_empty());
    // Where untriaged defects have no severity, a rule that asks for one is `unknown`: it cannot pass by mistake.
    let possible = labelled || defects.untriaged.is_none_or(|stand_in| stand_in == severity);
    if !possible {
        let message = format!("no defect can be {}: no label says so", quote(severity.name()));
        problems.push(
            Draft::new(Code::ImpossibleFilter, &value.span, message)
                .label("no defect is selected")
                .help(format!("add `{severity}` with its labels to `defects.severity`")),
        );
    }
    possible
}

pub(in crate::policy) fn attributes() -> Vec<&'static str> {
    DefectAttribute::ALL.map(DefectAttribute::name).to_vec()
}
