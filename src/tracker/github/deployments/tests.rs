#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::{Value, json};

use super::super::RepositoryName;
use super::*;
use crate::github::testing::Fake;
use crate::model::Gap;

fn list(nodes: &Value, more: bool) -> Value {
    let total = nodes.as_array().unwrap().len() + usize::from(more);
    let cursor = more.then_some("next");
    json!({ "totalCount": total, "pageInfo": { "hasNextPage": more, "endCursor": cursor }, "nodes": nodes })
}

fn node(id: &str, states: &[&str], more: bool) -> Value {
    let states: Vec<Value> = states.iter().map(|state| json!({ "state": state })).collect();
    json!({
        "id": id, "createdAt": "2026-01-01T00:00:00Z", "commitOid": "c1", "ref": { "name": "v1.0.0" },
        "statuses": list(&json!(states), more)
    })
}

fn read(fake: &Fake, environment: Option<&str>) -> (Option<Deployments>, Vec<Gap>) {
    let (client, repository) = (fake.client(), RepositoryName::parse("acme/shop").unwrap());
    let mut reader = PagedReader::new(&client, &repository);
    let found = collect_deployments(&mut reader, environment);
    (found, reader.gaps.into_iter().collect())
}

fn states(read: Option<Deployments>) -> Vec<(String, Vec<DeploymentState>)> {
    let all = read.unwrap().remove("production").unwrap();
    all.into_iter().map(|one| (one.id, one.states.into_iter().collect())).collect()
}

#[test]
fn earlier_failure_is_read() {
    let fake = Fake::start();
    let nodes = json!([node("D1", &["INACTIVE", "SUCCESS"], true), node("D2", &["ERROR"], false)]);
    fake.graphql("query Deployments", &json!({ "repository": { "deployments": list(&nodes, false) } }));
    let rest = json!({ "totalCount": 3, "pageInfo": { "hasNextPage": false, "endCursor": null }, "nodes": [{ "state": "FAILURE" }] });
    fake.graphql("query DeploymentStatuses", &json!({ "node": { "statuses": rest } }));
    let (found, gaps) = read(&fake, Some("production"));
    assert!(gaps.is_empty(), "{gaps:?}");
    use DeploymentState::{Failed, Other, Succeeded};
    assert_eq!(
        states(found),
        [("D1".to_owned(), vec![Failed, Succeeded, Other]), ("D2".to_owned(), vec![Failed])]
    );
}

#[test]
fn unwanted_deployments_are_not_requested() {
    let fake = Fake::start();
    let (found, gaps) = read(&fake, None);
    assert!(found.is_none() && gaps.is_empty() && fake.requests().is_empty());
}

#[test]
fn unknown_status_is_a_gap() {
    let fake = Fake::start();
    let nodes = json!([node("D1", &["EXPLODED"], false)]);
    fake.graphql("query Deployments", &json!({ "repository": { "deployments": list(&nodes, false) } }));
    let (_, gaps) = read(&fake, Some("production"));
    assert!(gaps[0].what.contains("EXPLODED") && gaps[0].area == Area::Deployments, "{gaps:?}");
}

#[test]
fn refusal_names_the_permission() {
    let fake = Fake::start();
    let refusal = json!([{ "type": "FORBIDDEN", "message": "Resource not accessible by integration" }]);
    let answer = json!({ "data": { "repository": { "deployments": null } }, "errors": refusal });
    fake.graphql_answer("query Deployments", &answer);
    let (_, gaps) = read(&fake, Some("production"));
    assert!(!gaps.is_empty());
    for gap in gaps {
        assert_eq!(gap.area, Area::Deployments);
        assert!(gap.remedy.as_deref().unwrap().contains("deployments: read"), "{gap:?}");
    }
}

#[test]
fn missing_page_is_a_gap() {
    let fake = Fake::start();
    let nodes = json!([node("D1", &["SUCCESS"], false)]);
    let mut cut = list(&nodes, false);
    cut["totalCount"] = json!(7);
    fake.graphql("query Deployments", &json!({ "repository": { "deployments": cut } }));
    let (_, gaps) = read(&fake, Some("production"));
    assert!(gaps[0].what.contains("read 1 of 7 deployments to production"), "{gaps:?}");
}
