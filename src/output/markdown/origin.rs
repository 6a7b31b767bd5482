//! Where defects came from, and how long they went unseen.

use super::super::escape::{Markdown, Safe, safe};
use super::super::labels;
use super::fit::MarkdownSection;
use super::links::{code_name, short_prose};
use crate::report::{DefectLine, Report};

/// How long escaped defects went unseen.
pub fn detection_section(report: &Report) -> MarkdownSection {
    let Some(detection) = &report.detection else { return MarkdownSection::default() };
    let mut parts = vec![labels::detection_times(detection), short_prose(&detection.coverage)];
    parts.extend(detection.agreement.as_ref().map(|agreement| short_prose(agreement)));
    let line =
        safe!("**Time to detect** ({}): {}\n", short_prose(&detection.over), Safe::join(&parts, " · "));
    MarkdownSection {
        name: "lines on the time to detect",
        rank: 8,
        items: vec![line],
        tail: "\n".into(),
        ..MarkdownSection::default()
    }
}

/// Where a defect came from, after `lead`; nothing if nobody asked.
pub fn origin_clause(line: &DefectLine, lead: &'static str) -> Safe<Markdown> {
    match &line.introduced {
        Some(origin) if labels::has_origin(origin) => {
            safe!("{}came in {}", lead, labels::origin_text(origin, &code_name))
        }
        Some(_) => safe!("{}origin unknown", lead),
        None => Safe::default(),
    }
}
