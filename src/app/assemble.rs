//! Snapshot + policy → evidence.

mod asked;
mod blockers;
mod decision;
mod follow_ups;
mod learnt;
mod names;
mod proposed;
mod releases;
mod rollbacks;
pub(super) mod standpoint;
pub(super) mod statuses;
mod test_gaps;

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use crate::attribution::attribute_issue;
use crate::attribution::statement::statements;
use crate::classify::codeowners::Codeowners;
use crate::classify::{
    Classification, classify, detection_phase, inherit_from_duplicate, is_duplicate, originals,
};
use crate::evidence::{DefectIndex, Evidence};
use crate::model::{
    Area, AttributionMethod, Candidate, Defect, Excluded, ExclusionReason, Gap, Issue, IssueNumber, Phase,
    Release, Snapshot, Warning,
};
use crate::policy::{Policy, Variables};

pub use asked::asked_by;
use decision::decide_one;
pub use decision::{DecisionIn, seen_from};
pub use releases::{counted, product_in};
use standpoint::Lookout;
use statuses::Ground;
pub use test_gaps::unexplained_outcomes;

/// Tickets that are sorted out side by side.
const AT_ONCE: usize = 4096;

/// How far clocks may differ.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The evidence that a policy finds in a snapshot. A part that the snapshot does not have is a gap.
pub fn assemble(snapshot: Snapshot, policy: &Policy) -> Evidence {
    assemble_and_decide(snapshot, policy, None).0
}

/// As [`assemble`], with the decision on one issue; `None` if the policy does not select it as an escaped defect.
pub fn assemble_and_decide(
    mut snapshot: Snapshot,
    policy: &Policy,
    number: Option<IssueNumber>,
) -> (Evidence, Option<DecisionIn>) {
    let mut gaps: BTreeSet<Gap> = std::mem::take(&mut snapshot.gaps);
    let mut warnings: BTreeSet<Warning> = std::mem::take(&mut snapshot.warnings);
    for (part, absent) in [("tickets", snapshot.issues.is_none()), ("releases", snapshot.releases.is_none())]
    {
        if absent && !gaps.iter().any(|gap| gap.area == Area::Issues) {
            gaps.insert(unread(part));
        }
    }
    let outcomes = &snapshot.tests_outcomes;
    gaps.extend(unexplained_outcomes(outcomes, snapshot.tests.as_ref()));
    if let Some(tests) = &snapshot.tests {
        gaps.extend(test_gaps::missing_reports(tests, &policy.expected_reports));
    }
    let has_releases = snapshot.releases.is_some();
    gaps.extend(asked::unasked(snapshot.asked.as_ref(), policy));
    gaps.extend(odd_releases(snapshot.releases.as_deref().unwrap_or_default(), snapshot.taken_at));
    gaps.extend(repeated_tickets(snapshot.issues.as_deref().unwrap_or_default()));
    warnings.extend(names::unknown_names(snapshot.issues.as_deref().unwrap_or_default(), policy));
    let gathered = snapshot.releases.take().unwrap_or_default();
    let tag = snapshot.candidate.as_ref().and_then(|candidate| candidate.tag.as_ref());
    warnings.extend(releases::told(&gathered, policy, tag));
    let releases = counted(&gathered, policy, tag);
    let history = snapshot.history.take();
    let lookout = Lookout::new(&snapshot, history.as_ref(), releases, policy);
    let candidate = snapshot.candidate.take();
    let position = lookout.position(candidate.as_ref());
    let timeline = lookout.timeline(&position);
    let standpoint = lookout.standpoint(position, &timeline);
    let changes = lookout.changes.as_ref();
    let ground = Ground { standpoint: &standpoint, changes, policy, timeline: &timeline };
    let owners = learnt::owners(snapshot.codeowners.as_ref(), policy, &mut gaps, &mut warnings);
    let deployments = learnt::deployments(snapshot.deployments, policy, &mut gaps);
    let variables = candidate.as_ref().map(variables_of).unwrap_or_default();
    let selected = snapshot.issues.as_deref().and_then(|tickets| {
        blockers::select(tickets, snapshot.pull_requests.as_deref().unwrap_or_default(), policy, &variables)
    });
    if selected.is_some() && snapshot.pull_requests.is_none() {
        gaps.insert(unread("pull requests that could block"));
    }
    let follow_ups = follow_ups::states(snapshot.issues.as_deref().unwrap_or_default(), policy);
    let defects_and_excluded = snapshot
        .issues
        .filter(|_| has_releases)
        .map(|tickets| sort_out(tickets, &ground, owners.as_ref(), &mut warnings));
    let (mut defects, excluded) = match defects_and_excluded {
        Some((defects, excluded)) => (Some(defects), excluded),
        None => (None, Vec::new()),
    };
    learnt::origins(
        snapshot.origins.as_ref(),
        defects.as_deref_mut(),
        policy,
        &timeline,
        (&mut gaps, &mut warnings),
    );
    let decision = number
        .and_then(|number| decide_one(number, defects.as_deref().unwrap_or_default(), &excluded, &ground));
    let hotfixed = statuses::hotfixed(&lookout, &ground, defects.as_deref().unwrap_or_default());
    let proposed = candidate.as_ref().and_then(|candidate| {
        let seen = proposed::Seen {
            candidate,
            defects: defects.as_deref().unwrap_or_default(),
            blockers: selected.as_deref().unwrap_or_default(),
            owners: owners.as_ref(),
        };
        proposed::proposed(&lookout, &ground, &seen)
    });
    let blockers = selected.map(|selected| blockers::judge_blockers(selected, &ground, owners.as_ref()));
    let taken_back = rollbacks::taken_back(&lookout, &timeline);
    drop(standpoint);
    let evidence = Evidence {
        now: snapshot.taken_at,
        evaluated_at: snapshot.taken_at,
        repository: snapshot.repository,
        candidate,
        timeline,
        supported: policy.releases.supported,
        mature_after_days: policy.releases.mature_after_days,
        hotfix_within_hours: policy.releases.hotfix_within_hours,
        failure_within_hours: policy.releases.failure_within_hours,
        environment: policy.environment.clone(),
        deployments,
        knows_caught: !policy.defects.caught.is_empty(),
        defects: defects.map(DefectIndex::new),
        excluded,
        hotfixed,
        taken_back,
        blockers,
        proposed,
        tests: snapshot.tests,
        tests_before: snapshot.tests_before,
        follow_ups,
        overrides: snapshot.overrides.unwrap_or_default(),
        gaps: gaps.into_iter().collect(),
        warnings: warnings.into_iter().collect(),
    };
    (evidence, decision)
}

/// The values of `{candidate}` and `{line}`: by the tag, else by the candidate's name.
fn variables_of(candidate: &Candidate) -> Variables {
    Variables::of(candidate.tag.as_ref().map_or(&candidate.name, |tag| &tag.0))
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

/// Releases by which nothing can be told: two published ones of one tag (a draft may share it), one without a time of
/// publication, one from the future.
fn odd_releases(releases: &[Release], now: Timestamp) -> impl Iterator<Item = Gap> {
    let mut seen = BTreeSet::new();
    releases.iter().filter(|release| !release.draft).filter_map(move |release| {
        let what = if !seen.insert(&release.tag) {
            "two published releases have this tag"
        } else if release.published_at.is_none() {
            "the release is no draft and has no time of publication"
        } else if release.published_at > now.checked_add(CLOCK_SKEW).ok() {
            "the release was published after the evidence was gathered"
        } else {
            return None;
        };
        Some(Gap {
            area: Area::Issues,
            place: Some(format!("release {}", release.tag)),
            what: what.into(),
            remedy: Some("Gather the evidence again.".into()),
        })
    })
}

/// Tickets that stand in the evidence twice: which copy is the newer cannot be told.
fn repeated_tickets(tickets: &[Issue]) -> impl Iterator<Item = Gap> {
    let mut seen = BTreeSet::new();
    tickets.iter().filter(move |ticket| !seen.insert(ticket.number)).map(|ticket| Gap {
        area: Area::Issues,
        place: Some(format!("issue {}", ticket.number)),
        what: "the issue stands in the evidence twice".into(),
        remedy: Some("Gather the evidence again.".into()),
    })
}

/// Every ticket as a defect with its status, as excluded, or as none of the policy's business.
fn sort_out(
    tickets: Vec<Issue>,
    ground: &Ground<'_>,
    owners: Option<&Codeowners>,
    warnings: &mut BTreeSet<Warning>,
) -> (Vec<Defect>, Vec<Excluded>) {
    let (policy, timeline) = (ground.policy, ground.timeline);
    let phases: Vec<Option<(Phase, String)>> =
        tickets.par_iter().map(|ticket| detection_phase(ticket, &policy.defects)).collect();
    let named = tickets.iter().zip(&phases).filter(|(_, found)| found.is_some());
    let originals = originals(named.map(|(ticket, _)| ticket));
    let sort = |(ticket, found): (Issue, (Phase, String))| {
        let (found_in, said) = attribute_issue(&ticket, found.0, policy, timeline);
        // Only a label takes a defect out of production, and only where the policy says so.
        let may_be_caught = policy.defects.pre_releases_caught && found_in.method == AttributionMethod::Label;
        let release = found_in.release.as_ref().filter(|_| may_be_caught).and_then(|tag| timeline.get(tag));
        let in_pre_release = release.is_some_and(|release| release.prerelease);
        let original = originals.get(&ticket.number).copied();
        let warning = odd(&ticket, found.0, in_pre_release, original);
        let mut classified = classify(ticket, found, found_in, in_pre_release, original, policy, owners);
        ground.give_status(classified.defect_mut(), &said);
        (classified, warning)
    };
    let (mut defects, mut excluded) = (Vec::with_capacity(tickets.len()), Vec::new());
    let mut named = tickets.into_iter().zip(phases).filter_map(|(ticket, found)| Some((ticket, found?)));
    loop {
        // Some at a time: a second copy of them all would be much.
        let some: Vec<_> = named.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        for (classified, warning) in some.into_par_iter().map(sort).collect::<Vec<_>>() {
            warnings.extend(warning);
            match classified {
                Classification::Defect(defect) => defects.push(defect),
                Classification::Excluded(one) => excluded.push(one),
            }
        }
    }
    let (uncovered, mut excluded) = split_uncovered(excluded);
    defects.extend(uncovered);
    defects.sort_by_key(Defect::number);
    let mut heirs = BTreeSet::new();
    for duplicate in &excluded {
        if let ExclusionReason::Duplicate(original) = duplicate.reason
            && let Ok(at) = defects.binary_search_by_key(&original, Defect::number)
        {
            inherit_from_duplicate(&mut defects[at], &duplicate.defect, timeline);
            heirs.insert(at);
        }
    }
    for at in heirs {
        let said = statements(&defects[at].issue, policy, timeline);
        ground.give_status(&mut defects[at], &said);
    }
    excluded.sort_by_key(|one| one.defect.number());
    (defects, excluded)
}

/// Takes out the duplicates that count by themselves: their original is excluded, and it is no escaped defect itself or is less
/// severe than one of its duplicates.
fn split_uncovered(excluded: Vec<Excluded>) -> (Vec<Defect>, Vec<Excluded>) {
    let original_of = |one: &Excluded| match one.reason {
        ExclusionReason::Duplicate(original) => Some(original),
        ExclusionReason::Expected(_) | ExclusionReason::NotPlanned => None,
    };
    let covers = |original: &Defect, duplicate: &Defect| {
        let more_severe = original.triaged && duplicate.severity > original.severity;
        original.phase == Phase::Escaped && !more_severe
    };
    let by_number: HashMap<IssueNumber, &Defect> =
        excluded.iter().map(|one| (one.defect.number(), &one.defect)).collect();
    let is_uncovered = |duplicate: &&Excluded| {
        let original = original_of(duplicate).and_then(|number| by_number.get(&number));
        duplicate.defect.phase == Phase::Escaped
            && original.is_some_and(|one| !covers(one, &duplicate.defect))
    };
    let originals: BTreeSet<IssueNumber> =
        excluded.iter().filter(is_uncovered).filter_map(original_of).collect();
    let counts_itself = |one: &Excluded| original_of(one).is_some_and(|number| originals.contains(&number));
    let (uncovered, rest): (Vec<Excluded>, Vec<Excluded>) = excluded.into_iter().partition(counts_itself);
    let uncovered = uncovered.into_iter().map(|one| Defect { excluded_as: Vec::new(), ..one.defect });
    (uncovered.collect(), rest)
}

/// What to say of a ticket that does not count as its labels or its state seem to say.
fn odd(ticket: &Issue, phase: Phase, in_pre_release: bool, original: Option<IssueNumber>) -> Option<Warning> {
    let number = ticket.number;
    if is_duplicate(ticket) && original.is_none() {
        let of = ticket.duplicate_of.map_or_else(|| "an issue that is not named".into(), |of| of.to_string());
        return Some(Warning(format!(
            "{number} is a duplicate of {of}, which the policy does not count; so {number} counts itself"
        )));
    }
    (in_pre_release && phase == Phase::Escaped).then(|| {
        Warning(format!(
            "{number} has a label of production and was found in a pre-release: it counts as caught"
        ))
    })
}
