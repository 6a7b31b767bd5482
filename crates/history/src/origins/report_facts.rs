//! Rules out candidates: commits after the report, and commits that the reporter's release does not contain.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::history::{Commit, UnreadHistory};
use super::release_ancestry::ReleaseAncestry;
use crate::{Sha, Tag};

/// Clocks of authors and of trackers differ; less than this is no contradiction.
const SLACK: i64 = 86_400;

/// Facts about the report of a defect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFacts {
    /// When it was written, in seconds since 1970.
    pub at: i64,
    /// True if it was written about production: then the defect had shipped.
    pub escaped: bool,
    /// The release it was found in, with its commit: an upper bound.
    pub found_in: Option<(Tag, Sha)>,
}

/// Reasons that a commit cannot have introduced the defect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Impossible {
    /// It is younger than the report.
    AfterReport,
    /// It was in no release that was out when the report was written.
    NotReleased,
    /// It is not in the release that the defect was found in.
    NotInFoundIn(Tag),
}

impl fmt::Display for Impossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AfterReport => f.write_str("younger than the report"),
            Self::NotReleased => f.write_str("in no release that was out when it was reported"),
            Self::NotInFoundIn(tag) => write!(f, "not in {tag}, where it was found"),
        }
    }
}

impl ReportFacts {
    /// Returns the reason that a commit cannot have introduced the defect; `None` if it can.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn rules_out(
        &self,
        commit: &Commit,
        descent: &dyn ReleaseAncestry,
    ) -> Result<Option<Impossible>, UnreadHistory> {
        if commit.time > self.at.saturating_add(SLACK) {
            return Ok(Some(Impossible::AfterReport));
        }
        // A defect of production was in a release, so its commit was, too.
        if self.escaped && descent.first(commit)?.is_none_or(|(_, out)| out > self.at) {
            return Ok(Some(Impossible::NotReleased));
        }
        Ok(match &self.found_in {
            Some((tag, head)) if !descent.is_in(&commit.id, head)? => {
                Some(Impossible::NotInFoundIn(tag.clone()))
            }
            Some(_) | None => None,
        })
    }
}
