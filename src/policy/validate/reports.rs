//! `tests.expect`: reports that have to be there.

use super::super::code::Code;
use super::super::raw::RawExpectedReports;
use super::super::{ExpectedReports, PathGlob};
use super::{bound, empty_list};
use crate::policy::language::{Draft, Field, Problems, Spanned, quote};

/// The reports that have to be there; `None` if something is wrong with an entry, which is then reported.
pub(super) fn expected(
    field: &Field<Vec<RawExpectedReports>>,
    problems: &mut Problems,
) -> Option<Vec<ExpectedReports>> {
    let items = match field {
        Field::Absent => return Some(Vec::new()),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    if items.value.is_empty() {
        problems.push(empty_list(items, "`expect`"));
        return None;
    }
    let read: Vec<Option<ExpectedReports>> = items.value.iter().map(|item| entry(item, problems)).collect();
    read.into_iter().collect()
}

fn entry(raw: &RawExpectedReports, problems: &mut Problems) -> Option<ExpectedReports> {
    let at_least = match &raw.at_least {
        Field::Absent => Some(1),
        Field::Bad => None,
        Field::Good(at) => at_least(at, problems),
    };
    if raw.glob.is_absent() {
        let draft = Draft::new(Code::MissingKey, &raw.span, "an entry of `expect` needs `glob`");
        problems.push(draft.help("add `glob: payment/**/*.xml`"));
    }
    let glob = glob(raw.glob.good()?, problems);
    Some(ExpectedReports { glob: glob?, at_least: at_least? })
}

fn at_least(at: &Spanned<crate::policy::language::Scalar>, problems: &mut Problems) -> Option<u64> {
    let number = bound::whole(at, "`at-least`", problems)?;
    if number == 0 {
        let draft = Draft::new(Code::Zero, &at.span, "`at-least` is at least 1");
        problems.push(draft.help("leave the entry out if no report has to match"));
        return None;
    }
    Some(number)
}

/// A glob over paths of reports, as they stand in the report: from the workspace, without `./` at the front.
fn glob(at: &Spanned<String>, problems: &mut Problems) -> Option<PathGlob> {
    let text = at.value.trim();
    let mut text = if text.ends_with('/') { format!("{text}**") } else { text.to_owned() };
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
