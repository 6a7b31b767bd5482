//! Keys of `attribution`, and of statements on origins.

use super::exceptions::ALWAYS;
use super::{Key, Merge, ValueType, WhenOmitted};
use crate::model::{AttributionMethod, Confidence, CountBy, OriginMethod, Since};
use crate::policy::OriginHistory;

/// `attribution`.
pub const ATTRIBUTION: &[Key] = &[
    Key::new(
        "found-in",
        ValueType::List { of: &ValueType::Word(methods), least: 1 },
        Merge::Stands(Some(ALWAYS)),
        "Methods to find the release that a defect was found in. The first result wins.",
    )
    .when_omitted(WhenOmitted::Value("[field, label, form, window]")),
    Key::new(
        "introduced-in",
        ValueType::List { of: &ValueType::Word(origin_methods), least: 1 },
        // A base without this key, but with `attribution`, leaves the methods to the rules. A file
        // below it must not narrow them.
        Merge::Stands(Some("attribution")),
        "Methods to find the origin of a defect, in the order `override`, `regressed-by`, `blame`. By \
         default all three, if a rule uses origins.",
    ),
    Key::new(
        "count-by",
        ValueType::Word(count_by),
        Merge::Stands(Some(ALWAYS)),
        "Release that a defect counts for: the one that it was found in, or the one that introduced it.",
    )
    .when_omitted(WhenOmitted::Value("found")),
    Key::new(
        "at-most",
        ValueType::Whole { most: u32::MAX as u64 },
        // Looking up fewer defects can hide one that breaks a rule.
        Merge::Greater,
        "Number of defects that a run looks up in history: the most severe ones, and of those the newest.",
    )
    .when_omitted(WhenOmitted::Value("100")),
    Key::new(
        "history",
        ValueType::Word(histories),
        Merge::Nearest,
        "Place where history is read: `api` on the server, `clone` in the checkout, `auto` on the server \
         if its commits were read. `deepen` is the same as `auto`.",
    )
    .when_omitted(WhenOmitted::Value("auto")),
    Key::new(
        "bots",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Adds,
        // More bots mean fewer statements of maintainers, so adding one is the stricter side.
        "Accounts whose labels count as the reporter's text: `triage-bot`.",
    ),
    Key::new("form", ValueType::Map(FORM), Merge::Keys, "How issue forms are read."),
    Key::new(
        "overrides",
        ValueType::Maps(ORIGIN),
        Merge::Adds,
        "Origins of single defects, as a person states them. They outweigh all other evidence.",
    ),
];

/// `attribution.form`.
pub const FORM: &[Key] = &[Key::new(
    "headings",
    ValueType::Map(HEADINGS),
    Merge::Keys,
    "Headings of issue forms that hold versions.",
)];

/// `attribution.form.headings`.
pub const HEADINGS: &[Key] = &[
    Key::new(
        "read",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Stands(None),
        "More headings of issue forms that hold versions, in addition to the defaults such as \
         `*version*`. `*` is any text.",
    ),
    Key::new(
        "skip",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Stands(None),
        "More headings that are skipped even if `read` names them, in addition to the defaults such as \
         `*last*work*`.",
    ),
];

/// An entry of `attribution.overrides`.
pub const ORIGIN: &[Key] = &[
    Key::new("issue", ValueType::Whole { most: u64::MAX }, Merge::Own, "The defect.").required(),
    Key::new("introduced-in", ValueType::Text, Merge::Own, "A release, or a commit by seven digits or more.")
        .required(),
    Key::new("reason", ValueType::Text, Merge::Own, "How the origin is known. The report shows it.")
        .required(),
];

/// The words of `confidence`.
pub(super) fn confidences() -> Vec<&'static str> {
    [Confidence::Certain, Confidence::Stated, Confidence::Inferred].map(Confidence::name).to_vec()
}

/// The words of `since`.
pub(super) fn since() -> Vec<&'static str> {
    Since::ALL.map(Since::name).to_vec()
}

fn methods() -> Vec<&'static str> {
    [AttributionMethod::Field, AttributionMethod::Label, AttributionMethod::Form, AttributionMethod::Window]
        .map(AttributionMethod::name)
        .to_vec()
}

fn origin_methods() -> Vec<&'static str> {
    OriginMethod::ALL.map(OriginMethod::name).to_vec()
}

fn histories() -> Vec<&'static str> {
    OriginHistory::ALL.map(OriginHistory::name).to_vec()
}

fn count_by() -> Vec<&'static str> {
    CountBy::ALL.map(CountBy::name).to_vec()
}
