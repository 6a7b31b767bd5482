//! Deployments to one environment, with every status that was reported for them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::nodes::NamedNode;
use super::paged_reader::PagedReader;
use crate::model::{Area, Deployment, DeploymentState, Deployments, Sha};

/// A page of deployments. Most deployments have three statuses; if one has more than ten, the rest is read separately.
// The oldest come first: a deployment during the reading moves no page.
const DEPLOYMENTS: &str = "\
query Deployments($owner: String!, $name: String!, $environments: [String!], $after: String) {
  rateLimit { cost }
  repository(owner: $owner, name: $name) {
    deployments(environments: $environments, first: 100, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount pageInfo { hasNextPage endCursor }
      nodes {
        id createdAt commitOid ref { name }
        statuses(first: 10) { totalCount pageInfo { hasNextPage endCursor } nodes { state } }
      }
    }
  }
}";

/// More statuses of a deployment.
const STATUSES: &str = "\
query DeploymentStatuses($id: ID!, $after: String) {
  rateLimit { cost }
  node(id: $id) {
    ... on Deployment {
      statuses(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { state } }
    }
  }
}";

/// Returns the documents of this file, by name.
pub(super) fn deployment_documents() -> Vec<(&'static str, String)> {
    vec![("deployments", DEPLOYMENTS.to_owned()), ("deployment-statuses", STATUSES.to_owned())]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentNode {
    id: String,
    created_at: Timestamp,
    commit_oid: String,
    #[serde(default, rename = "ref")]
    reference: Option<NamedNode>,
}

/// Reads all deployments to the environment; `None` without one, or if no answer came.
pub(super) fn collect_deployments(
    reader: &mut PagedReader<'_>,
    environment: Option<&str>,
) -> Option<Deployments> {
    let environment = environment?;
    let mut variables = reader.names();
    variables["environments"] = json!([environment]);
    let (what, pointer) = (format!("deployments to {environment}"), "/repository/deployments");
    let items = reader.list(Area::Deployments, &what, DEPLOYMENTS, &variables, pointer);
    let found =
        items.map(|items| items.into_iter().filter_map(|item| read_deployment(reader, item)).collect());
    name_the_permission(reader);
    Some(Deployments::from([(environment.to_owned(), found?)]))
}

/// Reads a deployment with all its statuses. `None`, with a gap, if it is malformed.
fn read_deployment(reader: &mut PagedReader<'_>, mut json: Value) -> Option<Deployment> {
    let first = json["statuses"].take();
    let node: DeploymentNode = reader.parse(Area::Deployments, "a deployment", json)?;
    let what = format!("statuses of the deployment of {}", node.created_at);
    let (variables, pointer) = (json!({ "id": node.id }), "/node/statuses");
    let items = reader.rest_of_list(Area::Deployments, &what, Some(first), STATUSES, &variables, pointer);
    // All statuses, since the last one may be `INACTIVE`, which says nothing about success.
    let states = items.iter().filter_map(|item| deployment_state(reader, &item["state"])).collect();
    Some(Deployment {
        id: node.id,
        created_at: node.created_at,
        commit: Sha(node.commit_oid),
        reference: node.reference.map(|reference| reference.name),
        states,
    })
}

/// Parses a status. `None`, with a gap, if this version does not know it: it may be a failure.
fn deployment_state(reader: &mut PagedReader<'_>, json: &Value) -> Option<DeploymentState> {
    match json.as_str() {
        Some("FAILURE" | "ERROR") => Some(DeploymentState::Failed),
        Some("SUCCESS") => Some(DeploymentState::Succeeded),
        // GitHub can make a deployment inactive once a newer one succeeds.
        Some("INACTIVE" | "IN_PROGRESS" | "PENDING" | "QUEUED" | "WAITING") => Some(DeploymentState::Other),
        Some(_) | None => {
            let what = format!("a deployment has a status that is not known: {json}");
            reader.gap(Area::Deployments, what, Some("update Escape Gate"));
            None
        }
    }
}

/// Corrects the remedy of refused requests: deployments need another permission than issues.
fn name_the_permission(reader: &mut PagedReader<'_>) {
    let (mine, others): (BTreeSet<_>, BTreeSet<_>) =
        std::mem::take(&mut reader.gaps).into_iter().partition(|gap| gap.area == Area::Deployments);
    reader.gaps = others;
    reader.gaps.extend(mine.into_iter().map(|mut gap| {
        if gap.remedy.as_deref().is_none_or(|text| text.contains("issues: read")) {
            gap.remedy = Some("give the token `deployments: read`".to_owned());
        }
        gap
    }));
}

#[cfg(test)]
mod tests;
