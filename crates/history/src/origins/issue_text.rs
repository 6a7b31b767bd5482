//! An issue, as far as it may name the origin of a defect.

use std::collections::BTreeMap;

use crate::{Bisects, IssueNumber};

/// The texts of an issue that may name an origin. They are untrusted.
#[derive(Debug, Clone)]
pub struct IssueText<'a> {
    /// Number of the issue.
    pub number: IssueNumber,
    /// Login of the reporter; `None` for a deleted account.
    pub author: Option<&'a str>,
    /// Label names.
    pub labels: &'a [String],
    /// Issue fields by name.
    pub fields: &'a BTreeMap<String, String>,
    /// The description as Markdown.
    pub body: &'a str,
    /// Results of `git bisect` in the comments; `None` if the tracker was not asked for them.
    pub bisects: Option<&'a Bisects>,
    /// Numbers and descriptions of the merged pull requests that fix it.
    pub fixes: Vec<(u64, &'a str)>,
}
