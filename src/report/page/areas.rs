//! Escaped defects and escape rates by component and team.

use serde::Serialize;

use super::periods::measured_rate;
use crate::model::{Measurement, MetricValue};
use crate::report::Rate;
use crate::verdict::{AreaMeasures, AreaValue};

/// Escaped defects and escape rates by component and team, over everything that was collected.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AreaRates {
    /// Names of the teams; empty if no defect has a team. Untrusted.
    pub teams: Vec<String>,
    /// Components, those with most escaped defects first.
    pub rows: Vec<AreaRateRow>,
    /// Number of components without a row.
    pub more_components: u64,
    /// Number of teams without a column.
    pub more_teams: u64,
}

/// One component.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AreaRateRow {
    /// Name of the component. Untrusted.
    pub component: String,
    /// Value of all teams.
    pub all: AreaCell,
    /// Value of each team.
    pub teams: Vec<AreaCell>,
}

/// Escaped defects of a component and a team.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct AreaCell {
    /// Number of escaped defects; `None` if not measured.
    pub escaped: Option<u64>,
    /// Escape rate; `None` if not measured, or if its sample is smaller than the smallest one that is shown.
    pub rate: Option<Rate>,
    /// Size of the sample if it is too small for a rate.
    pub small_sample: Option<u64>,
}

/// Returns the table. Rates of a smaller sample than `least` are left out.
pub fn area_rates(measures: &AreaMeasures, least: u64) -> AreaRates {
    let row = |component: &crate::verdict::ComponentMeasures| AreaRateRow {
        component: component.name.clone(),
        all: area_cell(&component.all, least),
        teams: component.teams.iter().map(|value| area_cell(value, least)).collect(),
    };
    AreaRates {
        teams: measures.teams.clone(),
        rows: measures.components.iter().map(row).collect(),
        more_components: measures.more_components as u64,
        more_teams: measures.more_teams as u64,
    }
}

fn area_cell(value: &AreaValue, least: u64) -> AreaCell {
    let (rate, _) = measured_rate(&value.escape_rate);
    let small_sample = rate.as_ref().map(|rate| rate.denominator).filter(|sample| *sample < least);
    AreaCell { escaped: count(&value.escaped), rate: rate.filter(|_| small_sample.is_none()), small_sample }
}

fn count(measured: &Measurement) -> Option<u64> {
    match measured.value {
        MetricValue::Count(count) => Some(count),
        MetricValue::Ratio(_) | MetricValue::Duration(_) | MetricValue::Missing(_) => None,
    }
}
