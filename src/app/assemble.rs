//! Snapshot + policy → evidence.

use std::collections::BTreeSet;

use crate::attribution::found_in;
use crate::classify::{Classified, classify, orphaned_duplicates, phase};
use crate::evidence::Evidence;
use crate::model::{Area, Defect, Excluded, Gap, Phase, Release, Snapshot, Ticket, Timeline, Warning};
use crate::policy::Policy;

/// The evidence that a policy finds in a snapshot. A part that the snapshot does not have is a gap.
pub fn assemble(snapshot: Snapshot, policy: &Policy) -> Evidence {
    let mut gaps: BTreeSet<Gap> = snapshot.gaps;
    let mut warnings: BTreeSet<Warning> = snapshot.warnings;
    for (part, absent) in [("tickets", snapshot.tickets.is_none()), ("releases", snapshot.releases.is_none())]
    {
        if absent && !gaps.iter().any(|gap| gap.area == Area::Issues) {
            gaps.insert(unread(part));
        }
    }
    let has_releases = snapshot.releases.is_some();
    gaps.extend(contradictions(snapshot.releases.as_deref().unwrap_or_default()));
    let releases =
        snapshot.releases.unwrap_or_default().into_iter().filter(|r| is_release(r, policy)).collect();
    let timeline = Timeline::new(releases, snapshot.candidate.as_ref());
    let defects_and_excluded = snapshot
        .tickets
        .filter(|_| has_releases)
        .map(|tickets| sort_out(tickets, policy, &timeline, &mut warnings));
    let (defects, excluded) = match defects_and_excluded {
        Some((defects, excluded)) => (Some(defects), excluded),
        None => (None, Vec::new()),
    };
    Evidence {
        now: snapshot.taken_at,
        repository: snapshot.repository,
        candidate: snapshot.candidate,
        timeline,
        supported: policy.releases.supported,
        mature_after_days: policy.releases.mature_after_days,
        knows_caught: !policy.defects.caught.is_empty(),
        defects,
        excluded,
        tests: snapshot.tests,
        gaps: gaps.into_iter().collect(),
        warnings: warnings.into_iter().collect(),
    }
}

/// True if the policy counts a release.
pub fn is_release(release: &Release, policy: &Policy) -> bool {
    policy.releases.tags.as_ref().is_none_or(|pattern| pattern.matches(&release.tag.0).is_some())
}

/// A part that the snapshot does not have.
fn unread(part: &str) -> Gap {
    Gap {
        area: Area::Issues,
        place: None,
        what: format!("the evidence holds no {part}"),
        remedy: Some(
            "Gather it with a token that may read issues and releases (`issues: read`, `contents: read`)."
                .into(),
        ),
    }
}

/// Two published releases of one tag: which of them a defect was found in cannot be told. A draft may share the tag.
fn contradictions(releases: &[Release]) -> impl Iterator<Item = Gap> {
    let mut seen = BTreeSet::new();
    releases.iter().filter(move |release| !release.draft && !seen.insert(&release.tag)).map(|release| Gap {
        area: Area::Issues,
        place: Some(release.tag.to_string()),
        what: "two published releases have this tag".into(),
        remedy: Some("Gather the snapshot again.".into()),
    })
}

/// Every ticket as a defect, as excluded, or as none of the policy's business.
fn sort_out(
    tickets: Vec<Ticket>,
    policy: &Policy,
    timeline: &Timeline,
    warnings: &mut BTreeSet<Warning>,
) -> (Vec<Defect>, Vec<Excluded>) {
    let named: Vec<(Ticket, (Phase, String))> = tickets
        .into_iter()
        .filter_map(|ticket| phase(&ticket, &policy.defects).map(|found| (ticket, found)))
        .collect();
    let orphans = orphaned_duplicates(named.iter().map(|(ticket, _)| ticket));
    let (mut defects, mut excluded) = (Vec::new(), Vec::new());
    for (ticket, found) in named {
        let found_in = found_in(&ticket, found.0, policy, timeline);
        let in_pre_release = found_in
            .release
            .as_ref()
            .is_some_and(|tag| timeline.get(tag).is_some_and(|release| release.prerelease));
        let is_orphan = orphans.contains(&ticket.number);
        if is_orphan {
            warnings.insert(orphan(&ticket));
        }
        match classify(ticket, found, found_in, in_pre_release, is_orphan, &policy.defects) {
            Classified::Defect(defect) => defects.push(defect),
            Classified::Excluded(one) => excluded.push(one),
        }
    }
    defects.sort_by_key(Defect::number);
    excluded.sort_by_key(|one| one.defect.number());
    (defects, excluded)
}

/// What to say of a duplicate that counts itself.
fn orphan(ticket: &Ticket) -> Warning {
    let original =
        ticket.duplicate_of.map_or_else(|| "an issue that is not named".into(), |of| of.to_string());
    Warning(format!(
        "{} is a duplicate of {original}, which the policy does not count; so {} counts itself",
        ticket.number, ticket.number
    ))
}
