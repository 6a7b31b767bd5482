//! The question about a defect: its fix, its report, and the statements in its issue.

use crate::model::{Defect, Issue, IssueNumber, Release, Sha, Tag};
use release_history::git::GitError;
use release_history::origins::bisect_results::BisectResults;
use release_history::origins::find::Question;
use release_history::origins::report_facts::ReportFacts;

use super::super::commit_history::ServerCommits;
use super::super::gather::without_origins;
use super::super::policy_sources::read_policy;
use super::super::{Failure, Run};
use super::cannot;
use super::local::{Local, with_commit};
use crate::assemble::assemble;
use crate::options::{AttributeOptions, DefectReport, EvidenceKind};

/// The question about a fix that a person names.
pub fn of_fix(name: &str, report: &DefectReport, local: &Local) -> Result<Question, Failure> {
    let fix = Sha(local.git.commit(name).map_err(|error| {
        if let GitError::Absent { object } = error { no_commit(&object) } else { cannot(error) }
    })?);
    let committed = local.graph.committed_at(&fix);
    let committed =
        // Git still finds a commit that a force push removed. It has no place in the order of
        // releases.
        committed.ok_or_else(|| Failure::Usage(format!("no branch and no tag leads to {fix}")))?;
    let found_in = match &report.found_in {
        Some(tag) => Some(with_commit(&Tag(tag.clone()), local).ok_or_else(|| {
            Failure::Usage(format!("--found-in {tag} names no release of this repository"))
        })?),
        None => None,
    };
    Ok(Question {
        said: Vec::new(),
        posted: BisectResults::default(),
        report: ReportFacts {
            at: report.reported.map_or(committed, |at| at.as_second()),
            escaped: report.escaped,
            found_in,
        },
        copies: local.copies_of_fix(&fix),
        fix: Some(fix),
    })
}

/// A name that leads to no commit.
fn no_commit(name: &str) -> Failure {
    Failure::Usage(format!("`{name}` names no commit of this repository"))
}

/// The defect of an issue, the releases that the tracker knows, and the commits on the server if they were read.
pub fn of_issue(
    number: IssueNumber,
    options: &AttributeOptions,
    run: &Run<'_>,
) -> Result<(Defect, Vec<Release>, Option<ServerCommits>), Failure> {
    let sources = &options.sources;
    let read = read_policy(&sources.policy, run)?;
    let is_it = |issue: &Issue| issue.number == number;
    let (snapshot, server) = without_origins(sources, Some(EvidenceKind::Issues), &read, &is_it, run)?;
    let commits = server.and_then(|live| {
        live.server.spent(run);
        live.commits
    });
    for gap in &snapshot.gaps {
        (run.log)(&format!("not read: {}", gap.what));
    }
    let releases = snapshot.releases.clone().unwrap_or_default();
    let evidence = assemble(snapshot, &read.policy);
    let excluded = evidence.excluded.into_iter().map(|excluded| excluded.defect);
    let mut all = evidence.defects.into_iter().flatten().chain(excluded);
    let found = all.find(|defect| defect.number() == number);
    let missing = || Failure::Usage(format!("{number} is no defect by this policy, or was not read"));
    let defect = found.ok_or_else(missing)?;
    if defect.issue.bisects.is_none() {
        (run.log)(&format!(
            "the comments of {number} were not read when the evidence was gathered: a bisect result in them is not known"
        ));
    }
    Ok((defect, releases, commits))
}
