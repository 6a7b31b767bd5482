//! What happened to a ticket: what and who closed it, that it was reopened, who labelled it when, what refers to it.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::query;
use super::super::reader::PagedReader;
use crate::model::{Actor, Area, LabelEvent, LabelHistory};

/// How many times earlier events are asked for. A ticket beyond that is a bot's playground.
const PAGES: usize = 10;

/// The events of a ticket, told apart.
pub struct IssueEvents {
    /// The last time it was closed.
    pub closed: Option<ClosedEvent>,
    /// The last time it was reopened.
    pub reopened: Option<Timestamp>,
    /// Its label changes.
    pub labels: LabelHistory,
    /// What refers to it, as GitHub gives it.
    pub referrers: Vec<Value>,
}

/// That an issue was closed.
pub struct ClosedEvent {
    /// Time when it was closed.
    pub at: Timestamp,
    /// The account that did, or whose merge did; `None` for a deleted account.
    pub by: Option<Actor>,
    /// The change that did, as GitHub gives it; null if it was closed by hand.
    pub closer: Value,
}

/// All events of a ticket, of which `last` is the last page.
pub fn read(reader: &mut PagedReader<'_>, id: &str, number: &str, mut last: Value) -> IssueEvents {
    let labels = LabelHistory { events: Vec::new(), more: false };
    let mut history = IssueEvents { closed: None, reopened: None, labels, referrers: Vec::new() };
    for _ in 0..PAGES {
        let Some(earlier) = page(reader, number, &mut last, &mut history) else {
            history.labels.events.reverse();
            return history;
        };
        let what = format!("events of ticket {number}");
        let variables = json!({ "id": id, "before": earlier });
        let Some(mut data) = reader.ask(Area::Issues, &what, &query::ticket_events(), &variables) else {
            break;
        };
        last = data["node"]["timelineItems"].take();
    }
    history.labels.events.reverse();
    history.labels.more = true;
    history
}

/// Takes a page of events, the newest first. Where the earlier ones end, if there are any.
fn page(
    reader: &mut PagedReader<'_>,
    number: &str,
    page: &mut Value,
    history: &mut IssueEvents,
) -> Option<String> {
    let Value::Array(events) = page["nodes"].take() else {
        reader.gap(Area::Issues, format!("the events of ticket {number} did not come"), None);
        return None;
    };
    for event in events.into_iter().rev() {
        if !take(event, history) {
            reader.gap(Area::Issues, format!("an event of ticket {number} could not be read"), None);
        }
    }
    match page["pageInfo"]["hasPreviousPage"].as_bool() {
        Some(false) => None,
        Some(true) if page["pageInfo"]["startCursor"].is_string() => {
            page["pageInfo"]["startCursor"].as_str().map(str::to_owned)
        }
        Some(true) | None => {
            reader.gap(
                Area::Issues,
                format!("the earlier events of ticket {number} cannot be asked for"),
                None,
            );
            None
        }
    }
}

/// Takes an event that is older than those taken before. False if it is not understood.
fn take(mut event: Value, history: &mut IssueEvents) -> bool {
    let Some(at) = event["createdAt"].as_str().and_then(|at| at.parse().ok()) else { return false };
    match event["__typename"].as_str() {
        Some("ClosedEvent") => {
            let Some(by) = actor(&event) else { return false };
            let closer = event["closer"].take();
            history.closed.get_or_insert(ClosedEvent { at, by, closer });
            true
        }
        Some("ReopenedEvent") => {
            history.reopened.get_or_insert(at);
            true
        }
        Some("LabeledEvent" | "UnlabeledEvent") => {
            let Some(label) = label_event(&event) else { return false };
            history.labels.events.push(label);
            true
        }
        Some("CrossReferencedEvent") => {
            history.referrers.push(event["source"].take());
            true
        }
        Some(_) | None => false,
    }
}

/// A label that was set or removed; `None` if the event is not understood.
pub fn label_event(event: &Value) -> Option<LabelEvent> {
    let set = match event["__typename"].as_str()? {
        "LabeledEvent" => true,
        "UnlabeledEvent" => false,
        _ => return None,
    };
    let label = event["label"]["name"].as_str()?.to_owned();
    Some(LabelEvent { at: event["createdAt"].as_str()?.parse().ok()?, set, label, by: actor(event)? })
}

/// Who did something: `Some(None)` for a deleted account, `None` if the event does not say.
fn actor(event: &Value) -> Option<Option<Actor>> {
    let actor = event.get("actor")?;
    if actor.is_null() {
        return Some(None);
    }
    let login = actor["login"].as_str()?.to_owned();
    Some(Some(Actor { login: Some(login), bot: actor["__typename"].as_str()? == "Bot" }))
}
