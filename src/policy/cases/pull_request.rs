//! The pull requests of a case.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::code::Code;
use super::super::keys;
use super::actor::{CaseLabel, REPORTER, case_label_history, case_labels};
use super::history::CaseHistory;
use super::read::{read_each, read_moment, read_number, read_one_of, read_word, required_key};
use crate::model::{ChangeState, Fix, PullRequest, Sha};
use crate::policy::language::{Draft, Field, Fields, Node, Problems, Spanned, read_text, read_texts};

/// A pull request as a case gives it.
pub(super) struct CasePull {
    /// Number of the pull request.
    pub number: Spanned<u64>,
    title: String,
    body: String,
    author: Option<String>,
    base: Option<String>,
    head_branch: Option<String>,
    state: ChangeState,
    commit: Option<Sha>,
    /// Time when it was merged.
    pub merged: Option<Timestamp>,
    opened: Option<Timestamp>,
    labels: Vec<CaseLabel>,
    milestone: Option<String>,
    /// `owner/name`, if it is in another repository.
    pub repository: Option<String>,
    files: Vec<String>,
}

/// The section `pull-requests`, by number.
pub(super) fn case_pull_requests(
    node: &Node,
    name: &str,
    history: &CaseHistory,
    problems: &mut Problems,
) -> Option<BTreeMap<u64, CasePull>> {
    let mut all: BTreeMap<u64, CasePull> = BTreeMap::new();
    read_each(node, name, problems, |item, problems| {
        let pull = case_pull_request(item, history, problems)?;
        if let Some(first) = all.get(&pull.number.value) {
            let message = format!("two pull requests have the number {}", pull.number.value);
            let draft = Draft::new(Code::OddEvidence, &pull.number.span, message);
            problems.push(draft.see(&first.number.span, "first here").help("give each a number of its own"));
            return None;
        }
        all.insert(pull.number.value, pull);
        Some(())
    })?;
    Some(all)
}

fn case_pull_request(node: &Node, history: &CaseHistory, problems: &mut Problems) -> Option<CasePull> {
    const STATES: &[&str] = &["open", "merged", "closed"];
    let fields = Fields::open(node, "a pull request", keys::cases::PULL_REQUEST, problems)?;
    let number = required_key(&fields, "number", node, "a pull request", problems, read_number);
    let title = filled_text(&fields, "title", history, problems);
    let body = filled_text(&fields, "body", history, problems);
    let author = fields.get("author", problems, read_word).optional();
    let base = fields.get("base", problems, read_word).optional();
    let head_branch = fields.get("head-branch", problems, read_word).optional();
    let state = fields.get("state", problems, read_one_of(Code::OddEvidence, STATES)).optional();
    let commit = fields.get("commit", problems, read_word);
    let merged = fields.get("merged", problems, read_moment).optional();
    let opened = fields.get("opened", problems, read_moment).optional();
    let labels = fields.get("labels", problems, case_labels).optional();
    let milestone = fields.get("milestone", problems, read_text).optional();
    let repository = fields.get("repository", problems, read_word).optional();
    let files = fields.get("files", problems, read_texts).optional();
    let (number, state, merged, repository) = (number?, state?, merged?, repository?);
    let (name, commit) = match commit {
        Field::Bad => return None,
        Field::Absent => (None, None),
        // A commit of another repository is in no history of this one.
        Field::Good(at) if repository.is_some() => (None, Some(Sha(at.value))),
        Field::Good(at) => {
            let commit = history.commit(&at, problems)?;
            (Some(at.value), Some(commit))
        }
    };
    let state = match state {
        Some("merged") => ChangeState::Merged,
        Some("closed") => ChangeState::Closed,
        Some(_) => ChangeState::Open,
        // Only a merged pull request has these, so `state` may be left out.
        None if commit.is_some() || merged.is_some() => ChangeState::Merged,
        None => ChangeState::Open,
    };
    let merged = merged.or_else(|| name.and_then(|name| history.date(&name)));
    let is_merged = state == ChangeState::Merged;
    let odd = if !is_merged && (commit.is_some() || merged.is_some()) {
        Some((
            "only a merged pull request has `commit` and `merged`",
            "remove them, or write `state: merged`",
        ))
    } else if is_merged && merged.is_none() {
        Some(("nothing says when it was merged", "add `merged`"))
    } else if is_merged && commit.is_none() && history.graph.is_some() && repository.is_none() {
        Some(("a merged pull request needs the commit that it came in by", "add `commit`"))
    } else {
        None
    };
    if let Some((message, help)) = odd {
        problems.push(Draft::new(Code::OddEvidence, &node.span, message).help(help));
        return None;
    }
    let commit = commit.or_else(|| is_merged.then(|| Sha(format!("pull request {}", number.value))));
    Some(CasePull {
        number,
        title: title?.unwrap_or_else(|| "A pull request of the case".to_owned()),
        body: body?.unwrap_or_default(),
        author: author?,
        base: base?,
        head_branch: head_branch?,
        state,
        commit,
        merged,
        opened: opened?,
        labels: labels?.unwrap_or_default(),
        milestone: milestone?,
        repository,
        files: files?.into_iter().flatten().map(|one| one.value).collect(),
    })
}

/// A text that may name commits; `None` outside if it is wrong, which has been reported.
pub(super) fn filled_text(
    fields: &Fields<'_>,
    key: &str,
    history: &CaseHistory,
    problems: &mut Problems,
) -> Option<Option<String>> {
    fields.get(key, problems, read_text).check_optional(|at| history.filled(at, problems))
}

impl CasePull {
    /// The times that it says.
    pub fn times(&self) -> impl Iterator<Item = Timestamp> {
        self.merged.into_iter().chain(self.opened)
    }

    /// The pull request as the fix of an issue.
    pub fn to_fix(&self) -> Fix {
        Fix {
            pull_request: Some(self.number.value),
            commit: self.commit.clone(),
            merged_at: self.merged,
            files: self.files.clone(),
            repository: self.repository.clone(),
            state: Some(self.state),
            base: self.base.clone(),
            head_branch: self.head_branch.clone(),
            title: Some(self.title.clone()),
            description: Some(self.body.clone()).filter(|text| !text.is_empty()),
        }
    }

    /// The pull request by itself. `now` stands for the opening if nothing says when that was.
    pub fn to_pull_request(&self, now: Timestamp, has_history: bool) -> PullRequest {
        let opened = self.opened.or(self.merged).unwrap_or(now);
        let author = self.author.as_deref().unwrap_or(REPORTER);
        PullRequest {
            number: self.number.value,
            title: self.title.clone(),
            body: self.body.clone(),
            url: String::new(),
            author: self.author.clone(),
            author_role: None,
            state: self.state,
            base: self.base.clone(),
            head_branch: self.head_branch.clone(),
            commit: self.commit.clone(),
            merged_at: self.merged,
            created_at: opened,
            updated_at: self.merged.unwrap_or(opened),
            labels: self.labels.iter().map(|label| label.name.clone()).collect(),
            label_history: case_label_history(&self.labels, has_history, opened, author, None),
            milestone: self.milestone.clone(),
        }
    }
}
