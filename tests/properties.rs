//! What holds for every set of tickets: numbers add up, rates stay within 0 to 1, merging has no order.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};

use escape_gate::assemble::assemble;
use escape_gate::evidence::Evidence;
use escape_gate::metric::{Contribution, defect_contribution, measure};
use escape_gate::model::{
    Candidate, CollectionScope, Commits, DefectAttribute, DefectFilter, Deployment, DeploymentState, Fix,
    Issue, IssueNumber, IssueState, MetricId, MetricValue, Over, Release, Scope, Selection, Severity, Sha,
    Snapshot, StateReason, Tag, Timeline,
};
use escape_gate::policy::{self, Policy};
use escape_gate::verdict::{Verdict, evaluate_policy};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::{btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const POLICY: &str = "
version: 1
releases: { supported: 2, mature-after: 30d }
defects:
  escaped: { labels: [prod] }
  caught: { labels: [bug] }
  excluded: { infrastructure: [infra] }
  severity: { critical: [critical], major: [major], minor: [minor], untriaged: minor }
  component: 'area/*'
deployments: { environment: production }
rules:
  - { id: zero-critical, metric: unfixed, where: { severity: critical }, max: 0 }
  - { id: rate, metric: escape-rate, over: all, max: 5% }
";

const LABELS: [&str; 8] = ["prod", "bug", "infra", "critical", "major", "minor", "area/cart", "area/mail"];

fn policy() -> Policy {
    policy::parse(POLICY.as_bytes(), "policy.yml").unwrap().policy
}

fn day(day: i64) -> Timestamp {
    "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * day)
}

fn ticket() -> impl Strategy<Value = Issue> {
    let reason = prop_oneof![
        Just(None),
        Just(Some(StateReason::Completed)),
        Just(Some(StateReason::NotPlanned)),
        Just(Some(StateReason::Duplicate)),
        Just(Some(StateReason::Reopened)),
    ];
    let fix = (option::of(50u64..60), option::of(0u32..5), option::of(0i64..300)).prop_map(
        |(pull_request, commit, at)| Fix {
            pull_request,
            commit: commit.map(|c| Sha(format!("c{c}"))),
            merged_at: at.map(day),
            files: vec![],
            ..Fix::default()
        },
    );
    let text = prop_oneof![
        Just(""),
        Just("Found-in: v1.1.0"),
        Just("### Version\n\n1.0.x\n"),
        Just("Found-in: nowhere")
    ];
    (
        1u64..40,
        0i64..300,
        any::<bool>(),
        reason,
        btree_set(0usize..LABELS.len(), 0..5),
        vec(fix, 0..3),
        text,
        option::of(1u64..40),
        option::of(0i64..300),
    )
        .prop_map(|(number, created, open, reason, labels, fixes, body, duplicate_of, reopened)| Issue {
            number: IssueNumber(number),
            updated_at: day(created + 1),
            title: "t".into(),
            url: "u".into(),
            body: body.into(),
            author: None,
            labels: labels.into_iter().map(|l| LABELS[l].to_owned()).collect(),
            issue_type: None,
            fields: BTreeMap::new(),
            state: if open { IssueState::Open } else { IssueState::Closed },
            state_reason: reason,
            duplicate_of: duplicate_of.map(IssueNumber),
            created_at: day(created),
            closed_at: None,
            reopened_at: reopened.map(day),
            label_history: None,
            bisects: None,
            key: None,
            author_role: None,
            closing: None,
            milestone: None,
            fixes,
        })
}

fn release() -> impl Strategy<Value = Release> {
    (0u64..6, option::weighted(0.9, 0i64..250), any::<bool>()).prop_map(|(minor, published, prerelease)| {
        Release {
            tag: Tag(format!("v1.{minor}.0")),
            name: None,
            commit: None,
            committed_at: None,
            published_at: published.map(day),
            draft: published.is_none(),
            prerelease: prerelease && minor > 3,
            url: None,
            product: None,
            line: None,
        }
    })
}

fn deployment() -> impl Strategy<Value = Deployment> {
    let state = prop_oneof![
        Just(DeploymentState::Failed),
        Just(DeploymentState::Succeeded),
        Just(DeploymentState::Other)
    ];
    (0u32..8, 0i64..250, 0u64..6, vec(state, 0..3)).prop_map(|(id, created, minor, states)| Deployment {
        id: format!("d{id}"),
        created_at: day(created),
        commit: Sha("c0".into()),
        reference: Some(format!("v1.{minor}.0")),
        states: states.into_iter().collect(),
    })
}

/// What a snapshot was gathered for: always what the policy here asks for, and more.
fn asked() -> impl Strategy<Value = CollectionScope> {
    let names = |names: [&'static str; 3]| {
        btree_set(select(names.to_vec()), 0..3)
            .prop_map(|names| names.into_iter().map(str::to_owned).collect::<BTreeSet<String>>())
    };
    (
        names(["outage", "regression-*", "Bug"]),
        names(["Bug", "Task", "Incident"]),
        names(["{candidate}", "v1.4.0", "v*"]),
        names(["v*", "*", "v1"]),
        any::<bool>(),
    )
        .prop_map(|(more, types, milestones, tags, all_paths)| {
            let labels = more.into_iter().chain(["prod".to_owned(), "bug".to_owned()]).collect();
            CollectionScope { labels, types, milestones, tags, all_paths }
        })
}

/// Snapshots of one repository and candidate, whole or in part, as matrix jobs write them.
fn snapshot() -> impl Strategy<Value = Snapshot> {
    (
        any::<bool>(),
        option::weighted(0.9, vec(release(), 0..6)),
        option::weighted(0.9, vec(ticket(), 0..30)),
        290i64..300,
        option::of(vec(deployment(), 0..8)),
        option::of(asked()),
    )
        .prop_map(|(named, releases, tickets, taken, deployments, asked)| {
            let candidate = Candidate {
                name: "v2".into(),
                tag: Some(Tag("v2".into())),
                head: None,
                pull_request: Some(51),
                branch: None,
                commits: Some(Commits {
                    base: Tag("v1.1.0".into()),
                    ids: BTreeSet::from([Sha("c1".into())]),
                    closes: BTreeSet::from([IssueNumber(3)]),
                }),
                ..Candidate::default()
            };
            let unique = |list: Vec<Issue>| -> Vec<Issue> {
                list.into_iter().map(|t| (t.number, t)).collect::<BTreeMap<_, _>>().into_values().collect()
            };
            let one_a_tag = |list: Vec<Release>| -> Vec<Release> {
                list.into_iter()
                    .map(|r| (r.tag.clone(), r))
                    .collect::<BTreeMap<_, _>>()
                    .into_values()
                    .collect()
            };
            Snapshot {
                repository: named.then(|| "acme/shop".into()),
                candidate: named.then_some(candidate),
                asked,
                releases: releases.map(one_a_tag),
                issues: tickets.map(unique),
                deployments: deployments.map(|all| BTreeMap::from([("production".to_owned(), all)])),
                ..Snapshot::empty(day(taken))
            }
        })
}

fn count(evidence: &Evidence, metric: MetricId, over: Over, filter: DefectFilter) -> Option<u64> {
    match measure(metric, evidence, &Scope::new(over, filter)).value {
        MetricValue::Count(count) => Some(count),
        MetricValue::Ratio(_) | MetricValue::Duration(_) | MetricValue::Missing(_) => None,
    }
}

fn severity(severity: Severity) -> DefectFilter {
    DefectFilter::one(DefectAttribute::Severity, severity.name())
}

const OVERS: [Over; 7] = [
    Over::Candidate,
    Over::Current,
    Over::Supported,
    Over::LastReleases(3),
    Over::LastDays(90),
    Over::Quarter,
    Over::All,
];

proptest! {
    #[test]
    fn every_issue_is_a_defect_excluded_or_unmatched(snapshot in snapshot()) {
        let tickets = snapshot.issues.clone().unwrap_or_default();
        let named = tickets.iter().filter(|t| t.labels.iter().any(|l| l == "prod" || l == "bug")).count();
        let evidence = assemble(snapshot.clone(), &policy());
        match &evidence.defects {
            Some(defects) => prop_assert_eq!(defects.len() + evidence.excluded.len(), named),
            None => prop_assert!(!evidence.gaps.is_empty()),
        }
    }

    #[test]
    fn counts_by_severity_add_up(snapshot in snapshot()) {
        let evidence = assemble(snapshot, &policy());
        for over in OVERS {
            for metric in [MetricId::Escaped, MetricId::Unfixed, MetricId::Untriaged, MetricId::Unattributed] {
                let size = |filter| {
                    let measured = measure(metric, &evidence, &Scope::new(over, filter));
                    (measured.against.len(), measured.undecided.len())
                };
                let parts = Severity::ALL.iter().map(|s| size(severity(*s)));
                let sum = parts.fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
                prop_assert_eq!(size(DefectFilter::default()), sum, "{} over {}", metric, over);
            }
        }
    }

    #[test]
    fn what_is_told_of_a_defect_is_what_was_counted(snapshot in snapshot()) {
        let evidence = assemble(snapshot, &policy());
        let component = |selection| DefectFilter::default().and(DefectAttribute::Component, selection);
        let filters = [
            DefectFilter::default(),
            DefectFilter::one(DefectAttribute::Component, "CART"),
            component(Selection::NoneOf(vec!["cart".into()])),
            component(Selection::Nothing),
            severity(Severity::Critical).and(DefectAttribute::Component, Selection::AnyOf(vec!["mail".into(), "cart".into()])),
        ];
        let metrics = MetricId::ALL.into_iter().filter(|metric| *metric != MetricId::Excluded);
        let each = metrics.flat_map(|metric| OVERS.map(|over| (metric, over)));
        for ((metric, over), filter) in each.flat_map(|each| filters.iter().map(move |filter| (each, filter))) {
            let scope = Scope::new(over, filter.clone());
            let measured = measure(metric, &evidence, &scope);
            if matches!(measured.value, MetricValue::Missing(_)) {
                continue;
            }
            for defect in evidence.defects.iter().flatten() {
                let standing = defect_contribution(metric, &evidence, &scope, defect).unwrap();
                let counted = measured.against.contains(&defect.number());
                let undecided = measured.undecided.iter().any(|(number, _)| *number == defect.number());
                let place = format!("{metric} over {over}, {filter}");
                prop_assert_eq!(standing == Contribution::Against, counted, "{}", place);
                prop_assert_eq!(matches!(standing, Contribution::Undecided(_)), undecided, "{}", place);
            }
        }
    }

    #[test]
    fn attributed_and_unattributed_are_all(snapshot in snapshot()) {
        let evidence = assemble(snapshot, &policy());
        if let Some(escaped) = evidence.escaped() {
            let (with, without): (Vec<_>, Vec<_>) = escaped.partition(|d| d.found_in.release.is_some());
            prop_assert_eq!(count(&evidence, MetricId::Unattributed, Over::All, DefectFilter::default()), Some(without.len() as u64));
            prop_assert_eq!(count(&evidence, MetricId::Escaped, Over::All, DefectFilter::default()), Some((with.len() + without.len()) as u64));
        }
    }

    #[test]
    fn a_rate_is_a_share_within_its_interval(snapshot in snapshot()) {
        let evidence = assemble(snapshot, &policy());
        let rates = [MetricId::EscapeRate, MetricId::ChangeFailureRate];
        for (metric, over) in rates.into_iter().flat_map(|metric| OVERS.map(|over| (metric, over))) {
            if let MetricValue::Ratio(ratio) = measure(metric, &evidence, &Scope::new(over, DefectFilter::default())).value {
                prop_assert!(ratio.denominator > 0 && ratio.numerator <= ratio.denominator);
                let (low, high) = ratio.wilson_95().unwrap();
                let share = ratio.numerator as f64 / ratio.denominator as f64;
                prop_assert!((0.0..=1.0).contains(&low) && (0.0..=1.0).contains(&high));
                prop_assert!(low <= share + 1e-12 && share <= high + 1e-12);
            }
        }
    }

    #[test]
    fn merging_has_no_order(a in snapshot(), b in snapshot(), c in snapshot()) {
        let merge = |x: &Snapshot, y: &Snapshot| x.clone().merge(y.clone()).unwrap();
        prop_assert_eq!(merge(&a, &b), merge(&b, &a));
        prop_assert_eq!(merge(&merge(&a, &b), &c), merge(&a, &merge(&b, &c)));
        prop_assert_eq!(merge(&merge(&a, &b), &b), merge(&a, &b));
    }

    #[test]
    fn merged_evidence_was_asked_for_no_more_than_each_part(a in asked(), b in asked()) {
        let of = |asked: &CollectionScope| Snapshot { asked: Some(asked.clone()), ..Snapshot::empty(day(0)) };
        let both = of(&a).merge(of(&b)).unwrap().asked.unwrap();
        for one in [&a, &b] {
            prop_assert!(both.labels.is_subset(&one.labels) && both.types.is_subset(&one.types));
            prop_assert!(both.tags.is_subset(&one.tags) && (!both.all_paths || one.all_paths));
        }
    }

    #[test]
    fn an_open_critical_defect_of_a_supported_release_never_passes(mut snapshot in snapshot(), number in 40u64..50) {
        let Some(tickets) = &mut snapshot.issues else { return Ok(()) };
        let Some(releases) = &snapshot.releases else { return Ok(()) };
        let timeline = Timeline::new(releases.clone(), snapshot.candidate.as_ref());
        let Some(current) = timeline.current() else { return Ok(()) };
        tickets.push(Issue {
            number: IssueNumber(number),
            updated_at: day(280),
            title: "critical".into(),
            url: "u".into(),
            body: format!("Found-in: {}", current.tag),
            author: None,
            labels: vec!["prod".into(), "critical".into()],
            issue_type: None,
            fields: BTreeMap::new(),
            state: IssueState::Open,
            state_reason: None,
            duplicate_of: None,
            created_at: day(280),
            closed_at: None,
            reopened_at: None,
            label_history: None,
        bisects: None,
        key: None,
        author_role: None,
        closing: None,
            milestone: None,
            fixes: vec![],
        });
        let policy = policy();
        prop_assert_eq!(evaluate_policy(&policy, &assemble(snapshot, &policy)).verdict, Verdict::Fail);
    }

    #[test]
    fn a_gap_never_passes(mut snapshot in snapshot()) {
        snapshot.issues = None;
        let policy = policy();
        prop_assert!(evaluate_policy(&policy, &assemble(snapshot, &policy)).verdict >= Verdict::Unknown);
    }
}
