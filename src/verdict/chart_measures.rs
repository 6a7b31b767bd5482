//! Values for charts: the same metrics as in rules, over the periods and components of the past.

use jiff::Timestamp;

use crate::evidence::Evidence;
use crate::metric::{PeriodSequence, attribute_groups, measure};
use crate::model::{
    Anchored, DefectAttribute, DefectFilter, Measurement, MetricId, MetricValue, Over, Scope, Selection,
};
use crate::policy::Policy;

/// Maximum number of quarters.
const QUARTERS: u32 = 8;

/// Maximum number of periods that the policy defines, for example sprints.
const PERIODS: u32 = 12;

/// Maximum number of components.
const COMPONENTS: usize = 12;

/// Maximum number of teams.
const TEAMS: usize = 6;

/// Default of the smallest denominator of a rate. Below it, one defect more changes the rate by more than 10 points.
const RATE_SAMPLE: u64 = 10;

/// Values for charts.
#[derive(Debug, Clone)]
pub struct ChartMeasures {
    /// Calendar quarters from the first release or defect on, the oldest first; the last one is still running.
    pub quarters: Vec<PeriodMeasures>,
    /// Periods of the policy, such as sprints, each with its repetitions, the oldest first; the last one is still running.
    pub periods: Vec<(Anchored, Vec<PeriodMeasures>)>,
    /// Smallest denominator of a rate.
    pub rate_sample: u64,
    /// Escaped defects of the scope in which root causes are counted.
    pub root_causes: Measurement,
    /// Values by component and team; `None` if no defect has either, or if no issues were collected.
    pub areas: Option<AreaMeasures>,
}

/// Values of one period.
#[derive(Debug, Clone)]
pub struct PeriodMeasures {
    /// Name, for example `2026-Q3`.
    pub name: String,
    /// Escaped defects reported in the period.
    pub escaped: Measurement,
    /// Escape rate of the period.
    pub escape_rate: Measurement,
}

/// Values of all collected defects by component and team.
#[derive(Debug, Clone)]
pub struct AreaMeasures {
    /// Names of the teams, those with most escaped defects first. Untrusted.
    pub teams: Vec<String>,
    /// Components, those with most escaped defects first.
    pub components: Vec<ComponentMeasures>,
    /// Number of components that are left out.
    pub more_components: usize,
    /// Number of teams that are left out.
    pub more_teams: usize,
}

/// Values of one component.
#[derive(Debug, Clone)]
pub struct ComponentMeasures {
    /// Name. Untrusted.
    pub name: String,
    /// Values of all teams together.
    pub all: AreaValue,
    /// Value of each team.
    pub teams: Vec<AreaValue>,
}

/// Number and rate of the escaped defects of a component, a team or both.
#[derive(Debug, Clone)]
pub struct AreaValue {
    /// Escaped defects.
    pub escaped: Measurement,
    /// Escape rate.
    pub escape_rate: Measurement,
}

impl ChartMeasures {
    /// Measures everything that charts show.
    pub fn of(policy: &Policy, evidence: &Evidence) -> Self {
        let with = |over| Scope::new(over, DefectFilter::default());
        Self {
            quarters: measure_periods(evidence, Over::Quarter, QUARTERS),
            periods: policy
                .periods
                .iter()
                .map(|period| (*period, measure_periods(evidence, Over::Period(*period), PERIODS)))
                .collect(),
            rate_sample: rate_sample(policy),
            root_causes: measure(MetricId::Escaped, evidence, &with(policy.gates.over)),
            areas: measure_areas(evidence),
        }
    }
}

/// Returns the smallest denominator of a rate: that of the policy's rules on the escape rate, or a default.
pub fn rate_sample(policy: &Policy) -> u64 {
    let rates = policy.rules.iter().filter(|rule| rule.metric == MetricId::EscapeRate);
    rates.filter_map(|rule| rule.min_sample).max().unwrap_or(RATE_SAMPLE)
}

/// Measures the last periods. Periods before the first release and the first defect are left out: nothing was collected there.
fn measure_periods(evidence: &Evidence, over: Over, most: u32) -> Vec<PeriodMeasures> {
    let Some(first) = first_moment(evidence) else { return Vec::new() };
    let in_period = |back| {
        let scope = Scope { back, ..Scope::new(over, DefectFilter::default()) };
        let escaped = measure(MetricId::Escaped, evidence, &scope);
        let name = escaped.basis.strip_prefix("reported in ").unwrap_or(&escaped.basis).to_owned();
        PeriodMeasures { name, escaped, escape_rate: measure(MetricId::EscapeRate, evidence, &scope) }
    };
    let mut found: Vec<PeriodMeasures> = (0..most).map(in_period).collect();
    let earlier = |back| period_ends_before(evidence.now, over, back, first);
    let kept = (0..most).take_while(|back| !earlier(*back)).count();
    found.truncate(kept.max(1));
    found.reverse();
    found
}

/// Returns the time of the first release or defect; `None` if there is neither.
fn first_moment(evidence: &Evidence) -> Option<Timestamp> {
    let releases = evidence.timeline.ordered().filter_map(|one| one.release.published_at);
    let defects = evidence.defects.as_ref()?.iter().map(|defect| defect.issue.created_at);
    releases.chain(defects).min()
}

/// Returns `true` if a period ended before a moment.
fn period_ends_before(now: Timestamp, over: Over, back: u32, moment: Timestamp) -> bool {
    let Some(next) = back.checked_sub(1) else { return false };
    // A period before the beginning of the calendar is before everything.
    PeriodSequence::of(over)
        .is_none_or(|(periods, _)| periods.start(now, next).map_or(true, |start| start <= moment))
}

/// Measures components and teams over everything that was collected.
fn measure_areas(evidence: &Evidence) -> Option<AreaMeasures> {
    let value = |filter: DefectFilter| {
        let scope = Scope::new(Over::All, filter);
        AreaValue {
            escaped: measure(MetricId::Escaped, evidence, &scope),
            escape_rate: measure(MetricId::EscapeRate, evidence, &scope),
        }
    };
    let groups = |attribute| {
        let found = attribute_groups(MetricId::EscapeRate, attribute, evidence, &DefectFilter::default())?;
        let mut found: Vec<(String, Selection, AreaValue)> = found
            .into_iter()
            .map(|(name, selection)| {
                let value = value(DefectFilter::default().and(attribute, selection.clone()));
                (name, selection, value)
            })
            .collect();
        // Stable: names with equal counts stay in the order of the alphabet.
        found.sort_by_key(|(.., value)| std::cmp::Reverse(counted(&value.escaped)));
        Some(found)
    };
    let is_named = |groups: &[(String, Selection, AreaValue)]| {
        groups.iter().any(|(_, selection, _)| matches!(selection, Selection::AnyOf(_)))
    };
    let mut components = groups(DefectAttribute::Component)?;
    let mut teams = groups(DefectAttribute::Team)?;
    if !is_named(&components) && !is_named(&teams) {
        return None;
    }
    if !is_named(&teams) {
        teams.clear();
    }
    let more_components = components.len().saturating_sub(COMPONENTS);
    let more_teams = teams.len().saturating_sub(TEAMS);
    components.truncate(COMPONENTS);
    teams.truncate(TEAMS);
    let row = |(name, selection, all): (String, Selection, AreaValue)| {
        let of_team = |team: &Selection| {
            let filter = DefectFilter::default().and(DefectAttribute::Component, selection.clone());
            value(filter.and(DefectAttribute::Team, team.clone()))
        };
        ComponentMeasures { name, all, teams: teams.iter().map(|(_, team, _)| of_team(team)).collect() }
    };
    let components = components.into_iter().map(row).collect();
    Some(AreaMeasures {
        components,
        teams: teams.into_iter().map(|(name, ..)| name).collect(),
        more_components,
        more_teams,
    })
}

/// Returns a count; 0 if it was not measured, for sorting only.
fn counted(measurement: &Measurement) -> u64 {
    match measurement.value {
        MetricValue::Count(count) => count,
        MetricValue::Ratio(_) | MetricValue::Duration(_) | MetricValue::Missing(_) => 0,
    }
}
