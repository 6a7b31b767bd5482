//! The report as OpenMetrics text, for Prometheus.
//!
//! A metric of the policy is a gauge `escape_gate_…` with its name and its unit, and with one sample for each rule. What was
//! not measured has no sample: zero would be a claim. All metrics are gauges, because every value can fall.

use std::collections::BTreeMap;

use crate::output::escape::{OpenMetrics, Safe, safe};
use crate::report::{Report, RuleLine, RuleValue, Verdict, metric_noun};

/// The labels of a sample.
type Labels = Vec<(&'static str, Safe<OpenMetrics>)>;

/// A gauge with its samples.
struct Gauge {
    unit: &'static str,
    help: Safe<OpenMetrics>,
    samples: Vec<(Labels, Safe<OpenMetrics>)>,
}

/// Gauges by name, without the prefix of the program and the unit.
struct Gauges {
    /// Labels of every sample.
    common: Labels,
    all: BTreeMap<String, Gauge>,
}

/// Renders the gauges by name.
pub fn openmetrics(report: &Report) -> Safe<OpenMetrics> {
    let mut gauges = Gauges { common: common_labels(report), all: BTreeMap::new() };
    let verdicts = "Verdict of the run: 1 for the verdict it has, 0 for the others";
    for verdict in Verdict::ALL {
        let is = u64::from(report.verdict == verdict);
        gauges.add("verdict", "", verdicts, vec![("verdict", verdict.name().into())], safe!("{}", is));
    }
    let seconds = Safe::of(&report.evaluated_at.as_second().to_string());
    gauges.add("evaluated_timestamp", "seconds", "Time of the evidence", Vec::new(), seconds);
    let gaps = safe!("{}", report.gaps.len());
    gauges.add("gaps", "", "Evidence that is needed and was not collected", Vec::new(), gaps);
    for rule in &report.rules {
        add_rule(&mut gauges, rule);
    }
    add_totals(&mut gauges, report);
    let mut out: Safe<OpenMetrics> =
        gauges.all.iter().map(|(name, gauge)| gauge_lines(name, gauge)).collect();
    out.push("# EOF\n");
    out
}

impl Gauges {
    fn add(&mut self, name: &str, unit: &'static str, help: &str, labels: Labels, value: Safe<OpenMetrics>) {
        let new = || Gauge { unit, help: Safe::of(help), samples: Vec::new() };
        let labels = self.common.iter().cloned().chain(labels).collect();
        self.all.entry(name.to_owned()).or_insert_with(new).samples.push((labels, value));
    }
}

/// Returns the labels that tell one run from another. A label without a value is left out.
fn common_labels(report: &Report) -> Labels {
    let release = report.candidate.as_ref().map(|candidate| candidate.name.as_str());
    let all = [
        ("repository", report.repository.as_deref()),
        ("release", release),
        ("policy", Some(&report.policy)),
    ];
    let label = |(name, value): (&'static str, Option<&str>)| Some((name, Safe::of(value?)));
    all.into_iter().filter_map(label).collect()
}

fn add_rule(gauges: &mut Gauges, rule: &RuleLine) {
    let id = || ("rule", Safe::of(&rule.id));
    let verdicts = "Verdict of a rule: 1 for the verdict it has, 0 for the others";
    for verdict in Verdict::ALL {
        let is = u64::from(rule.verdict == verdict);
        gauges.add(
            "rule_verdict",
            "",
            verdicts,
            vec![id(), ("verdict", verdict.name().into())],
            safe!("{}", is),
        );
    }
    let name = gauge_name(&rule.metric);
    let noun = metric_noun(&rule.metric).unwrap_or(&rule.metric);
    let sample = match &rule.value {
        Some(RuleValue::Count(count)) => {
            gauges.add(&name, "", &format!("Number of {noun}"), vec![id()], safe!("{}", *count));
            None
        }
        Some(RuleValue::Ratio(rate)) => {
            // A denominator is never zero, and these numbers are exact far beyond any number of defects.
            #[allow(clippy::cast_precision_loss)]
            let share = rate.numerator as f64 / rate.denominator as f64;
            let help = format!("Share from 0 to 1: {noun}");
            gauges.add(&name, "ratio", &help, vec![id()], Safe::of(&share.to_string()));
            Some(rate.denominator)
        }
        Some(RuleValue::Duration(time)) => {
            let help = format!("Median time of {noun}");
            gauges.add(&name, "seconds", &help, vec![id()], safe!("{}", time.median_seconds));
            Some(time.count)
        }
        None => None,
    };
    if let Some(size) = sample {
        gauges.add(
            "rule_sample_size",
            "",
            "Number of items behind a ratio or a median",
            vec![id()],
            safe!("{}", size),
        );
    }
}

/// Adds the numbers that no rule has to measure.
fn add_totals(gauges: &mut Gauges, report: &Report) {
    let totals = &report.totals;
    for (kind, count) in [
        ("escaped", totals.escaped),
        ("critical", totals.critical),
        ("untriaged", totals.untriaged),
        ("unattributed", totals.unattributed),
        ("excluded", totals.excluded),
    ] {
        if let Some(count) = count {
            let help = "Number of issues by kind, whatever the rules measure";
            gauges.add("issues", "", help, vec![("kind", kind.into())], safe!("{}", count));
        }
    }
    for (outcome, count) in report.tests.iter().flat_map(|tests| {
        [
            ("passed", tests.passed),
            ("failed", tests.failed),
            ("error", tests.errors),
            ("skipped", tests.skipped),
            ("flaky", tests.flaky),
        ]
    }) {
        let help = "Number of tests by outcome; a flaky test has passed too";
        gauges.add("test_results", "", help, vec![("outcome", outcome.into())], safe!("{}", count));
    }
}

/// Returns a metric as the name of a gauge.
fn gauge_name(metric: &str) -> String {
    let name = metric.replace(['-', '.'], "_");
    // Only a counter may end in `_total`.
    name.strip_suffix("_total").map_or(name.clone(), str::to_owned)
}

fn gauge_lines(name: &str, gauge: &Gauge) -> Safe<OpenMetrics> {
    let end = if gauge.unit.is_empty() { String::new() } else { format!("_{}", gauge.unit) };
    let name: Safe<OpenMetrics> = Safe::of(&format!("escape_gate_{name}{end}"));
    let mut out: Safe<OpenMetrics> = safe!("# TYPE {} gauge\n", name);
    if !gauge.unit.is_empty() {
        out.push(safe!("# UNIT {} {}\n", name, gauge.unit));
    }
    out.push(safe!("# HELP {} {}.\n", name, gauge.help));
    for (labels, value) in &gauge.samples {
        let labels: Vec<Safe<OpenMetrics>> =
            labels.iter().map(|(name, value)| safe!("{}=\"{}\"", *name, value)).collect();
        out.push(safe!("{}{}{}{} {}\n", name, "{", Safe::join(&labels, ","), "}", value));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{gauge_name, openmetrics};
    use crate::output::examples;

    #[test]
    fn missing_value_has_no_sample() {
        let text = openmetrics(&examples::unknown());
        for absent in ["escape_gate_unfixed", "escape_gate_escape_rate_ratio", "kind=\"escaped\""] {
            assert!(!text.contains(absent), "{absent}");
        }
        assert!(text.contains(",rule=\"zero-critical\",verdict=\"unknown\"} 1\n"));
        let text = openmetrics(&examples::fail());
        assert!(
            text.contains("policy=\".github/escape-gate.yml\",rule=\"zero-critical\"} 2\n"),
            "{}",
            &*text
        );
        assert!(text.ends_with("\n# EOF\n"));
    }

    #[test]
    fn no_gauge_has_a_name_of_a_counter() {
        assert_eq!(gauge_name("tests.total"), "tests");
        assert_eq!(gauge_name("change-failure-rate"), "change_failure_rate");
    }
}
