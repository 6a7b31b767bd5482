//! A scenario's history as a real repository.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use escape_gate::model::{CommitHistory, CommitRecord, Sha};
use jiff::Timestamp;
use release_history::git::Git;
use serde_json::Value;

/// A repository, and how the scenario's symbols read in it.
pub struct Repository {
    /// The id of each commit, by its symbol.
    pub ids: BTreeMap<String, String>,
    /// The commits as git reads them.
    pub history: CommitHistory,
}

/// Noon of a day, or the moment itself.
pub fn moment(text: &str) -> Timestamp {
    match text.parse() {
        Ok(moment) => moment,
        Err(_) => format!("{text}T12:00:00Z").parse().expect("a day or a moment"),
    }
}

/// Makes the commits with their parents, dates, authors and messages, and reads them again.
pub fn build(history: &Value, candidate: &Value, folder: &Path) -> Repository {
    let git = |arguments: &[&str], input: &[u8]| {
        let mut child = Command::new("git")
            .args(arguments)
            .current_dir(folder)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("git is missing. Install it: https://git-scm.com");
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "git {arguments:?} failed");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "--quiet", "--bare", "--template=", "."], b"");
    let tree = git(&["hash-object", "-t", "tree", "-w", "--stdin"], b"");
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for commit in in_order(history["commits"].as_array().unwrap()) {
        let of = |key: &str| commit[key].as_str();
        let date = moment(of("date").unwrap());
        let author = of("author").unwrap_or("someone");
        // Without a date of its own, each commit was written at another moment.
        let second = i64::try_from(ids.len()).unwrap();
        let written =
            of("author_date").map_or(date.as_second() - 3600 + second, |date| moment(date).as_second());
        let mut message = of("message").unwrap_or("Work").to_owned();
        for (symbol, id) in &ids {
            message = message.replace(&format!("{{{symbol}}}"), id);
        }
        let mut text = format!("tree {tree}\n");
        for parent in commit["parents"].as_array().into_iter().flatten() {
            text.push_str(&format!("parent {}\n", ids[parent.as_str().unwrap()]));
        }
        text.push_str(&format!("author {author} <{author}@example.com> {written} +0000\n"));
        text.push_str(&format!("committer web <web@example.com> {} +0000\n\n{message}\n", date.as_second()));
        let id = git(&["hash-object", "-t", "commit", "-w", "--stdin"], text.as_bytes());
        git(&["update-ref", &format!("refs/made/{}", ids.len()), &id], b"");
        ids.insert(of("sha").unwrap().to_owned(), id);
    }
    let branch = candidate["branch"].as_str().unwrap_or("main");
    let head = candidate["commit"].as_str().and_then(|symbol| ids.get(symbol));
    let mut branches = BTreeMap::new();
    // A pull request targets the branch; it is not its head.
    if let Some(head) = head.filter(|_| candidate["pull_request"].is_null()) {
        branches.insert(branch.to_owned(), Sha(head.clone()));
    }
    for (name, symbol) in history["branches"].as_object().into_iter().flatten() {
        branches.insert(name.clone(), Sha(ids[symbol.as_str().unwrap()].clone()));
    }
    let mut commits = read(folder);
    let merges: Vec<(usize, Vec<Sha>)> =
        (0..commits.len()).map(|at| (at, brought_in(&commits, &commits[at]))).collect();
    for (at, brought_in) in merges {
        commits[at].brought_in = brought_in;
    }
    let history = CommitHistory { commits, default_branch: Some("main".to_owned()), branches };
    Repository { ids, history }
}

/// The commits, parents before children, and each one before those that name it.
fn in_order(commits: &[Value]) -> Vec<&Value> {
    let mut done: Vec<&Value> = Vec::new();
    while done.len() < commits.len() {
        let before = done.len();
        for commit in commits {
            let is_done = |symbol: &Value| done.iter().any(|one| one["sha"] == *symbol);
            let mut parents = commit["parents"].as_array().into_iter().flatten();
            // A message names the ids of commits that are made before it.
            let message = commit["message"].as_str().unwrap_or("");
            let is_named =
                |other: &&Value| message.contains(&format!("{{{}}}", other["sha"].as_str().unwrap()));
            let mut named = commits.iter().filter(is_named).map(|other| &other["sha"]);
            if !is_done(&commit["sha"]) && parents.all(is_done) && named.all(is_done) {
                done.push(commit);
            }
        }
        assert!(
            done.len() > before,
            "the commits of a scenario form a circle, or name a parent that is not there"
        );
    }
    done
}

/// The commits that the other parents of a merge have and its first parent does not, oldest first, without merges.
fn brought_in(commits: &[CommitRecord], merge: &CommitRecord) -> Vec<Sha> {
    let of = |id: &Sha| commits.iter().find(|commit| commit.id == *id);
    let reached = |from: &[Sha]| {
        let (mut found, mut open) = (BTreeSet::new(), from.to_vec());
        while let Some(id) = open.pop() {
            open.extend(of(&id).into_iter().flat_map(|commit| commit.parents.clone()));
            found.insert(id);
        }
        found
    };
    let Some((first, others)) = merge.parents.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Vec::new();
    };
    let old = reached(std::slice::from_ref(first));
    let new = reached(others);
    // Git lists the newest first.
    let all = commits.iter().rev().filter(|commit| new.contains(&commit.id) && !old.contains(&commit.id));
    all.filter(|commit| commit.parents.len() < 2).map(|commit| commit.id.clone()).collect()
}

/// The commits as the product's own reader sees them.
fn read(folder: &Path) -> Vec<CommitRecord> {
    let mut commits = Vec::new();
    let at = |seconds: i64| Timestamp::from_second(seconds).unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Git::open(folder)
        .unwrap()
        .log(|commit| {
            commits.push(CommitRecord {
                id: Sha(commit.id.to_owned()),
                parents: commit
                    .parents
                    .split(' ')
                    .filter(|id| !id.is_empty())
                    .map(|id| Sha(id.to_owned()))
                    .collect(),
                committed_at: at(commit.committed),
                author: text(commit.author),
                authored_at: at(commit.authored),
                message: text(commit.message),
                brought_in: Vec::new(),
                patch_id: None,
            });
        })
        .unwrap();
    commits
}
