//! `collect`: gather, and write what was gathered.

use crate::exit::Exit;
use crate::tracker::snapshot::write;

use super::follow::follow;
use super::gather::gather;
use super::trust::refuse_strangers;
use super::{Collect, Failure, Part, World, read_context, read_policy};

/// Gathers and writes the snapshot. A gap does not fail it: it is in the snapshot, and `check` judges it.
pub fn run(collect: Collect, world: &mut World<'_>) -> Result<Exit, Failure> {
    let mut ci = read_context(world)?;
    if let Some(ci) = &mut ci
        && collect.sources.snapshots.is_empty()
        && collect.only != Some(Part::Tests)
    {
        follow(ci, &collect.sources, collect.verbose, world)?;
    }
    refuse_strangers(&collect.sources.policy, ci.as_ref(), world)?;
    let policy = read_policy(&collect.sources, ci.as_ref(), collect.verbose, world)?;
    let (snapshot, _) = gather(&collect.sources, collect.only, &policy, ci.as_ref(), collect.verbose, world)?;
    write(&world.folder.join(&collect.out), &snapshot).map_err(anyhow::Error::new)?;
    let count = |name: &str, count: Option<usize>| count.map(|count| format!("{count} {name}"));
    let parts: Vec<String> = [
        count("tickets", snapshot.tickets.as_ref().map(Vec::len)),
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
