//! Origins of defects and the time to detect them, in the Markdown report.

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::fit::MarkdownSection;
use super::links::{code_name, short_prose};
use crate::report::{DefectLine, Report};

/// Renders the time to detect.
pub fn detection_section(report: &Report) -> MarkdownSection {
    let Some(detection) = &report.detection else { return MarkdownSection::default() };
    let mut parts = vec![labels::detection_times(detection), short_prose(&detection.coverage)];
    parts.extend(detection.agreement.as_deref().map(short_prose));
    let items =
        vec![safe!("**Time to detect** ({}): {}\n", short_prose(&detection.over), Safe::join(&parts, " · "))];
    let name = "lines on the time to detect";
    MarkdownSection { name, rank: 8, items, tail: "\n".into(), ..MarkdownSection::default() }
}

/// Renders the origin of a defect after `lead`; empty if origins were not collected.
pub fn origin_clause(line: &DefectLine, lead: &'static str) -> Safe<Markdown> {
    match &line.introduced {
        Some(origin) if labels::has_origin(origin) => {
            safe!("{}came in {}", lead, labels::origin_text(origin, &code_name))
        }
        Some(_) => safe!("{}origin unknown", lead),
        None => Safe::default(),
    }
}
