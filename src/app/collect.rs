//! `collect`: collect the evidence, and write it to a snapshot.

use crate::exit::Exit;
use crate::model::{Area, Gap};
use crate::tracker::snapshot::write_snapshot;

use super::base_policy::{BasePolicy, Deciding, read_deciding_policy};
use super::candidate::require_known_event;
use super::gather::collect_snapshot;
use super::workflow_run::resolve_pull_request;
use super::{Failure, Run};
use crate::options::{CollectOptions, EvidenceKind};

/// Collects the evidence and writes the snapshot. A gap is no failure: it is in the snapshot, and `check` evaluates it.
pub fn collect(options: &CollectOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    if options.sources.snapshots.is_empty() && options.only != Some(EvidenceKind::Tests) {
        require_known_event(&options.sources, run)?;
        resolve_pull_request(&options.sources, run)?;
    }
    let Deciding { own, base } = read_deciding_policy(&options.sources.policy, run)?;
    // Evidence that a changed policy selects would hide what the base's asks for.
    let (read, unread) = match base {
        BasePolicy::Same | BasePolicy::Absent(_) | BasePolicy::AtDefaultPath(..) => (own, None),
        BasePolicy::Changed(_, base) => (*base, None),
        BasePolicy::Unread(branch, why) => (own, Some((branch, why))),
    };
    let mut snapshot = collect_snapshot(&options.sources, options.only, &read, run)?;
    snapshot.gaps.extend(unread.map(|(branch, why)| Gap {
        area: if options.only == Some(EvidenceKind::Tests) { Area::Tests } else { Area::Issues },
        place: Some(format!("the policy of {branch}")),
        what: format!("it decides what is collected for this pull request and cannot be read: {why}"),
        remedy: None,
    }));
    write_snapshot(&run.folder.join(&options.out), &snapshot).map_err(anyhow::Error::new)?;
    let count = |name: &str, count: Option<usize>| count.map(|count| format!("{count} {name}"));
    let parts: Vec<String> = [
        count("tickets", snapshot.issues.as_ref().map(Vec::len)),
        count("releases", snapshot.releases.as_ref().map(Vec::len)),
        count("origins", snapshot.origins.as_ref().map(|origins| origins.found.len())),
        count("test reports", snapshot.tests.as_ref().map(|tests| tests.files.len())),
        count("gaps", Some(snapshot.gaps.len()).filter(|gaps| *gaps > 0)),
    ]
    .into_iter()
    .flatten()
    .collect();
    (run.log)(&format!("wrote {}: {}", options.out.display(), parts.join(", ")));
    Ok(Exit::Success)
}
