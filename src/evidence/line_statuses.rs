//! Statuses of defects in the newest release of a release line.

use std::collections::BTreeMap;

use crate::model::{IssueNumber, Status, Tag};

/// Statuses of all escaped defects in the newest release of one release line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineStatuses {
    /// Name of the line, for example `1.4`; the tag of the release if its tag has no version.
    pub line: String,
    /// Newest release of the line.
    pub release: Tag,
    /// Status of each escaped defect; `None` if its evidence is missing.
    pub statuses: BTreeMap<IssueNumber, Option<Status>>,
}
