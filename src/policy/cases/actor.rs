//! Reads the accounts and labels of a case.

use jiff::{SignedDuration, Timestamp};

use super::super::{Policy, keys};
use super::read::{read_each, read_moment, read_word, required_key};
use crate::model::{Actor, LabelEvent, LabelHistory};
use crate::policy::language::{Fields, Node, NodeKind, Problems, read_text};

/// The login of whoever opened an issue, if the case does not say.
pub(super) const REPORTER: &str = "reporter";

/// Default time between the opening of an issue and a label of a maintainer.
// Beyond the seconds in which a label counts as set by the issue form.
const TRIAGED_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// A label as a case gives it.
pub(super) struct CaseLabel {
    /// Name of the label.
    pub name: String,
    by: Option<String>,
    at: Option<Timestamp>,
}

/// Labels: names, or mappings that say who set them and when.
pub(super) fn case_labels(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<CaseLabel>> {
    let entry = format!("an entry of {name}");
    read_each(node, name, problems, |item, problems| {
        if !matches!(item.kind, NodeKind::Map(_)) {
            return Some(CaseLabel { name: read_text(item, &entry, problems)?, by: None, at: None });
        }
        let fields = Fields::open(item, "a label", keys::cases::LABEL, problems)?;
        let name = required_key(&fields, "name", item, "a label", problems, read_word);
        let by = fields.get("by", problems, read_word).optional();
        let at = fields.get("at", problems, read_moment).optional();
        Some(CaseLabel { name: name?.value, by: by?, at: at? })
    })
}

/// The account that a case means by `maintainer`, `reporter`, `bot`, or a login. A bot is the first that the policy names.
pub(super) fn case_actor(by: &str, author: &str, policy: Option<&Policy>) -> Actor {
    let (login, bot) = match by {
        "reporter" => (author, false),
        "bot" => (policy.and_then(|policy| policy.bots.first()).map_or("bot", String::as_str), true),
        login => (login.trim_start_matches('@'), false),
    };
    Actor { login: Some(login.to_owned()), bot }
}

/// Returns the history of labels. A label of which nothing else is said was set by a maintainer, an hour after the opening. `None` if
/// nothing at all is said and the case has no history: a snapshot of schema 1 knows no more.
pub(super) fn case_label_history(
    labels: &[CaseLabel],
    has_history: bool,
    opened: Timestamp,
    author: &str,
    policy: Option<&Policy>,
) -> Option<LabelHistory> {
    if !has_history && labels.iter().all(|label| label.by.is_none() && label.at.is_none()) {
        return None;
    }
    let triaged = opened.saturating_add(TRIAGED_AFTER).unwrap_or(opened);
    let mut events: Vec<LabelEvent> = labels
        .iter()
        .map(|label| {
            let by = label.by.as_deref().unwrap_or("maintainer");
            LabelEvent {
                at: label.at.unwrap_or(if by == "reporter" { opened } else { triaged }),
                set: true,
                label: label.name.clone(),
                by: Some(case_actor(by, author, policy)),
            }
        })
        .collect();
    events.sort();
    Some(LabelHistory { events, more: false })
}
