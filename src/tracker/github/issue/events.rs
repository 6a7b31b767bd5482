//! Events of an issue: closed and reopened, labelled by whom and when, referred to by pull requests.

use jiff::Timestamp;
use serde_json::Value;

use super::super::paged_reader::PagedReader;
use super::super::query;
use crate::model::{Actor, LabelEvent, LabelHistory};

/// Events of an issue, by kind.
pub struct IssueEvents {
    /// The latest closing.
    pub closed: Option<ClosedEvent>,
    /// Time of the latest reopening.
    pub reopened: Option<Timestamp>,
    /// Label changes.
    pub labels: LabelHistory,
    /// Issues and pull requests that refer to the issue, as GitHub returns them.
    pub referrers: Vec<Value>,
}

/// The closing of an issue.
pub struct ClosedEvent {
    pub at: Timestamp,
    /// The account that closed the issue, directly or by a merge; `None` for a deleted account.
    pub by: Option<Actor>,
    /// The closing commit or pull request, as GitHub returns it; null if the issue was closed by hand.
    pub closer: Value,
}

/// Reads all events of an issue. `last` is the last page of them.
pub fn read_issue_events(reader: &mut PagedReader<'_>, id: &str, number: &str, last: Value) -> IssueEvents {
    let (what, query) = (format!("events of issue {number}"), query::issue_events_query());
    let (nodes, more) = reader.timeline(&what, id, last, &query, "/node/timelineItems");
    let labels = LabelHistory { events: Vec::new(), more };
    let mut events = IssueEvents { closed: None, reopened: None, labels, referrers: Vec::new() };
    for node in nodes {
        if add_event(node, &mut events).is_none() {
            reader.issue_gap(format!("an event of issue {number} could not be read"));
        }
    }
    events.labels.events.reverse();
    events
}

/// Adds an event that is older than those added before. `None` if the event is malformed.
fn add_event(mut event: Value, events: &mut IssueEvents) -> Option<()> {
    let at = event["createdAt"].as_str()?.parse().ok()?;
    match event["__typename"].as_str()? {
        "ClosedEvent" => {
            let by = event_actor(&event)?;
            // Events come newest first, so the first closing is the latest one.
            events.closed.get_or_insert(ClosedEvent { at, by, closer: event["closer"].take() });
        }
        "ReopenedEvent" => {
            events.reopened.get_or_insert(at);
        }
        "LabeledEvent" | "UnlabeledEvent" => events.labels.events.push(label_event(&event)?),
        "CrossReferencedEvent" => events.referrers.push(event["source"].take()),
        _ => return None,
    }
    Some(())
}

/// Parses the setting or removal of a label. `None` if the event is malformed.
pub fn label_event(event: &Value) -> Option<LabelEvent> {
    let set = match event["__typename"].as_str()? {
        "LabeledEvent" => true,
        "UnlabeledEvent" => false,
        _ => return None,
    };
    let label = event["label"]["name"].as_str()?.to_owned();
    Some(LabelEvent { at: event["createdAt"].as_str()?.parse().ok()?, set, label, by: event_actor(event)? })
}

/// Parses the account that caused an event: `Some(None)` for a deleted account, `None` if the event does not say.
fn event_actor(event: &Value) -> Option<Option<Actor>> {
    let actor = event.get("actor")?;
    if actor.is_null() {
        return Some(None);
    }
    let login = actor["login"].as_str()?.to_owned();
    Some(Some(Actor { login: Some(login), bot: actor["__typename"].as_str()? == "Bot" }))
}
