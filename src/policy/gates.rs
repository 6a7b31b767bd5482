//! Quality gates, and the root causes and detection gaps that belong to each of them.

use super::matcher::LabelPattern;
use crate::model::named_enum;
use crate::model::{Over, same_name};

named_enum! {
    /// A quality gate before production, in the order in which a change meets them.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum QualityGate {
        /// Another developer reads the change, or its design.
        Review = "review",
        /// Tests of one part alone.
        Unit = "unit",
        /// Tests of several parts together.
        Integration = "integration",
        /// Tests of the whole, as a user meets it.
        EndToEnd = "end-to-end",
        /// Tests under load.
        Performance = "performance",
        /// Scans and tests by an attacker's means.
        Security = "security",
        /// Watching a release as it goes out.
        Monitoring = "monitoring",
    }
}

/// The table of a policy.
#[derive(Debug, Clone)]
pub struct QualityGates {
    /// Scope of the report on the weakest quality gate.
    pub over: Over,
    /// The policy's own entries. A root cause that none of them names is looked up in the built-in table.
    pub own: Vec<(QualityGate, Vec<LabelPattern>)>,
}

impl QualityGate {
    /// Returns the root causes that it should catch by default, as patterns of their names.
    pub fn built_in(self) -> &'static [&'static str] {
        match self {
            Self::Review => &[
                "*review*",
                "design*",
                "requirement*",
                "specification*",
                "misunderstanding",
                "copy-paste",
                "documentation",
            ],
            Self::Unit => &[
                "*unit*",
                "logic*",
                "boundary*",
                "off-by-one",
                "null*",
                "validation*",
                "input*",
                "edge-case*",
                "error-handling",
                "calculation*",
                "rounding",
                "parsing",
                "time-zone*",
                "timezone*",
            ],
            Self::Integration => &[
                "*integration*",
                "interface*",
                "api*",
                "contract*",
                "schema*",
                "serialization",
                "dependency*",
                "database*",
                "migration*",
                "compatibility*",
                "version-mismatch",
            ],
            Self::EndToEnd => &[
                "*end-to-end*",
                "*e2e*",
                "workflow*",
                "user-flow*",
                "ui*",
                "usability*",
                "browser*",
                "localization*",
                "accessibility*",
                "device*",
            ],
            Self::Performance => &[
                "*performance*",
                "*load*",
                "scalability",
                "capacity",
                "memory*",
                "*leak",
                "timeout*",
                "latency",
                "concurrency*",
                "race*",
                "deadlock",
            ],
            Self::Security => &[
                "*security*",
                "injection*",
                "authorization*",
                "authentication*",
                "permission*",
                "secret*",
                "vulnerability*",
            ],
            Self::Monitoring => &[
                "*monitoring*",
                "observability",
                "alert*",
                "config*",
                "environment*",
                "deployment*",
                "rollout*",
                "feature-flag*",
                "infrastructure*",
            ],
        }
    }
}

impl QualityGates {
    /// Returns the default: the built-in table over the last 90 days.
    pub fn built_in() -> Self {
        // The default period of the rates, so that the table and the rates agree.
        Self { over: Over::LastDays(90), own: Vec::new() }
    }

    /// Returns the quality gate that a detection gap names: by its own name, or else as for a root cause.
    pub fn gate_of_detection_gap(&self, gap: &str) -> Option<QualityGate> {
        let name = hyphenated(gap);
        // A policy may map the root cause `performance` to another quality gate. The gap still says which one was missing.
        let is_it = |gate: &QualityGate| same_name(gate.name(), &name);
        QualityGate::ALL.into_iter().find(is_it).or_else(|| self.gate_of(gap))
    }

    /// Returns the quality gate that should have caught a defect of this root cause: the earliest one that names it.
    pub fn gate_of(&self, root_cause: &str) -> Option<QualityGate> {
        let root_cause = &*hyphenated(root_cause);
        let own =
            self.own.iter().filter(|(_, patterns)| patterns.iter().any(|p| p.matches(root_cause).is_some()));
        // The earliest gate is the cheapest place to catch a defect.
        own.map(|(gate, _)| *gate).min().or_else(|| {
            let named =
                |source: &&str| LabelPattern::new(source).is_ok_and(|p| p.matches(root_cause).is_some());
            QualityGate::ALL.into_iter().find(|gate| gate.built_in().iter().any(&named))
        })
    }
}

/// Joins the words of a name as labels do: forms and fields write `Race condition` for `race-condition`.
fn hyphenated(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_built_in_pattern_can_be_read_and_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for source in QualityGate::ALL.into_iter().flat_map(QualityGate::built_in) {
            assert!(LabelPattern::new(source).is_ok(), "{source}");
            assert!(seen.insert(source), "{source}");
        }
    }

    #[test]
    fn the_policy_s_own_table_goes_before_the_built_in_one() {
        let mut gates = QualityGates::built_in();
        assert_eq!(gates.gate_of("Null-Check"), Some(QualityGate::Unit));
        assert_eq!(gates.gate_of("moon-phase"), None);
        gates.own = vec![
            (
                QualityGate::Security,
                vec![LabelPattern::new("null*").unwrap(), LabelPattern::new("moon*").unwrap()],
            ),
            (QualityGate::Review, vec![LabelPattern::new("moon-phase").unwrap()]),
        ];
        assert_eq!(gates.gate_of("null-check"), Some(QualityGate::Security));
        assert_eq!(gates.gate_of("moon-phase"), Some(QualityGate::Review));
        assert_eq!(gates.gate_of("race-condition"), Some(QualityGate::Performance));
    }

    #[test]
    fn detection_gap_names_its_quality_gate() {
        let mut gates = QualityGates::built_in();
        gates.own = vec![(QualityGate::Monitoring, vec![LabelPattern::new("performance").unwrap()])];
        assert_eq!(gates.gate_of("performance"), Some(QualityGate::Monitoring));
        for (gap, gate) in [
            ("Performance", QualityGate::Performance),
            ("End to end", QualityGate::EndToEnd),
            ("missing-unit-test", QualityGate::Unit),
            ("Insufficient code review", QualityGate::Review),
            ("no integration test", QualityGate::Integration),
            ("security test", QualityGate::Security),
            ("No monitoring", QualityGate::Monitoring),
        ] {
            assert_eq!(gates.gate_of_detection_gap(gap), Some(gate), "{gap}");
        }
        assert_eq!(gates.gate_of_detection_gap("manual-qa"), None);
    }
}
