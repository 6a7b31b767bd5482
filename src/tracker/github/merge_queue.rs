//! The pull requests of a group in a merge queue.
//!
//! The name of the group's branch has only the last of them. A pull request that is not found keeps what it would change: its
//! fixes and overrides do not count. So a failure is a warning and not a gap.

use serde_json::{Value, json};

use super::paged_reader::PagedReader;
use super::query;
use crate::model::{QueuedPullRequest, Sha};
use crate::tracker::MergeQueueRef;

/// Reads the entries of the queue that a group consists of: those after its base, up to its own commit.
pub(super) fn collect_merge_group(
    reader: &mut PagedReader<'_>,
    queue: &MergeQueueRef,
    head: &str,
) -> Vec<QueuedPullRequest> {
    let mut variables = reader.names();
    variables["branch"] = json!(queue.branch);
    let found = reader.ask_complete(query::MERGE_QUEUE, &variables).and_then(|data| {
        let entries = &data["repository"]["mergeQueue"]["entries"];
        let nodes = entries["nodes"].as_array().ok_or("there is no merge queue for this branch")?;
        if entries["totalCount"].as_u64() != Some(nodes.len() as u64) {
            return Err(format!("it has more than {} entries", nodes.len()));
        }
        group_of(nodes, &queue.base, head)
    });
    found.unwrap_or_else(|why| {
        reader.warn(format!(
            "the pull requests of this group were not found in the merge queue of `{}`, so that their fixes and overrides do not \
             count: {why}",
            queue.branch
        ));
        Vec::new()
    })
}

/// Selects the entries of a group, by their positions: GitHub does not say on what each entry was built.
fn group_of(nodes: &[Value], base: &str, head: &str) -> Result<Vec<QueuedPullRequest>, String> {
    let position_of = |commit: &str| {
        let entry = nodes.iter().find(|entry| entry["headCommit"]["oid"] == commit);
        entry.and_then(|entry| entry["position"].as_u64())
    };
    let last = position_of(head).ok_or("no entry has the commit of the group")?;
    // A base that is no entry is the target branch itself: the group begins with the first entry.
    let first_after = position_of(base).map_or(0, |position| position + 1);
    let mut group: Vec<(u64, QueuedPullRequest)> = nodes
        .iter()
        .filter_map(|entry| {
            let position =
                entry["position"].as_u64().filter(|position| (first_after..=last).contains(position))?;
            Some((position, queued_pull_request(entry)?))
        })
        .collect();
    group.sort_by_key(|(position, _)| *position);
    Ok(group.into_iter().map(|(_, queued)| queued).collect())
}

/// Parses an entry. `None` for one that the queue has not built yet.
fn queued_pull_request(entry: &Value) -> Option<QueuedPullRequest> {
    let pull = &entry["pullRequest"];
    Some(QueuedPullRequest {
        number: pull["number"].as_u64()?,
        head: Sha::parse(pull["headRefOid"].as_str()?)?,
        commit: Sha::parse(entry["headCommit"]["oid"].as_str()?)?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn commit(digit: char) -> String {
        digit.to_string().repeat(40)
    }

    /// Entries as `(position, number, commit)`.
    fn entries(of: &[(u64, u64, char)]) -> Vec<Value> {
        let entry = |&(position, number, digit): &(u64, u64, char)| {
            let pull = json!({ "number": number, "headRefOid": commit('f') });
            json!({ "position": position, "headCommit": { "oid": commit(digit) }, "pullRequest": pull })
        };
        of.iter().map(entry).collect()
    }

    #[test]
    fn group_begins_after_its_base_and_ends_at_its_commit() {
        let queue = entries(&[(3, 12, 'c'), (1, 10, 'a'), (2, 11, 'b'), (4, 13, 'd')]);
        let group = |base: char, head: char| -> Vec<u64> {
            let found = group_of(&queue, &commit(base), &commit(head)).unwrap();
            found.iter().map(|queued| queued.number).collect()
        };
        assert_eq!(group('0', 'c'), [10, 11, 12], "the base is the branch itself");
        assert_eq!(group('a', 'c'), [11, 12]);
        assert_eq!(group('b', 'c'), [12]);
        assert_eq!(group('c', 'b'), Vec::<u64>::new());
    }

    #[test]
    fn group_that_left_the_queue_is_not_guessed() {
        let queue = entries(&[(1, 10, 'a')]);
        assert!(group_of(&queue, &commit('0'), &commit('b')).is_err());
        assert!(group_of(&[], &commit('0'), &commit('a')).is_err());
    }

    #[test]
    fn entry_without_a_commit_is_left_out() {
        let mut queue = entries(&[(1, 10, 'a'), (2, 11, 'b')]);
        queue[0]["headCommit"] = Value::Null;
        let group = group_of(&queue, &commit('0'), &commit('b')).unwrap();
        assert_eq!(group.iter().map(|queued| queued.number).collect::<Vec<_>>(), [11]);
    }
}
