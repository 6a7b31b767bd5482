//! Waivers and overrides: those that count, and those that do not.

use super::{ENTRIES, Page, printable};
use crate::output::escape::safe;
use crate::output::labels;
use crate::report::{ExceptionStanding, Report};

impl Page {
    /// Every exception: first what lets a rule pass, then what does not count, then what nothing needs.
    pub(super) fn exceptions(&mut self, report: &Report) {
        if report.exceptions.is_empty() {
            return;
        }
        self.heading("Exceptions");
        let order = [
            ExceptionStanding::Applied,
            ExceptionStanding::Expired,
            ExceptionStanding::Void,
            ExceptionStanding::Unneeded,
        ];
        let with = |standing| report.exceptions.iter().filter(move |line| line.standing == standing);
        for line in order.into_iter().flat_map(with).take(ENTRIES) {
            self.wrapped("  ! ", &safe!("{}: {}", labels::standing_label(line), printable(&line.about)));
            if !line.reason.is_empty() {
                self.wrapped("      ", &printable(&line.reason));
            }
            self.wrapped(
                "      ",
                &safe!("{} ({})", printable(&labels::approval_text(line)), printable(&line.place)),
            );
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
