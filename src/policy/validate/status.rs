//! `defects.status`, and the other keys of `defects` that say what a status rests on.

use super::super::blocking::{StatusEntry, StatusScope};
use super::super::code::Code;
use super::super::raw::RawStatus;
use super::{exceptions, unknown, word};
use crate::model::{Status, Tag, has_visible_text};
use crate::policy::language::{Draft, Field, Problems, Spanned, quote};

/// `pre-releases`: `true` for `caught`.
pub(super) fn pre_releases_caught(field: &Field<String>, problems: &mut Problems) -> Option<bool> {
    one_of(field, "`pre-releases`", [("caught", true)], false, problems)
}

/// `closed-without-change`: `true` for `fixed`.
pub(super) fn closed_by_hand_is_fixed(field: &Field<String>, problems: &mut Problems) -> Option<bool> {
    one_of(field, "`closed-without-change`", [("fixed", true), ("unknown", false)], true, problems)
}

/// The meaning of a word; that of an omitted key is `default`. `None` for another word, which is then reported.
pub(super) fn one_of<T: Copy, const N: usize>(
    field: &Field<String>,
    key: &str,
    words: [(&'static str, T); N],
    default: T,
    problems: &mut Problems,
) -> Option<T> {
    let at = match field {
        Field::Absent => return Some(default),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    let found = words.iter().find(|(name, _)| *name == at.value).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let known = words.map(|(name, _)| name);
        problems.push(unknown(Code::UnknownWord, at, &format!("a word of {key}"), known));
    }
    found
}

/// What people say about single issues; `None` if something is wrong with it, which is then reported.
pub(super) fn entries(field: &Field<Vec<RawStatus>>, problems: &mut Problems) -> Option<Vec<StatusEntry>> {
    let raw = match field {
        Field::Absent => return Some(Vec::new()),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let read: Vec<Option<StatusEntry>> = raw.iter().map(|one| entry(one, problems)).collect();
    let mut whole = true;
    for (at, one) in read.iter().enumerate() {
        let same = |other: &Option<StatusEntry>| {
            one.as_ref()
                .zip(other.as_ref())
                .is_some_and(|(one, other)| one.issue == other.issue && one.scope == other.scope)
        };
        if let (Some(first), Some(again)) =
            (read.iter().take(at).position(same).and_then(|at| raw.get(at)), raw.get(at))
        {
            whole = false;
            let message = "two entries state the status of the same release for the same issue";
            let draft = Draft::new(Code::BadStatus, &again.span, message).see(&first.span, "first here");
            problems.push(draft.help("keep the one that is right"));
        }
    }
    read.into_iter().collect::<Option<Vec<_>>>().filter(|_| whole)
}

fn entry(raw: &RawStatus, problems: &mut Problems) -> Option<StatusEntry> {
    for (key, is_absent) in [
        ("issue", raw.issue.is_absent()),
        ("in", raw.scope.is_absent()),
        ("is", raw.is.is_absent()),
        ("by", raw.by.is_absent()),
        ("reason", raw.reason.is_absent()),
    ] {
        if is_absent {
            let message = format!("an entry of `status` needs `{key}`");
            problems.push(Draft::new(Code::MissingKey, &raw.span, message).help(format!("add `{key}`")));
        }
    }
    let issue = raw.issue.good().and_then(|at| exceptions::issue(at, problems));
    let scope = raw.scope.good().and_then(|at| scope(at, problems));
    let is = raw.is.good().and_then(|at| {
        let found = word(at, Status::ALL, Status::name);
        if found.is_none() {
            problems.push(unknown(Code::UnknownWord, at, "a status", Status::ALL.map(Status::name)));
        }
        found
    });
    let by = raw.by.good().and_then(|at| visible_text(at, "`by`", "write who says so: a login", problems));
    let reason =
        raw.reason.good().and_then(|at| visible_text(at, "the reason", "write how it is known", problems));
    Some(StatusEntry { issue: issue?, scope: scope?, is: is?, by: by?, reason: reason? })
}

/// `v1.6.0` is a release, `1.6` and `1.6.x` are a line.
fn scope(at: &Spanned<String>, problems: &mut Problems) -> Option<StatusScope> {
    let text =
        visible_text(at, "`in`", "write a release such as `v1.6.0`, or a line such as `1.6`", problems)?;
    if text.contains(char::is_whitespace) {
        let message = format!("{} is neither a release nor a release line", quote(&at.value));
        let draft = Draft::new(Code::BadStatus, &at.span, message);
        problems.push(draft.help("write one release such as `v1.6.0`, or one line such as `1.6`"));
        return None;
    }
    let numbers = text.strip_suffix(".x").unwrap_or(&text);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = numbers.split('.').collect();
    let is_line = parts.iter().all(|part| is_number(part)) && (parts.len() < 3 || numbers != text);
    Some(if is_line { StatusScope::Line(numbers.to_owned()) } else { StatusScope::Release(Tag(text)) })
}

/// A text with at least one letter or digit; characters that nobody sees say nothing.
pub(super) fn visible_text(
    at: &Spanned<String>,
    what: &str,
    help: &str,
    problems: &mut Problems,
) -> Option<String> {
    if has_visible_text(&at.value) {
        return Some(at.value.trim().to_owned());
    }
    problems.push(Draft::new(Code::EmptyText, &at.span, format!("{what} is empty")).help(help));
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::policy::{StatusScope, parse};

    #[test]
    fn release_and_line_are_distinguished() {
        for (text, line) in
            [("1.6", true), ("1.6.x", true), ("29", true), ("v1.6.0", false), ("1.6.0", false)]
        {
            let source = format!(
                "version: 1\ndefects: {{ escaped: {{ labels: [p] }}, status: [{{ issue: 1, in: {text}, is: fixed, by: m, \
                 reason: r }}] }}\nrules: [{{ id: a, metric: escaped, max: 0 }}]\n"
            );
            let policy = parse(source.as_bytes(), "policy.yml").unwrap().policy;
            let scope = &policy.defects.status[0].scope;
            assert_eq!(matches!(scope, StatusScope::Line(_)), line, "{scope:?}");
        }
    }
}
