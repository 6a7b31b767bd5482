//! Where defects came from, and how long they went unseen.

use super::super::escape::safe;
use super::super::words;
use super::{Page, cell, shown};
use crate::report::{DefectLine, Report};

impl Page {
    /// How long escaped defects went unseen.
    pub(super) fn detection(&mut self, report: &Report) {
        let Some(detection) = &report.detection else { return };
        self.heading("Time to detect");
        self.wrapped("  ", &safe!("{}; {}", words::detection(detection), shown(&detection.over)));
        self.wrapped("  ", &shown(&detection.coverage));
        if let Some(agreement) = &detection.agreement {
            self.wrapped("  ", &shown(agreement));
        }
    }

    /// Where a defect came from, if anybody asked.
    pub(super) fn origin(&mut self, line: &DefectLine) {
        let Some(origin) = &line.introduced else { return };
        let because = shown(&origin.evidence);
        self.wrapped(
            "      came in   ",
            &safe!("{}: {}", words::origin(origin, &|name| cell(name)), because),
        );
    }
}
