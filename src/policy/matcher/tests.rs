#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Captures, LabelPattern, PatternProblem, Variables};

fn pattern(source: &str) -> LabelPattern {
    LabelPattern::new(source).unwrap()
}

fn captures<'l>(source: &str, label: &'l str) -> Option<(Option<&'l str>, Option<&'l str>)> {
    pattern(source).matches(label).map(|Captures { version, star, .. }| (version, star))
}

#[test]
fn label_matches_in_every_normal_form() {
    let (one, two) = ("Caf\u{e9} \u{d55c}", "Cafe\u{301} \u{1112}\u{1161}\u{11ab}");
    for (pattern, label) in [(one, two), (two, one), (two, two)] {
        let literal = LabelPattern::new(pattern).unwrap();
        assert!(literal.matches(label).is_some(), "{pattern} {label}");
        let starred = LabelPattern::new(&format!("{pattern}/*")).unwrap();
        let label = format!("{label}/cr\u{e8}me");
        assert_eq!(starred.matches(&label).unwrap().star, Some("cr\u{e8}me"));
        assert!(LabelPattern::new("caf*e").unwrap().matches(one).is_none());
    }
    let pattern = LabelPattern::new("found/{version}").unwrap();
    assert_eq!(pattern.matches("found/1.4.0-e\u{301}").unwrap().version, Some("1.4.0-e\u{301}"));
    assert!(crate::model::same_name(one, two));
}

#[test]
fn a_name_matches_itself_in_any_case_and_nothing_else() {
    assert_eq!(captures("Production-Bug", "production-BUG"), Some((None, None)));
    assert_eq!(captures("ÜBERFÄLLIG", "überfällig"), Some((None, None)));
    assert_eq!(captures("bug", "bugs"), None);
    assert_eq!(captures("bug", "a bug"), None);
    assert_eq!(captures("bug", ""), None);
    assert_eq!(captures("sev.1", "sev-1"), None, "a dot is a dot");
    assert_eq!(captures("[bug]", "b"), None, "brackets are brackets");
}

#[test]
fn the_star_stands_for_any_run_and_keeps_its_case() {
    assert_eq!(captures("area/*", "Area/Cart"), Some((None, Some("Cart"))));
    assert_eq!(captures("area/*", "area/"), Some((None, Some(""))));
    assert_eq!(captures("area/*", "are/cart"), None);
    assert_eq!(captures("*", ""), Some((None, Some(""))));
    assert_eq!(captures("*/prod", "a/b/prod"), Some((None, Some("a/b"))));
    assert_eq!(captures("a*b*c", "aXbYbZc"), Some((None, Some("X"))));
    assert_eq!(captures("a**c", "abc"), Some((None, Some("b"))));
    assert_eq!(captures("größe/*", "GRÖSSE/x"), None, "one character stands for one character");
}

#[test]
fn the_version_begins_like_a_version_and_has_no_white_space() {
    let found = |label| captures("regression-prod-{version}", label).map(|(version, _)| version.unwrap());
    assert_eq!(found("regression-prod-1.4.0"), Some("1.4.0"));
    assert_eq!(found("Regression-Prod-V1.4.0-RC.1"), Some("V1.4.0-RC.1"));
    assert_eq!(found("regression-prod-v2"), Some("v2"));
    assert_eq!(found("regression-prod-"), None);
    assert_eq!(found("regression-prod-next"), None);
    assert_eq!(found("regression-prod-vnext"), None);
    assert_eq!(found("regression-prod-1.4 beta"), None);
    assert_eq!(captures("{version}/*", "1.4/cart"), Some((Some("1.4"), Some("cart"))));
    assert_eq!(captures("{version}-*", "1.4-rc-x"), Some((Some("1.4-rc"), Some("x"))));
    assert_eq!(captures("*{version}", "found in 12.1"), Some((Some("12.1"), Some("found in "))));
}

#[test]
fn product_is_a_name_without_white_space() {
    let found = |source: &str, tag: &'static str| {
        let captures = pattern(source).matches(tag)?;
        Some((captures.product.unwrap(), captures.version.unwrap()))
    };
    assert_eq!(found("{product}@{version}", "@acme/cli@1.3.0"), Some(("@acme/cli", "1.3.0")));
    assert_eq!(found("{product}-{version}", "my-app-v1.3.0-rc-1"), Some(("my-app", "v1.3.0-rc-1")));
    assert_eq!(found("found in {product} {version}", "Found in MCP 1.3"), Some(("MCP", "1.3")));
    assert_eq!(found("{product}@{version}", "@1.3.0"), None);
    assert_eq!(found("{product}@{version}", "my cli@1.3.0"), None);
    assert!(pattern("{product}@{version}").has_product());
    assert!(pattern("{product}*").covers(&pattern("cli@{version}")));
    assert!(!pattern("{product}").covers(&pattern("*")));
}

#[test]
fn variables_match_once_they_are_bound() {
    let run = |candidate: &str, line: &str| Variables {
        candidate: Some(candidate.to_owned()),
        line: Some(line.to_owned()),
    };
    let target = pattern("target/{candidate}*");
    assert!(target.has_variable() && target.matches("target/v1.4.0").is_none());
    let target = target.bind(&run("v1.4.0", "1.4"));
    assert_eq!(target.source(), "target/{candidate}*");
    for label in ["target/v1.4.0", "target/V1.4.0", "target/1.4.0"] {
        assert_eq!(target.matches(label).unwrap().star, Some(""), "{label}");
    }
    assert!(target.matches("target/1.4").is_none());
    assert!(pattern("{candidate}").bind(&run("cli@1.4.0", "1.4")).matches("v1.4.0").is_some());
    assert!(pattern("{candidate}").bind(&run("2026.11 LTS", "2026")).matches("2026.11 lts").is_some());
    assert!(pattern("*-{line}-*").bind(&run("v1.4.0", "1.4")).matches("on-1.4-branch").is_some());
    assert!(pattern("{line}").bind(&Variables::default()).matches("").is_none());
}

#[test]
fn what_cannot_be_read_is_refused() {
    let problem = |source: &str| LabelPattern::new(source).unwrap_err();
    assert_eq!(problem(""), PatternProblem::Empty);
    assert_eq!(problem(" \t"), PatternProblem::Empty);
    assert_eq!(problem("bug "), PatternProblem::Padded);
    assert_eq!(problem("a-{vers}"), PatternProblem::Brace);
    assert_eq!(problem("a-{version"), PatternProblem::Brace);
    assert_eq!(problem("a-{{version}}"), PatternProblem::Brace);
    assert_eq!(problem("{version}{version}"), PatternProblem::TwoVersions);
    assert_eq!(problem("{product}/{product}"), PatternProblem::TwoProducts);
    assert_eq!(problem(&"x".repeat(256)), PatternProblem::TooLong);
}

#[test]
fn a_hostile_pattern_and_label_take_bounded_time() {
    let hostile = pattern(&"*a".repeat(127));
    let label = "a".repeat(20_000) + "b";
    let versions = pattern("*{version}*x");
    let begun = Instant::now();
    assert_eq!(hostile.matches(&label), None);
    assert_eq!(versions.matches(&"1".repeat(1_000_000)), None);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// The plainest possible matcher, to compare with: exponential, for short texts only.
fn plain(pattern: &[char], label: &[char]) -> bool {
    match pattern.split_first() {
        None => label.is_empty(),
        Some(('*', rest)) => (0..=label.len()).any(|at| plain(rest, &label[at..])),
        Some((c, rest)) => label.split_first().is_some_and(|(l, label)| l == c && plain(rest, label)),
    }
}

proptest! {
    #[test]
    fn stars_match_as_the_plainest_matcher_does(source in "[ab*]{1,8}", label in "[ab]{0,10}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let matched = pattern(&source).matches(&label).is_some();
        prop_assert_eq!(matched, plain(&chars(&source), &chars(&label)));
    }

    #[test]
    fn captures_put_back_in_place_give_the_label(version in "v?[0-9][0-9a-z.]{0,6}", star in "[a-z/]{0,6}") {
        let label = format!("x-{version} {star}!");
        let found = pattern("x-{version} *!").matches(&label).unwrap();
        prop_assert_eq!(found, Captures { version: Some(version.as_str()), star: Some(star.as_str()), product: None });
    }

    #[test]
    fn a_version_is_found_wherever_one_fits(label in "[v1. a]{0,9}", source in prop::sample::select(vec![
        "{version}", "*{version}", "{version}*", "*{version}*", "a{version}", "{version}a", "{version} *", "*a{version}.*",
    ])) {
        let chars: Vec<char> = label.chars().collect();
        let is_version = |text: &[char]| {
            let text: String = text.iter().collect();
            text.strip_prefix('v').unwrap_or(&text).starts_with(|c: char| c.is_ascii_digit()) && !text.contains(' ')
        };
        let spans = (0..=chars.len()).flat_map(|from| (from..=chars.len()).map(move |to| (from, to)));
        let (before, after) = source.split_once("{version}").unwrap();
        let (before, after): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
        let expected = spans.into_iter().any(|(from, to)| {
            is_version(&chars[from..to]) && plain(&before, &chars[..from]) && plain(&after, &chars[to..])
        });
        let found = pattern(source).matches(&label);
        prop_assert_eq!(found.is_some(), expected);
        if let Some(version) = found.and_then(|found| found.version) {
            prop_assert!(is_version(&version.chars().collect::<Vec<_>>()));
        }
    }

    #[test]
    fn no_pattern_and_no_label_panic(source in any::<String>(), label in any::<String>()) {
        if let Ok(pattern) = LabelPattern::new(&source) {
            let _ = pattern.matches(&label);
        }
    }
}
