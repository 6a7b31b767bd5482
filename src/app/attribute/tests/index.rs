//! The index of releases against what `git` says.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// The first release of a commit by its tag.
fn first(local: &Local, commit: &str) -> Option<String> {
    local.releases.first(&local.graph, &Sha(commit.to_owned())).map(|cut| cut.tag.0.clone())
}

/// A history: for each commit its parents among those before it, the days its clock is off, and whether it is tagged.
fn histories() -> impl Strategy<Value = Vec<(Vec<usize>, i64, bool)>> {
    let commit = (proptest::collection::vec(0..8_usize, 0..3), -3..3_i64, any::<bool>());
    proptest::collection::vec(commit, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn the_index_says_what_git_tag_contains_says(history in histories()) {
        let mut sandbox = Sandbox::new();
        let root = sandbox.commit("root");
        let tree = sandbox.git(&["rev-parse", "HEAD^{tree}"]).trim().to_owned();
        let mut ids: Vec<String> = Vec::new();
        for (at, (parents, skew, tagged)) in history.iter().enumerate() {
            sandbox.set_clock(1_700_000_000 + (at as i64 + skew) * 86_400);
            let behind = |back: &usize| at.checked_sub(back + 1).map(|parent| ids[parent].clone());
            let parents: BTreeSet<String> = parents.iter().filter_map(behind).collect();
            let mut arguments = vec!["commit-tree".to_owned(), tree.clone(), "-m".into(), format!("c{at}")];
            arguments.extend(parents.into_iter().flat_map(|parent| ["-p".to_owned(), parent]));
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let id = sandbox.git(&arguments).trim().to_owned();
            sandbox.git(&["update-ref", &format!("refs/heads/b{at}"), &id]);
            if *tagged {
                sandbox.git(&["tag", &format!("v1.{at}"), &id]);
            }
            ids.push(id);
        }
        let local = local(&sandbox);
        let order: Vec<String> = local.releases.releases().map(|cut| cut.tag.0.clone()).collect();
        let rank = |tag: &str| order.iter().position(|other| other == tag);
        for id in ids.iter().chain([&root]) {
            let contains = sandbox.git(&["tag", "--contains", id]);
            let expected = contains.lines().min_by_key(|tag| rank(tag));
            prop_assert_eq!(first(&local, id), expected.map(str::to_owned));
        }
        for (earlier, tag) in order.iter().enumerate() {
            for later in &order[earlier + 1..] {
                let inside = sandbox.git(&["tag", "--merged", tag]);
                prop_assert!(!inside.lines().any(|other| other == later), "{} contains {}", tag, later);
            }
        }
    }
}

#[test]
fn commits_only_in_a_pre_release_are_unreleased() {
    let mut sandbox = Sandbox::new();
    let commit = sandbox.change("a", "1", "first");
    for tag in
        ["v1.0-rc1", "v1.0.0-beta.2", "v1.0.0-dev3", "1.0-M2", "1.0-SNAPSHOT", "nightly-2024-01-01", "latest"]
    {
        sandbox.git(&["tag", tag]);
    }
    assert_eq!(first(&local(&sandbox), &commit), None);
    sandbox.change("a", "2", "second");
    sandbox.git(&["tag", "v1.0"]);
    assert_eq!(first(&local(&sandbox), &commit).as_deref(), Some("v1.0"));
    let after = sandbox.change("a", "3", "third");
    assert_eq!(first(&local(&sandbox), &after), None);
}

#[test]
fn moving_tag_does_not_replace_a_release() {
    let mut sandbox = Sandbox::new();
    let commit = sandbox.change("a", "1", "first");
    for tag in ["v1", "v1.4.0", "v1.4.0-hotfix"] {
        sandbox.git(&["tag", tag]);
    }
    assert_eq!(first(&local(&sandbox), &commit).as_deref(), Some("v1.4.0"));
}

#[test]
fn a_release_on_a_side_branch_contains_the_side_branch_only() {
    let mut sandbox = Sandbox::new();
    let base = sandbox.change("a", "1", "base");
    sandbox.git(&["tag", "v1.0.0"]);
    sandbox.git(&["checkout", "--quiet", "-b", "line"]);
    let side = sandbox.change("b", "1", "side");
    sandbox.git(&["tag", "v1.0.1"]);
    sandbox.git(&["checkout", "--quiet", "main"]);
    let main = sandbox.change("a", "2", "main");
    sandbox.git(&["tag", "v2.0.0"]);
    let local = local(&sandbox);
    for (commit, tag) in [(base, "v1.0.0"), (side, "v1.0.1"), (main, "v2.0.0")] {
        assert_eq!(first(&local, &commit).as_deref(), Some(tag));
    }
}

#[test]
fn the_tracker_says_which_tags_are_releases_and_when_they_came_out() {
    let mut sandbox = Sandbox::new();
    let commit = sandbox.change("a", "1", "first");
    sandbox.git(&["tag", "v1.0.0"]);
    sandbox.git(&["tag", "v1.1.0"]);
    sandbox.git(&["tag", "v1.2.0"]);
    let release = |tag: &str, published: &str, prerelease: bool| -> crate::model::Release {
        serde_json::from_value(serde_json::json!({
            "tag": tag, "published-at": published, "prerelease": prerelease
        }))
        .unwrap()
    };
    let releases =
        [release("v1.0.0", "2024-01-01T00:00:00Z", true), release("v1.2.0", "2024-03-01T00:00:00Z", false)];
    let local = Local::open(&sandbox.path, Some(&releases)).unwrap();
    assert_eq!(first(&local, &commit).as_deref(), Some("v1.2.0"));
    let out = local.releases.first_at(&local.graph, &Sha(commit)).unwrap();
    assert_eq!(out, "2024-03-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second());
}
