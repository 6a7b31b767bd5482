#![allow(clippy::unwrap_used)]

use super::super::issue_form::{ANOTHER, OFFERED, form, offered};
use super::super::practice::{Practice, ROOT_CAUSE};
use super::super::recognise::tests::{self as labels, release};
use super::super::recognise::{Recognized, recognise};
use super::*;
use crate::attribution::attribute_issue;
use crate::model::{AttributionMethod, Issue, IssueNumber, IssueState, Phase, Release, Timeline};
use crate::options::{InitChoices, LabelsAndTags, PRESETS};
use crate::policy::{LabelPattern, OnPullRequests, Parsed, parse};

fn proposal(names: &str, choices: &InitChoices) -> Proposal {
    Proposal::new(choices, &recognise(&labels::facts(names)))
}

#[test]
fn the_policy_of_every_repository_and_preset_is_one_without_a_warning() {
    let sets = [labels::WALLET, labels::COMPILER, labels::ORCHESTRATOR, labels::SMALL, labels::NEW, ""];
    for names in sets {
        for (preset, _) in PRESETS {
            let choices = InitChoices {
                preset: Some(preset.into()),
                reports: vec!["build/**/*.xml".into()],
                ..InitChoices::default()
            };
            for choices in [choices.clone(), InitChoices { reports: vec![], ..choices }] {
                let text = policy(&proposal(names, &choices));
                let Parsed { policy, warnings, .. } = parse(text.as_bytes(), "policy.yml").unwrap();
                assert!(warnings.is_empty(), "{text}\n{warnings:?}");
                assert!(policy.rules.iter().any(|rule| rule.id == "zero-critical"));
                assert_eq!(policy.pull_requests, OnPullRequests::Warn);
                let has_tests = policy.rules.iter().any(|rule| rule.id == "tests");
                assert_eq!(has_tests, !policy.reports.is_empty());
            }
        }
    }
}

#[test]
fn names_of_labels_come_back_from_the_policy_as_they_were() {
    let odd = ["it's \"x\" \\ #1: [a], &b !c %d", "- on", "2026-09-01", "🐛 bug"].map(str::to_owned);
    let choices = InitChoices {
        names: LabelsAndTags { escaped: odd.to_vec(), ..LabelsAndTags::default() },
        ..InitChoices::default()
    };
    let text = policy(&proposal("", &choices));
    let parsed = parse(text.as_bytes(), "policy.yml").unwrap();
    let read: Vec<&str> = parsed.policy.defects.escaped.labels().map(LabelPattern::source).collect();
    assert_eq!(read, odd);
}

#[test]
fn form_choices_are_read_as_releases() {
    let releases = [
        release("v1.3.0", "2026-05-04T00:00:00Z"),
        release("v1.4.0", "2026-07-06T00:00:00Z"),
        release("v1.5.0-rc.1", "2026-08-01T00:00:00Z"),
        release("v1.5.0", ""),
        release("None", "2026-01-01T00:00:00Z"),
    ];
    let proposal = proposal(labels::NEW, &InitChoices::default());
    let offered = offered(&proposal, &releases);
    assert_eq!(offered, ["v1.4.0", "v1.3.0"]);
    let text = form(&proposal, &releases, &[]);
    assert!(text.contains("labels: [\"needs-triage\"]\n"), "{text}");
    assert!(text.contains("      label: Version\n"), "{text}");
    let policy = parse(policy(&proposal).as_bytes(), "policy.yml").unwrap().policy;
    let timeline = Timeline::new(releases.to_vec(), None);
    for (option, tag, method) in
        [("v1.3.0", "v1.3.0", AttributionMethod::Form), (ANOTHER, "v1.4.0", AttributionMethod::Window)]
    {
        assert!(text.contains(&format!("        - \"{option}\"\n")), "{text}");
        let (found, _) = attribute_issue(
            &ticket(&format!("### Version\n\n{option}\n\n### What happened\n\nx\n")),
            Phase::Escaped,
            &policy,
            &timeline,
        );
        assert_eq!((found.release.unwrap().0.as_str(), found.method), (tag, method));
    }
}

fn ticket(body: &str) -> Issue {
    let at = "2026-08-20T00:00:00Z".parse().unwrap();
    Issue {
        number: IssueNumber(1),
        updated_at: at,
        title: "t".into(),
        url: String::new(),
        body: body.into(),
        author: None,
        labels: vec!["production-bug".into()],
        issue_type: None,
        fields: std::collections::BTreeMap::new(),
        state: IssueState::Open,
        state_reason: None,
        duplicate_of: None,
        created_at: at,
        closed_at: None,
        reopened_at: None,
        milestone: None,
        fixes: Vec::new(),
        label_history: None,
        bisects: None,
        key: None,
        author_role: None,
        closing: None,
    }
}

#[test]
fn without_releases_the_form_asks_for_a_text() {
    let text = form(&proposal("", &InitChoices::default()), &[release("v1.5.0", "")], &[]);
    assert!(text.contains("  - type: input\n    id: version\n") && !text.contains("v1.5.0"), "{text}");
}

#[test]
fn form_sets_only_the_label_for_triage() {
    for (names, triage) in [(labels::WALLET, "needs-triage"), ("production bug triage S1", "triage")] {
        let text = form(&proposal(names, &InitChoices::default()), &[], &labels::labels(names));
        assert!(text.contains(&format!("\nlabels: [\"{triage}\"]\n")), "{text}");
    }
}

#[test]
fn offered_tags_are_releases_and_few() {
    let mut releases: Vec<Release> =
        (1..=30).map(|n| release(&format!("web-v1.{n}.0"), &format!("2026-08-{n:02}T00:00:00Z"))).collect();
    releases.push(release("api-v9.0.0", "2026-09-01T00:00:00Z"));
    let names = LabelsAndTags { tags: Some("web-*".into()), ..LabelsAndTags::default() };
    let found = Recognized { names, ..Recognized::default() };
    let offered = offered(&Proposal::new(&InitChoices::default(), &found), &releases);
    assert_eq!(
        (offered.len(), offered[0].as_str(), offered[19].as_str()),
        (OFFERED, "web-v1.30.0", "web-v1.11.0")
    );
}

#[test]
fn labels_that_the_repository_has_are_not_created() {
    let absent = |names: &str| -> Vec<String> {
        let all = labels::labels(names);
        let practice = Practice::default().or_new().new_labels();
        let absent = proposal(names, &InitChoices::default()).absent(&all).into_iter().map(|(name, ..)| name);
        absent.filter(|name| !practice.iter().any(|(known, ..)| known == name)).collect()
    };
    assert_eq!(absent(labels::WALLET), Vec::<String>::new());
    assert_eq!(absent(labels::SMALL), ["sev/major"]);
    assert_eq!(absent(labels::NEW), ["production-bug", "sev/critical", "sev/major", "sev/minor"]);
    assert_eq!(absent("BUG P1 P2").as_slice(), ["production-bug"]);
}

#[test]
fn practice_gets_only_the_labels_that_are_missing() {
    let absent = |names: &str| -> Vec<String> {
        let all = labels::labels(names);
        proposal(names, &InitChoices::default()).absent(&all).into_iter().map(|(name, ..)| name).collect()
    };
    let new = absent("bug");
    for name in [
        "needs-triage",
        "found-by/user",
        "root-cause/logic",
        "detection-gap/unit",
        "expected/novel",
        "rca-needed",
    ] {
        assert!(new.iter().any(|label| label == name), "{name} is missing in {new:?}");
    }
    let has = absent(
        "bug untriaged rca/logic rca/design gap/unit gap/review found-by:user found-by:qa kind/bug kind/ux needs-rca cause/vendor",
    );
    for start in [
        "needs-triage",
        "root-cause/",
        "detection-gap/",
        "found-by/",
        "kind/",
        "rca-needed",
        "expected/third-party",
    ] {
        assert!(!has.iter().any(|label| label.starts_with(start)), "{start} in {has:?}");
    }
}

#[test]
fn quality_gates_know_every_root_cause_to_create() {
    let policy =
        parse(policy(&proposal("", &InitChoices::default())).as_bytes(), "policy.yml").unwrap().policy;
    for (cause, _) in ROOT_CAUSE.names {
        assert!(policy.gates.gate_of(cause).is_some(), "{cause}");
    }
}
