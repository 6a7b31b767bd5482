//! What is asked about a defect: its fix, what people say, what is known of the report.

use crate::attribution::introduced::filter::Report;
use crate::attribution::introduced::find::Question;
use crate::attribution::introduced::signal::in_ticket;
use crate::git::Error;
use crate::model::{Defect, Fix, IssueNumber, Phase, Release, Sha, Tag};

use super::super::gather::without_origins;
use super::super::{Attribute, Failure, Part, World, assemble, read_context, read_policy};
use super::{Local, cannot};

/// The question about a defect. Its fix is the change that was merged last.
pub fn question(defect: &Defect, local: &Local) -> Question {
    let merged = |fix: &&Fix| fix.commit.is_some();
    let fix = defect.ticket.fixes.iter().filter(merged).max_by_key(|fix| fix.merged_at);
    let fix = fix.and_then(|fix| fix.commit.clone());
    let found_in = defect.found_in.release.as_ref().and_then(|tag| with_commit(tag, local));
    Question {
        said: in_ticket(&defect.ticket),
        report: Report {
            at: defect.ticket.created_at.as_second(),
            escaped: defect.phase == Phase::Escaped,
            found_in,
        },
        picks: picks(fix.as_ref(), local),
        fix,
    }
}

/// The question about a fix that a person names.
pub fn of_fix(name: &str, attribute: &Attribute, local: &Local) -> Result<Question, Failure> {
    let fix = Sha(local.git.commit(name).map_err(|error| {
        if let Error::Absent { object } = error {
            Failure::Usage(format!("`{object}` names no commit of this repository"))
        } else {
            cannot(error)
        }
    })?);
    let found_in = match &attribute.found_in {
        Some(tag) => Some(with_commit(&Tag(tag.clone()), local).ok_or_else(|| {
            Failure::Usage(format!("--found-in {tag} names no release of this repository"))
        })?),
        None => None,
    };
    let committed = local.graph.committed_at(&fix);
    let at = attribute.reported.map(|at| at.as_second()).or(committed);
    let at = at.ok_or_else(|| Failure::Usage(format!("no branch and no tag leads to {fix}")))?;
    Ok(Question {
        said: Vec::new(),
        report: Report { at, escaped: attribute.escaped, found_in },
        picks: picks(Some(&fix), local),
        fix: Some(fix),
    })
}

/// The defect of an issue, and the releases that the tracker knows.
pub fn of_issue(
    number: IssueNumber,
    attribute: &Attribute,
    world: &World<'_>,
) -> Result<(Defect, Vec<Release>), Failure> {
    let ci = read_context(world)?;
    let policy = read_policy(&attribute.sources, ci.as_ref(), attribute.verbose, world)?;
    let part = Some(Part::Issues);
    let (snapshot, _) =
        without_origins(&attribute.sources, part, &policy, ci.as_ref(), attribute.verbose, world)?;
    let releases = snapshot.releases.clone().unwrap_or_default();
    let evidence = assemble(snapshot, &policy);
    let excluded = evidence.excluded.into_iter().map(|excluded| excluded.defect);
    let mut all = evidence.defects.into_iter().flatten().chain(excluded);
    let found = all.find(|defect| defect.number() == number);
    let missing = || Failure::Usage(format!("{number} is no defect by this policy, or was not read"));
    Ok((found.ok_or_else(missing)?, releases))
}

/// A release with the commit it was made from.
fn with_commit(tag: &Tag, local: &Local) -> Option<(Tag, Sha)> {
    let cut = local.releases.releases().find(|cut| cut.tag == *tag)?;
    Some((cut.tag.clone(), cut.commit.clone()))
}

/// The commits that took a fix to other lines of releases, as `git cherry-pick -x` says in their messages. What cannot be
/// read is no pick: then a release counts as affected, which is the careful side.
fn picks(fix: Option<&Sha>, local: &Local) -> Vec<Sha> {
    let Some(fix) = fix else { return Vec::new() };
    let found = local.git.mentions(&[format!("cherry picked from commit {fix}")]).unwrap_or_default();
    found.into_iter().map(|(id, _)| Sha(id)).collect()
}
