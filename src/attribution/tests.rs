#![allow(clippy::unwrap_used)]
use super::statement::{Claim, NamedReleases, Speaker, Statement};
use super::statements;
use super::*;
use crate::model::{Actor, Candidate, LabelEvent, LabelHistory, Release, Role};

const OPENED: &str = "2026-06-01T10:00:00Z";

/// Releases `tag day` of 2026, a pre-release with `pre`.
fn timeline(releases: &[&str], candidate: &str) -> Timeline {
    let release = |text: &&str| {
        let mut words = text.split(' ');
        let (tag, day) = (words.next().unwrap(), words.next().unwrap());
        Release {
            tag: Tag(tag.into()),
            name: None,
            commit: None,
            committed_at: None,
            published_at: Some(format!("2026-{day}T00:00:00Z").parse().unwrap()),
            draft: false,
            prerelease: words.next().is_some(),
            url: None,
            product: None,
            line: None,
        }
    };
    let candidate = Candidate { tag: Some(Tag(candidate.into())), ..Candidate::default() };
    Timeline::new(releases.iter().map(release).collect(), Some(&candidate))
}

fn shop() -> Timeline {
    let releases = [
        "v1.2.0 01-01",
        "v1.3.0 02-01",
        "v1.4.0-rc.1 02-20 pre",
        "v1.4.0 03-01",
        "v1.4.1 04-01",
        "v1.5.0 05-01",
        "v2.0.0 07-01",
    ];
    timeline(&releases, "v1.6.0")
}

fn policy() -> Policy {
    let source = b"version: 1\ndefects: { escaped: { labels: [bug, \"regression-{version}\"] } }\nrules:\n  - { id: a, metric: escaped, over: all, max: 9 }\n";
    crate::policy::parse(source, "policy.yml").unwrap().policy
}

fn issue(labels: &[&str], body: &str) -> Issue {
    let json = format!(
        r#"{{"number": 1, "title": "x", "url": "https://github.com/acme/shop/issues/1", "state": "open",
        "created-at": "{OPENED}", "updated-at": "{OPENED}", "author": "ann"}}"#
    );
    let mut issue: Issue = serde_json::from_str(&json).unwrap();
    issue.labels = labels.iter().map(|label| (*label).to_owned()).collect();
    issue.body = body.to_owned();
    issue
}

fn releases(tags: &[&str]) -> NamedReleases {
    NamedReleases::Releases(tags.iter().map(|tag| Tag((*tag).into())).collect())
}

fn said(issue: &Issue, timeline: &Timeline) -> Vec<(Claim, NamedReleases, Speaker)> {
    statements(issue, &policy(), timeline)
        .into_iter()
        .map(|Statement { claim: says, names, by, .. }| (says, names, by))
        .collect()
}

fn found(issue: &Issue, timeline: &Timeline) -> (Option<String>, AttributionMethod) {
    let (found, _) = attribute_issue(issue, Phase::Escaped, &policy(), timeline);
    (found.release.map(|tag| tag.0), found.method)
}

fn event(label: &str, seconds: i64, by: &str) -> LabelEvent {
    let opened: jiff::Timestamp = OPENED.parse().unwrap();
    LabelEvent {
        at: opened + jiff::SignedDuration::from_secs(seconds),
        set: true,
        label: label.into(),
        by: Some(Actor { login: Some(by.into()), bot: false }),
    }
}

#[test]
fn labels_say_what_they_begin_with() {
    use Speaker::Maintainer;
    for (label, says, names) in [
        ("found-in/v1.3.0", Claim::FoundIn, releases(&["v1.3.0"])),
        ("found-in: 1.4", Claim::FoundIn, releases(&["v1.4.0", "v1.4.1"])),
        ("FoundIn-1.3", Claim::FoundIn, releases(&["v1.3.0"])),
        ("found-in/v1.6.0", Claim::FoundIn, releases(&["v1.6.0"])),
        ("found-in/9.9.9", Claim::FoundIn, NamedReleases::Nothing),
        ("found-in/main", Claim::FoundIn, NamedReleases::Unreleased),
        ("affects-1.4", Claim::Affects, NamedReleases::Line("1.4".into())),
        ("affects-1.7", Claim::Affects, NamedReleases::Line("1.7".into())),
        ("affects/1.4.1", Claim::Affects, releases(&["v1.4.1"])),
        ("may-affects-1", Claim::MayAffect, NamedReleases::Line("1".into())),
        ("fixed-in/1.4", Claim::FixedIn, releases(&["v1.4.0"])),
        ("fixed-in/v1.6.0", Claim::FixedIn, releases(&["v1.6.0"])),
        ("not-affected/1.5", Claim::NotAffected, NamedReleases::Line("1.5".into())),
        ("unaffected-1.5.0", Claim::NotAffected, releases(&["v1.5.0"])),
        ("regression-1.3.0", Claim::FoundIn, releases(&["v1.3.0"])),
    ] {
        assert_eq!(said(&issue(&[label], ""), &shop()), [(says, names, Maintainer)], "{label}");
    }
    for label in ["affects/parser", "found", "bug", "affected-by-design"] {
        assert_eq!(said(&issue(&[label], ""), &shop()), [], "{label}");
    }
}

#[test]
fn label_of_another_product_names_it() {
    let timeline = timeline(&["cli@1.2.0 01-01", "cli@1.3.0 02-01"], "cli@1.4.0");
    let mcp = issue(&["found-in/mcp@1.3.0"], "");
    assert_eq!(
        said(&mcp, &timeline),
        [(Claim::FoundIn, NamedReleases::OtherProduct("mcp".into()), Speaker::Maintainer)]
    );
    assert_eq!(found(&mcp, &timeline), (None, AttributionMethod::Label));
    assert_eq!(found(&issue(&["found-in/cli@1.3.0"], ""), &timeline).0.unwrap(), "cli@1.3.0");
    assert_eq!(found(&issue(&["found-in/1.3.0"], ""), &timeline).0.unwrap(), "cli@1.3.0");
}

#[test]
fn label_counts_for_whoever_set_it() {
    let by = |events: Vec<LabelEvent>, role: Option<Role>, bots: &[&str]| {
        let mut issue = issue(&["found-in/v1.3.0"], "");
        issue.author_role = role;
        issue.label_history = Some(LabelHistory { events, more: false });
        let mut policy = policy();
        policy.bots = bots.iter().map(|bot| (*bot).to_owned()).collect();
        statements(&issue, &policy, &shop())[0].by
    };
    let label = "found-in/v1.3.0";
    assert_eq!(by(vec![event(label, 3600, "ann")], None, &[]), Speaker::Maintainer);
    assert_eq!(by(vec![event(label, 5, "ann")], None, &[]), Speaker::Reporter);
    assert_eq!(by(vec![event(label, 5, "ann")], Some(Role::Maintainer), &[]), Speaker::Maintainer);
    assert_eq!(by(vec![event(label, 5, "ben")], None, &[]), Speaker::Maintainer);
    assert_eq!(by(vec![event(label, 5, "triage[bot]")], None, &["triage"]), Speaker::Reporter);
    assert_eq!(by(vec![event(label, 5, "ann"), event(label, 90, "ben")], None, &[]), Speaker::Maintainer);
    assert_eq!(by(Vec::new(), None, &[]), Speaker::Reporter);
}

#[test]
fn maintainers_label_outweighs_reporters_text() {
    let one = issue(&["found-in/v1.4.0"], "Found-in: v1.2.0\n");
    assert_eq!(found(&one, &shop()), (Some("v1.4.0".into()), AttributionMethod::Label));
    let mut one = issue(&["found-in/v1.4.0"], "Found-in: v1.2.0\n");
    one.label_history = Some(LabelHistory { events: vec![event("found-in/v1.4.0", 1, "ann")], more: false });
    assert_eq!(found(&one, &shop()), (Some("v1.2.0".into()), AttributionMethod::Field));
}

#[test]
fn fields_are_maintainers_statements() {
    for (name, value, names) in [
        ("Affects versions", "1.3.0, 1.4.0", releases(&["v1.3.0", "v1.4.0"])),
        ("Found in release", "1.3", releases(&["v1.3.0"])),
        ("Affected release", "1.3 - 1.4", releases(&["v1.3.0", "v1.4.0", "v1.4.1"])),
        ("Version", "v1.5.0", releases(&["v1.5.0"])),
    ] {
        let mut one = issue(&[], "");
        one.fields.insert(name.into(), value.into());
        assert_eq!(said(&one, &shop()), [(Claim::FoundIn, names, Speaker::Maintainer)], "{name}");
    }
    let mut one = issue(&[], "");
    one.fields.insert("Fix version".into(), "1.5.0".into());
    one.fields.insert("Browser version".into(), "1.5.0".into());
    assert_eq!(said(&one, &shop()), [(Claim::FixedIn, releases(&["v1.5.0"]), Speaker::Maintainer)]);
}

#[test]
fn form_answers_name_sets_of_releases() {
    for (answer, tags) in [
        ("1.3 - 1.5", &["v1.3.0", "v1.4.0", "v1.4.1", "v1.5.0"][..]),
        ("1.3+", &["v1.3.0", "v1.4.0", "v1.4.1", "v1.5.0"]),
        ("<= 1.4", &["v1.2.0", "v1.3.0", "v1.4.0", "v1.4.1"]),
        ("< 1.4", &["v1.2.0", "v1.3.0"]),
        ("> 1.4", &["v1.5.0"]),
        ("1.x", &["v1.2.0", "v1.3.0", "v1.4.0", "v1.4.1", "v1.5.0"]),
        ("latest", &["v1.5.0"]),
        ("1.4.0-rc.1 and 1.3.0", &["v1.3.0", "v1.4.0-rc.1"]),
        ("1.4.0-rc.1 - 1.4.1", &["v1.4.0-rc.1", "v1.4.0", "v1.4.1"]),
    ] {
        let one = issue(&[], &format!("### Version\n\n{answer}\n"));
        assert_eq!(said(&one, &shop()), [(Claim::FoundIn, releases(tags), Speaker::Reporter)], "{answer}");
    }
}

#[test]
fn attribution_goes_by_the_candidates_line() {
    let releases = ["v7.5.0 01-01", "v7.5.1 02-01", "v8.1.0 03-01"];
    let named = issue(&[], "### Version\n\nv7.5.0, v8.1.0\n");
    assert_eq!(found(&named, &timeline(&releases, "v7.5.2")).0.unwrap(), "v7.5.0");
    assert_eq!(found(&named, &timeline(&releases, "v8.1.1")).0.unwrap(), "v8.1.0");
    assert_eq!(found(&named, &timeline(&releases, "v8.0.0")).0.unwrap(), "v7.5.0");
    assert_eq!(found(&named, &timeline(&releases, "v7.1.0")).0.unwrap(), "v8.1.0");
}

#[test]
fn released_version_outweighs_unreleased_one() {
    assert_eq!(found(&issue(&["found-in/v1.4.0-rc.1", "found-in/v1.3.0"], ""), &shop()).0.unwrap(), "v1.3.0");
    assert_eq!(found(&issue(&["found-in/v1.4.0-rc.1"], ""), &shop()).0.unwrap(), "v1.4.0-rc.1");
    assert_eq!(found(&issue(&["found-in/v1.6.0", "found-in/v1.3.0"], ""), &shop()).0.unwrap(), "v1.3.0");
    assert_eq!(found(&issue(&["found-in/v1.6.0"], ""), &shop()).0.unwrap(), "v1.6.0");
}

#[test]
fn unknown_version_leaves_the_next_method_with_a_note() {
    let one = issue(&["found-in/9.9"], "### Version\n\n1.3.0 (fine in 1.2.0)\n");
    let (found, _) = attribute_issue(&one, Phase::Escaped, &policy(), &shop());
    assert_eq!(found.release.unwrap().0, "v1.3.0");
    assert_eq!(
        found.evidence,
        "`### Version`: `1.3.0 (fine in 1.2.0)`, without `1.2.0`; label `found-in/9.9` names no known release"
    );
    let (window, _) =
        attribute_issue(&issue(&[], "### Version\n\n9.9\n"), Phase::Escaped, &policy(), &shop());
    assert_eq!((window.release.unwrap().0.as_str(), window.method), ("v1.5.0", AttributionMethod::Window));
}

#[test]
fn unreleased_version_is_no_guess() {
    for answer in ["main", "1.7.0-SNAPSHOT", "nightly 2026-05-01"] {
        let one = issue(&[], &format!("### Version\n\n{answer}\n"));
        assert_eq!(found(&one, &shop()), (None, AttributionMethod::Form), "{answer}");
    }
}

#[test]
fn code_and_quotations_state_nothing() {
    for body in [
        "log:\n\n    Found-in: v1.2.0\n",
        "```\nVersion: 1.2.0\n```\n",
        "<pre>\nFound-in: v1.2.0\n</pre>\n",
        "> Found-in: v1.2.0\n",
        "~~Found-in: v1.2.0~~\n",
        "<!-- Found-in: v1.2.0 -->\n",
        "### Last working version\n\nVersion: 1.2.0\n",
    ] {
        assert_eq!(said(&issue(&[], body), &shop()), [], "{body}");
    }
}

mod forms;
