//! Deployments to one environment, with everything that was reported of them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reader::{PagedList, PagedReader};
use crate::model::{Area, Deployment, DeploymentState, Deployments, Sha};

/// A page of deployments. Of most there are three statuses; of those with more the rest is asked for.
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

/// Every document of this file, by name.
pub(super) fn documents() -> Vec<(&'static str, String)> {
    vec![("deployments", DEPLOYMENTS.to_owned()), ("deployment-statuses", STATUSES.to_owned())]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentNode {
    id: String,
    created_at: Timestamp,
    commit_oid: String,
    #[serde(default, rename = "ref")]
    reference: Option<RefNode>,
}

#[derive(Deserialize)]
struct RefNode {
    name: String,
}

/// All deployments to the environment, if one was asked for.
pub(super) fn gather(reader: &mut PagedReader<'_>, environment: Option<&str>) -> Option<Deployments> {
    let environment = environment?;
    let mut variables = reader.names();
    variables["environments"] = json!([environment]);
    let what = format!("deployments to {environment}");
    let found = reader.ask(Area::Deployments, &what, DEPLOYMENTS, &variables).map(|mut data| {
        let first = data["repository"]["deployments"].take();
        let listing = PagedList::new(Area::Deployments, what);
        let items = reader.list(listing, first, DEPLOYMENTS, &variables, "/repository/deployments");
        items.into_iter().filter_map(|item| deployment(reader, item)).collect()
    });
    name_the_permission(reader);
    Some(Deployments::from([(environment.to_owned(), found?)]))
}

/// One deployment; none, and a gap, if it is not what one looks like.
fn deployment(reader: &mut PagedReader<'_>, mut json: Value) -> Option<Deployment> {
    let first = json["statuses"].take();
    let entry: DeploymentNode = match serde_path_to_error::deserialize(json) {
        Ok(entry) => entry,
        Err(why) => {
            let what = format!("a deployment could not be read: {}: {}", why.path(), why.inner());
            reader.gap(Area::Deployments, what, None);
            return None;
        }
    };
    let listing =
        PagedList::new(Area::Deployments, format!("statuses of the deployment of {}", entry.created_at));
    let items = reader.list(listing, first, STATUSES, &json!({ "id": entry.id }), "/node/statuses");
    let states = items.iter().filter_map(|item| state(reader, &item["state"])).collect::<BTreeSet<_>>();
    Some(Deployment {
        id: entry.id,
        created_at: entry.created_at,
        commit: Sha(entry.commit_oid),
        reference: entry.reference.map(|reference| reference.name),
        states,
    })
}

/// One status; none, and a gap, for one that this version does not know: it may be a failure.
fn state(reader: &mut PagedReader<'_>, json: &Value) -> Option<DeploymentState> {
    match json.as_str() {
        Some("FAILURE" | "ERROR") => Some(DeploymentState::Failed),
        Some("SUCCESS") => Some(DeploymentState::Succeeded),
        Some("INACTIVE" | "IN_PROGRESS" | "PENDING" | "QUEUED" | "WAITING") => Some(DeploymentState::Other),
        Some(_) | None => {
            let what = format!("a deployment has a status that is not known: {json}");
            reader.gap(Area::Deployments, what, Some("update Escape Gate"));
            None
        }
    }
}

/// A refusal here is for want of another permission than elsewhere.
fn name_the_permission(reader: &mut PagedReader<'_>) {
    let (mine, others): (BTreeSet<_>, BTreeSet<_>) =
        std::mem::take(&mut reader.gaps).into_iter().partition(|gap| gap.area == Area::Deployments);
    reader.gaps = others;
    reader.gaps.extend(mine.into_iter().map(|mut gap| {
        if gap.remedy.is_none() || gap.remedy.as_deref().is_some_and(|text| text.contains("issues: read")) {
            gap.remedy = Some("give the token `deployments: read`".to_owned());
        }
        gap
    }));
}

#[cfg(test)]
mod tests;
