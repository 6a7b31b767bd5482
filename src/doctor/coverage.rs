//! Decides whether a publishing step can only run after the gate has passed.
//!
//! A step is behind the gate if the gate runs earlier in its job, or if one chain of `needs` leads to a gate and each link of it is
//! strict. A link is strict if the job does not run, or fails before it publishes, whatever result other than success the needed
//! job has. So each link is tried with a failed, a cancelled and, if that can happen, a skipped needed job. A loose chain next to
//! a strict one is no hole.

use std::collections::BTreeMap;

use super::examination::{Examination, JobPlace, Start};
use super::expression::{Comparison, Expression, Scene, StatusFunctions, Value};
use super::result_check::fails_on;
use super::workflow::{Condition, runs};

/// Results of a job other than success.
pub const BAD_RESULTS: [&str; 3] = ["failure", "cancelled", "skipped"];

/// A hole in front of a publishing step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hole {
    /// The workflow has no gate.
    NoGate,
    /// The workflow has a gate, and no chain of `needs` leads to it.
    NotBehind,
    /// A job runs in spite of these results.
    IgnoresResult {
        /// The job whose condition lets them through.
        job: JobPlace,
        /// The results.
        accepted: Vec<&'static str>,
    },
    /// A job that sums up others passes in spite of these results.
    Aggregate {
        /// The job.
        job: JobPlace,
        /// The results.
        accepted: Vec<&'static str>,
    },
    /// The gate runs later than the publishing step.
    GateLater(JobPlace),
    /// The workflow runs after another one, also after one that failed.
    IgnoresConclusion,
}

/// How a job reaches a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    No,
    Loose(JobPlace, Vec<&'static str>),
    Strict,
}

impl Examination<'_> {
    /// Returns the hole in front of a step; `None` if it is behind a gate. `position` is among the flat steps, and `None` for a
    /// job that calls a workflow.
    pub fn hole(&self, place: JobPlace, position: Option<usize>, start: &Start) -> Option<Hole> {
        if let Some(at) = position {
            let earlier = self.gates_in(place).any(|gate| gate.position < at);
            if earlier {
                return self.ignores_failed_step(place, at, start);
            }
        } else if self.gates_in(place).next().is_some() {
            return None;
        }
        match self.reach(place, position, start, &mut BTreeMap::new()) {
            Reach::Strict => return None,
            Reach::Loose(job, accepted) if job != place && self.is_aggregate(job) => {
                return Some(Hole::Aggregate { job, accepted });
            }
            Reach::Loose(job, accepted) => return Some(Hole::IgnoresResult { job, accepted }),
            Reach::No => {}
        }
        if position.is_some() && self.gates_in(place).next().is_some() {
            return Some(Hole::GateLater(place));
        }
        let jobs = (0..self.workflow(place.0).jobs.len()).map(|job| (place.0, job));
        let mut gates = jobs.filter(|job| *job != place && self.is_gate_job(*job));
        let later = gates.clone().find(|gate| self.ancestors(*gate).contains(&place));
        match later {
            Some(gate) => Some(Hole::GateLater(gate)),
            None if gates.next().is_some() => Some(Hole::NotBehind),
            None => Some(Hole::NoGate),
        }
    }

    /// A publishing step behind the gate's own step, with a condition that runs it after a failure.
    fn ignores_failed_step(&self, place: JobPlace, at: usize, start: &Start) -> Option<Hole> {
        let failed = StatusFunctions { success: Some(false), failure: Some(true), cancelled: Some(false) };
        let scene = Scene { status: failed, ..self.scene(place, start) };
        let flat = self.flat_steps(place);
        let step = flat.get(at)?;
        let outer = step.layers.first()?;
        let asks = outer.condition.as_ref().is_some_and(|condition| {
            condition.text.contains(".outcome") || condition.text.contains("outputs.verdict")
        });
        let is_loose = runs(outer.condition.as_ref(), &scene) != Some(false) && !asks;
        is_loose.then(|| Hole::IgnoresResult { job: place, accepted: vec!["failure"] })
    }

    fn reach(
        &self,
        place: JobPlace,
        until: Option<usize>,
        start: &Start,
        known: &mut BTreeMap<JobPlace, Reach>,
    ) -> Reach {
        let mut best = Reach::No;
        // Also ends a circle of needs, which GitHub refuses.
        known.insert(place, Reach::No);
        for need in self.job(place).needs.iter().filter_map(|id| self.need(place, id)) {
            let beyond = match known.get(&need) {
                _ if self.is_gate_job(need) => Reach::Strict,
                Some(reach) => reach.clone(),
                None => self.reach(need, None, start, known),
            };
            let reach = match beyond {
                Reach::No => continue,
                Reach::Loose(..) => beyond,
                Reach::Strict => match self.accepted(place, need, until, start) {
                    accepted if accepted.is_empty() => {
                        known.insert(place, Reach::Strict);
                        return Reach::Strict;
                    }
                    accepted => Reach::Loose(place, accepted),
                },
            };
            if best == Reach::No {
                best = reach;
            }
        }
        known.insert(place, best.clone());
        best
    }

    /// Returns the results of a needed job with which a job runs to a step and does not fail before it.
    pub fn accepted(
        &self,
        place: JobPlace,
        need: JobPlace,
        until: Option<usize>,
        start: &Start,
    ) -> Vec<&'static str> {
        let condition = self.job(place).condition.as_ref();
        if condition.is_some_and(|condition| self.asks_output(condition, need)) {
            return Vec::new();
        }
        let id = self.job(need).id.to_ascii_lowercase();
        let passes = |result: &'static str, others: &[(String, &'static str)]| {
            let mut needs = vec![(id.clone(), result)];
            needs.extend_from_slice(others);
            let has_failed = result == "failure" || others.iter().any(|(_, result)| *result == "failure");
            let status = StatusFunctions {
                success: Some(false),
                failure: Some(has_failed),
                cancelled: match result {
                    // A job that takes too long is cancelled by itself. Who compares results has to think of that.
                    "cancelled" if compares_result(condition, &id) => None,
                    "cancelled" => Some(true),
                    _ => Some(false),
                },
            };
            let scene = Scene { needs: &needs, status, ..self.scene(place, start) };
            runs(condition, &scene) != Some(false) && !fails_on(self, place, &needs, until, start)
        };
        BAD_RESULTS
            .into_iter()
            .filter(|result| match *result {
                "skipped" => self.skips(place, need, start).iter().any(|others| passes(result, others)),
                _ => passes(result, &[]),
            })
            .collect()
    }

    /// Returns the situations in which a needed job is skipped: results of other jobs, as far as the job sees them.
    fn skips(&self, place: JobPlace, need: JobPlace, start: &Start) -> Vec<Vec<(String, &'static str)>> {
        let facts = self.job(place).condition.as_ref().map(Condition::facts).unwrap_or_default();
        let needed = self.job(need);
        let good: Vec<(String, &'static str)> =
            needed.needs.iter().map(|id| (id.to_ascii_lowercase(), "success")).collect();
        let own = Scene { needs: &good, facts: &facts, ..self.scene(need, start) };
        let mut out = Vec::new();
        if runs(needed.condition.as_ref(), &own) != Some(true) {
            out.push(Vec::new());
        }
        for id in &needed.needs {
            let mut needs = good.clone();
            let id = id.to_ascii_lowercase();
            needs.iter_mut().filter(|(own, _)| *own == id).for_each(|(_, result)| *result = "failure");
            let status =
                StatusFunctions { success: Some(false), failure: Some(true), cancelled: Some(false) };
            let scene = Scene { needs: &needs, status, ..self.scene(need, start) };
            if runs(needed.condition.as_ref(), &scene) != Some(true) {
                out.push(vec![(id, "failure")]);
            }
        }
        out
    }

    /// Returns `true` if a job can be skipped: by its own condition or because a needed job failed.
    pub fn can_skip(&self, place: JobPlace, need: JobPlace, start: &Start) -> bool {
        !self.skips(place, need, start).is_empty()
    }

    /// Returns `true` if a condition asks for an output that holds the gate's verdict.
    fn asks_output(&self, condition: &Condition, need: JobPlace) -> bool {
        let needed = self.job(need);
        condition.facts().iter().any(|(fact, is_true)| {
            let Expression::Compare(Comparison::Equal, left, right) = fact else { return false };
            let Expression::Literal(Value::Text(value)) = &**right else { return false };
            let prefix = format!("needs.{}.outputs.", needed.id.to_ascii_lowercase());
            let Some(path) = left.path() else { return false };
            let Some(name) = path.strip_prefix(&prefix) else { return false };
            let output = needed.outputs.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            let is_verdict = output.is_some_and(|(_, text)| {
                [".outputs.verdict", ".outcome"].iter().any(|part| text.value.contains(part))
            });
            *is_true && is_verdict && matches!(value.as_str(), "pass" | "success")
        })
    }

    /// Returns `true` if a job only looks at the results of others.
    pub fn is_aggregate(&self, place: JobPlace) -> bool {
        let job = self.job(place);
        let has_status = job.condition.as_ref().is_some_and(Condition::has_status_function);
        has_status && job.uses.is_none() && super::result_check::looks_at_results_only(self, place)
    }

    /// Returns `true` if a job or step does not run after a failed run of another workflow.
    pub fn asks_conclusion(&self, place: JobPlace, position: Option<usize>, start: &Start) -> bool {
        ["failure", "cancelled", "skipped"]
            .iter()
            .all(|conclusion| self.stops_on(place, position, conclusion, start, &mut Vec::new()))
    }

    fn stops_on(
        &self,
        place: JobPlace,
        position: Option<usize>,
        conclusion: &'static str,
        start: &Start,
        seen: &mut Vec<JobPlace>,
    ) -> bool {
        let scene = Scene { conclusion: Some(conclusion), ..self.scene(place, start) };
        if runs(self.job(place).condition.as_ref(), &scene) == Some(false) {
            return true;
        }
        let flat = self.flat_steps(place);
        let step = position.and_then(|at| flat.get(at)).and_then(|flat| flat.layers.first());
        if step.is_some_and(|step| runs(step.condition.as_ref(), &scene) == Some(false)) {
            return true;
        }
        let needs = self.job(place).needs.iter().filter_map(|id| self.need(place, id));
        seen.push(place);
        needs.into_iter().any(|need| {
            if seen.contains(&need) {
                return false;
            }
            let skipped = [(self.job(need).id.to_ascii_lowercase(), "skipped")];
            let status =
                StatusFunctions { success: Some(false), failure: Some(false), cancelled: Some(false) };
            let scene = Scene { needs: &skipped, status, ..scene };
            runs(self.job(place).condition.as_ref(), &scene) == Some(false)
                && self.stops_on(need, None, conclusion, start, seen)
        })
    }
}

/// Returns `true` if a condition compares the result of a job.
fn compares_result(condition: Option<&Condition>, id: &str) -> bool {
    let path = format!("needs.{id}.result");
    let expression = condition.and_then(|condition| condition.expression.as_ref());
    expression.is_some_and(|expression| {
        let paths = expression.paths();
        paths.contains(&path) || paths.iter().any(|path| path == "needs.*.result")
    })
}
