//! The status of every escaped defect in the newest release of each release line.

use rayon::prelude::*;

use super::{assemble_without_origins, counted_releases, with_candidate};
use crate::evidence::LineStatuses;
use crate::model::{Snapshot, Timeline, VersionedRelease};
use crate::policy::Policy;

/// Maximum number of release lines.
const LINES: usize = 4;

/// Decides the status of every escaped defect in the newest release of the newest lines, the newest line first.
///
/// Each line is assembled by itself with its release as the candidate, exactly as a run on that release would be.
pub fn statuses_by_line(snapshot: &Snapshot, policy: &Policy) -> Vec<LineStatuses> {
    let releases = counted_releases(snapshot.releases.as_deref().unwrap_or_default(), policy, None);
    let own = snapshot.candidate.as_ref();
    let timeline = Timeline::new(releases, own);
    let mut newest: Vec<&VersionedRelease> = Vec::new();
    let mut from_highest: Vec<&VersionedRelease> = timeline.ordered().collect();
    from_highest.reverse();
    for release in from_highest {
        // Without a line, a release is a line of its own.
        if !newest.iter().any(|known| known.line.is_some() && known.line == release.line) {
            newest.push(release);
        }
    }
    newest.truncate(LINES);
    // Only the statuses are read from the copies.
    let evidence = Snapshot { tests: None, origins: None, deployments: None, ..snapshot.clone() };
    let decide = |release: &VersionedRelease| {
        let tag = &release.release.tag;
        let seen = with_candidate(evidence.clone(), policy, &tag.0).ok()?;
        let (assembled, _) = assemble_without_origins(seen, policy, None);
        let status = |found: &crate::model::DefectStatus| found.status.clone().ok();
        Some(LineStatuses {
            line: release.line.clone().unwrap_or_else(|| tag.0.clone()),
            release: tag.clone(),
            statuses: assembled
                .escaped()?
                .map(|defect| (defect.number(), defect.status.as_deref().and_then(status)))
                .collect(),
        })
    };
    newest.par_iter().filter_map(|release| decide(release)).collect()
}
