//! The releases and the candidate of a case.

use super::super::code::Code;
use super::super::keys;
use super::GivenCommits;
use super::history::CaseHistory;
use super::read::{read_flag, read_issue_numbers, read_moment, read_number_up_to, read_word, required_key};
use crate::model::{Candidate, Release, Sha, Tag};
use crate::policy::language::{Draft, Field, Fields, Node, NodeKind, Problems, Spanned, read_texts};

/// Keys of a candidate that say what it contains, where no history does.
const WITHOUT_HISTORY: &[&str] = &["since", "commits", "closes"];

/// Keys that mean something beside a history only.
const WITH_HISTORY: &[&str] = &["commit", "branch"];

/// Reads the candidate: a tag alone, or a mapping. The commit of a tag is that of the release, if there is one.
pub(super) fn case_candidate(
    node: &Node,
    history: &CaseHistory,
    releases: &[Release],
    problems: &mut Problems,
) -> Option<(Candidate, GivenCommits)> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        let tag = Tag(read_word(node, "`candidate`", problems)?);
        let head = candidate_head(node, history, releases, (None, Some(&tag), None), problems)?;
        let candidate = Candidate { name: tag.0.clone(), tag: Some(tag), head, ..Candidate::default() };
        return Some((candidate, GivenCommits::default()));
    }
    let fields = Fields::open(node, "`candidate`", keys::cases::CANDIDATE, problems)?;
    let tag = fields.get("tag", problems, read_word).optional();
    let pull_request = fields.get("pull-request", problems, read_number_up_to(u64::MAX)).optional();
    let commit = fields.get("commit", problems, read_word);
    let branch = fields.get("branch", problems, read_word).optional();
    let base = fields.get("since", problems, read_word).optional();
    let ids = fields.get("commits", problems, read_texts).optional();
    let closes = fields.get("closes", problems, read_issue_numbers).optional();
    let is_odd = history.refuse(&fields, WITHOUT_HISTORY, false, problems)
        | history.refuse(&fields, WITH_HISTORY, true, problems);
    let (tag, pull_request, branch) = (tag?.map(Tag), pull_request?, branch?);
    let commit = match commit {
        Field::Bad => return None,
        Field::Absent => None,
        Field::Good(at) => Some(at),
    };
    if is_odd {
        return None;
    }
    let name = match (&tag, pull_request, &branch) {
        (Some(tag), _, _) => tag.0.clone(),
        (None, Some(number), _) => format!("#{number}"),
        (None, None, Some(branch)) => branch.clone(),
        (None, None, None) => {
            let message = "a candidate needs `tag`, `pull-request` or `branch`";
            let draft = Draft::new(Code::MissingKey, &node.span, message);
            problems.push(draft.help("write `candidate: v1.5.0`, or `{ pull-request: 42 }`"));
            return None;
        }
    };
    // A pull request targets its branch, and is not the head of it.
    let own_branch = branch.as_deref().filter(|_| pull_request.is_none());
    let head =
        candidate_head(node, history, releases, (commit.as_ref(), tag.as_ref(), own_branch), problems)?;
    let ids = ids?.unwrap_or_default().into_iter().map(|id: Spanned<String>| Sha(id.value)).collect();
    let commits = GivenCommits { base: base?.map(Tag), ids, closes: closes?.into_iter().flatten().collect() };
    Some((Candidate { name, tag, head, branch, pull_request, ..Candidate::default() }, commits))
}

/// The commit of a candidate: as it says, or that of the release of its tag, or the head of its branch. Without a history there
/// is none.
fn candidate_head(
    node: &Node,
    history: &CaseHistory,
    releases: &[Release],
    (commit, tag, branch): (Option<&Spanned<String>>, Option<&Tag>, Option<&str>),
    problems: &mut Problems,
) -> Option<Option<Sha>> {
    let Some(graph) = &history.graph else { return Some(None) };
    if let Some(commit) = commit {
        return history.commit(commit, problems).map(Some);
    }
    let of_tag = releases.iter().find(|release| Some(&release.tag) == tag);
    // The commit of the tag comes first: a branch moves on after the release was made from it.
    let found = of_tag.and_then(|release| release.commit.clone());
    let found = found.or_else(|| graph.branches.get(branch?).cloned());
    if found.is_none() {
        let draft = Draft::new(Code::MissingKey, &node.span, "nothing says which commit the candidate is");
        problems
            .push(draft.help("write `candidate: { tag: v1.5.0, commit: … }` with a commit of the history"));
        return None;
    }
    Some(found)
}

/// One release. What was published and says no time is a gap, as in a run.
pub(super) fn case_release(node: &Node, history: &CaseHistory, problems: &mut Problems) -> Option<Release> {
    let fields = Fields::open(node, "a release", keys::cases::RELEASE, problems)?;
    let tag = required_key(&fields, "tag", node, "a release", problems, read_word);
    let published = fields.get("published", problems, read_moment).optional();
    let commit = fields.get("commit", problems, read_word);
    let prerelease = fields.get("prerelease", problems, read_flag).optional();
    let draft = fields.get("draft", problems, read_flag).optional()?.unwrap_or(false);
    let is_odd = history.refuse(&fields, &["commit"], true, problems);
    let (tag, published) = (tag?.value, published?);
    let commit = match commit {
        Field::Bad => return None,
        Field::Absent => None,
        Field::Good(at) => Some(at),
    };
    let odd = match (draft, published) {
        (true, Some(_)) => Some((
            "a draft was not published, and has no such time",
            "give either `published` or `draft: true`",
        )),
        (false, None) => Some((
            "a release needs `published`, unless it is a draft",
            "give either `published: 2026-09-01` or `draft: true`",
        )),
        (false, Some(_)) if history.graph.is_some() && commit.is_none() => {
            Some(("a release needs its commit of the history", "add `commit`"))
        }
        (true, None) | (false, Some(_)) => None,
    };
    if let Some((message, help)) = odd {
        problems.push(Draft::new(Code::OddEvidence, &node.span, message).help(help));
    }
    if odd.is_some() || is_odd {
        return None;
    }
    let committed_at = commit.as_ref().and_then(|at| history.date(&at.value));
    let commit = match commit {
        Some(at) => Some(history.commit(&at, problems)?),
        None if history.graph.is_some() => None,
        // Deployments name a release by its commit, so it needs one even without a history.
        None => Some(commit_of_release(&tag)),
    };
    Some(Release {
        committed_at,
        commit,
        tag: Tag(tag),
        name: None,
        published_at: published,
        draft,
        prerelease: prerelease?.unwrap_or(false),
        url: None,
        product: None,
        line: None,
    })
}

/// The commit that a release is said to be made from, without a history.
pub(super) fn commit_of_release(tag: &str) -> Sha {
    Sha(format!("commit of {tag}"))
}
