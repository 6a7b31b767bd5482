//! What blocks a release whether it escaped or not, and what people say about the status of single issues.

use crate::model::{IssueNumber, Tag};

use super::matcher::{LabelPattern, Selector};

/// Issues and pull requests that block a release until they are done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocking {
    /// Which issues and pull requests these are.
    pub selector: Selector,
    /// Labels of which one has to be set before a fixed issue is done, for example `verified`; empty for none.
    pub require: Vec<LabelPattern>,
}

/// An entry of `defects.status`: a person's word on one issue in one release or release line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusEntry {
    /// The issue.
    pub issue: IssueNumber,
    /// The release or the line that it is about.
    pub scope: StatusScope,
    /// The status that the entry states.
    pub is: crate::model::Status,
    /// Login of whoever says so, as written.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// The release or the release line that an entry of `defects.status` is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusScope {
    /// One release.
    Release(Tag),
    /// All releases of a line, for example `1.6`.
    Line(String),
}
