//! A scenario as a snapshot of schema 2.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::repository::{Repository, moment};

/// The repository that every scenario is about.
const HERE: &str = "acme/shop";

/// The snapshot.
pub fn of(scenario: &Value, built: &Repository) -> Value {
    let history = &scenario["history"];
    let id = |symbol: &Value| id_of(symbol, built);
    let releases = history["releases"].as_array().into_iter().flatten().map(|release| {
        json!({
            "tag": release["tag"], "commit": id(&release["commit"]), "prerelease": release["prerelease"] == true,
            "draft": release["draft"] == true,
            "published-at": moment(release["published"].as_str().unwrap()),
        })
    });
    let candidate = &scenario["candidate"];
    let pull = candidate["pull_request"].as_u64();
    let name = match (&candidate["tag"], pull) {
        (Value::String(tag), _) => tag.clone(),
        (_, Some(number)) => format!("#{number}"),
        (_, None) => candidate["branch"].as_str().unwrap_or("main").to_owned(),
    };
    let pulls: Vec<&Value> = history["pull_requests"].as_array().into_iter().flatten().collect();
    let issues =
        scenario["tickets"].as_array().into_iter().flatten().map(|ticket| issue(ticket, &pulls, built));
    let linked = |number: &Value| {
        scenario["tickets"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|ticket| ticket["linked"].as_array().into_iter().flatten().any(|one| one == number))
    };
    let others = pulls.iter().filter(|pull| !linked(&pull["number"]) && pull["repository"].is_null());
    json!({
        "schema": 2,
        "taken-at": "2026-06-15T12:00:00Z",
        "repository": HERE,
        "candidate": {
            "name": name, "tag": candidate["tag"], "head": id(&candidate["commit"]),
            "branch": candidate["branch"], "pull-request": pull,
        },
        "releases": releases.collect::<Vec<_>>(),
        "issues": issues.collect::<Vec<_>>(),
        "pull-requests": others.map(|pull| pull_request(pull, built)).collect::<Vec<_>>(),
        "history": built.history,
    })
}

fn issue(ticket: &Value, pulls: &[&Value], built: &Repository) -> Value {
    let opened = moment(ticket["opened"].as_str().unwrap());
    let time = |value: &Value| value.as_str().map(moment);
    let closed = &ticket["closed"];
    let closing =
        closed.is_object().then(|| json!({ "by": actor(&closed["by"]), "change": closed["change"] }));
    let linked = ticket["linked"].as_array().into_iter().flatten().map(|number| {
        let pull =
            pulls.iter().find(|pull| pull["number"] == *number).expect("a linked pull request is listed");
        fix(pull, built)
    });
    // A commit that closes the issue without a pull request is linked by the closing.
    let by_commit = closed["change"].as_str().and_then(|change| built.ids.get(change));
    let by_commit =
        by_commit.map(|id| json!({ "commit": id, "merged-at": time(&closed["at"]), "state": "merged" }));
    let labels = ticket["labels"].as_array().into_iter().flatten();
    let events = labels.clone().enumerate().flat_map(|(at, label)| {
        let is_reporter = label["by"] == "reporter";
        let later = SignedDuration::from_mins(i64::try_from(at).unwrap() + 60);
        let when = time(&label["at"]).unwrap_or(if is_reporter { opened } else { opened + later });
        let event = |at: Timestamp, set: bool| {
            json!({ "at": at, "set": set, "label": label["name"], "by": actor(&label["by"]) })
        };
        let unset = time(&label["removed"]).or(time(&label["unset_in_history"]));
        std::iter::once(event(when, true)).chain(unset.map(|at| event(at, false)))
    });
    let set = labels.clone().filter(|label| label["removed"].is_null());
    let mut issue = json!({
        "number": ticket["number"],
        "title": "A defect",
        "url": format!("https://github.com/{HERE}/issues/{}", ticket["number"]),
        "body": body(ticket),
        "author": "reporter",
        "author-role": ticket["author_role"].as_str().unwrap_or("reporter"),
        "state": ticket["state"],
        "created-at": opened,
        "updated-at": "2026-06-10T12:00:00Z",
        "reopened-at": time(&ticket["reopened"]),
        "closed-at": time(&closed["at"]),
        "closing": closing,
        "duplicate-of": ticket["duplicate_of"],
        "milestone": ticket["milestone"],
        "labels": set.map(|label| label["name"].clone()).collect::<Vec<_>>(),
        "label-history": { "events": events.collect::<Vec<_>>() },
        "fixes": linked.chain(by_commit).collect::<Vec<_>>(),
    });
    if ticket["state"] == "closed" {
        issue["state-reason"] = reason(&ticket["reason"]);
    }
    if let Some(origin) = ticket["origin"].as_object() {
        issue["bisects"] = bisect(origin, built, opened);
    }
    issue
}

/// A reason for closing; one that this version does not know keeps its name.
fn reason(reason: &Value) -> Value {
    match reason.as_str() {
        None | Some("completed" | "not-planned" | "duplicate" | "reopened") => reason.clone(),
        Some(other) => json!({ "other": other }),
    }
}

/// The description: what is written, or a form that says what the version reader is to find.
fn body(ticket: &Value) -> String {
    if let Some(body) = ticket["body"].as_str() {
        return body.to_owned();
    }
    let affected = ticket["parsed"]["affected"].as_array().into_iter().flatten();
    let affected: Vec<&str> = affected.filter_map(Value::as_str).collect();
    if affected.is_empty() { String::new() } else { format!("### Version\n\n{}\n", affected.join(", ")) }
}

fn bisect(origin: &serde_json::Map<String, Value>, built: &Repository, opened: Timestamp) -> Value {
    let id = &built.ids[origin["commit"].as_str().unwrap()];
    let association = if origin["by"] == "maintainer" { "MEMBER" } else { "NONE" };
    json!({ "found": [{
        "created-at": opened + SignedDuration::from_hours(1),
        "url": format!("https://github.com/{HERE}/issues/1#issuecomment-1"),
        "by": origin["by"], "association": association, "hidden": false,
        "result": { "commit": id, "text": format!("{id} is the first bad commit") },
    }] })
}

fn actor(by: &Value) -> Value {
    match by.as_str() {
        Some("bot") => json!({ "login": "triage-bot", "bot": true }),
        Some(name) => json!({ "login": name }),
        None => Value::Null,
    }
}

fn fix(pull: &Value, built: &Repository) -> Value {
    let id = id_of(&pull["commit"], built);
    let mut fix = json!({
        "pull-request": pull["number"], "state": pull["state"], "base": pull["base"], "commit": id,
        "merged-at": pull["merged_at"].as_str().map(moment), "title": pull["title"], "description": pull["body"],
        "head-branch": pull["head"],
    });
    if let Some(repository) = pull["repository"].as_str().filter(|name| *name != HERE) {
        fix["repository"] = repository.into();
    }
    fix
}

fn pull_request(pull: &Value, built: &Repository) -> Value {
    let id = id_of(&pull["commit"], built);
    let labels = pull["labels"].as_array().into_iter().flatten();
    json!({
        "number": pull["number"], "title": pull["title"], "body": pull["body"], "base": pull["base"],
        "state": pull["state"], "commit": id, "merged-at": pull["merged_at"].as_str().map(moment),
        "created-at": "2026-01-01T12:00:00Z", "updated-at": "2026-06-10T12:00:00Z",
        "labels": labels.map(|label| if label.is_string() { label.clone() } else { label["name"].clone() }).collect::<Vec<_>>(),
        "milestone": pull["milestone"], "head-branch": pull["head"],
    })
}

/// The id of a commit by its symbol; what is no symbol of the history stays as it is.
fn id_of(symbol: &Value, built: &Repository) -> Value {
    match symbol.as_str() {
        Some(name) => built.ids.get(name).map_or_else(|| symbol.clone(), |id| Value::from(id.as_str())),
        None => Value::Null,
    }
}
