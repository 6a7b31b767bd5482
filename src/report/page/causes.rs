//! Escaped defects by recorded cause.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::{Defect, DefectAttribute, IssueNumber, Measurement, Over, folded};
use crate::report::build::scope_text;

/// Maximum number of causes by name; the rest is counted together.
const CAUSES: usize = 12;

/// Escaped defects by the recorded values of one attribute.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CauseTable {
    /// Name of the attribute, for example `root-cause`.
    pub attribute: &'static str,
    /// Scope, for example `reported in the last 90 days`.
    pub over: String,
    /// Number of escaped defects in scope.
    pub defects: u64,
    /// Number of escaped defects in scope with a recorded cause.
    pub recorded: u64,
    /// Causes, the most frequent first. A defect with two causes is in both.
    pub causes: Vec<CauseCount>,
    /// Number of causes that are not named.
    pub more: u64,
}

/// One cause.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct CauseCount {
    /// Name. Untrusted.
    pub name: String,
    /// Number of escaped defects with this cause.
    pub defects: u64,
    /// Number of escaped defects with this cause or one before it in the table.
    pub cumulative: u64,
}

/// Attributes that record a cause.
const ATTRIBUTES: [DefectAttribute; 2] = [DefectAttribute::RootCause, DefectAttribute::DetectionGap];

/// Returns a table for each attribute that is recorded for an escaped defect in scope.
pub fn cause_tables(measured: &Measurement, over: Over, evidence: &Evidence) -> Vec<CauseTable> {
    let counted: BTreeSet<&IssueNumber> = measured.against.iter().collect();
    let escaped = evidence.escaped().into_iter().flatten();
    let defects: Vec<&Defect> = escaped.filter(|defect| counted.contains(&defect.number())).collect();
    let over = scope_text(over, &measured.basis);
    ATTRIBUTES.into_iter().filter_map(|attribute| cause_table(attribute, &over, &defects)).collect()
}

fn cause_table(attribute: DefectAttribute, over: &str, defects: &[&Defect]) -> Option<CauseTable> {
    let mut by_cause: BTreeMap<String, (String, BTreeSet<IssueNumber>)> = BTreeMap::new();
    for defect in defects {
        for name in defect.values(attribute) {
            let entry = by_cause.entry(folded(name)).or_insert_with(|| (name.clone(), BTreeSet::new()));
            entry.1.insert(defect.number());
        }
    }
    let recorded = defects.iter().filter(|defect| !defect.values(attribute).is_empty()).count() as u64;
    let mut found: Vec<(String, BTreeSet<IssueNumber>)> = by_cause.into_values().collect();
    found.sort_by_key(|(_, numbers)| Reverse(numbers.len()));
    let more = found.len().saturating_sub(CAUSES) as u64;
    let mut before: BTreeSet<IssueNumber> = BTreeSet::new();
    let causes: Vec<CauseCount> = found
        .into_iter()
        .take(CAUSES)
        .map(|(name, numbers)| {
            let defects = numbers.len() as u64;
            // Defects, not mentions: with two causes on one defect, a sum would exceed 100 %.
            before.extend(numbers);
            CauseCount { name, defects, cumulative: before.len() as u64 }
        })
        .collect();
    let defects = defects.len() as u64;
    (recorded > 0).then(|| CauseTable {
        attribute: attribute.name(),
        over: over.to_owned(),
        defects,
        recorded,
        causes,
        more,
    })
}
