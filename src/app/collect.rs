//! `collect`: gather, and write what was gathered.

use crate::exit::Exit;
use crate::model::{Area, Gap};
use crate::tracker::snapshot::write;

use super::base_policy::{BasePolicy, Deciding, deciding_policy};
use super::follow::follow;
use super::gather::gather;
use super::{Collect, Failure, Part, World, read_context};

/// Gathers and writes the snapshot. A gap does not fail it: it is in the snapshot, and `check` judges it.
pub fn run(collect: Collect, world: &mut World<'_>) -> Result<Exit, Failure> {
    let mut ci = read_context(world)?;
    if let Some(ci) = &mut ci
        && collect.sources.snapshots.is_empty()
        && collect.only != Some(Part::Tests)
    {
        follow(ci, &collect.sources, collect.verbose, world)?;
    }
    let Deciding { own, base } = deciding_policy(&collect.sources, ci.as_ref(), collect.verbose, world)?;
    // Evidence that a changed policy selects would hide what the base's asks for.
    let (read, unread) = match base {
        BasePolicy::Same | BasePolicy::Absent(_) | BasePolicy::AtDefaultPath(..) => (own, None),
        BasePolicy::Changed(_, base) => (*base, None),
        BasePolicy::Unread(branch, why) => (own, Some((branch, why))),
    };
    let (mut snapshot, _) =
        gather(&collect.sources, collect.only, &read, ci.as_ref(), collect.verbose, world)?;
    snapshot.gaps.extend(unread.map(|(branch, why)| Gap {
        area: if collect.only == Some(Part::Tests) { Area::Tests } else { Area::Issues },
        place: Some(format!("the policy of {branch}")),
        what: format!("it decides what is collected for this pull request and cannot be read: {why}"),
        remedy: None,
    }));
    write(&world.folder.join(&collect.out), &snapshot).map_err(anyhow::Error::new)?;
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
    (world.log)(&format!("wrote {}: {}", collect.out.display(), parts.join(", ")));
    Ok(Exit::Success)
}
