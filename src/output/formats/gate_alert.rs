//! Rules and gaps that keep the verdict from `pass`, as other tools list alerts.

use xxhash_rust::xxh3::xxh3_128;

use crate::output::escape::{Plain, Safe};
use crate::output::labels::value_with_interval;
use crate::report::{GapLine, Report, RuleLine, Verdict};

/// A rule that does not pass, or missing evidence.
#[derive(Debug)]
pub struct GateAlert<'r> {
    /// Id of the rule; `gap.issues`, `gap.tests`, … for missing evidence.
    pub id: String,
    /// Effect on the verdict of the run: never `pass`, and `waived` for a rule with an exception.
    pub verdict: Verdict,
    /// Reason in one line.
    pub text: String,
    /// The rule; `None` for missing evidence.
    pub rule: Option<&'r RuleLine>,
    /// Path of the policy.
    pub path: String,
    /// Line of the rule; `None` if it is in no file of the repository.
    pub line: Option<u64>,
    /// Digest that stays the same as long as the rule keeps its id.
    pub fingerprint: String,
}

/// Returns the rules that do not pass, in the order of the policy, then the gaps.
pub fn gate_alerts(report: &Report) -> Vec<GateAlert<'_>> {
    let rules = report.rules.iter().filter(|rule| rule.verdict != Verdict::Pass);
    let rules = rules.map(|rule| rule_alert(report, rule));
    rules.chain(report.gaps.iter().map(|gap| gap_alert(report, gap))).collect()
}

fn rule_alert<'r>(report: &'r Report, rule: &'r RuleLine) -> GateAlert<'r> {
    let verdict = if rule.verdict == Verdict::Waived { Verdict::Waived } else { rule.weight() };
    let text = format!(
        "{}. {}: {}, limit {} ({})",
        rule.reason.trim_end_matches('.'),
        rule.metric,
        value_with_interval(rule),
        rule.bound,
        rule.over
    );
    let (path, line) = place_of_rule(report, rule);
    GateAlert {
        id: rule.id.clone(),
        verdict,
        text: Safe::<Plain>::of(&text).into_string(),
        rule: Some(rule),
        path,
        line,
        fingerprint: fingerprint(&[&report.id, &rule.id]),
    }
}

fn gap_alert<'r>(report: &'r Report, gap: &GapLine) -> GateAlert<'r> {
    let place = gap.place.as_deref().unwrap_or("");
    let at = if place.is_empty() { String::new() } else { format!(" in {place}") };
    let remedy = gap.remedy.as_ref().map(|remedy| format!(". {remedy}")).unwrap_or_default();
    let text = format!("missing evidence{at}: {}{remedy}", gap.what);
    let id = gap_id(gap);
    GateAlert {
        fingerprint: fingerprint(&[&report.id, &id, place, &gap.what]),
        id,
        verdict: gap.verdict,
        text: Safe::<Plain>::of(&text).into_string(),
        rule: None,
        path: policy_path(&report.policy),
        line: None,
    }
}

/// Returns the id of missing evidence. The ids of rules have no dots.
pub fn gap_id(gap: &GapLine) -> String {
    format!("gap.{}", gap.area.name())
}

/// Returns the file and the line of a rule. A rule of a preset or of another repository is at the policy that inherits it.
pub fn place_of_rule(report: &Report, rule: &RuleLine) -> (String, Option<u64>) {
    let is_file = |file: &str| !file.starts_with("preset ") && !file.contains("//");
    match &rule.place {
        Some(place) if is_file(&place.file) => (policy_path(&place.file), Some(place.line)),
        Some(_) | None => (policy_path(&report.policy), None),
    }
}

/// Returns a path with slashes, and without `./` at its beginning.
fn policy_path(path: &str) -> String {
    let path = Safe::<Plain>::of(path).replace('\\', "/");
    match path.strip_prefix("./").unwrap_or(&path) {
        // A name without a visible character; GitLab refuses an empty path.
        "" => "policy".to_owned(),
        path => path.to_owned(),
    }
}

/// Returns a digest of several texts.
fn fingerprint(parts: &[&str]) -> String {
    // Zero bytes separate the parts: "a", "bc" and "ab", "c" must differ.
    format!("{:032x}", xxh3_128(parts.join("\0").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{fingerprint, gate_alerts};
    use crate::output::examples;
    use crate::report::{PolicyPlace, Verdict};

    #[test]
    fn passing_rules_are_no_alerts() {
        assert!(gate_alerts(&examples::pass()).is_empty());
        let ids = |report| gate_alerts(&report).into_iter().map(|alert| alert.id).collect::<Vec<_>>();
        assert_eq!(ids(examples::fail()), ["zero-critical", "tests"]);
        assert_eq!(ids(examples::unknown()), ["zero-critical", "rate", "gap.issues", "gap.tests"]);
    }

    #[test]
    fn advisory_rule_that_fails_is_a_warning() {
        let mut report = examples::warn();
        report.rules[3].verdict = Verdict::Fail;
        assert_eq!(gate_alerts(&report)[0].verdict, Verdict::Warn);
    }

    #[test]
    fn rule_of_a_preset_is_at_the_policy_without_a_line() {
        let mut report = examples::fail();
        let place = |file: &str| Some(PolicyPlace { file: file.to_owned(), line: 4 });
        for (file, expected) in [
            ("preset starter", (".github/escape-gate.yml", None)),
            ("acme/rules//base.yml@0123", (".github/escape-gate.yml", None)),
            (".github/base.yml", (".github/base.yml", Some(4))),
            (".\\base.yml", ("base.yml", Some(4))),
        ] {
            report.rules[0].place = place(file);
            let alerts = gate_alerts(&report);
            assert_eq!((alerts[0].path.as_str(), alerts[0].line), expected, "{file}");
        }
    }

    #[test]
    fn fingerprint_outlives_another_line_and_value() {
        let before = examples::fail();
        let mut after = examples::fail();
        after.rules[0].place = None;
        after.rules[0].reason = "3 is above at most 0".to_owned();
        assert_eq!(gate_alerts(&before)[0].fingerprint, gate_alerts(&after)[0].fingerprint);
        assert_ne!(gate_alerts(&before)[0].fingerprint, gate_alerts(&before)[1].fingerprint);
        assert_ne!(fingerprint(&["a", "bc"]), fingerprint(&["ab", "c"]));
    }
}
