//! The `if:` of a job or a step.

use super::super::expression::{Expression, Scene, parse_expression};

/// A condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// The text as written.
    pub text: String,
    /// Line, counted from 1.
    pub line: usize,
    /// The expression; `None` if it cannot be read.
    pub expression: Option<Expression>,
    /// `true` if text stands around `${{ }}`: GitHub makes one text of it, which always counts as true.
    pub is_always_true: bool,
}

impl Condition {
    /// Reads a condition.
    pub fn read(text: &str, line: usize) -> Self {
        let fenced = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}"));
        let (inner, is_always_true) = match fenced {
            Some(inner) if !inner.contains("${{") => (Some(inner), false),
            // The end of line that `if: |` adds is text, too.
            _ if text.contains("${{") => {
                (text.split("${{").nth(1).and_then(|rest| rest.split("}}").next()), true)
            }
            _ => (Some(text), false),
        };
        let expression = inner.and_then(parse_expression);
        Self { text: text.trim().to_owned(), line, expression, is_always_true }
    }

    /// Returns `true` if the condition has a status function, so that GitHub does not add `success() &&`.
    pub fn has_status_function(&self) -> bool {
        match &self.expression {
            Some(expression) => expression.has_status_function(),
            None => ["always()", "failure()", "cancelled()", "success()"]
                .iter()
                .any(|name| self.text.contains(name)),
        }
    }

    /// Returns whether the job or step runs; `None` if that is not known.
    pub fn truth(&self, scene: &Scene<'_>) -> Option<bool> {
        let own = match &self.expression {
            _ if self.is_always_true => Some(true),
            Some(expression) => scene.truth(expression),
            None => None,
        };
        if self.has_status_function() {
            return own;
        }
        match (scene.status.success, own) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// Returns the parts that are true whenever the condition is.
    pub fn facts(&self) -> Vec<(Expression, bool)> {
        let mut facts = Vec::new();
        if let Some(expression) = &self.expression
            && !self.is_always_true
        {
            expression.add_facts(true, &mut facts);
        }
        facts
    }
}

/// Returns whether a job or step with this condition runs; without a condition it runs after success.
pub fn runs(condition: Option<&Condition>, scene: &Scene<'_>) -> Option<bool> {
    match condition {
        Some(condition) => condition.truth(scene),
        None => scene.status.success,
    }
}
