//! Waivers and overrides in the text report.

use super::{ENTRIES, Page, printable};
use crate::output::escape::safe;
use crate::output::labels;
use crate::report::{ExceptionEffect, Report};

impl Page {
    /// Appends the exceptions: first those that let a rule pass, then those that do not count, then those that are not needed.
    pub(super) fn exceptions(&mut self, report: &Report) {
        if report.exceptions.is_empty() {
            return;
        }
        self.heading("Exceptions");
        let order = [
            ExceptionEffect::Applied,
            ExceptionEffect::Expired,
            ExceptionEffect::Void,
            ExceptionEffect::Unneeded,
        ];
        for line in labels::exceptions_by_effect(report, &order).take(ENTRIES) {
            self.wrapped("  ! ", &safe!("{}: {}", labels::effect_label(line), printable(&line.about)));
            if !line.reason.is_empty() {
                self.wrapped("      ", &printable(&line.reason));
            }
            let approval = printable(&labels::approval_text(line));
            self.wrapped("      ", &safe!("{} ({})", approval, printable(&line.place)));
            for note in &line.notes {
                self.wrapped("      note: ", &printable(note));
            }
        }
        self.more(report.exceptions.len(), "exceptions");
        if let Some(counts) = labels::quarter_counts(report) {
            self.wrapped("  ", &counts);
        }
    }
}
