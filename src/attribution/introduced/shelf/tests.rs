#![allow(clippy::unwrap_used)]
use std::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::attribution::introduced::graph::{Graph, Node};
use crate::attribution::introduced::releases::ReleaseIndex;

const DAY: i64 = 86_400;

fn sha(name: &str) -> Sha {
    Sha(name.to_owned())
}

/// A history, a commit a day in this order: name and parents. A name that begins with `v` is released that day.
fn history(commits: &[(&str, &[&str])]) -> (Graph, ReleaseIndex, Shelf) {
    let node = |(at, (name, parents)): (usize, &(&str, &[&str]))| Node {
        id: sha(name),
        time: at as i64 * DAY * 3,
        parents: parents.iter().map(|parent| sha(parent)).collect(),
    };
    let nodes: Vec<Node> = commits.iter().enumerate().map(node).collect();
    let released = nodes.iter().filter(|node| node.id.0.starts_with('v'));
    let cut = |node: &Node| Cut { tag: Tag(node.id.0.clone()), commit: node.id.clone(), published: None };
    let cuts: Vec<(Cut, i64)> = released.map(|node| (cut(node), node.time)).collect();
    let graph = Graph::new(nodes);
    let index = ReleaseIndex::new(&graph, cuts.iter().map(|(cut, _)| cut.clone()).collect());
    (graph, index, Shelf::new(cuts))
}

/// The first release by asking, and how often that asked.
fn first(graph: &Graph, shelf: &Shelf, commit: &str) -> (Option<String>, u32) {
    let asked = Cell::new(0);
    let mut is_in = |one: &Sha, other: &Sha| {
        asked.set(asked.get() + 1);
        Ok(graph.is_ancestor(one, other))
    };
    let time = graph.committed_at(&sha(commit)).unwrap();
    let found = shelf.first(&sha(commit), time, &mut is_in).unwrap();
    (found.map(|(tag, _)| tag.0), asked.get())
}

#[test]
fn a_release_of_an_older_line_that_came_out_first_is_not_taken_for_the_first() {
    let (graph, _, shelf) = history(&[
        ("v1.0.0", &[]),
        ("a", &["v1.0.0"]),
        ("v1.0.1", &["v1.0.0"]),
        ("v1.0.2", &["v1.0.1"]),
        ("v1.1.0", &["a"]),
        ("v1.0.3", &["v1.0.2"]),
        ("b", &["v1.0.3"]),
        ("v1.0.4", &["b"]),
        ("c", &["v1.1.0"]),
    ]);
    assert_eq!(first(&graph, &shelf, "a").0.as_deref(), Some("v1.1.0"));
    assert_eq!(first(&graph, &shelf, "b").0.as_deref(), Some("v1.0.4"));
    assert_eq!(first(&graph, &shelf, "c").0, None);
}

#[test]
fn of_a_long_line_few_releases_are_asked() {
    let names: Vec<String> = (0..200).map(|at| format!("v1.0.{at}")).collect();
    let mut commits: Vec<(&str, Vec<&str>)> = vec![("side", vec![])];
    let mut before = "";
    for (at, name) in names.iter().enumerate() {
        let mut parents: Vec<&str> = if before.is_empty() { vec![] } else { vec![before] };
        if at == 150 {
            parents.push("side");
        }
        commits.push((name, parents));
        before = name;
    }
    let commits: Vec<(&str, &[&str])> =
        commits.iter().map(|(name, parents)| (*name, parents.as_slice())).collect();
    let (graph, _, shelf) = history(&commits);
    let (found, asked) = first(&graph, &shelf, "side");
    assert_eq!(found.as_deref(), Some("v1.0.150"));
    assert!(asked < 40, "{asked}");
    let (found, asked) = first(&graph, &shelf, "v1.0.120");
    assert_eq!((found.as_deref(), asked), (Some("v1.0.120"), 1));
}

#[test]
fn what_takes_too_much_asking_is_not_answered() {
    let cuts = (0..200).map(|at| {
        let name = format!("v{at}.0");
        (Cut { tag: Tag(name.clone()), commit: sha(&name), published: None }, at * DAY)
    });
    let shelf = Shelf::new(cuts.collect());
    assert!(shelf.first(&sha("a"), 0, &mut |_, _| Ok(false)).is_err());
    assert!(shelf.affected(&sha("a"), 0, &[sha("b")], &mut |_, _| Ok(false)).is_err());
}

#[test]
fn an_answer_that_does_not_come_is_no_answer() {
    let (_, _, shelf) = history(&[("v1.0.0", &[]), ("v1.0.1", &["v1.0.0"])]);
    let mut is_in = |_: &Sha, _: &Sha| Err(Unread("lost".into()));
    assert!(shelf.first(&sha("v1.0.0"), 0, &mut is_in).is_err());
    assert!(shelf.affected(&sha("v1.0.0"), 0, &[], &mut is_in).is_err());
}

/// Lines of releases that part from the trunk, with commits in between, and merges back now and then.
fn histories() -> impl Strategy<Value = Vec<(u8, u8, bool)>> {
    proptest::collection::vec((0..4_u8, 0..4_u8, any::<bool>()), 1..40)
}

proptest! {
    #[test]
    fn asking_says_what_the_graph_says(steps in histories()) {
        // Line 0 is the trunk; a line that does not exist yet parts from the trunk. Each step commits on a line.
        let mut heads: Vec<Option<String>> = vec![None; 4];
        let mut commits: Vec<(String, Vec<String>)> = Vec::new();
        let mut released = [0_u8; 4];
        for (at, (line, from, is_release)) in steps.iter().enumerate() {
            let line = usize::from(*line);
            let mut parents: Vec<String> = heads[line].clone().or_else(|| heads[0].clone()).into_iter().collect();
            if *from == 3 && line == 0 {
                parents.extend(heads[1].clone());
            }
            let name = if *is_release {
                released[line] += 1;
                format!("v1.{line}.{}", released[line])
            } else {
                format!("c{at}")
            };
            heads[line] = Some(name.clone());
            parents.dedup();
            commits.push((name, parents));
        }
        let borrowed: Vec<(&str, Vec<&str>)> =
            commits.iter().map(|(name, parents)| (name.as_str(), parents.iter().map(String::as_str).collect())).collect();
        let all: Vec<(&str, &[&str])> = borrowed.iter().map(|(name, parents)| (*name, parents.as_slice())).collect();
        let (graph, index, shelf) = history(&all);
        let mut is_in = |one: &Sha, other: &Sha| Ok(graph.is_ancestor(one, other));
        for (name, _) in &all {
            let expected = index.first(&graph, &sha(name)).map(|cut| cut.tag.0.clone());
            prop_assert_eq!(first(&graph, &shelf, name).0, expected, "{}", name);
            for (fix, _) in all.iter().step_by(5) {
                let expected: Vec<Tag> = index.affected(&graph, &[sha(name)], &[sha(fix)]).into_iter().cloned().collect();
                let time = graph.committed_at(&sha(name)).unwrap();
                let found = shelf.affected(&sha(name), time, &[sha(fix)], &mut is_in).unwrap();
                prop_assert_eq!(found, expected, "{} to {}", name, fix);
            }
        }
    }
}
