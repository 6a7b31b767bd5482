//! `attribution`: how a defect comes to its releases.

use crate::model::{AttributionMethod, CountBy, OriginMethod, Version};
use crate::policy::checks::{
    check_issue, check_names, known_word, read_distinct, require_keys, unknown, visible_text, word,
};
use crate::policy::code::Code;
use crate::policy::keys::{ALWAYS, Key, Merge, ValueType, WhenOmitted};
use crate::policy::language::{
    Draft, Fields, Node, Problems, Spanned, quote, read_entries, read_scalar, read_text, read_texts,
};
use crate::policy::numbers::{check_whole, narrow};
use crate::policy::origins::{DEFAULT_AT_MOST, OriginOverride, OriginRules};
use crate::policy::{FormHeadings, HeadingPattern, OriginHistory, Rule};

/// `attribution`.
pub(in crate::policy) const ATTRIBUTION: &[Key] = &[
    Key::new(
        "found-in",
        ValueType::List { of: &ValueType::Word(|| METHODS.map(AttributionMethod::name).to_vec()), least: 1 },
        Merge::Stands(Some(ALWAYS)),
        "Methods to find the release that a defect was found in. The first result wins.",
    )
    .when_omitted(WhenOmitted::Value("[field, label, form, window]")),
    Key::new(
        "introduced-in",
        ValueType::List {
            of: &ValueType::Word(|| OriginMethod::ALL.map(OriginMethod::name).to_vec()),
            least: 1,
        },
        // A base without this key, but with `attribution`, leaves the methods to the rules. A file
        // below it must not narrow them.
        Merge::Stands(Some("attribution")),
        "Methods to find the origin of a defect, in the order `override`, `regressed-by`, `blame`. By \
         default all three, if a rule uses origins.",
    ),
    Key::new(
        "count-by",
        ValueType::Word(|| CountBy::ALL.map(CountBy::name).to_vec()),
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
        ValueType::Word(|| HISTORIES.map(|(word, _)| word).to_vec()),
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

/// Ways to find the release of a defect, in the order that applies if the policy names none.
const METHODS: [AttributionMethod; 4] =
    [AttributionMethod::Field, AttributionMethod::Label, AttributionMethod::Form, AttributionMethod::Window];

/// Words of `history`. Older policies say `deepen`.
const HISTORIES: [(&str, OriginHistory); 4] = [
    ("auto", OriginHistory::Auto),
    ("clone", OriginHistory::Clone),
    ("deepen", OriginHistory::Auto),
    ("api", OriginHistory::Api),
];

/// Least number of digits that name a commit.
// Git abbreviates to 7 digits by default. A shorter text may also be a number or a word.
const FEWEST: usize = 7;

/// The section `attribution`.
#[derive(Debug)]
pub(super) struct Attribution {
    pub found_in: Vec<AttributionMethod>,
    pub bots: Vec<String>,
    pub form_headings: FormHeadings,
    pub origins: OriginRules,
}

/// Reads `attribution`, and its key `count-by`, on which the rules depend; each is `None` if something is wrong with it.
pub(super) fn read_attribution(
    policy: &Fields<'_>,
    problems: &mut Problems,
) -> (Option<Attribution>, Option<CountBy>) {
    let mut count_by = None;
    let section = policy.section_or_empty("attribution", ATTRIBUTION, problems, |fields, problems| {
        let found_in = fields.get("found-in", problems, read_texts);
        let found_in = found_in.check_or(METHODS.to_vec(), |at| check_found_in(at, problems));
        let bots = fields.get("bots", problems, read_texts);
        let bots = check_names(&bots, "`bots`", problems);
        let form_headings = fields.section_or_empty("form", FORM, problems, |form, problems| {
            form.section_or_empty("headings", HEADINGS, problems, read_headings)
        });
        count_by = fields.get("count-by", problems, read_text).check_or(CountBy::Found, |at| {
            let what = (Code::UnknownMethod, "a release that a defect can count for");
            known_word(at, CountBy::ALL, CountBy::name, what, problems)
        });
        let origins = read_origins(fields, problems);
        Some(Attribution {
            found_in: found_in?,
            bots: bots?.unwrap_or_default(),
            form_headings: form_headings?,
            origins: origins?,
        })
    });
    (section, count_by)
}

/// Reads the headings that are read and skipped, in addition to the default ones.
fn read_headings(fields: &Fields<'_>, problems: &mut Problems) -> Option<FormHeadings> {
    let mut texts = |key: &str| {
        let field = fields.get(key, problems, read_texts);
        check_names(&field, &format!("`{key}`"), problems).map(Option::unwrap_or_default)
    };
    let (read, skip) = (texts("read"), texts("skip"));
    let mut headings = FormHeadings::default();
    headings.read.extend(read?.iter().map(|source| HeadingPattern::new(source)));
    headings.skip.extend(skip?.iter().map(|source| HeadingPattern::new(source)));
    Some(headings)
}

fn read_origins(fields: &Fields<'_>, problems: &mut Problems) -> Option<OriginRules> {
    let methods = fields.get("introduced-in", problems, read_texts);
    let methods = methods.check_optional(|at| check_origin_methods(at, problems));
    let at_most = fields.get("at-most", problems, read_scalar);
    let at_most = at_most.check_or(DEFAULT_AT_MOST, |at| {
        let number = check_whole(at, "`at-most`", problems)?;
        if number == 0 {
            let message = "`at-most` is the number of defects that a run looks up, at least 1";
            let draft = Draft::new(Code::Zero, &at.span, message);
            problems.push(draft.help("to look up none, write `introduced-in: [override]`"));
            return None;
        }
        narrow(number, at, problems)
    });
    let history = fields.get("history", problems, read_text);
    let history = history.check_or(OriginHistory::default(), |at| {
        let what = (Code::UnknownMethod, "a place where history can be read");
        known_word(at, HISTORIES, |(word, _)| word, what, problems).map(|(_, history)| history)
    });
    let overrides = fields.get("overrides", problems, read_origin_overrides).value_or(Vec::new());
    Some(OriginRules { methods: methods?, at_most: at_most?, history: history?, overrides: overrides? })
}

/// Reads `attribution.overrides`. Entries that are not mappings are reported and left out.
fn read_origin_overrides(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<OriginOverride>> {
    let entries = read_entries(node, name, problems, |item, problems| {
        Fields::open(item, "an entry of `overrides`", ORIGIN, problems)
    })?;
    let is_same = |one: &OriginOverride, other: &OriginOverride| one.issue == other.issue;
    let message = "two entries say where the same defect came from";
    read_distinct(&entries, read_origin, is_same, (Code::BadOrigin, message), problems)
}

fn read_origin(entry: &Fields<'_>, problems: &mut Problems) -> Option<OriginOverride> {
    require_keys(entry, "an entry of `overrides`", problems);
    let issue = entry.get("issue", problems, read_scalar);
    let issue = issue.good().and_then(|at| check_issue(at, problems));
    let origin = entry.get("introduced-in", problems, read_text);
    let origin = origin.good().and_then(|at| {
        let text = at.value.trim();
        if names_something(text) {
            return Some(text.to_owned());
        }
        let message = format!("{} names neither a release nor a commit", quote(&at.value));
        let help = format!("write a release such as `v1.2.0`, or {FEWEST} digits or more of a commit's id");
        problems.push(Draft::new(Code::BadOrigin, &at.span, message).help(help));
        None
    });
    let reason = entry.get("reason", problems, read_text);
    let reason =
        reason.good().and_then(|at| visible_text(at, "the reason", "write how it is known", problems));
    Some(OriginOverride { issue: issue?, introduced_in: origin?, reason: reason? })
}

/// Warns about `count-by: introduced` without effect: it changes only rules over releases, and only some metrics.
pub(super) fn lint_count_by(policy: &Fields<'_>, rules: &[Rule], problems: &mut Problems) {
    let node = policy.node("attribution").and_then(|section| section.get("count-by"));
    let asked = node.filter(|node| node.scalar() == Some(CountBy::Introduced.name()));
    if let Some(node) = asked.filter(|_| rules.iter().all(|rule| rule.count_by == CountBy::Found)) {
        let message = "no rule counts defects by the release that introduced them";
        let draft = Draft::lint(Code::IdleCountBy, &node.span, message);
        problems.push(draft.help(
            "it matters for `escaped`, `untriaged`, `escape-rate` and the coverages over releases; else leave it out",
        ));
    }
}

fn check_origin_methods(
    items: &Spanned<Vec<Spanned<String>>>,
    problems: &mut Problems,
) -> Option<Vec<OriginMethod>> {
    if items.value.is_empty() {
        let message = "`introduced-in` is empty, so that no origin would be found";
        let help = "write at least one of `override`, `regressed-by`, `blame`, or leave the key out";
        problems.push(Draft::new(Code::NoMethods, &items.span, message).help(help));
        return None;
    }
    let mut found: Vec<(OriginMethod, &Spanned<String>)> = Vec::new();
    let mut is_good = true;
    for item in &items.value {
        let what = (Code::UnknownMethod, "a way to find where a defect came from");
        let Some(method) = known_word(item, OriginMethod::ALL, OriginMethod::name, what, problems) else {
            is_good = false;
            continue;
        };
        // The order is fixed. `blame` before `override` would let a guess overrule a maintainer.
        if let Some((known, first)) = found.iter().find(|(known, _)| *known >= method) {
            is_good = false;
            let (code, message, help) = if *known == method {
                let message = format!("`{}` stands in `introduced-in` twice", method.name());
                (Code::RepeatedMethod, message, "keep one of them")
            } else {
                let message =
                    format!("`{}` cannot come after `{}`: it weighs more", method.name(), known.name());
                (Code::MethodOrder, message, "write them as in `[override, regressed-by, blame]`")
            };
            let draft = Draft::new(code, &item.span, message).see(&first.span, "first here");
            problems.push(draft.help(help));
            continue;
        }
        found.push((method, item));
    }
    is_good.then(|| found.into_iter().map(|(method, _)| method).collect())
}

/// Returns `true` for a version, and for the beginning of a commit's id.
fn names_something(text: &str) -> bool {
    let is_commit = (FEWEST..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit || Version::parse(text).is_some_and(|version| version.is_all_of(text))
}

fn check_found_in(
    items: &Spanned<Vec<Spanned<String>>>,
    problems: &mut Problems,
) -> Option<Vec<AttributionMethod>> {
    if items.value.is_empty() {
        let message = "`found-in` is empty, so that no defect would come to a release";
        let help = "write at least one of `field`, `label`, `form`, `window`, or leave the key out";
        problems.push(Draft::new(Code::NoMethods, &items.span, message).help(help));
        return None;
    }
    let mut found: Vec<(AttributionMethod, &Spanned<String>)> = Vec::new();
    let mut is_good = true;
    for item in &items.value {
        let Some(method) = word(item, METHODS, AttributionMethod::name) else {
            is_good = false;
            problems.push(unknown_method(item));
            continue;
        };
        if let Some((_, first)) = found.iter().find(|(known, _)| *known == method) {
            is_good = false;
            let message = format!("`{}` stands in `found-in` twice", method.name());
            problems.push(
                Draft::new(Code::RepeatedMethod, &item.span, message)
                    .label("again")
                    .see(&first.span, "first here")
                    .help("the first hit wins, so keep the one at the right place"),
            );
            continue;
        }
        if let Some((_, window)) = found.iter().find(|(known, _)| *known == AttributionMethod::Window) {
            let message = format!("`{}` is never reached: `window` always finds a release", method.name());
            problems.push(
                Draft::new(Code::UnreachableMethod, &item.span, message)
                    .see(&window.span, "everything after this is unreachable")
                    .help("put `window` last"),
            );
        }
        found.push((method, item));
    }
    is_good.then(|| found.into_iter().map(|(method, _)| method).collect())
}

fn unknown_method(item: &Spanned<String>) -> Draft {
    // A common wish, and always wrong: the milestone of an issue is the release that will fix it.
    if item.value.eq_ignore_ascii_case("milestone") || item.value.eq_ignore_ascii_case("milestones") {
        let message = "a milestone is where a defect is to be fixed, not where it was found";
        return Draft::new(Code::MilestoneMethod, &item.span, message)
            .help("record the release by a line `Found-in: v1.4.0`, a label or an issue form, and remove this entry");
    }
    unknown(
        Code::UnknownMethod,
        item,
        "a way to find the release of a defect",
        METHODS.map(AttributionMethod::name),
    )
}
