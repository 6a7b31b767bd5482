//! The commit graph of a case: commits by short names, from which their ids are made.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;

use jiff::{SignedDuration, Timestamp};
use xxhash_rust::xxh3::{xxh3_64_with_seed, xxh3_128};

use super::super::checks::all_or_none;
use super::super::code::Code;
use super::super::keys;
use super::read::{read_each, read_moment, read_word, required_key};
use crate::model::{CommitHistory, CommitRecord, Sha};
use crate::policy::language::{
    Draft, Fields, Node, Problems, Spanned, nearest_name, quote, read_text, read_texts,
};

/// Largest number of commits in a case.
// Cases are written by hand. A larger one is a mistake or an attack, and would take minutes.
const MOST_COMMITS: usize = 10_000;

/// The default branch, if the case names none.
const DEFAULT_BRANCH: &str = "main";

/// The message of a commit without one.
const NO_MESSAGE: &str = "Work";

/// The commit graph of a case; without one, the names of commits are ids of the case's own.
#[derive(Debug, Default)]
pub(super) struct CaseHistory {
    /// The commits; `None` if the case gives none.
    pub graph: Option<CommitHistory>,
    /// Time of each commit, by its short name.
    dates: BTreeMap<String, Timestamp>,
}

/// A commit of the case as it is written.
struct CaseCommit {
    name: Spanned<String>,
    parents: Vec<Spanned<String>>,
    date: Timestamp,
    author: String,
    author_date: Timestamp,
    message: Spanned<String>,
}

impl CaseHistory {
    /// The id of a commit, which a history of the case must have.
    pub fn commit(&self, name: &Spanned<String>, problems: &mut Problems) -> Option<Sha> {
        if self.graph.is_none() {
            return Some(Sha(name.value.clone()));
        }
        if !self.dates.contains_key(&name.value) {
            problems.push(self.unknown(&name.value, &name.span));
            return None;
        }
        Some(commit_id(&name.value))
    }

    /// Time of a commit of the history.
    pub fn date(&self, name: &str) -> Option<Timestamp> {
        self.dates.get(name).copied()
    }

    /// Returns `true` if the history has a commit of this name.
    pub fn has(&self, name: &str) -> bool {
        self.dates.contains_key(name)
    }

    /// The latest time of a commit.
    pub fn last_date(&self) -> Option<Timestamp> {
        self.dates.values().max().copied()
    }

    /// A text with the ids of commits in the place of `{name}`. A name in braces that no commit has is an error: a case about a
    /// copy would otherwise be one without it.
    pub fn filled(&self, text: &Spanned<String>, problems: &mut Problems) -> Option<String> {
        if self.graph.is_none() {
            return Some(text.value.clone());
        }
        let mut filled = String::new();
        let mut rest = text.value.as_str();
        let mut is_good = true;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            match after.split_once('}').filter(|(name, _)| is_commit_name(name)) {
                Some((name, after)) => {
                    if !self.has(name) {
                        problems.push(self.unknown(name, &text.span));
                        is_good = false;
                    }
                    filled.push_str(&commit_id(name).0);
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        is_good.then_some(filled)
    }

    /// Reports keys that mean nothing without a history, or nothing beside one.
    pub fn refuse(
        &self,
        fields: &Fields<'_>,
        names: &[&str],
        needs_history: bool,
        problems: &mut Problems,
    ) -> bool {
        if self.graph.is_some() == needs_history {
            return false;
        }
        let mut found = false;
        for (name, span) in names.iter().filter_map(|name| Some((name, fields.key_span(name)?))) {
            let (message, help) = if needs_history {
                (format!("`{name}` needs a history"), "add `history: { commits: … }` to `given`")
            } else {
                (
                    format!("`{name}` beside a history, which says what the candidate contains"),
                    "remove it, and give the commits in `history`",
                )
            };
            problems.push(Draft::new(Code::OddEvidence, span, message).help(help));
            found = true;
        }
        found
    }

    fn unknown(&self, name: &str, span: &Range<usize>) -> Draft {
        let draft = Draft::new(Code::OddEvidence, span, format!("the history has no commit {}", quote(name)));
        match nearest_name(name, self.dates.keys().map(String::as_str)) {
            Some(near) => draft.help(format!("did you mean `{near}`?")),
            None => draft.help("add it to `history.commits`, or use the `name` of a commit there"),
        }
    }
}

/// The id of a commit: 40 digits that depend on its short name alone.
pub(super) fn commit_id(name: &str) -> Sha {
    // By the name alone: 40 digits like a real commit id, and the same in every run.
    let (long, short) = (xxh3_128(name.as_bytes()), xxh3_64_with_seed(name.as_bytes(), 1) >> 32);
    Sha(format!("{long:032x}{short:08x}"))
}

/// Returns `true` for what can be the short name of a commit.
fn is_commit_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
    !name.is_empty() && name.chars().all(is_part)
}

/// The section `history`.
pub(super) fn case_history(node: &Node, problems: &mut Problems) -> Option<CaseHistory> {
    let fields = Fields::open(node, "`history`", keys::cases::HISTORY, problems)?;
    let commits = required_key(&fields, "commits", node, "`history`", problems, case_commits);
    let default_branch = fields.get("default-branch", problems, read_word).optional();
    let heads = fields.open_keys("branches", problems, |node, name, problems| {
        Some(Spanned { value: read_word(node, name, problems)?, span: node.span.clone() })
    });
    let (commits, default_branch) = (commits?.value, default_branch?);
    let default_branch = default_branch.unwrap_or_else(|| DEFAULT_BRANCH.to_owned());
    let dates = commits.iter().map(|commit| (commit.name.value.clone(), commit.date)).collect();
    let graph = CommitHistory { default_branch: Some(default_branch), ..CommitHistory::default() };
    let mut history = CaseHistory { graph: Some(graph), dates };
    let records: Option<Vec<CommitRecord>> = all_or_none(&commits, |commit| history.record(commit, problems));
    let branches =
        all_or_none(heads, |(name, head)| Some((name.value, history.commit(&head.good()?.value, problems)?)));
    let records = records.filter(|_| !is_circular(&commits, problems));
    let graph = history.graph.as_mut()?;
    (graph.commits, graph.branches) = (records?, branches?);
    Some(history)
}

impl CaseHistory {
    fn record(&self, commit: &CaseCommit, problems: &mut Problems) -> Option<CommitRecord> {
        let parents = all_or_none(&commit.parents, |name| self.commit(name, problems));
        let message = self.filled(&commit.message, problems);
        Some(CommitRecord {
            id: commit_id(&commit.name.value),
            parents: parents?,
            committed_at: commit.date,
            author: commit.author.clone(),
            authored_at: commit.author_date,
            message: message?,
            brought_in: Vec::new(),
            patch_id: None,
        })
    }
}

/// The commits, each name once.
fn case_commits(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<CaseCommit>> {
    let mut seen: BTreeMap<String, Range<usize>> = BTreeMap::new();
    let mut before: Option<Spanned<String>> = None;
    let mut at = 0;
    let all = read_each(node, name, problems, |item, problems| {
        let read = case_commit(item, before.take(), at, problems);
        at += 1;
        let read = read?;
        before = Some(read.name.clone());
        if let Some(first) = seen.insert(read.name.value.clone(), read.name.span.clone()) {
            let message = format!("two commits have the name {}", quote(&read.name.value));
            let draft = Draft::new(Code::OddEvidence, &read.name.span, message).see(&first, "first here");
            problems.push(draft.help("give each commit a name of its own"));
            return None;
        }
        Some(read)
    })?;
    let problem = if all.is_empty() {
        Some((Code::EmptyList, "the history has no commit".to_owned(), "add a commit, or remove `history`"))
    } else if all.len() > MOST_COMMITS {
        let message = format!("the history has more than {MOST_COMMITS} commits");
        Some((Code::TooBig, message, "give a snapshot for a whole history"))
    } else {
        None
    };
    if let Some((code, message, help)) = problem {
        problems.push(Draft::new(code, &node.span, message).help(help));
        return None;
    }
    Some(all)
}

/// One commit. `before` is the name of the commit before it in the list, of which there are `at`.
fn case_commit(
    node: &Node,
    before: Option<Spanned<String>>,
    at: i64,
    problems: &mut Problems,
) -> Option<CaseCommit> {
    let fields = Fields::open(node, "a commit", keys::cases::COMMIT, problems)?;
    let name = required_key(&fields, "name", node, "a commit", problems, read_word);
    let parents = fields.get("parents", problems, read_texts).optional();
    let date = required_key(&fields, "date", node, "a commit", problems, read_moment);
    let message = fields.get("message", problems, read_text);
    let author = fields.get("author", problems, read_word).optional();
    let author_date = fields.get("author-date", problems, read_moment).optional();
    let name = name?;
    if !is_commit_name(&name.value) {
        let message = format!("invalid name of a commit {}", quote(&name.value));
        let draft = Draft::new(Code::OddEvidence, &name.span, message);
        problems.push(draft.help("use letters, digits, `.`, `-`, `_` and `/`"));
        return None;
    }
    let (parents, date, author, author_date) = (parents?, date?.value, author?, author_date?);
    let message = match message {
        crate::policy::language::Field::Bad => return None,
        crate::policy::language::Field::Absent => {
            Spanned { value: NO_MESSAGE.to_owned(), span: name.span.clone() }
        }
        crate::policy::language::Field::Good(at) => at,
    };
    let author = author.unwrap_or_else(|| "someone".to_owned());
    Some(CaseCommit {
        parents: parents.unwrap_or_else(|| before.into_iter().collect()),
        // Without a date of its own each commit was written at another moment, so that none is taken for a copy of another.
        author_date: author_date
            .unwrap_or_else(|| date.saturating_add(SignedDuration::from_secs(at - 3600)).unwrap_or(date)),
        author: if author.contains('<') { author } else { format!("{author} <{author}@example.com>") },
        name,
        date,
        message,
    })
}

/// Reports a commit that is its own ancestor.
fn is_circular(commits: &[CaseCommit], problems: &mut Problems) -> bool {
    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waits: BTreeMap<&str, usize> = BTreeMap::new();
    for commit in commits {
        waits.insert(&commit.name.value, commit.parents.len());
        for parent in &commit.parents {
            children.entry(&parent.value).or_default().push(&commit.name.value);
        }
    }
    let mut ready: VecDeque<&str> =
        waits.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    // Topological order (Kahn, 1962), without recursion: a history may be 10,000 commits deep.
    while let Some(name) = ready.pop_front() {
        done.insert(name);
        for child in children.get(name).into_iter().flatten() {
            if let Some(count) = waits.get_mut(child) {
                *count -= 1;
                if *count == 0 {
                    ready.push_back(child);
                }
            }
        }
    }
    // A parent that is unknown has been reported, and its children wait for ever.
    let is_known = |name: &str| waits.contains_key(name);
    let waiting = commits.iter().find(|commit| {
        !done.contains(commit.name.value.as_str()) && commit.parents.iter().all(|one| is_known(&one.value))
    });
    let Some(commit) =
        waiting.filter(|_| commits.iter().flat_map(|one| &one.parents).all(|one| is_known(&one.value)))
    else {
        return false;
    };
    let message = format!("the commit {} is its own ancestor, or has one that is", quote(&commit.name.value));
    let draft = Draft::new(Code::OddEvidence, &commit.name.span, message);
    problems.push(draft.help("let `parents` name older commits only; `[]` for the first one"));
    true
}
