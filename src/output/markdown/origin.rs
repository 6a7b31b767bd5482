//! Where defects came from, and how long they went unseen.

use super::super::escape::{Markdown, Safe, safe};
use super::super::words;
use super::fit::Section;
use super::links::{name, quoted};
use crate::report::{DefectLine, Report};

/// How long escaped defects went unseen.
pub fn detection(report: &Report) -> Section {
    let Some(detection) = &report.detection else { return Section::default() };
    let mut parts = vec![words::detection(detection), quoted(&detection.coverage)];
    parts.extend(detection.agreement.as_ref().map(|agreement| quoted(agreement)));
    let line = safe!("**Time to detect** ({}): {}\n", quoted(&detection.over), Safe::join(&parts, " · "));
    Section {
        name: "lines on the time to detect",
        rank: 8,
        items: vec![line],
        tail: "\n".into(),
        ..Section::default()
    }
}

/// Where a defect came from, after `lead`; nothing if nobody asked.
pub fn origin(line: &DefectLine, lead: &'static str) -> Safe<Markdown> {
    match &line.introduced {
        Some(origin) if words::has_origin(origin) => {
            safe!("{}came in {}", lead, words::origin(origin, &name))
        }
        Some(_) => safe!("{}origin unknown", lead),
        None => Safe::default(),
    }
}
