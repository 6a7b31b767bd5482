//! `defects.status`: statements on the status of single issues.

use crate::model::{Status, Tag};
use crate::policy::blocking::{StatusEntry, StatusScope};
use crate::policy::checks::{check_issue, known_word, read_distinct, require_keys, visible_text};
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, RELEASE_OR_LINE, ValueType};
use crate::policy::language::{
    Draft, Fields, Node, Problems, Spanned, quote, read_entries, read_scalar, read_text, read_text_or_number,
};

/// An entry of `defects.status`.
pub(in crate::policy) const STATUS: &[Key] = &[
    Key::new("issue", ValueType::Whole { most: u64::MAX }, Merge::Own, "The issue.").required(),
    Key::new("in", RELEASE_OR_LINE, Merge::Own, "A release (`v1.6.0`) or a release line (`1.6`, `1.6.x`).")
        .required(),
    Key::new(
        "is",
        ValueType::Word(|| Status::ALL.map(Status::name).to_vec()),
        Merge::Own,
        "Status of the release for the issue.",
    )
    .required(),
    Key::new("by", ValueType::Text, Merge::Own, "Login of the person who says so. The report shows it.")
        .required(),
    Key::new("reason", ValueType::Text, Merge::Own, "Reason. The report shows it.").required(),
];

/// Reads `defects.status`. Entries that are not mappings are reported and left out.
pub(in crate::policy) fn read_status(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<Vec<StatusEntry>> {
    let entries = read_entries(node, name, problems, |item, problems| {
        Fields::open(item, "an entry of `status`", STATUS, problems)
    })?;
    let is_same =
        |one: &StatusEntry, other: &StatusEntry| one.issue == other.issue && one.scope == other.scope;
    let message = "two entries state the status of the same release for the same issue";
    read_distinct(&entries, read_status_entry, is_same, (Code::BadStatus, message), problems)
}

fn read_status_entry(entry: &Fields<'_>, problems: &mut Problems) -> Option<StatusEntry> {
    require_keys(entry, "an entry of `status`", problems);
    let issue = entry.get("issue", problems, read_scalar);
    let issue = issue.good().and_then(|at| check_issue(at, problems));
    let scope = entry.get("in", problems, read_text_or_number);
    let scope = scope.good().and_then(|at| check_scope(at, problems));
    let is = entry.get("is", problems, read_text);
    let is = is
        .good()
        .and_then(|at| known_word(at, Status::ALL, Status::name, (Code::UnknownWord, "a status"), problems));
    let mut text = |key, what, help| {
        let field = entry.get(key, problems, read_text);
        field.good().and_then(|at| visible_text(at, what, help, problems))
    };
    let by = text("by", "`by`", "write who says so: a login");
    let reason = text("reason", "the reason", "write how it is known");
    Some(StatusEntry { issue: issue?, scope: scope?, is: is?, by: by?, reason: reason? })
}

/// `v1.6.0` is a release, `1.6` and `1.6.x` are a line.
fn check_scope(at: &Spanned<String>, problems: &mut Problems) -> Option<StatusScope> {
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
    // `1.6` is a line and `1.6.0` a release. `1.6.0.x` is a line of four-part versions.
    let is_line = parts.iter().all(|part| is_number(part)) && (parts.len() < 3 || numbers != text);
    Some(if is_line { StatusScope::Line(numbers.to_owned()) } else { StatusScope::Release(Tag(text)) })
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
