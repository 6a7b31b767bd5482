//! Origins of defects and the time to detect them, in the text report.

use super::super::escape::safe;
use super::super::labels;
use super::{Page, printable, table_cell};
use crate::report::{DefectLine, Report};

impl Page {
    /// Appends the time to detect.
    pub(super) fn detection(&mut self, report: &Report) {
        let Some(detection) = &report.detection else { return };
        self.heading("Time to detect");
        self.wrapped("  ", &safe!("{}; {}", labels::detection_times(detection), printable(&detection.over)));
        self.wrapped("  ", &printable(&detection.coverage));
        if let Some(agreement) = &detection.agreement {
            self.wrapped("  ", &printable(agreement));
        }
    }

    /// Appends the origin of a defect, if origins were collected.
    pub(super) fn origin(&mut self, line: &DefectLine) {
        let Some(origin) = &line.introduced else { return };
        let because = printable(&origin.evidence);
        self.wrapped(
            "      came in   ",
            &safe!("{}: {}", labels::origin_text(origin, &|name| table_cell(name)), because),
        );
    }
}
