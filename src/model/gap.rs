//! Gaps: evidence that is needed and was not collected.

use super::named_enum::named_enum;

use std::fmt;

use serde::{Deserialize, Serialize};

/// Evidence that is needed and was not collected. Unless the policy tolerates gaps in its area, the verdict is `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gap {
    /// Kind of the incomplete evidence.
    pub area: Area,
    /// Place: a file with line and column, a glob, a request. Untrusted text.
    #[serde(default)]
    pub place: Option<String>,
    /// Description in lower case, without a full stop. Untrusted text.
    pub what: String,
    /// Next step; `None` if there is none.
    #[serde(default)]
    pub remedy: Option<String>,
}

named_enum! {
    /// The kind of evidence a gap is in; the policy's `missing` section has one key for each.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    #[serde(rename_all = "kebab-case")]
    pub enum Area {
        /// Issues and releases.
        Issues = "issues",
        /// Test reports.
        Tests = "tests",
        /// Commits between releases.
        History = "history",
        /// Deployments to the environment that the policy names.
        Deployments = "deployments",
        /// History that rules about origins need.
        Origins = "origins",
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A warning that does not change the verdict. Untrusted text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Warning(pub String);
