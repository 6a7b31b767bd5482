//! The kinds of values that cases are made of.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::checks::all_or_none;
use super::super::code::Code;
use super::super::numbers::check_whole;
use crate::model::IssueNumber;
use crate::policy::language::{
    Draft, Field, Fields, Node, NodeKind, Problems, Spanned, in_backticks, quote, read_list, read_scalar,
    read_text,
};

/// A key that has to be there.
pub(super) fn required_key<'n, T>(
    fields: &Fields<'n>,
    key: &str,
    node: &Node,
    what: &str,
    problems: &mut Problems,
    read: impl FnOnce(&'n Node, &str, &mut Problems) -> Option<T>,
) -> Option<Spanned<T>> {
    match fields.get(key, problems, read) {
        Field::Good(at) => Some(at),
        Field::Bad => None,
        Field::Absent => {
            let draft = Draft::new(Code::MissingKey, &node.span, format!("{what} needs `{key}`"));
            problems.push(draft.help(format!("add `{key}`")));
            None
        }
    }
}

/// A text that is not blank.
pub(super) fn require_text(at: &Spanned<String>, what: &str, problems: &mut Problems) -> Option<String> {
    if at.value.trim().is_empty() {
        problems.push(Draft::new(Code::EmptyText, &at.span, format!("{what} is empty")).help("write a text"));
        return None;
    }
    Some(at.value.clone())
}

/// A text that is not blank, as the value of a key.
pub(super) fn read_word(node: &Node, name: &str, problems: &mut Problems) -> Option<String> {
    let value = read_text(node, name, problems)?;
    require_text(&Spanned { value, span: node.span.clone() }, name, problems)
}

/// Reads a date, which means its first instant in UTC, or a point in time.
pub(super) fn read_moment(node: &Node, name: &str, problems: &mut Problems) -> Option<Timestamp> {
    let found = read_text(node, name, problems)?;
    let of_date = |date: Date| date.to_zoned(TimeZone::UTC).map(|day| day.timestamp());
    let read = match found.parse::<Timestamp>() {
        Ok(moment) => Some(moment),
        // A date and nothing behind it: a time without its zone could be any of 24.
        Err(_) if found.len() == "2026-09-01".len() => found.parse::<Date>().and_then(of_date).ok(),
        Err(_) => None,
    };
    if read.is_none() {
        let message = format!("{name} is no point in time: {}", quote(&found));
        let help = "write a date, `2026-09-01`, or a time with its zone, `2026-09-01T12:00:00Z`";
        problems.push(Draft::new(Code::BadMoment, &node.span, message).help(help));
    }
    read
}

/// A whole number.
pub(super) fn read_number(node: &Node, name: &str, problems: &mut Problems) -> Option<u64> {
    let value = read_scalar(node, name, problems)?;
    check_whole(&Spanned { value, span: node.span.clone() }, name, problems)
}

/// Reads a whole number up to a greatest one.
pub(super) fn read_number_up_to(
    most: u64,
) -> impl for<'n> FnOnce(&'n Node, &str, &mut Problems) -> Option<u64> {
    move |node, name, problems| {
        let read = read_number(node, name, problems)?;
        if read > most {
            let draft = Draft::new(Code::TooBig, &node.span, format!("{name} is greater than {most}"));
            problems.push(draft.help("a case needs no more than that; give a snapshot for a whole history"));
            return None;
        }
        Some(read)
    }
}

/// True or false.
pub(super) fn read_flag(node: &Node, name: &str, problems: &mut Problems) -> Option<bool> {
    match &node.kind {
        // YAML 1.1 also has `yes` and `on`. Parsers disagree about them, so they are refused.
        NodeKind::Plain(text) if text == "true" => Some(true),
        NodeKind::Plain(text) if text == "false" => Some(false),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) | NodeKind::Map(_) => {
            let message = format!("{name} must be a truth value, not {}", node.describe());
            problems.push(Draft::new(Code::WrongType, &node.span, message).help("write `true` or `false`"));
            None
        }
    }
}

/// Numbers of issues.
pub(super) fn read_issue_numbers(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<Vec<IssueNumber>> {
    let items = read_list(node, name, problems)?;
    let entry = format!("an entry of {name}");
    all_or_none(items, |item| read_number(item, &entry, problems).map(IssueNumber))
}

/// Reads each entry of a list. Reports every invalid entry, and returns `None` if there is one.
pub(super) fn read_each<'n, T>(
    node: &'n Node,
    name: &str,
    problems: &mut Problems,
    mut read: impl FnMut(&'n Node, &mut Problems) -> Option<T>,
) -> Option<Vec<T>> {
    let items = read_list(node, name, problems)?;
    all_or_none(items, |item| read(item, problems))
}

/// Reads a word of a fixed set.
pub(super) fn read_one_of(
    code: Code,
    words: &'static [&'static str],
) -> impl for<'n> FnOnce(&'n Node, &str, &mut Problems) -> Option<&'static str> {
    move |node, name, problems| {
        let found = read_text(node, name, problems)?;
        let known = words.iter().find(|word| **word == found).copied();
        if known.is_none() {
            let message = format!("{name} cannot be {}", quote(&found));
            let draft = Draft::new(code, &node.span, message);
            problems.push(draft.help(format!("write one of {}", in_backticks(words.iter().copied()))));
        }
        known
    }
}
