//! Evidence from a snapshot and a policy.
//!
//! The origins of defects come last: only the assembled evidence shows which defects need a search in the commits.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

pub mod as_of;
mod blockers;
mod candidate_position;
mod collection_scope;
mod comparison_base;
mod counted_releases;
mod follow_ups;
mod issue_at;
mod issue_decision;
mod issue_versions;
mod line_statuses;
mod optional_evidence;
mod product_scope;
mod proposed_change;
mod read_issue;
mod rollbacks;
mod statuses;
mod test_gaps;
mod unknown_names;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rayon::prelude::*;

use crate::attribution::{attribute_issue, statements};
use crate::classify::codeowners::Codeowners;
use crate::classify::{Classification, inherit_from_duplicate, is_duplicate, originals};
use crate::evidence::{DefectIndex, Evidence};
use crate::model::{
    Area, AttributionMethod, Candidate, CommitHistory, Defect, Excluded, ExclusionReason, Gap, Issue,
    IssueNumber, Phase, Release, Snapshot, Warning,
};
use crate::policy::{Policy, Variables};

use candidate_position::ReleaseCommits;
pub use collection_scope::collection_scope_of;
pub use comparison_base::comparison_base;
pub use counted_releases::{counted_releases, releases_in_order};
use issue_decision::decide_issue_status;
pub use issue_decision::{DecisionIn, with_candidate};
pub use line_statuses::statuses_by_line;
pub use optional_evidence::apply_origins;
pub use proposed_change::{MERGE_QUEUE, is_merge_queue};
use read_issue::{NamedIssue, ReadIssue};
use statuses::StatusInputs;
pub use test_gaps::unexplained_outcomes;

/// Number of issues that are classified in parallel.
const AT_ONCE: usize = 4096;

/// Largest difference between two clocks.
// GitHub and the runner have separate clocks. A release that was just published may seem to come
// from the future.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(10);

/// Returns the evidence that a policy finds in a snapshot. A part that the snapshot does not have is a gap.
pub fn assemble(mut snapshot: Snapshot, policy: &Policy) -> Evidence {
    let origins = snapshot.origins.take();
    let (mut evidence, _) = assemble_without_origins(snapshot, policy, None);
    apply_origins(&mut evidence, origins.as_ref(), policy);
    evidence
}

/// Returns the evidence before [`apply_origins`], and the decision on one issue; `None` if the policy does not select the issue as
/// an escaped defect.
pub fn assemble_without_origins(
    mut snapshot: Snapshot,
    policy: &Policy,
    number: Option<IssueNumber>,
) -> (Evidence, Option<DecisionIn>) {
    let issues = snapshot.issues.take();
    let issues = issues.map(|all| all.into_iter().map(|issue| Arc::new(ReadIssue::new(issue))).collect());
    let history = snapshot.history.take();
    assemble_parts(snapshot, issues, history.as_ref(), policy, number)
}

/// Returns the evidence of a snapshot whose issues and commits are given apart from it.
fn assemble_parts(
    mut snapshot: Snapshot,
    issues: Option<Vec<Arc<ReadIssue>>>,
    history: Option<&CommitHistory>,
    policy: &Policy,
    number: Option<IssueNumber>,
) -> (Evidence, Option<DecisionIn>) {
    let all = || issues.iter().flatten().map(|read| &*read.issue);
    let mut gaps: BTreeSet<Gap> = std::mem::take(&mut snapshot.gaps);
    let mut warnings: BTreeSet<Warning> = std::mem::take(&mut snapshot.warnings);
    for (part, absent) in [("issues", issues.is_none()), ("releases", snapshot.releases.is_none())] {
        // A gap of the collection already says why the part is absent. A second one would only
        // repeat it.
        if absent && !gaps.iter().any(|gap| gap.area == Area::Issues) {
            gaps.insert(missing_part_gap(part));
        }
    }
    let outcomes = &snapshot.tests_outcomes;
    gaps.extend(unexplained_outcomes(outcomes, snapshot.tests.as_ref()));
    if let Some(tests) = &snapshot.tests {
        gaps.extend(test_gaps::missing_reports(tests, &policy.expected_reports));
    }
    let has_releases = snapshot.releases.is_some();
    gaps.extend(collection_scope::scope_gaps(snapshot.asked.as_ref(), policy));
    gaps.extend(release_gaps(snapshot.releases.as_deref().unwrap_or_default(), snapshot.taken_at));
    gaps.extend(repeated_issue_gaps(all()));
    warnings.extend(unknown_names::unknown_name_warnings(all(), policy));
    let gathered = snapshot.releases.take().unwrap_or_default();
    // The candidate may have a tag such as `v1` that is an alias otherwise. It must stay in the
    // releases.
    let tag = snapshot.candidate.as_ref().and_then(|candidate| candidate.tag.as_ref());
    warnings.extend(counted_releases::alias_warning(&gathered, policy, tag));
    let releases = counted_releases(&gathered, policy, tag);
    gaps.extend(product_scope::product_gaps(&gathered, policy, tag));
    let commits_of_releases = ReleaseCommits::new(&snapshot, all(), history, releases, policy);
    let candidate = snapshot.candidate.take();
    let position = commits_of_releases.position(candidate.as_ref());
    let timeline = commits_of_releases.timeline(&position);
    let standpoint = commits_of_releases.release_view(position, &timeline);
    let changes = commits_of_releases.changes.as_ref();
    let inputs = StatusInputs { standpoint: &standpoint, changes, policy, timeline: &timeline };
    let owners =
        optional_evidence::read_codeowners(snapshot.codeowners.as_ref(), policy, &mut gaps, &mut warnings);
    let deployments = optional_evidence::watched_deployments(snapshot.deployments, policy, &mut gaps);
    let variables = candidate.as_ref().map(variables_of).unwrap_or_default();
    let selected = issues.as_ref().and_then(|issues| {
        blockers::select_blockers(
            issues.iter().map(|read| &read.issue),
            snapshot.pull_requests.as_deref().unwrap_or_default(),
            policy,
            &variables,
        )
    });
    if selected.is_some() && snapshot.pull_requests.is_none() {
        gaps.insert(missing_part_gap("pull requests that could block"));
    }
    let follow_ups = follow_ups::follow_up_states(all(), policy);
    let defects_and_excluded = issues
        // Without releases, nothing says in which release a defect was found. A count of zero would
        // be a lie.
        .filter(|_| has_releases)
        .map(|issues| classify_issues(issues, &inputs, owners.as_ref(), &mut warnings));
    let (defects, excluded) = match defects_and_excluded {
        Some((defects, excluded)) => (Some(defects), excluded),
        None => (None, Vec::new()),
    };
    warnings.extend(product_scope::defects_without_product(defects.as_deref().unwrap_or_default(), policy));
    let decision = number.and_then(|number| {
        decide_issue_status(number, defects.as_deref().unwrap_or_default(), &excluded, &inputs)
    });
    let hotfixed =
        statuses::hotfixed_defects(&commits_of_releases, &inputs, defects.as_deref().unwrap_or_default());
    let proposed = candidate.as_ref().and_then(|candidate| {
        let seen = proposed_change::CandidateDefects {
            candidate,
            defects: defects.as_deref().unwrap_or_default(),
            blockers: selected.as_deref().unwrap_or_default(),
            owners: owners.as_ref(),
        };
        proposed_change::propose_change(&commits_of_releases, &inputs, &seen)
    });
    let blockers = selected.map(|selected| blockers::evaluate_blockers(selected, &inputs, owners.as_ref()));
    let taken_back = rollbacks::rolled_back_releases(&commits_of_releases, &timeline);
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
        lines: Vec::new(),
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

/// Returns the gap of a part that the snapshot does not have.
fn missing_part_gap(part: &str) -> Gap {
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
fn release_gaps(releases: &[Release], now: Timestamp) -> impl Iterator<Item = Gap> {
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

/// Returns a gap for each issue that is in the snapshot twice: nothing shows which copy is newer.
fn repeated_issue_gaps<'i>(issues: impl Iterator<Item = &'i Issue>) -> impl Iterator<Item = Gap> {
    let mut seen = HashSet::new();
    issues.filter(move |issue| !seen.insert(issue.number)).map(|issue| Gap {
        area: Area::Issues,
        place: Some(format!("issue {}", issue.number)),
        what: "the issue stands in the evidence twice".into(),
        remedy: Some("Gather the evidence again.".into()),
    })
}

/// Classifies the issues that the policy selects as defects with their status, or as excluded.
fn classify_issues(
    issues: Vec<Arc<ReadIssue>>,
    inputs: &StatusInputs<'_>,
    owners: Option<&Codeowners>,
    warnings: &mut BTreeSet<Warning>,
) -> (Vec<Defect>, Vec<Excluded>) {
    let (policy, timeline) = (inputs.policy, inputs.timeline);
    issues.par_iter().for_each(|issue| {
        issue.phase(policy);
    });
    let mut named = issues;
    named.retain(|issue| issue.phase(policy).is_some());
    let originals = originals(named.iter().map(|read| &*read.issue));
    let sort = |named: &NamedIssue| {
        let (issue, phase) = (&named.defect.facts.issue, named.defect.phase);
        let (found_in, said) = named.attribute(policy, timeline);
        // Only a label takes a defect out of production, and only where the policy says so.
        let may_be_caught = policy.defects.pre_releases_caught && found_in.method == AttributionMethod::Label;
        let release = found_in.release.as_ref().filter(|_| may_be_caught).and_then(|tag| timeline.get(tag));
        let in_pre_release = release.is_some_and(|release| release.prerelease);
        let original = originals.get(&issue.number).copied();
        let warning = reclassified_warning(issue, phase, in_pre_release, original);
        let classified = named.defect.classify(found_in, in_pre_release, original);
        let mut classified = product_scope::limit_to_product(classified, &said, policy);
        inputs.give_status(classified.defect_mut(), &said);
        (classified, warning)
    };
    let (mut defects, mut excluded) = (Vec::with_capacity(named.len()), Vec::new());
    let mut named = named.into_iter();
    loop {
        // Process in batches: what was read in all issues at once would double peak memory.
        let some: Vec<Arc<ReadIssue>> = named.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let sorted = some.par_iter().map(|read| read.named(policy, owners, timeline).map(sort));
        for (classified, warning) in sorted.collect::<Vec<_>>().into_iter().flatten() {
            warnings.extend(warning);
            match classified {
                Classification::Defect(defect) => defects.push(defect),
                Classification::Excluded(one) => excluded.push(one),
            }
        }
    }
    // Before the duplicates are merged: a critical defect must not disappear because a maintainer
    // marked it as a duplicate of an excluded issue.
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
    // A duplicate may bring another release, so the status changes with it.
    for at in heirs {
        let said = statements(&defects[at].issue, policy, timeline);
        inputs.give_status(&mut defects[at], &said);
    }
    product_scope::follow_originals(&mut excluded);
    excluded.sort_by_key(|one| one.defect.number());
    (defects, excluded)
}

/// Takes out the duplicates that count by themselves: their original is excluded, and it is no escaped defect itself or is less
/// severe than one of its duplicates.
fn split_uncovered(excluded: Vec<Excluded>) -> (Vec<Defect>, Vec<Excluded>) {
    let original_of = |one: &Excluded| match one.reason {
        ExclusionReason::Duplicate(original) => Some(original),
        ExclusionReason::Expected(_) | ExclusionReason::NotPlanned | ExclusionReason::OtherProduct => None,
    };
    let covers = |original: &Defect, duplicate: &Defect| {
        // An original without a severity takes that of its duplicate, so only a stated severity can
        // be too low.
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
    // These defects count, so no report may list them as excluded as well.
    let uncovered = uncovered.into_iter().map(|one| Defect { excluded_as: Vec::new(), ..one.defect });
    (uncovered.collect(), rest)
}

/// Warns about an issue that is classified differently than its labels or state suggest.
fn reclassified_warning(
    issue: &Issue,
    phase: Phase,
    in_pre_release: bool,
    original: Option<IssueNumber>,
) -> Option<Warning> {
    let number = issue.number;
    // Otherwise, marking a defect as a duplicate of a feature request would unblock a release.
    if is_duplicate(issue) && original.is_none() {
        let of = issue.duplicate_of.map_or_else(|| "an issue that is not named".into(), |of| of.to_string());
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
