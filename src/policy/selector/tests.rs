#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use super::{MilestonePattern, Selector, SelectorSubject};
use crate::policy::{BlockerRules, LabelPattern, Variables, parse};

/// The selectors of a policy: `escaped`, and `blocking` if it has one.
fn selectors(defects: &str) -> (Selector, Option<BlockerRules>) {
    let source =
        format!("version: 1\ndefects: {{ {defects} }}\nrules: [{{ id: t, metric: tests.failed, max: 0 }}]\n");
    let parsed = parse(source.as_bytes(), "policy.yml");
    let policy = parsed.unwrap_or_else(|refused| panic!("{}", refused.render(false))).policy;
    (policy.defects.escaped, policy.defects.blocking)
}

/// An issue with these labels, this type and `Environment`, in this milestone; empty for none.
fn found(
    selector: &Selector,
    labels: &[&str],
    kind: &str,
    environment: &str,
    milestone: &str,
) -> Option<String> {
    let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
    let fields = BTreeMap::from([("environment".to_owned(), environment.to_owned())]);
    let some = |text| Some(text).filter(|text: &&str| !text.is_empty());
    let subject = SelectorSubject {
        labels: &labels,
        issue_type: some(kind),
        fields: Some(&fields),
        milestone: some(milestone),
    };
    selector.find(subject, &Variables::of("v1.4.2"))
}

#[test]
fn short_form_takes_any_label_or_any_type() {
    let (escaped, _) = selectors("escaped: { labels: [\"production-*\"], types: [Bug] }");
    let is = |labels: &[&str], kind| found(&escaped, labels, kind, "", "");
    assert_eq!(is(&["docs", "Production-bug"], "bug").as_deref(), Some("label `Production-bug`"));
    assert_eq!(is(&["docs"], "bug").as_deref(), Some("type `bug`"));
    assert_eq!(is(&["docs"], "Task"), None);
    assert_eq!(is(&[], ""), None);
    assert_eq!(found(&Selector::default(), &["docs"], "Bug", "", ""), None);
}

#[test]
fn alternative_needs_all_of_its_conditions() {
    let (escaped, _) = selectors(
        "escaped: [ { labels: [incident, outage] }, { all-labels: [bug, production] }, \
         { type: Bug, field: { Environment: [production, live] }, not: { labels: [wontfix] } } ]",
    );
    let is = |labels: &[&str], kind, environment| found(&escaped, labels, kind, environment, "");
    assert_eq!(is(&["outage"], "", "").as_deref(), Some("label `outage`"));
    assert_eq!(is(&["production", "bug"], "", "").as_deref(), Some("label `bug`, label `production`"));
    assert_eq!(is(&["bug"], "", ""), None);
    let matched = Some("type `bug`, field `environment: Live`");
    assert_eq!(is(&["docs"], "bug", "Live").as_deref(), matched);
    assert_eq!(is(&["wontfix"], "bug", "Live"), None);
    assert_eq!(is(&[], "bug", "staging"), None);
    assert_eq!(is(&[], "", "production"), None);
    let listed: Vec<&str> = escaped.listed_labels().map(LabelPattern::source).collect();
    assert_eq!(listed, ["incident", "outage", "bug"], "one label that all have is enough");
    assert_eq!(escaped.listed_types().collect::<Vec<_>>(), ["Bug"]);
    assert_eq!(escaped.named_labels().count(), 5);
}

#[test]
fn milestone_is_compared_as_a_version() {
    let (_, blocking) =
        selectors("blocking: [ { milestone: \"{candidate}\" }, { labels: [bug], milestone: \"{line}\" } ]");
    let selector = blocking.unwrap().selector;
    let is = |labels: &[&str], milestone| found(&selector, labels, "", "", milestone).is_some();
    for title in ["v1.4.2", "1.4.2", "Release 1.4.2", "cli@1.4.2"] {
        assert!(is(&[], title), "{title}");
    }
    for title in ["1.4", "1.4.x", "v1.4"] {
        assert!(is(&["bug"], title) && !is(&[], title), "{title}");
    }
    for title in ["1.4.20", "1.4.2-rc.1", "14.2", "next", ""] {
        assert!(!is(&["bug"], title), "{title}");
    }
    assert_eq!(selector.listed_milestones().collect::<Vec<_>>(), [&MilestonePattern::Candidate]);
}

#[test]
fn title_of_a_milestone_is_a_pattern() {
    let (_, blocking) = selectors("blocking: { labels: [\"target/{candidate}\"], milestone: \"May *\" }");
    let blocking = blocking.unwrap();
    assert!(blocking.has_variables());
    assert!(found(&blocking.selector, &["target/1.4.2"], "", "", "may 2024").is_some());
    assert!(found(&blocking.selector, &["target/1.4.2"], "", "", "June 2024").is_none());
    assert!(found(&blocking.selector, &["target/1.4.3"], "", "", "May 2024").is_none());
}

#[test]
fn blocker_names_the_label_that_it_lacks() {
    let (_, blocking) =
        selectors("blocking: [ { labels: [blocker] }, { type: Bug, require: [verified, \"on-qa\"] } ]");
    let blocking = blocking.unwrap();
    let find = |labels: &[&str]| {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        let subject =
            SelectorSubject { labels: &labels, issue_type: Some("Bug"), fields: None, milestone: None };
        let found = blocking.find(subject, &Variables::default()).unwrap();
        (found.because, found.missing.iter().map(|label| label.source().to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(find(&["blocker"]), ("label `blocker`".into(), vec!["verified".into(), "on-qa".to_owned()]));
    assert_eq!(find(&["ON-QA"]), ("type `Bug`".into(), Vec::new()));
}

#[test]
fn variables_come_from_the_tag() {
    let line = |tag| Variables::of(tag).line;
    assert_eq!(line("v1.4.2").as_deref(), Some("1.4"));
    assert_eq!(line("cli@1.4.0").as_deref(), Some("1.4"));
    assert_eq!(line("v7").as_deref(), Some("7"));
    assert_eq!(line("1.4.0-rc.1").as_deref(), Some("1.4"));
    assert_eq!(line("main"), None);
}
