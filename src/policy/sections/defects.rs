//! The section `defects`.

mod attribute_names;
mod label_lint;
mod selector_keys;
mod selectors;
mod status;

use std::ops::Range;

use crate::model::{Severity, same_name};
use crate::policy::Defects;
use crate::policy::checks::{all_or_none, empty_list, kebab_case, known_word, one_of, pattern};
use crate::policy::code::Code;
use crate::policy::keys::{ALWAYS, Key, MAYBE_PATTERNS, Merge, NAMING, PATTERNS, ValueType, WhenOmitted};
use crate::policy::language::{Draft, Field, Fields, Problems, Spanned, quote, read_text, read_texts};
use crate::policy::matcher::LabelPattern;
use crate::policy::naming::AttributeNames;
use crate::policy::sections::defects::attribute_names::{
    COMPONENT, DETECTION_GAP, FOUND_BY, KIND, ROOT_CAUSE, TEAM, read_component, read_names, read_team,
};
use crate::policy::sections::defects::label_lint::{SeverityLabels, lint_labels, warn_about_labels};
use crate::policy::sections::defects::selector_keys::{BLOCKER_TYPE, CAUGHT_TYPE, ESCAPED_TYPE};
use crate::policy::sections::defects::selectors::{Placed, read_blocking, read_selector};
use crate::policy::sections::defects::status::{STATUS, read_status};

#[cfg(test)]
pub(in crate::policy) use selector_keys::{BLOCKER, ESCAPED};

/// `defects`.
pub(in crate::policy) const DEFECTS: &[Key] = &[
    Key::new(
        "escaped",
        ValueType::Alternatives(&ESCAPED_TYPE),
        Merge::Adds,
        "Issues found in production. A rule that counts defects needs it.",
    ),
    Key::new(
        "caught",
        ValueType::Alternatives(&CAUGHT_TYPE),
        Merge::Within("defects.escaped"),
        "Issues found before production, unless they are escaped.",
    ),
    Key::new(
        "blocking",
        ValueType::Alternatives(&BLOCKER_TYPE),
        Merge::Adds,
        "Issues and pull requests that block a release until they are done, escaped defects or not.",
    ),
    Key::new(
        "pre-releases",
        ValueType::Word(|| vec!["caught"]),
        Merge::Stands(Some(ALWAYS)),
        "With `caught`, a label that names a pre-release makes a defect caught.",
    ),
    Key::new(
        "closed-without-change",
        ValueType::Word(|| vec!["fixed", "unknown"]),
        Merge::Order(&["fixed", "unknown"]),
        "Status of an issue that a person closed as completed without a linked change.",
    )
    .when_omitted(WhenOmitted::Value("fixed")),
    Key::new(
        "status",
        ValueType::Maps(STATUS),
        Merge::Adds,
        "Status of single issues in a release or a release line, as people state it. It outweighs all \
         other evidence.",
    ),
    Key::new(
        "excluded",
        ValueType::Named(&PATTERNS),
        Merge::Within("defects.escaped"),
        "Expected production issues, by a class of your choice: they do not count and are always shown.",
    ),
    Key::new(
        "severity",
        ValueType::Map(SEVERITY),
        Merge::Keys,
        "Labels of each severity. If an issue has several, the most severe applies.",
    ),
    Key::new(
        "component",
        ValueType::AnyOf(&[NAMING, ValueType::Map(COMPONENT)]),
        Merge::Stands(None),
        "Labels or a field that name a component: the text at the `*`, as in `area/*`.",
    ),
    Key::new(
        "team",
        ValueType::AnyOf(&[NAMING, ValueType::Map(TEAM)]),
        Merge::Stands(None),
        "Labels or a field that name a team, as in `team/*`.",
    ),
    KIND,
    FOUND_BY,
    ROOT_CAUSE,
    DETECTION_GAP,
    Key::new(
        "root-cause-needed",
        MAYBE_PATTERNS,
        Merge::Adds,
        "Labels that say that the root cause is still to be found. They outweigh a recorded one.",
    ),
];

/// `defects.severity`.
pub const SEVERITY: &[Key] = &[
    Key::new("critical", PATTERNS, Merge::Adds, "Labels of critical defects."),
    Key::new("major", PATTERNS, Merge::Stands(Some("defects.severity")), "Labels of major defects."),
    Key::new("minor", PATTERNS, Merge::Stands(Some("defects.severity")), "Labels of minor defects."),
    Key::new(
        "untriaged",
        ValueType::Word(stand_ins),
        STAND_INS,
        "Severity of a defect without any of these labels. With `unknown`, a rule on a severity is then \
         `unknown`.",
    )
    .when_omitted(WhenOmitted::Value("critical")),
];

/// Severities of an untriaged defect, from loose to strict.
// `unknown` is the strictest: the rule has no verdict.
pub(in crate::policy) const STAND_INS: Merge = Merge::Order(&["minor", "major", "critical", "unknown"]);

/// The section `defects`, and what the rules are checked against.
pub(in crate::policy) struct DefectsRead {
    /// `None` if something is wrong with the section, which has been reported.
    pub defects: Option<Defects>,
    /// `true` if no issue is an escaped defect.
    pub selects_nothing: bool,
    /// Place of `escaped`.
    pub escaped_at: Option<Range<usize>>,
    /// `true` if the section has the key `blocking`, or may have it.
    pub has_blocking: bool,
}

/// Reads `defects`. `missing_severity` is `missing.severity`, which must agree with `severity.untriaged`.
pub(super) fn read_defects(
    policy: &Fields<'_>,
    missing_severity: &Field<String>,
    problems: &mut Problems,
) -> DefectsRead {
    let read = policy.section_or_empty("defects", DEFECTS, problems, |fields, problems| {
        let defects = check_defects(fields, missing_severity, problems);
        let selects_nothing = match &defects {
            Some(defects) => defects.escaped.is_empty(),
            None => policy.is_absent("defects"),
        };
        let escaped_at = fields.value_span("escaped").cloned();
        Some(DefectsRead {
            defects,
            selects_nothing,
            escaped_at,
            has_blocking: !fields.is_absent("blocking"),
        })
    });
    read.unwrap_or(DefectsRead {
        defects: None,
        selects_nothing: false,
        escaped_at: None,
        has_blocking: true,
    })
}

fn check_defects(
    fields: &Fields<'_>,
    missing_severity: &Field<String>,
    problems: &mut Problems,
) -> Option<Defects> {
    let escaped = read_selector(fields, "escaped", problems);
    let caught = read_selector(fields, "caught", problems);
    let blocking = read_blocking(fields, problems);
    let pre_releases = fields.get("pre-releases", problems, read_text);
    let pre_releases_caught = one_of(&pre_releases, "`pre-releases`", [("caught", true)], false, problems);
    let closed_by_hand = fields.get("closed-without-change", problems, read_text);
    let (key, words) = ("`closed-without-change`", [("fixed", true), ("unknown", false)]);
    let closed_by_hand_is_fixed = one_of(&closed_by_hand, key, words, true, problems);
    let status = fields.get("status", problems, read_status).value_or(Vec::new());
    let excluded = read_excluded(fields, problems);
    let (severity, untriaged) = read_severity(fields, missing_severity, problems);
    let component = fields.get("component", problems, read_component).value_or(Default::default());
    let team = fields.get("team", problems, read_team).value_or(Default::default());
    let mut names = |key| fields.get(key, problems, read_names).value_or(AttributeNames::default());
    let (kind, found_by) = (names("kind"), names("found-by"));
    let (root_cause, detection_gap) = (names("root-cause"), names("detection-gap"));
    let root_cause_needed = fields.get("root-cause-needed", problems, read_texts);
    let root_cause_needed = patterns(&root_cause_needed, "a label pattern", problems);
    warn_about_labels(&escaped, &caught, excluded.as_deref(), severity.as_deref(), problems);
    if let (Some(excluded), Some(severity)) = (&excluded, &severity) {
        lint_labels(&escaped.plain_labels, &caught.plain_labels, excluded, severity, problems);
    }
    let ((component, component_paths), (team, team_owners)) = (component?, team?);
    Some(Defects {
        escaped: escaped.selector?,
        caught: caught.selector?,
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
        kind: kind?,
        found_by: found_by?,
        root_cause: root_cause?,
        detection_gap: detection_gap?,
        root_cause_needed: bare(root_cause_needed?),
    })
}

fn read_excluded(fields: &Fields<'_>, problems: &mut Problems) -> Option<Vec<(String, Vec<Placed>)>> {
    let mut classes = Vec::new();
    for (name, field) in fields.open_keys("excluded", problems, read_texts) {
        let class = kebab_case(&name, "the name of an excluded class", problems);
        if let Field::Good(at) = &field
            && at.value.is_empty()
        {
            problems.push(empty_list(at, &quote(&name.value)));
        }
        let labels = patterns(&field, "an excluded label", problems);
        classes.push(class.zip(labels).filter(|(_, labels)| !labels.is_empty()));
    }
    classes.into_iter().collect()
}

/// Reads `severity`: the labels of each severity, and the severity of an untriaged defect.
fn read_severity(
    defects: &Fields<'_>,
    missing_severity: &Field<String>,
    problems: &mut Problems,
) -> (Option<SeverityLabels>, Option<Option<Severity>>) {
    let mut untriaged = Field::Absent;
    let labels = defects.section_or_empty("severity", SEVERITY, problems, |fields, problems| {
        untriaged = fields.get("untriaged", problems, read_text);
        read_severity_labels(fields, problems)
    });
    (labels, check_untriaged(&untriaged, missing_severity, problems))
}

fn read_severity_labels(fields: &Fields<'_>, problems: &mut Problems) -> Option<SeverityLabels> {
    let mut whole = true;
    let mut all = SeverityLabels::new();
    for severity in Severity::ALL {
        let field = fields.get(severity.name(), problems, read_texts);
        if let Field::Good(at) = &field
            && at.value.is_empty()
        {
            problems.push(empty_list(at, &format!("`{severity}`")));
            whole = false;
        }
        let Some(labels) = patterns(&field, "a severity label", problems) else {
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
fn check_untriaged(
    here: &Field<String>,
    missing_severity: &Field<String>,
    problems: &mut Problems,
) -> Option<Option<Severity>> {
    let mut read = |field: &Field<String>| {
        field.check_optional(|at| Some((check_stand_in(at, problems)?, at.span.clone())))
    };
    // One answer that cannot be read spoils both.
    let (here, missing) = (read(here), read(missing_severity));
    match (here?, missing?) {
        (Some((first, at)), Some((second, other))) if first != second => {
            let message = "`missing.severity` and `defects.severity.untriaged` say different things";
            problems.push(
                Draft::new(Code::UntriagedConflict, &other, message)
                    .see(&at, "the other answer")
                    .help("keep one of them: both say what an untriaged defect counts as"),
            );
            None
        }
        (Some((answer, _)), _) | (None, Some((answer, _))) => Some(answer),
        // An untriaged defect counts as critical by default. Otherwise, leaving out the label would
        // unblock a release.
        (None, None) => Some(Some(Severity::Critical)),
    }
}

fn check_stand_in(at: &Spanned<String>, problems: &mut Problems) -> Option<Option<Severity>> {
    let all = [Some(Severity::Critical), Some(Severity::Major), Some(Severity::Minor), None];
    let name = |one: Option<Severity>| one.map_or("unknown", Severity::name);
    known_word(at, all, name, (Code::UnknownSeverity, "a severity"), problems)
}

fn patterns(field: &Field<Vec<Spanned<String>>>, what: &str, problems: &mut Problems) -> Option<Vec<Placed>> {
    field.check_or(Vec::new(), |at| {
        all_or_none(&at.value, |item| Some((pattern(item, what, problems)?, item.span.clone())))
    })
}

fn bare(labels: Vec<Placed>) -> Vec<LabelPattern> {
    labels.into_iter().map(|(label, _)| label).collect()
}

pub(in crate::policy) fn stand_ins() -> Vec<&'static str> {
    Severity::ALL.map(Severity::name).into_iter().chain(["unknown"]).collect()
}
