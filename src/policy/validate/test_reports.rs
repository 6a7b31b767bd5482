//! `tests`: which test reports are read, and which have to be there.

use std::ops::Range;

use globset::GlobBuilder;

use super::bound::whole;
use super::empty_list;
use super::status::one_of;
use crate::model::Reruns;
use crate::policy::code::Code;
use crate::policy::keys::{EXPECTED_REPORTS, TESTS};
use crate::policy::language::{
    Draft, Field, Fields, Node, NodeKind, Problems, Scalar, Spanned, quote, read_list, read_scalar,
    read_text, read_texts,
};
use crate::policy::{ExpectedReports, PathGlob};

/// The section `tests`.
#[derive(Debug, Clone)]
pub(in crate::policy) struct TestReports {
    pub globs: Vec<String>,
    pub reruns: Reruns,
    pub expected: Vec<ExpectedReports>,
}

/// An entry of `tests.expect` as it is written.
struct SpannedReports {
    span: Range<usize>,
    glob: Field<String>,
    at_least: Field<Scalar>,
}

/// Reads `tests`; `None` if something in it is wrong.
pub(in crate::policy) fn read_tests(policy: &Fields<'_>, problems: &mut Problems) -> Option<TestReports> {
    let section = policy.section("tests", TESTS, problems, |fields, problems| {
        let globs = fields.get("reports", problems, read_texts);
        let globs = globs.check_or(Vec::new(), |at| check_globs(at, problems));
        let words = [("reported", Reruns::Reported), ("by-name", Reruns::ByName)];
        let reruns = fields.get("reruns", problems, read_text);
        let reruns = one_of(&reruns, "`reruns`", words, Reruns::Reported, problems);
        let expected = fields.get("expect", problems, read_expected);
        let expected = expected.check_or(Vec::new(), |items| {
            if items.value.is_empty() {
                problems.push(empty_list(items, "`expect`"));
                return None;
            }
            let read: Vec<_> = items.value.iter().map(|item| check_expected(item, problems)).collect();
            read.into_iter().collect()
        });
        Some(TestReports { globs: globs?, reruns: reruns?, expected: expected? })
    });
    section.or_default(TestReports { globs: Vec::new(), reruns: Reruns::Reported, expected: Vec::new() })
}

/// Reads the entries of `expect`. If one cannot be read, the whole list is bad, and not empty.
fn read_expected(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<SpannedReports>> {
    let items = read_list(node, name, problems)?;
    let read: Vec<Option<SpannedReports>> = items.iter().map(|item| read_entry(item, problems)).collect();
    read.into_iter().collect()
}

/// Reads a glob, or a mapping with the number of reports that it has to match.
fn read_entry(node: &Node, problems: &mut Problems) -> Option<SpannedReports> {
    let (what, span) = ("an entry of `expect`", node.span.clone());
    if !matches!(node.kind, NodeKind::Map(_)) {
        let value = read_text(node, what, problems)?;
        let glob = Field::Good(Spanned { value, span: span.clone() });
        return Some(SpannedReports { span, glob, at_least: Field::Absent });
    }
    let fields = Fields::open(node, what, EXPECTED_REPORTS, problems)?;
    let (glob, at_least) =
        (fields.get("glob", problems, read_text), fields.get("at-least", problems, read_scalar));
    Some(SpannedReports { span, glob, at_least })
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

fn check_expected(raw: &SpannedReports, problems: &mut Problems) -> Option<ExpectedReports> {
    let at_least = raw.at_least.check_or(1, |at| check_at_least(at, problems));
    if raw.glob.is_absent() {
        let draft = Draft::new(Code::MissingKey, &raw.span, "an entry of `expect` needs `glob`");
        problems.push(draft.help("add `glob: payment/**/*.xml`"));
    }
    let glob = check_glob(raw.glob.good()?, problems);
    Some(ExpectedReports { glob: glob?, at_least: at_least? })
}

fn check_at_least(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u64> {
    let number = whole(at, "`at-least`", problems)?;
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
