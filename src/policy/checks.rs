//! Checks that several sections share. Each reports a mistake with its place and returns `None`.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::{IssueNumber, has_visible_text};
use crate::policy::code::Code;
use crate::policy::language::{Draft, Field, Fields, Problems, Scalar, Spanned, nearest_name, quote};
use crate::policy::matcher::{LabelPattern, PatternProblem};
use crate::policy::numbers::check_whole;

/// Checks every item, also after one that is wrong, and returns the results; `None` if one is wrong.
pub(super) fn all_or_none<I: IntoIterator, T, C: FromIterator<T>>(
    items: I,
    check: impl FnMut(I::Item) -> Option<T>,
) -> Option<C> {
    let checked: Vec<Option<T>> = items.into_iter().map(check).collect();
    checked.into_iter().collect()
}

/// Reads each entry of a list, and reports an entry about the same thing as an earlier one, with this code and message.
pub(super) fn read_distinct<'n, T>(
    entries: &[Fields<'n>],
    read: fn(&Fields<'n>, &mut Problems) -> Option<T>,
    is_same: impl Fn(&T, &T) -> bool,
    (code, message): (Code, &str),
    problems: &mut Problems,
) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = entries.iter().map(|entry| read(entry, problems)).collect();
    let mut is_good = true;
    for (at, one) in read.iter().enumerate() {
        let same = |other: &Option<T>| one.as_ref().zip(other.as_ref()).is_some_and(|(a, b)| is_same(a, b));
        if let Some(first) = read.iter().take(at).position(same) {
            is_good = false;
            let draft =
                Draft::new(code, entries[at].span(), message).see(entries[first].span(), "first here");
            problems.push(draft.help("keep the one that is right"));
        }
    }
    read.into_iter().collect::<Option<_>>().filter(|_| is_good)
}

/// Reports the required keys that a mapping does not have. `what` has its article: "a rule".
pub(super) fn require_keys(fields: &Fields<'_>, what: &str, problems: &mut Problems) {
    for key in fields.missing_keys() {
        let draft = Draft::new(Code::MissingKey, fields.span(), format!("{what} needs `{key}`"));
        problems.push(draft.help(format!("add `{key}`")));
    }
}

/// Returns the member of a fixed set that a word names. Reports another word, and returns `None`. `what` has its article:
/// "a metric".
pub(super) fn known_word<T: Copy, const N: usize>(
    at: &Spanned<String>,
    all: [T; N],
    name: impl Fn(T) -> &'static str,
    (code, what): (Code, &str),
    problems: &mut Problems,
) -> Option<T> {
    let found = word(at, all, &name);
    if found.is_none() {
        problems.push(unknown(code, at, what, all.map(name)));
    }
    found
}

/// Returns the member of a fixed set that a word names.
pub(super) fn word<T: Copy, const N: usize>(
    at: &Spanned<String>,
    all: [T; N],
    name: impl Fn(T) -> &'static str,
) -> Option<T> {
    all.into_iter().find(|one| name(*one) == at.value)
}

/// A word that is not one of a fixed set. `what` has its article: "a metric".
pub(super) fn unknown<'k>(
    code: Code,
    at: &Spanned<String>,
    what: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Draft {
    // Two rules may still have one id.
    let mut known: Vec<&str> = known.into_iter().collect();
    let mut named = BTreeSet::new();
    known.retain(|name| named.insert(*name));
    let draft = Draft::new(code, &at.span, format!("{} is not {what}", quote(&at.value)));
    match nearest_name(&at.value, known.iter().copied()) {
        Some(near) => draft.help(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            draft.help(format!("write one of {}", names.join(", ")))
        }
    }
}

pub(super) fn empty_list<T>(at: &Spanned<T>, what: &str) -> Draft {
    Draft::new(Code::EmptyList, &at.span, format!("{what} is an empty list"))
        .help("write at least one entry, or leave the key out")
}

/// Reads a pattern without variables. Reports an invalid one, and returns `None`.
pub(super) fn pattern(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<LabelPattern> {
    let pattern = pattern_with_variables(at, what, problems)?;
    if pattern.has_variable() {
        let message = format!("{what} cannot hold a variable: {}", quote(&at.value));
        problems.push(Draft::new(Code::MisplacedVariable, &at.span, message).help(
            "`{candidate}` and `{line}` work in `defects.blocking` only; write `*` or `{version}`, or the name itself",
        ));
        return None;
    }
    Some(pattern)
}

/// Reads a pattern, which may contain `{candidate}` and `{line}`. Reports an invalid one, and returns `None`.
pub(super) fn pattern_with_variables(
    at: &Spanned<String>,
    what: &str,
    problems: &mut Problems,
) -> Option<LabelPattern> {
    match LabelPattern::new(&at.value) {
        Ok(pattern) => Some(pattern),
        Err(PatternProblem::Empty) => {
            problems.push(
                Draft::new(Code::EmptyText, &at.span, format!("{what} is empty"))
                    .help("write a name, or remove it"),
            );
            None
        }
        Err(problem) => {
            let message = format!("{} is not {what}: {problem}", quote(&at.value));
            problems.push(Draft::new(Code::BadPattern, &at.span, message).help(
                "`*` stands for any run of characters, `{version}` for a version, `{product}` for a product's name; the rest \
                 is the name itself",
            ));
            None
        }
    }
}

/// Returns a name in kebab-case; `None` for another name, which is then reported. `what` has its article.
pub(super) fn kebab_case(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    // The id is written in comments such as `/escape-gate override abc1234 zero-critical REASON`,
    // so it must be one word.
    if at.value.split('-').all(is_part) {
        return Some(at.value.clone());
    }
    let better: Vec<String> = at
        .value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let message = format!("{what} is in kebab-case: small letters and digits, with single hyphens between");
    let draft = Draft::new(Code::NotKebabCase, &at.span, message);
    problems.push(if better.is_empty() {
        draft.help("write a name such as `zero-critical`")
    } else {
        draft.help(format!("write {}", quote(&better.join("-"))))
    });
    None
}

/// Returns the meaning of a word, and `default` for an omitted key; `None` for another word, which is then reported.
pub(super) fn one_of<T: Copy, const N: usize>(
    field: &Field<String>,
    key: &str,
    words: [(&'static str, T); N],
    default: T,
    problems: &mut Problems,
) -> Option<T> {
    field.check_or(default, |at| {
        let found = words.iter().find(|(name, _)| *name == at.value).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let (what, known) = (format!("a word of {key}"), words.map(|(name, _)| name));
            problems.push(unknown(Code::UnknownWord, at, &what, known));
        }
        found
    })
}

/// Returns a text with at least one visible letter or digit; `None` for another text, which is then reported.
pub(super) fn visible_text(
    at: &Spanned<String>,
    what: &str,
    help: &str,
    problems: &mut Problems,
) -> Option<String> {
    // A reason of zero-width characters passes a test for empty text, and a reviewer sees nothing.
    if has_visible_text(&at.value) {
        return Some(at.value.trim().to_owned());
    }
    problems.push(Draft::new(Code::EmptyText, &at.span, format!("{what} is empty")).help(help));
    None
}

/// Returns a text that is not blank. A blank condition would match nothing, and a blank reason says nothing.
pub(super) fn filled(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<String> {
    let text = at.value.trim();
    if text.is_empty() {
        problems.push(Draft::new(Code::EmptyText, &at.span, format!("{what} is empty")).help("write a text"));
        return None;
    }
    Some(text.to_owned())
}

/// Returns a list of names, none of them blank; `None` inside if there is no list.
pub(super) fn check_names(
    field: &Field<Vec<Spanned<String>>>,
    what: &str,
    problems: &mut Problems,
) -> Option<Option<Vec<String>>> {
    match field {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) if at.value.is_empty() => {
            problems.push(empty_list(at, what));
            None
        }
        Field::Good(at) => all_or_none(&at.value, |one| filled(one, "a name", problems)).map(Some),
    }
}

/// Returns the number of an issue, which is at least 1.
pub(super) fn check_issue(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<IssueNumber> {
    let number = check_whole(at, "`issue`", problems)?;
    if number == 0 {
        let draft = Draft::new(Code::Zero, &at.span, "there is no issue 0");
        problems.push(draft.help("write the number of the issue, without `#`"));
        return None;
    }
    Some(IssueNumber(number))
}

/// Returns a date; `None` for another text, which is then reported with this help.
pub(super) fn check_date(at: &Spanned<String>, help: &str, problems: &mut Problems) -> Option<Date> {
    // The parser also accepts `20261201` and a date with a time. One spelling avoids doubt about
    // the day.
    let date = at.value.parse::<Date>().ok().filter(|date| date.to_string() == at.value);
    if date.is_none() {
        let message = format!("{} is not a date", quote(&at.value));
        problems.push(Draft::new(Code::BadDate, &at.span, message).help(help));
    }
    date
}
