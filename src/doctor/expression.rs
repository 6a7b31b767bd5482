//! Expressions of GitHub Actions, such as `always() && needs.gate.result == 'success'`.

mod evaluate;
mod read;

pub use evaluate::{Scene, StatusFunctions, Value};
pub use read::parse_expression;

/// An expression. Names are in lower case, because GitHub compares them without regard to case.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number, text, `true`, `false` or `null`.
    Literal(Value),
    /// A context such as `github`.
    Name(String),
    /// A property or an index. The name is `*` for a filter, and `None` for a computed index.
    Member(Box<Self>, Option<String>),
    /// A call of a function.
    Call(String, Vec<Self>),
    /// `!x`.
    Not(Box<Self>),
    /// `x && y`.
    And(Box<Self>, Box<Self>),
    /// `x || y`.
    Or(Box<Self>, Box<Self>),
    /// A comparison.
    Compare(Comparison, Box<Self>, Box<Self>),
}

/// A comparison of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    Unequal,
    /// `<`, `<=`, `>` or `>=`
    Order,
}

impl Expression {
    /// Returns the path of a chain of properties, for example `needs.gate.result`; `None` for another expression.
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Name(name) => Some(name.clone()),
            Self::Member(base, Some(name)) => Some(format!("{}.{name}", base.path()?)),
            Self::Literal(_)
            | Self::Member(_, None)
            | Self::Call(..)
            | Self::Not(_)
            | Self::And(..)
            | Self::Or(..)
            | Self::Compare(..) => None,
        }
    }

    /// Calls a function on this expression and on each one within it.
    pub fn visit<'e>(&'e self, see: &mut dyn FnMut(&'e Self)) {
        see(self);
        match self {
            Self::Literal(_) | Self::Name(_) => {}
            Self::Member(one, _) | Self::Not(one) => one.visit(see),
            Self::Call(_, parts) => parts.iter().for_each(|part| part.visit(see)),
            Self::And(left, right) | Self::Or(left, right) | Self::Compare(_, left, right) => {
                left.visit(see);
                right.visit(see);
            }
        }
    }

    /// Returns `true` if a function of the status of jobs or steps is called. Without one, GitHub adds `success() &&`.
    pub fn has_status_function(&self) -> bool {
        let mut found = false;
        self.visit(&mut |part| {
            found |= matches!(part, Self::Call(name, _)
                if matches!(name.as_str(), "always" | "success" | "failure" | "cancelled"));
        });
        found
    }

    /// Returns the paths that the expression reads, for example `inputs.skip`.
    pub fn paths(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        self.visit(&mut |part| {
            if let Some(path) = part.path()
                && !found.iter().any(|longer| longer.starts_with(&format!("{path}.")))
            {
                found.push(path);
            }
        });
        found
    }

    /// Adds the parts that are true or false if the whole expression is true.
    pub fn add_facts(&self, is_true: bool, facts: &mut Vec<(Self, bool)>) {
        match self {
            Self::And(left, right) if is_true => {
                left.add_facts(true, facts);
                right.add_facts(true, facts);
            }
            Self::Or(left, right) if !is_true => {
                left.add_facts(false, facts);
                right.add_facts(false, facts);
            }
            Self::Not(one) => one.add_facts(!is_true, facts),
            Self::Literal(_) => {}
            Self::Name(_)
            | Self::Member(..)
            | Self::Call(..)
            | Self::And(..)
            | Self::Or(..)
            | Self::Compare(..) => facts.push((self.clone(), is_true)),
        }
    }
}

#[cfg(test)]
mod tests;
