//! Issues and pull requests that nothing but their milestone selects.

use super::changes::port;
use super::*;
use crate::tracker::WantedMilestone;
use wiremock::Mock;
use wiremock::matchers::body_string_contains;

fn milestone(number: u64, title: &str) -> Value {
    json!({ "id": format!("MI_{number}"), "number": number, "title": title })
}

/// An issue without labels in a milestone.
fn in_milestone(number: u64, title: &str) -> Value {
    let mut issue = issue(number);
    issue["labels"] = list(&json!([]));
    issue["milestone"] = milestone(4, title);
    issue
}

fn open_pull(number: u64) -> Value {
    let mut pull = port(number, "", "acme/shop");
    pull["state"] = json!("OPEN");
    pull["labels"] = json!({ "pageInfo": { "hasNextPage": false }, "nodes": [] });
    pull["events"] = json!({ "pageInfo": { "hasPreviousPage": false }, "nodes": [] });
    pull
}

/// A repository with the label `production-bug` that no issue has, these milestones, and these issues in one of them.
fn planned(milestones: &Value, issues: &Value) -> Fake {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    fake.graphql("query Milestones", &json!({ "repository": { "milestones": milestones } }));
    let lists = json!({ "list0": list(&json!([])), "list1": { "issues": issues } });
    fake.graphql("query Tickets", &json!({ "repository": lists }));
    fake
}

/// Adds the pull requests of the milestone.
fn with_pulls(fake: Fake, pulls: &Value) -> Fake {
    let page = json!({ "repository": { "milestone": { "pullRequests": pulls } } });
    fake.graphql("query MilestonePulls", &page);
    fake
}

fn selected(fake: &Fake, expected: Option<&str>) -> Snapshot {
    let is_wanted = |title: &str| title == "v1.4.0";
    let wanted = [WantedMilestone { expected, matches: &is_wanted }];
    let wants = |label: &str| label == "production-bug";
    let client = fake.client();
    let ask = CollectionRequest { wants_label: &wants, milestones: &wanted, ..of_head() };
    GitHub::new(&client, RepositoryName::parse("acme/shop").unwrap()).collect(&ask).unwrap()
}

/// Variables of the requests whose document holds these words.
fn asked(fake: &Fake, words: &str) -> Vec<Value> {
    let bodies = fake.requests().into_iter().map(|request| request.body_json::<Value>().unwrap());
    let documents = bodies.filter(|body| body["query"].as_str().unwrap().contains(words));
    documents.map(|body| body["variables"].clone()).collect()
}

#[test]
fn issues_and_pull_requests_of_a_milestone_are_read_by_its_number() {
    let milestones = list(&json!([milestone(3, "v1.3.0"), milestone(4, "v1.4.0")]));
    let fake = planned(&milestones, &list(&json!([in_milestone(7, "v1.4.0")])));
    let fake = with_pulls(fake, &list(&json!([open_pull(30)])));
    let snapshot = selected(&fake, Some("v1.4.0"));
    assert_eq!(only_issue(&snapshot).milestone.as_deref(), Some("v1.4.0"));
    let [pull] = snapshot.pull_requests.as_deref().unwrap() else { panic!("{:?}", snapshot.pull_requests) };
    assert_eq!((pull.number, pull.state), (30, ChangeState::Open));
    assert!(pull.label_history.is_some());
    assert_eq!(snapshot.warnings.len(), 0, "{:?}", snapshot.warnings);
    assert_eq!(asked(&fake, "query Tickets")[0]["chosen1"], 4);
    assert_eq!(asked(&fake, "query MilestonePulls").len(), 1);
    assert_eq!(asked(&fake, "query MilestonePulls")[0]["number"], 4);
}

#[test]
fn pages_of_milestones_and_pull_requests_are_followed() {
    let fake = Fake::start();
    let labels = list(&json!([{ "name": "production-bug" }]));
    fake.graphql("query Overview", &overview(&labels, &list(&json!([]))));
    let none = json!({ "list0": list(&json!([])), "list1": { "issues": list(&json!([])) } });
    fake.graphql("query Tickets", &json!({ "repository": none }));
    let pages = |words: &str, first: Value, second: Value, answer: &dyn Fn(Value) -> Value| {
        let mut last = list(&json!([second]));
        last["totalCount"] = json!(2);
        let body = json!({ "data": { "repository": answer(last) } });
        let asked = Mock::given(body_string_contains(words)).and(body_string_contains("\"next\""));
        fake.mount(asked.respond_with(ResponseTemplate::new(200).set_body_json(body)));
        fake.graphql(words, &json!({ "repository": answer(first_of(2, &json!([first]))) }));
    };
    let (older, wanted) = (milestone(3, "v1.3.0"), milestone(4, "v1.4.0"));
    pages("query Milestones", older, wanted, &|page| json!({ "milestones": page }));
    pages(
        "query MilestonePulls",
        open_pull(30),
        open_pull(31),
        &|page| json!({ "milestone": { "pullRequests": page } }),
    );
    let snapshot = selected(&fake, None);
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let numbers: Vec<u64> = snapshot.pull_requests.unwrap().iter().map(|pull| pull.number).collect();
    assert_eq!(numbers, [30, 31]);
}

#[test]
fn milestone_that_does_not_exist_selects_nothing() {
    let milestones = list(&json!([milestone(3, "v1.3.0")]));
    let candidate = selected(&planned(&milestones, &Value::Null), None);
    assert_eq!((gaps(&candidate).len(), candidate.warnings.len()), (0, 0), "{:?}", candidate.gaps);
    assert_eq!(candidate.issues.as_deref(), Some(&[][..]));

    let written = selected(&planned(&milestones, &Value::Null), Some("v1.4.0"));
    assert_eq!(gaps(&written).len(), 0, "{:?}", written.gaps);
    let warning = "no milestone of acme/shop matches `v1.4.0` of the policy; nearest: `v1.3.0`";
    assert_eq!(written.warnings.first().unwrap().0, warning);
}

#[test]
fn milestones_that_cannot_be_read_are_a_gap() {
    let unread = [
        (Value::Null, "read 0 of an unknown number milestones: a page did not come"),
        (list(&json!([{ "id": "MI_1", "number": 1 }])), "a milestone came without its number or its title"),
        (first_of(2, &json!([])), "read 0 of 2 milestones: the next page cannot be asked for"),
    ];
    for (milestones, what) in unread {
        assert_eq!(gaps(&selected(&planned(&milestones, &Value::Null), None)), [what]);
    }
}

#[test]
fn milestone_deleted_while_reading_is_a_gap() {
    let milestones = list(&json!([milestone(4, "v1.4.0")]));
    let fake = with_pulls(planned(&milestones, &Value::Null), &Value::Null);
    let expected = [
        "read 0 of an unknown number issues in milestone `v1.4.0`: a page did not come",
        "read 0 of an unknown number pull requests in milestone `v1.4.0`: a page did not come",
    ];
    assert_eq!(gaps(&selected(&fake, None)), expected);
}

#[test]
fn milestones_are_read_only_on_request() {
    let fake = fake(&list(&json!([])));
    assert_eq!(gaps(&gather(&fake)).len(), 0);
    assert!(asked(&fake, "query Milestones").is_empty());
}
