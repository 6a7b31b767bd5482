//! Patterns for label names.

/// A label name, with `*` for any run of characters and `{version}` for a version. Case is ignored, as on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelPattern {
    source: String,
}

/// Tickets with any of these labels or any of these types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    /// Any of these labels.
    pub labels: Vec<LabelPattern>,
    /// Any of these issue types, compared without regard to case.
    pub types: Vec<String>,
}

impl LabelPattern {
    /// The pattern as written.
    pub fn source(&self) -> &str {
        &self.source
    }
}
