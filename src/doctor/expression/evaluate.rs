//! Evaluates expressions as far as they are known.
//!
//! Every value may be unknown, and logic has three values: a condition that depends on an input is neither true nor false. A
//! [`Scene`] says what is known: the event, the results of needed jobs, the status functions.

use std::collections::BTreeMap;

use super::super::scenario::{EventKind, Scenario};
use super::super::workflow::Matrix;
use super::{Comparison, Expression};

/// A value of an expression, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// A text that is not empty: its beginning is known, and the name says what it is, for example `ref`.
    Symbol(&'static str, &'static str),
    /// The name of the repository that the workflow is in.
    OwnName,
    /// Several values, for example of `needs.*.result`.
    List(Vec<Self>),
    /// Not known.
    Unknown,
}

impl Value {
    /// Returns whether the value counts as true; `None` if that is not known.
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Number(value) => Some(*value != 0.0 && !value.is_nan()),
            Self::Text(text) => Some(!text.is_empty()),
            Self::Symbol(..) | Self::OwnName | Self::List(_) => Some(true),
            Self::Unknown => None,
        }
    }

    fn of_truth(truth: Option<bool>) -> Self {
        truth.map_or(Self::Unknown, Self::Bool)
    }

    fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Unknown | Self::List(_), _) | (_, Self::Unknown | Self::List(_)) => None,
            // Workflows ask for their own repository so that forks do not publish.
            (Self::OwnName, _) | (_, Self::OwnName) => Some(true),
            (Self::Text(left), Self::Text(right)) => Some(left.eq_ignore_ascii_case(right)),
            (Self::Symbol(name, _), Self::Symbol(other, _)) => (name == other).then_some(true),
            (Self::Symbol(_, prefix), Self::Text(text)) | (Self::Text(text), Self::Symbol(_, prefix)) => {
                if text.starts_with(prefix) && !text.is_empty() {
                    None
                } else {
                    Some(false)
                }
            }
            (Self::Symbol(..), _) | (_, Self::Symbol(..)) => Some(false),
            (left, right) => match (left.number(), right.number()) {
                (Some(left), Some(right)) => Some(left == right),
                _ => Some(false),
            },
        }
    }

    /// GitHub compares values of different types as numbers.
    fn number(&self) -> Option<f64> {
        match self {
            Self::Null => Some(0.0),
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Number(value) => Some(*value),
            Self::Text(text) if text.trim().is_empty() => Some(0.0),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Symbol(..) | Self::OwnName | Self::List(_) | Self::Unknown => None,
        }
    }

    /// Returns the text of a value; `None` if it is not known.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Null => Some(String::new()),
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(value) => Some(value.to_string()),
            Self::Text(text) => Some(text.clone()),
            Self::Symbol(..) | Self::OwnName | Self::List(_) | Self::Unknown => None,
        }
    }
}

/// Values of the status functions; `None` if not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatusFunctions {
    /// `success()`
    pub success: Option<bool>,
    /// `failure()`
    pub failure: Option<bool>,
    /// `cancelled()`
    pub cancelled: Option<bool>,
}

impl StatusFunctions {
    /// Everything before succeeded.
    pub const GOOD: Self = Self { success: Some(true), failure: Some(false), cancelled: Some(false) };
}

/// What is known when an expression is evaluated.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The event.
    pub scenario: &'a Scenario,
    /// Inputs of a called workflow, by name in lower case; `None` if it is not called.
    pub inputs: Option<&'a BTreeMap<String, Value>>,
    /// Results of needed jobs, by id in lower case.
    pub needs: &'a [(String, &'static str)],
    /// The status functions.
    pub status: StatusFunctions,
    /// `github.event.workflow_run.conclusion`.
    pub conclusion: Option<&'static str>,
    /// Matrix of the job.
    pub matrix: Option<&'a Matrix>,
    /// Expressions whose truth is known from elsewhere.
    pub facts: &'a [(Expression, bool)],
}

impl<'a> Scene<'a> {
    /// A scene in which everything went well so far.
    pub fn good(scenario: &'a Scenario) -> Self {
        Self {
            scenario,
            inputs: None,
            needs: &[],
            status: StatusFunctions::GOOD,
            conclusion: None,
            matrix: None,
            facts: &[],
        }
    }

    /// Returns the truth of an expression; `None` if it is not known.
    pub fn truth(&self, expression: &Expression) -> Option<bool> {
        self.value(expression).truth()
    }

    /// Returns the value of an expression.
    pub fn value(&self, expression: &Expression) -> Value {
        if let Some((_, known)) = self.facts.iter().find(|(fact, _)| fact == expression) {
            return Value::Bool(*known);
        }
        match expression {
            Expression::Literal(value) => value.clone(),
            Expression::Name(_) | Expression::Member(..) => {
                expression.path().map_or(Value::Unknown, |path| self.context(&path))
            }
            Expression::Call(name, parts) => self.call(name, parts),
            Expression::Not(one) => Value::of_truth(self.truth(one).map(|truth| !truth)),
            Expression::And(left, right) => match self.truth(left) {
                Some(true) => self.value(right),
                Some(false) => self.value(left),
                None if self.truth(right) == Some(false) => Value::Bool(false),
                None => Value::Unknown,
            },
            Expression::Or(left, right) => match self.truth(left) {
                Some(true) => self.value(left),
                Some(false) => self.value(right),
                None if self.truth(right) == Some(true) => Value::Bool(true),
                None => Value::Unknown,
            },
            Expression::Compare(kind, left, right) => self.compare(*kind, left, right),
        }
    }

    fn compare(&self, kind: Comparison, left: &Expression, right: &Expression) -> Value {
        if let Some(matched) = self.compare_matrix(left, right) {
            return match kind {
                Comparison::Equal => Value::of_truth(matched),
                Comparison::Unequal | Comparison::Order => Value::Unknown,
            };
        }
        let equal = self.value(left).equals(&self.value(right));
        match kind {
            Comparison::Equal => Value::of_truth(equal),
            Comparison::Unequal => Value::of_truth(equal.map(|equal| !equal)),
            Comparison::Order => Value::Unknown,
        }
    }

    /// One job of a matrix is enough: `matrix.os == 'x'` is true if the matrix has the value.
    fn compare_matrix(&self, left: &Expression, right: &Expression) -> Option<Option<bool>> {
        let axis = left.path()?;
        let Expression::Literal(value) = right else { return None };
        let axis = axis.strip_prefix("matrix.")?;
        let values = self.matrix?.values(axis);
        let wanted = value.text()?;
        Some(match values {
            Some(values) => Some(values.iter().any(|value| value.eq_ignore_ascii_case(&wanted))),
            // The matrix is computed by an earlier job, and a condition on it is for one of its jobs.
            None => Some(true),
        })
    }

    fn call(&self, name: &str, parts: &[Expression]) -> Value {
        let part = |at: usize| parts.get(at).map_or(Value::Unknown, |part| self.value(part));
        match name {
            "always" => Value::Bool(true),
            "success" => Value::of_truth(self.status.success),
            "failure" => Value::of_truth(self.status.failure),
            "cancelled" => Value::of_truth(self.status.cancelled),
            "contains" => Value::of_truth(contains(&part(0), &part(1))),
            "startswith" => Value::of_truth(starts_with(&part(0), &part(1))),
            "endswith" => match (part(0).text(), part(1).text()) {
                (Some(text), Some(end)) => {
                    Value::Bool(text.to_ascii_lowercase().ends_with(&end.to_ascii_lowercase()))
                }
                _ => Value::Unknown,
            },
            // Both keep what `contains` looks for.
            "tojson" | "join" => part(0),
            "fromjson" => match part(0).text().as_deref() {
                Some("true") => Value::Bool(true),
                Some("false") => Value::Bool(false),
                Some(_) | None => Value::Unknown,
            },
            _ => Value::Unknown,
        }
    }

    fn context(&self, path: &str) -> Value {
        let (root, rest) = path.split_once('.').unwrap_or((path, ""));
        match root {
            "github" => self.github(rest),
            "inputs" => self.input(rest),
            "needs" => self.need(rest),
            "matrix" => Value::Unknown,
            "strategy" if rest == "job-index" => Value::Number(0.0),
            _ => Value::Unknown,
        }
    }

    fn input(&self, name: &str) -> Value {
        match (self.inputs, &self.scenario.event) {
            (Some(inputs), _) => inputs.get(name).cloned().unwrap_or(Value::Null),
            (None, EventKind::Dispatch | EventKind::Call) => Value::Unknown,
            // Another event has no inputs.
            (None, _) => Value::Null,
        }
    }

    fn need(&self, rest: &str) -> Value {
        match rest.split_once('.') {
            Some(("*", "result")) => {
                let mut all: Vec<Value> =
                    self.needs.iter().map(|(_, result)| Value::Text((*result).to_owned())).collect();
                all.push(Value::Unknown);
                Value::List(all)
            }
            Some((id, "result")) => self
                .needs
                .iter()
                .find(|(known, _)| known == id)
                .map_or(Value::Unknown, |(_, result)| Value::Text((*result).to_owned())),
            Some(_) | None => Value::Unknown,
        }
    }

    fn github(&self, name: &str) -> Value {
        let scenario = self.scenario;
        let event = &scenario.event;
        match name {
            "event_name" => Value::Text(scenario.event_name().to_owned()),
            "ref" => scenario.git_ref(),
            "ref_name" => match (event, &scenario.branch) {
                (EventKind::PushBranch, Some(branch)) => Value::Text(branch.clone()),
                _ => Value::Symbol("ref", ""),
            },
            "ref_type" => match event {
                EventKind::PushTag | EventKind::Release => Value::Text("tag".to_owned()),
                EventKind::PushBranch | EventKind::Schedule | EventKind::WorkflowRun => {
                    Value::Text("branch".to_owned())
                }
                EventKind::PullRequest
                | EventKind::PullRequestTarget
                | EventKind::MergeGroup
                | EventKind::Dispatch
                | EventKind::Call
                | EventKind::Other(_) => Value::Unknown,
            },
            "head_ref" | "base_ref" if event.is_pull_request() => Value::Symbol("head_ref", ""),
            "head_ref" | "base_ref" => Value::Text(String::new()),
            "run_id" | "run_number" => Value::Symbol("run_id", ""),
            "sha" => Value::Symbol("sha", ""),
            "workflow" => Value::Text("workflow".to_owned()),
            "repository" | "repository_owner" => Value::OwnName,
            _ => name.strip_prefix("event.").map_or(Value::Unknown, |rest| self.event(rest)),
        }
    }

    fn event(&self, name: &str) -> Value {
        let event = &self.scenario.event;
        let (first, rest) = name.split_once('.').unwrap_or((name, ""));
        match (first, rest) {
            ("inputs", name) => self.input(name),
            ("pull_request" | "number", _) if !event.is_pull_request() => Value::Null,
            ("pull_request", "merged") if self.scenario.is_closing => Value::Bool(true),
            ("release", _) if *event != EventKind::Release => Value::Null,
            ("release", "draft") => Value::Bool(false),
            ("workflow_run", _) if *event != EventKind::WorkflowRun => Value::Null,
            ("workflow_run", "conclusion") => {
                self.conclusion.map_or(Value::Unknown, |conclusion| Value::Text(conclusion.to_owned()))
            }
            ("repository", "fork") => Value::Bool(false),
            ("repository", "full_name") => Value::OwnName,
            ("created", "") if *event == EventKind::PushTag => Value::Bool(true),
            ("deleted", "") => Value::Bool(false),
            ("base_ref", "") if *event == EventKind::PushBranch => Value::Null,
            _ => Value::Unknown,
        }
    }
}

fn contains(all: &Value, one: &Value) -> Option<bool> {
    match (all, one.text()) {
        (Value::List(values), Some(wanted)) => {
            let found = |value: &Value| value.text().is_some_and(|text| text.eq_ignore_ascii_case(&wanted));
            if values.iter().any(found) {
                Some(true)
            } else if values.contains(&Value::Unknown) {
                None
            } else {
                Some(false)
            }
        }
        (_, Some(wanted)) => {
            let text = all.text()?;
            Some(text.to_ascii_lowercase().contains(&wanted.to_ascii_lowercase()))
        }
        _ => None,
    }
}

fn starts_with(text: &Value, start: &Value) -> Option<bool> {
    let start = start.text()?.to_ascii_lowercase();
    let Value::Symbol(_, prefix) = text else {
        return Some(text.text()?.to_ascii_lowercase().starts_with(&start));
    };
    if prefix.starts_with(&start) {
        Some(true)
    } else if start.starts_with(prefix) {
        None
    } else {
        Some(false)
    }
}
