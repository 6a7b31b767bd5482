//! The report as the description of a commit status.

use super::escape::{Plain, Safe};
use crate::report::Report;

/// The verdict in one sentence. A status shows it as it is: Markdown means nothing there.
pub fn status_description(report: &Report) -> Safe<Plain> {
    Safe::of(&report.headline)
}
