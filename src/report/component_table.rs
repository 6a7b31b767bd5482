//! Escaped defects by component and team.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::evidence::Evidence;
use crate::model::{Defect, Measurement};

/// Maximum number of components in the table. A comment has room for about 20 rows.
// A table of 20 by 8 is as much as fits into a comment without scrolling.
const ROWS: usize = 20;

/// Maximum number of teams in the table. More columns would not fit the width of a comment.
const COLUMNS: usize = 8;

/// Escaped defects by component and team.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ComponentTable {
    /// Scope, for example `supported: v1.4.0, v1.3.2`.
    pub over: String,
    /// Number of escaped defects. A defect with two components is in two rows, one with two teams in two columns.
    pub defects: u64,
    /// Number of defects whose component or team is inferred from changed paths.
    pub inferred: u64,
    /// Columns, most defects first; `None` is the column of defects without a team. Empty if no defect has a team.
    /// Untrusted.
    pub teams: Vec<Option<String>>,
    /// Rows, most defects first.
    pub rows: Vec<ComponentRow>,
    /// Number of components without a row.
    pub more_components: u64,
    /// Number of teams without a column.
    pub more_teams: u64,
    /// Number of defects that are in no cell.
    pub not_shown: u64,
}

/// One component's row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ComponentRow {
    /// Name of the component; `None` for defects without a component. Untrusted.
    pub component: Option<String>,
    /// Number of escaped defects, including those of teams without a column.
    pub total: u64,
    /// Number of escaped defects in each column.
    pub counts: Vec<u64>,
}

/// A component or team in lowercase, so that `Cart` and `cart` are one row; `None` for defects without one.
type FoldedName = Option<String>;

/// Counts the escaped defects by component and team. Returns `None` if no defect has either.
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

/// Rows or columns of the table.
#[derive(Default)]
struct TableAxis {
    /// Folded name, display name and number of defects, most defects first.
    entries: Vec<(FoldedName, FoldedName, u64)>,
    /// Number of names that were cut off.
    more: u64,
}

impl TableAxis {
    fn holds(&self, name: &FoldedName) -> bool {
        self.entries.iter().any(|(one, ..)| one == name)
    }
}

/// Returns the `most` names with the most defects. `None` is last among equals.
fn most_common_names<'d>(
    defects: &[&'d Defect],
    of: impl Fn(&'d Defect) -> &'d Vec<String>,
    most: usize,
) -> TableAxis {
    let mut counts: BTreeMap<FoldedName, u64> = BTreeMap::new();
    let mut spelt: BTreeMap<FoldedName, &String> = BTreeMap::new();
    for defect in defects {
        for name in of(defect) {
            // Labels differ in case between repositories of one organization. One component must
            // not have two rows.
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

/// Returns each name once, or `None` alone if there are no names.
fn folded_names(all: &[String]) -> BTreeSet<FoldedName> {
    if all.is_empty() {
        return BTreeSet::from([None]);
    }
    all.iter().map(|name| Some(name.to_lowercase())).collect()
}
