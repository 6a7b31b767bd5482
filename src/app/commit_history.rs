//! The commit graph of a live run: read from the server by git, shortened to what the evidence refers to.

mod gaps;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;

use crate::model::{CommitHistory, CommitRecord, Gap, IssueNumber, Sha, Snapshot};
use release_history::commit_index::CommitIndex;
use release_history::git::{
    CloneError, CloneOptions, CommitClone, Git, GitError, LoggedCommit, Remote, RemoteError,
};
use release_history::shorten::{Interest, KeptCommit, shorten_history};

use super::Run;
use super::connect::Server;
use super::secrets::TOKENS;

/// Largest clone of commits, in bytes. The commits of large repositories are some hundred MiB; one that is larger comes
/// from a server that sends files too.
const LARGEST_CLONE: u64 = 2 << 30;

/// Patches that are compared at a time: their texts are held in memory.
const PATCHES: usize = 20;

/// All commits of the repository on the server.
#[derive(Debug)]
pub struct ServerCommits {
    /// The clone that they are in.
    pub clone: CommitClone,
    /// Index of the commits.
    pub index: CommitIndex,
}

impl ServerCommits {
    /// Fetches and reads them, with those of a pull request.
    ///
    /// # Errors
    /// The gap says why they cannot be read.
    pub fn fetch(server: &Server, pull_request: Option<u64>, run: &Run<'_>) -> Result<Self, Gap> {
        let remote = git_remote(server, run).map_err(|error| gaps::of_address(&error))?;
        let options = CloneOptions {
            remote,
            cache: server.cache.as_deref(),
            checkout: Some(&run.folder),
            pull_request,
            time: run.limits.timeout,
            bytes: LARGEST_CLONE,
        };
        let read =
            open_commit_clone(&options).map_err(|error| gaps::of_clone(&error, options.remote.address()))?;
        let (clone, index) = read;
        Ok(Self { clone, index })
    }
}

/// Fills the snapshot's commit graph, and the commit and branch of its candidate. What cannot be read is a gap. Returns the
/// commits, which tell where defects came from too.
pub fn read_into(snapshot: &mut Snapshot, server: &Server, run: &Run<'_>) -> Option<ServerCommits> {
    let pull_request = snapshot.candidate.as_ref().and_then(|candidate| candidate.pull_request);
    let ServerCommits { clone, index } = match ServerCommits::fetch(server, pull_request, run) {
        Ok(commits) => commits,
        Err(gap) => {
            snapshot.gaps.insert(gap);
            return None;
        }
    };
    standing::resolve(snapshot, &clone, &index);
    let branches = branches(snapshot, &clone);
    let interest = Interest { has_patches: clone.has_files(), ..interest(snapshot, &branches, &index) };
    match history(clone.git(), &index, &interest) {
        // A commit that is newer than the checkout has no files there. Then its message has to say that it is a copy.
        Ok((commits, _)) => {
            let default_branch = clone.default_branch().map(str::to_owned);
            snapshot.gaps.extend(gaps::of_absent(snapshot, &index));
            snapshot.history = Some(CommitHistory { commits, default_branch, branches });
            Some(ServerCommits { clone, index })
        }
        Err(error) => {
            snapshot.gaps.insert(gaps::of_clone(&error.into(), &server.repository.to_string()));
            clone.discard();
            None
        }
    }
}

/// Returns the address from which Git reads the repository.
fn git_remote(server: &Server, run: &Run<'_>) -> Result<Remote, RemoteError> {
    let address =
        run.ci.as_ref().map(|ci| ci.server_url.clone()).or_else(|| run.variable(&["GITHUB_SERVER_URL"]));
    let address = address.unwrap_or_else(|| server_of(server.client.api_url()));
    let remote = Remote::new(&address, &server.repository.owner, &server.repository.name)?;
    let certificates = run.variable(&["SSL_CERT_FILE"]).map(PathBuf::from);
    Ok(remote.with_token(run.variable(&TOKENS).as_deref()).with_certificates(certificates))
}

/// The server of an API: `https://api.github.com` is that of `https://github.com`, and `X/api/v3` that of X.
fn server_of(api: &str) -> String {
    match api.strip_prefix("https://api.") {
        Some(host) if !host.contains('/') => format!("https://{host}"),
        Some(_) | None => api.strip_suffix("/api/v3").unwrap_or(api).to_owned(),
    }
}

/// The clone and all its commits. What an earlier run left and cannot be read is made anew.
fn open_commit_clone(options: &CloneOptions<'_>) -> Result<(CommitClone, CommitIndex), CloneError> {
    let clone = CommitClone::open(options)?;
    match index(&clone) {
        Ok(index) => Ok((clone, index)),
        // A cache that a cancelled run left behind must not make every later run fail.
        Err(_) => {
            clone.discard();
            let clone = CommitClone::open(options)?;
            let index = index(&clone)?;
            Ok((clone, index))
        }
    }
}

/// All commits that a repository on this machine has.
///
/// # Errors
/// If they cannot be read.
pub fn index_of(git: &Git) -> Result<CommitIndex, GitError> {
    let mut index = CommitIndex::default();
    git.log(|commit| index.add(commit))?;
    Ok(index)
}

/// All commits of a clone. What an earlier run read is not read again; refs are those of this run.
fn index(clone: &CommitClone) -> Result<CommitIndex, GitError> {
    let stored = clone.remembered().and_then(|bytes| CommitIndex::from_bytes(&bytes)).unwrap_or_default();
    let known = stored.len();
    let mut index = match add_news(stored, clone) {
        Ok(index) => index,
        // The stored index may name commits that a force push removed from the clone.
        Err(_) if known > 0 => add_news(CommitIndex::default(), clone)?,
        Err(error) => return Err(error),
    };
    let is_complete = !index.forget_unreachable(clone.refs().iter().map(|found| found.target.as_str()));
    if !is_complete {
        // An incomplete index would lack these commits in every later run as well.
        clone.remember(None);
    } else if index.len() != known {
        clone.remember(Some(&index.to_bytes()));
    }
    Ok(index)
}

/// Adds the commits that are not in an index yet.
fn add_news(mut index: CommitIndex, clone: &CommitClone) -> Result<CommitIndex, GitError> {
    let (known, tips) =
        (index.heads(), index.unknown(clone.refs().iter().map(|found| found.target.as_str())));
    let add = |commit: &LoggedCommit<'_>| index.add(commit);
    if known.is_empty() { clone.git().log(add) } else { clone.git().log_news(&tips, &known, add) }?;
    Ok(index)
}

/// The branches that the table of statuses looks at, with their heads: the default branch, that of the candidate, and
/// those that pull requests target.
fn branches(snapshot: &Snapshot, clone: &CommitClone) -> BTreeMap<String, Sha> {
    let candidate = snapshot.candidate.iter().filter_map(|candidate| candidate.branch.as_deref());
    let bases = snapshot.pull_requests.iter().flatten().filter_map(|pull| pull.base.as_deref());
    let fixes = snapshot.issues.iter().flatten().flat_map(|ticket| &ticket.fixes);
    let names = clone.default_branch().into_iter().chain(candidate).chain(bases);
    let names: BTreeSet<&str> = names.chain(fixes.filter_map(|fix| fix.base.as_deref())).collect();
    let head = |name: &str| {
        let head = clone.target(&format!("refs/heads/{name}"))?;
        Some((name.to_owned(), Sha(head.to_owned())))
    };
    names.into_iter().filter_map(head).collect()
}

/// Returns the commits, issues and pull requests that the snapshot refers to.
fn interest(snapshot: &Snapshot, branches: &BTreeMap<String, Sha>, index: &CommitIndex) -> Interest {
    let mut interest = Interest { tips: branches.values().cloned().collect(), ..Interest::default() };
    interest.tips.extend(snapshot.releases.iter().flatten().filter_map(|release| release.commit.clone()));
    interest.tips.extend(snapshot.candidate.iter().filter_map(|candidate| candidate.head.clone()));
    let group = snapshot.candidate.iter().flat_map(|candidate| &candidate.merge_group);
    interest.commits.extend(group.map(|queued| queued.commit.clone()));
    for ticket in snapshot.issues.iter().flatten() {
        interest.issues.extend([ticket.number].into_iter().chain(ticket.duplicate_of));
        interest.pull_requests.extend(ticket.fixes.iter().filter_map(|fix| fix.pull_request));
        interest.commits.extend(ticket.fixes.iter().filter_map(|fix| fix.commit.clone()));
        // What people found to be the cause.
        let causes = ticket.bisects.iter().flat_map(|bisects| &bisects.found);
        interest.commits.extend(causes.filter_map(|one| index.abbreviated(&one.result.commit)).map(Sha));
    }
    for pull in snapshot.pull_requests.iter().flatten() {
        interest.pull_requests.insert(pull.number);
        interest.commits.extend(pull.commit.clone());
    }
    interest.issues.remove(&IssueNumber(0));
    interest
}

/// Notes for each merge that is a fix or refers to one which commits it brought in, as [`shorten`] does for a repository: for a
/// graph that was written by hand and holds every commit.
pub fn note_merged_commits(snapshot: &mut Snapshot) {
    let Some(mut graph) = snapshot.history.take() else { return };
    let mut index = CommitIndex::default();
    for commit in &graph.commits {
        let parents: Vec<&str> = commit.parents.iter().map(|parent| parent.0.as_str()).collect();
        index.add(&LoggedCommit {
            id: &commit.id.0,
            parents: &parents.join(" "),
            committed: commit.committed_at.as_second(),
            authored: commit.authored_at.as_second(),
            author: commit.author.as_bytes(),
            message: commit.message.as_bytes(),
        });
    }
    let kept = shorten_history(&index, &interest(snapshot, &graph.branches, &index));
    let mut brought_in: BTreeMap<Sha, Vec<Sha>> =
        kept.into_iter().map(|commit| (commit.id, commit.brought_in)).collect();
    for commit in &mut graph.commits {
        commit.brought_in = brought_in.remove(&commit.id).unwrap_or_default();
    }
    snapshot.history = Some(graph);
}

/// The commits that are kept, with their messages; and why the patches of some could not be compared.
///
/// # Errors
/// If a message cannot be read.
pub fn history(
    git: &Git,
    index: &CommitIndex,
    interest: &Interest,
) -> Result<(Vec<CommitRecord>, Option<GitError>), GitError> {
    let kept = shorten_history(index, interest);
    let ids: Vec<String> =
        kept.iter().filter(|commit| commit.has_words).map(|commit| commit.id.0.clone()).collect();
    let alike: Vec<String> =
        kept.iter().filter(|commit| commit.needs_patch).map(|commit| commit.id.0.clone()).collect();
    let mut records: BTreeMap<Sha, CommitRecord> =
        kept.into_iter().map(|commit| (commit.id.clone(), without_words(commit))).collect();
    let mut read = 0;
    git.log_of(&ids, |commit| {
        if let Some(record) = records.get_mut(&Sha(commit.id.to_owned())) {
            add_words(record, commit);
            read += 1;
        }
    })?;
    // A missing message could be the one that says "This reverts commit …".
    if read < ids.len() {
        let what = format!("{read} of {} commits", ids.len());
        return Err(GitError::NotUnderstood { verb: "log", what });
    }
    let mut unread = None;
    for part in alike.chunks(PATCHES) {
        let ids: Vec<&str> = part.iter().map(String::as_str).collect();
        match git.patch_ids(&ids) {
            Ok(patches) => {
                for (id, patch) in patches {
                    if let Some(record) = records.get_mut(&Sha(id)) {
                        record.patch_id = Some(patch);
                    }
                }
            }
            // Without patch ids, copies are still found by their messages, so this is no reason to
            // stop.
            Err(error) => unread = Some(error),
        }
    }
    Ok((records.into_values().collect(), unread))
}

fn without_words(commit: KeptCommit) -> CommitRecord {
    let committed_at = time(commit.committed);
    CommitRecord {
        id: commit.id,
        parents: commit.parents,
        committed_at,
        author: String::new(),
        authored_at: committed_at,
        message: String::new(),
        brought_in: commit.brought_in,
        patch_id: None,
    }
}

fn add_words(record: &mut CommitRecord, commit: &LoggedCommit<'_>) {
    record.author = String::from_utf8_lossy(commit.author).into_owned();
    record.authored_at = time(commit.authored);
    record.message = String::from_utf8_lossy(commit.message).into_owned();
}

/// A time of a commit. Anyone can write any number into a commit: one beyond the calendar is the first or last moment.
fn time(seconds: i64) -> Timestamp {
    let limit = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(limit)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use release_history::git::testing::stage::Stage;

    /// Ids of the commits that an index and Git have, of a clone that is then kept for the next run.
    fn ids(stage: &Stage) -> (Vec<String>, Vec<String>) {
        let clone = stage.open().unwrap();
        let index = index(&clone).unwrap();
        let kept =
            shorten_history(&index, &Interest { issues: [IssueNumber(7)].into(), ..Interest::default() });
        let mut all = Vec::new();
        let fixes = |commit: &LoggedCommit<'_>| commit.message.windows(2).any(|part| part == b"#7");
        clone.git().log(|commit| all.extend(fixes(commit).then(|| commit.id.to_owned()))).unwrap();
        let mut kept: Vec<String> = kept.into_iter().map(|commit| commit.id.0).collect();
        kept.sort();
        all.sort();
        (kept, all)
    }

    #[test]
    fn index_of_an_earlier_run_is_continued() {
        let mut stage = Stage::new();
        let first = stage.work.change("b.txt", "b\n", "fix: b #7");
        for step in 0..5 {
            match step {
                1 | 4 => drop(stage.work.change("b.txt", &format!("{step}\n"), "fix: b again #7")),
                2 => drop(stage.work.git(&["reset", "--hard", "--quiet", &first])),
                3 => drop(stage.work.change("c.txt", "c\n", "other")),
                _ => {}
            }
            stage.push();
            let (kept, all) = ids(&stage);
            assert_eq!(kept, all, "step {step}");
            assert_eq!(kept.len(), [1, 2, 1, 1, 2][step]);
        }
    }

    #[test]
    fn full_checkout_tells_patches() {
        let mut stage = Stage::new();
        let base = stage.work.head();
        let fix = stage.work.change("b.txt", "b\n", "fix: b");
        stage.work.git(&["branch", "line", &base]);
        stage.work.git(&["switch", "--quiet", "line"]);
        let copy = stage.work.change("b.txt", "b\n", "fix: b");
        let other = stage.work.change("b.txt", "c\n", "fix: b");
        stage.push();
        let checkout = stage.work.beside("checkout");
        let address = stage.remote().address().to_owned();
        stage.work.git(&["clone", "--quiet", &address, checkout.to_str().unwrap()]);
        let clone =
            CommitClone::open(&CloneOptions { checkout: Some(&checkout), ..stage.options() }).unwrap();
        assert!(clone.has_files());
        let interest =
            Interest { commits: [Sha(fix.clone())].into(), has_patches: true, ..Interest::default() };
        let (commits, _) = history(clone.git(), &index(&clone).unwrap(), &interest).unwrap();
        let patch = |id: &str| commits.iter().find(|commit| commit.id.0 == id).unwrap().patch_id.clone();
        assert!(patch(&fix).is_some() && patch(&fix) == patch(&copy) && patch(&fix) != patch(&other));
    }

    #[test]
    fn damaged_index_is_read_anew() {
        let mut stage = Stage::new();
        stage.work.change("b.txt", "b\n", "fix: b #7");
        stage.push();
        let clone = stage.open().unwrap();
        let whole = index(&clone).unwrap().to_bytes();
        let mut other = CommitIndex::default();
        let (id, message) = ("a".repeat(40), b"fix: c #7");
        other.add(&LoggedCommit { id: &id, parents: "", committed: 1, authored: 1, author: b"", message });
        for bytes in [whole[..whole.len() / 2].to_vec(), other.to_bytes(), Vec::new()] {
            clone.remember(Some(&bytes));
            assert_eq!(index(&clone).unwrap().len(), 2);
        }
    }

    #[test]
    fn server_is_told_from_its_api() {
        for (api, server) in [
            ("https://api.github.com", "https://github.com"),
            ("https://api.octo.ghe.com", "https://octo.ghe.com"),
            ("https://ghe.example.com/api/v3", "https://ghe.example.com"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(server_of(api), server);
        }
    }

    #[test]
    fn time_beyond_the_calendar_is_its_end() {
        assert_eq!(time(0), Timestamp::UNIX_EPOCH);
        assert_eq!(time(i64::MAX), Timestamp::MAX);
        assert_eq!(time(i64::MIN), Timestamp::MIN);
    }
}
