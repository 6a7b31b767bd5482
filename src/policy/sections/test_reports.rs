//! `tests`: which test reports are read, and which have to be there.

use globset::GlobBuilder;

use crate::model::Reruns;
use crate::policy::checks::{all_or_none, empty_list, one_of};
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, ValueType, WhenOmitted};
use crate::policy::language::{
    Draft, Fields, Node, NodeKind, Problems, Scalar, Spanned, quote, read_list, read_scalar, read_text,
    read_texts,
};
use crate::policy::numbers::check_whole;
use crate::policy::{ExpectedReports, PathGlob};

/// `tests`.
pub(in crate::policy) const TESTS: &[Key] = &[
    Key::new(
        "reports",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Globs,
        "Globs of test reports. `**` crosses folders; a leading `!` excludes files.",
    ),
    Key::new(
        "reruns",
        ValueType::Word(|| vec!["reported", "by-name"]),
        Merge::Order(&["by-name", "reported"]),
        "Results that are reruns of one test: those that the test report marks, or also failures and then \
         one pass of one name in one suite.",
    )
    .when_omitted(WhenOmitted::Value("reported")),
    Key::new(
        "expect",
        ValueType::List {
            of: &ValueType::AnyOf(&[ValueType::Text, ValueType::Map(EXPECTED_REPORTS)]),
            least: 1,
        },
        Merge::Adds,
        "Required test reports. Each glob has to match a report that was read; otherwise there is a gap.",
    ),
];

/// An entry of `tests.expect`.
pub const EXPECTED_REPORTS: &[Key] = &[
    Key::new(
        "glob",
        ValueType::Text,
        Merge::Own,
        "Glob over the paths of test reports, in an archive also over the path of the archive.",
    )
    .required(),
    Key::new(
        "at-least",
        ValueType::Whole { most: u32::MAX as u64 },
        Merge::Own,
        "Number of test reports that have to match.",
    )
    .when_omitted(WhenOmitted::Value("1")),
];

/// The section `tests`.
pub(super) struct TestReports {
    pub globs: Vec<String>,
    pub reruns: Reruns,
    pub expected: Vec<ExpectedReports>,
}

/// Reads `tests`; `None` if something in it is wrong.
pub(super) fn read_tests(policy: &Fields<'_>, problems: &mut Problems) -> Option<TestReports> {
    policy.section_or_empty("tests", TESTS, problems, |fields, problems| {
        let globs = fields.get("reports", problems, read_texts);
        let globs = globs.check_or(Vec::new(), |at| check_globs(at, problems));
        let words = [("reported", Reruns::Reported), ("by-name", Reruns::ByName)];
        let reruns = fields.get("reruns", problems, read_text);
        let reruns = one_of(&reruns, "`reruns`", words, Reruns::Reported, problems);
        let expected = fields.get("expect", problems, read_list).check_or(Vec::new(), |items| {
            if items.value.is_empty() {
                problems.push(empty_list(items, "`expect`"));
                return None;
            }
            all_or_none(items.value, |item| read_expected(item, problems))
        });
        Some(TestReports { globs: globs?, reruns: reruns?, expected: expected? })
    })
}

/// Reads a glob, or a mapping with the number of reports that it has to match.
fn read_expected(node: &Node, problems: &mut Problems) -> Option<ExpectedReports> {
    let what = "an entry of `expect`";
    if !matches!(node.kind, NodeKind::Map(_)) {
        let at = Spanned { value: read_text(node, what, problems)?, span: node.span.clone() };
        return Some(ExpectedReports { glob: check_glob(&at, problems)?, at_least: 1 });
    }
    let fields = Fields::open(node, what, EXPECTED_REPORTS, problems)?;
    if fields.is_absent("glob") {
        let draft = Draft::new(Code::MissingKey, fields.span(), "an entry of `expect` needs `glob`");
        problems.push(draft.help("add `glob: payment/**/*.xml`"));
    }
    let glob = fields.get("glob", problems, read_text);
    let glob = glob.good().and_then(|at| check_glob(at, problems));
    let at_least = fields.get("at-least", problems, read_scalar);
    let at_least = at_least.check_or(1, |at| check_at_least(at, problems));
    Some(ExpectedReports { glob: glob?, at_least: at_least? })
}

fn check_globs(items: &Spanned<Vec<Spanned<String>>>, problems: &mut Problems) -> Option<Vec<String>> {
    if items.value.is_empty() {
        problems.push(empty_list(items, "`reports`"));
        return None;
    }
    let mut whole = true;
    for item in &items.value {
        let glob = item.value.strip_prefix('!').unwrap_or(&item.value);
        if glob.trim().is_empty() {
            problems.push(Draft::new(Code::EmptyText, &item.span, "an empty glob").help("remove it"));
            whole = false;
        } else if let Err(error) = GlobBuilder::new(glob).literal_separator(true).build() {
            let message = format!("{} is not a glob: {}", quote(&item.value), error.kind());
            problems.push(Draft::new(Code::BadGlob, &item.span, message));
            whole = false;
        }
    }
    // No report would match, so every rule on tests would be `unknown` without an obvious cause.
    if items.value.iter().all(|item| item.value.starts_with('!')) {
        let message = "every glob takes files out, and none brings one in";
        problems.push(
            Draft::new(Code::BadGlob, &items.span, message).help("begin with a glob such as `**/TEST-*.xml`"),
        );
        whole = false;
    }
    whole.then(|| items.value.iter().map(|item| item.value.clone()).collect())
}

fn check_at_least(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u64> {
    let number = check_whole(at, "`at-least`", problems)?;
    if number == 0 {
        let draft = Draft::new(Code::Zero, &at.span, "`at-least` is at least 1");
        problems.push(draft.help("leave the entry out if no report has to match"));
        return None;
    }
    Some(number)
}

/// Returns a glob over the paths of reports, which begin at the workspace and not with `./`.
fn check_glob(at: &Spanned<String>, problems: &mut Problems) -> Option<PathGlob> {
    let text = at.value.trim();
    // A folder is meant with all that is in it, as in `.gitignore`.
    let mut text = if text.ends_with('/') { format!("{text}**") } else { text.to_owned() };
    // The paths of reports have no `./` in front, so the glob would match none.
    while let Some(rest) = text.strip_prefix("./") {
        text = rest.to_owned();
    }
    let mut refuse = |code, message: String, help: &str| {
        problems.push(Draft::new(code, &at.span, message).help(help.to_owned()));
        None
    };
    if text.is_empty() {
        return refuse(Code::EmptyText, "an empty glob".into(), "remove it");
    }
    if text.starts_with('!') {
        let message =
            format!("{} takes files out, and `expect` names reports that have to be there", quote(&at.value));
        return refuse(Code::BadGlob, message, "write the glob without `!`");
    }
    match PathGlob::new(&text) {
        Ok(glob) => Some(glob),
        Err(why) => {
            let message = format!("{} is not a glob: {why}", quote(&at.value));
            refuse(Code::BadGlob, message, "write a glob such as `payment/**/TEST-*.xml`")
        }
    }
}
