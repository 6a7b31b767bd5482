//! Escaped defects by component and team.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::{Defect, Measurement};

/// How many components the table has; the rest is counted.
const ROWS: usize = 20;

/// How many teams the table has; the rest is counted.
const COLUMNS: usize = 8;

/// Escaped defects by component and team.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ComponentTable {
    /// What was counted over: "supported: v1.4.0, v1.3.2".
    pub over: String,
    /// How many escaped defects there are. A defect of two components is in two rows, and of two teams in two columns.
    pub defects: u64,
    /// For how many of them a component or a team is inferred from changed paths.
    pub inferred: u64,
    /// The columns, the one with the most defects first; the absent name stands for "none". Empty if no defect has a
    /// team. Untrusted.
    pub teams: Vec<Option<String>>,
    /// The rows, the one with the most defects first.
    pub rows: Vec<ComponentRow>,
    /// How many components have no row.
    pub more_components: u64,
    /// How many teams have no column.
    pub more_teams: u64,
    /// How many defects are in no cell.
    pub not_shown: u64,
}

/// One component.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ComponentRow {
    /// Its name; absent for defects without one. Untrusted.
    pub component: Option<String>,
    /// Its escaped defects, those of teams without a column included.
    pub total: u64,
    /// Of them, those of each column.
    pub counts: Vec<u64>,
}

/// A component or a team in small letters, by which the same name in other letters is the same; none for defects that
/// have none, which stand last among equals.
type FoldedName = Option<String>;

/// The table of the escaped defects that were counted; none if no defect has a component or a team.
pub fn component_table(counted: &Measurement, over: String, evidence: &Evidence) -> Option<ComponentTable> {
    let is_counted = |defect: &&Defect| counted.against.binary_search(&defect.number()).is_ok();
    let defects: Vec<&Defect> = evidence.escaped()?.filter(is_counted).collect();
    let has_teams = defects.iter().any(|defect| !defect.teams.is_empty());
    if !has_teams && defects.iter().all(|defect| defect.components.is_empty()) {
        return None;
    }
    let rows = most_common_names(&defects, |defect| &defect.components, ROWS);
    let columns = if has_teams {
        most_common_names(&defects, |defect| &defect.teams, COLUMNS)
    } else {
        TableAxis::default()
    };
    let mut cells: BTreeMap<(FoldedName, FoldedName), u64> = BTreeMap::new();
    let mut not_shown = 0;
    for defect in &defects {
        let mut shown = false;
        for component in folded_names(&defect.components) {
            let in_row = rows.holds(&component);
            shown |= in_row && !has_teams;
            for team in folded_names(&defect.teams) {
                shown |= in_row && columns.holds(&team);
                *cells.entry((component.clone(), team)).or_default() += 1;
            }
        }
        not_shown += u64::from(!shown);
    }
    let row = |(name, shown, total): &(FoldedName, FoldedName, u64)| ComponentRow {
        component: shown.clone(),
        total: *total,
        counts: columns
            .entries
            .iter()
            .map(|(team, ..)| cells.get(&(name.clone(), team.clone())).copied().unwrap_or(0))
            .collect(),
    };
    Some(ComponentTable {
        over,
        defects: defects.len() as u64,
        inferred: defects.iter().filter(|d| d.inferred.components || d.inferred.teams).count() as u64,
        teams: columns.entries.iter().map(|(_, shown, _)| shown.clone()).collect(),
        rows: rows.entries.iter().map(row).collect(),
        more_components: rows.more,
        more_teams: columns.more,
        not_shown,
    })
}

/// The rows or the columns.
#[derive(Default)]
struct TableAxis {
    /// A name, as it is shown, and how many defects have it; the most first.
    entries: Vec<(FoldedName, FoldedName, u64)>,
    /// How many more names there are.
    more: u64,
}

impl TableAxis {
    fn holds(&self, name: &FoldedName) -> bool {
        self.entries.iter().any(|(one, ..)| one == name)
    }
}

/// The names with the most defects.
fn most_common_names<'d>(
    defects: &[&'d Defect],
    of: impl Fn(&'d Defect) -> &'d Vec<String>,
    most: usize,
) -> TableAxis {
    let mut counts: BTreeMap<FoldedName, u64> = BTreeMap::new();
    let mut spelt: BTreeMap<FoldedName, &String> = BTreeMap::new();
    for defect in defects {
        for name in of(defect) {
            spelt.entry(Some(name.to_lowercase())).or_insert(name);
        }
        for name in folded_names(of(defect)) {
            *counts.entry(name).or_default() += 1;
        }
    }
    let mut entries: Vec<(FoldedName, FoldedName, u64)> = counts
        .into_iter()
        .map(|(name, count)| {
            let shown = spelt.get(&name).map(|spelling| (*spelling).clone());
            (name, shown, count)
        })
        .collect();
    entries.sort_by(|(a, _, fewer), (b, _, more)| {
        (Reverse(fewer), a.is_none(), a).cmp(&(Reverse(more), b.is_none(), b))
    });
    let more = entries.len().saturating_sub(most) as u64;
    entries.truncate(most);
    TableAxis { entries, more }
}

/// Each name once, or none at all.
fn folded_names(all: &[String]) -> BTreeSet<FoldedName> {
    if all.is_empty() {
        return BTreeSet::from([None]);
    }
    all.iter().map(|name| Some(name.to_lowercase())).collect()
}
