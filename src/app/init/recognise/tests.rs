use super::*;
use crate::model::Tag;

/// The labels and releases of a repository.
pub fn labels(names: &str) -> Vec<String> {
    names.split_whitespace().map(str::to_owned).collect()
}

pub const WALLET: &str = "bug type-bug Sev0-urgent Sev1-high Sev2-normal Sev3-low team-accounts team-swaps RCA-needed \
    regression-prod-7.60.0 regression-prod-7.61.1 regression-RC-7.62.0 regression-beta-7.62.0 regression-main release-7.62.0";
pub const COMPILER: &str = "C-bug P-critical P-high P-medium P-low T-compiler T-libs A-diagnostics A-traits P-lang-drop-1 \
    regression-from-stable-to-stable regression-from-stable-to-beta regression-from-stable-to-nightly regression-untriaged";
pub const ORCHESTRATOR: &str = "kind/bug kind/feature kind/failing-test kind/regression priority/critical-urgent sig/node sig/network \
    priority/important-soon priority/important-longterm priority/backlog priority/awaiting-more-evidence area/kubelet area/api";
pub const SMALL: &str = "bug production urgent enhancement question";
pub const NEW: &str = "bug documentation duplicate enhancement invalid wontfix major minor patch";

pub fn release(tag: &str, published: &str) -> Release {
    Release {
        committed_at: None,
        tag: Tag(tag.into()),
        name: None,
        commit: None,
        published_at: published.parse().ok(),
        draft: published.is_empty(),
        prerelease: tag.contains("rc"),
        url: None,
        product: None,
        line: None,
    }
}

/// What `init` reads of a repository with these labels.
pub fn facts(names: &str) -> RepositoryFacts {
    RepositoryFacts { labels: labels(names), ..RepositoryFacts::default() }
}

fn found(names: &str) -> LabelsAndTags {
    recognise(&facts(names)).names
}

#[test]
fn versions_in_labels_are_recognised_with_the_stage_they_name() {
    let found = found(WALLET);
    assert_eq!(found.escaped, ["regression-prod-{version}"]);
    assert_eq!(
        found.caught,
        ["regression-RC-{version}", "regression-beta-{version}", "bug", "regression-main", "type-bug"]
    );
    assert_eq!((found.critical, found.major), (labels("Sev0-urgent"), labels("Sev1-high")));
    assert_eq!((found.minor, found.team.as_deref()), (labels("Sev2-normal Sev3-low"), Some("team-*")));
}

#[test]
fn the_channel_that_a_regression_reached_says_whether_it_escaped() {
    let found = found(COMPILER);
    assert_eq!(found.escaped, ["regression-from-stable-to-stable"]);
    assert_eq!(
        found.caught,
        labels("C-bug regression-from-stable-to-beta regression-from-stable-to-nightly")
    );
    assert_eq!((found.critical, found.major), (labels("P-critical"), labels("P-high")));
    assert_eq!(found.minor, labels("P-low P-medium"));
    assert_eq!((found.component.as_deref(), found.team.as_deref()), (Some("A-*"), Some("T-*")));
}

#[test]
fn kinds_priorities_and_groups_are_recognised() {
    let found = found(ORCHESTRATOR);
    assert_eq!(
        (found.escaped, found.caught),
        (labels("kind/regression"), labels("kind/bug kind/failing-test"))
    );
    assert_eq!(found.critical, labels("priority/critical-urgent"));
    assert_eq!(
        (found.major, found.minor),
        (labels("priority/important-soon"), labels("priority/backlog priority/important-longterm"))
    );
    assert_eq!((found.component.as_deref(), found.team.as_deref()), (Some("area/*"), Some("sig/*")));
}

#[test]
fn plain_words_are_recognised_and_words_of_versioning_are_no_severities() {
    let small = found(SMALL);
    assert_eq!(
        (small.escaped, small.caught, small.critical),
        (labels("production"), labels("bug"), labels("urgent"))
    );
    let new = found(NEW);
    assert_eq!((new.escaped, new.caught), (labels(""), labels("bug")));
    assert!(new.critical.is_empty() && new.major.is_empty() && new.minor.is_empty());
    assert_eq!(found("major minor bug").major, labels("major"));
}

#[test]
fn lowest_number_of_a_label_family_is_critical() {
    for (names, critical, major, minor) in [
        ("P0 P1 P2", "P0", "P1", "P2"),
        ("P1 P2 P3 P4", "P1", "P2", "P3 P4"),
        ("sev-1 sev-2", "sev-1", "sev-2", ""),
        ("priority/0 priority/1", "priority/0", "priority/1", ""),
        ("P2 P3", "", "P2", "P3"),
        ("k8s-1 v1.2 2024", "", "", ""),
    ] {
        let found = found(names);
        assert_eq!(
            (found.critical, found.major, found.minor),
            (labels(critical), labels(major), labels(minor)),
            "{names}"
        );
    }
}

#[test]
fn tags_are_chosen_among_only_where_there_are_several_families() {
    let tags = |releases: &[(&str, &str)]| {
        let releases: Vec<Release> = releases.iter().map(|(tag, at)| release(tag, at)).collect();
        recognise(&RepositoryFacts { releases, ..RepositoryFacts::default() }).names.tags
    };
    let (january, february, march) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
    assert_eq!(tags(&[]), None);
    assert_eq!(tags(&[("v1.0.0", january), ("v1.1.0", february)]), None);
    let both =
        [("api-v1.0.0", january), ("web-v2.0.0", february), ("api-v1.1.0-rc.1", march), ("next-1", "")];
    assert_eq!(tags(&both).as_deref(), Some("web-v*"));
    assert_eq!(
        tags(&[("1.0.0", february), ("nightly-1", january)]),
        None,
        "without a stem nothing tells them apart"
    );
    assert_eq!(tags(&[("{x}1.0.0", february), ("v1", january)]), None);
}

#[test]
fn a_label_that_no_policy_could_name_is_passed_over() {
    let hostile = ["production\u{202e}", "bug{", "P0\n", "team/*", "team/a\u{1b}[2J", "*"].map(str::to_owned);
    let facts = RepositoryFacts {
        labels: hostile.to_vec(),
        issue_types: vec!["bug\u{202e}".into()],
        ..RepositoryFacts::default()
    };
    let found = recognise(&facts);
    assert_eq!(found.names, LabelsAndTags::default());
    assert_eq!(found.practice.or_new(), Practice::default().or_new());
    assert!(found.caught_types.is_empty());
}
