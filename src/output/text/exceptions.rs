//! Waivers and overrides: those that count, and those that do not.

use super::{ENTRIES, Page, shown};
use crate::output::escape::safe;
use crate::output::words;
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
            self.wrapped("  ! ", &safe!("{}: {}", words::standing(line), shown(&line.about)));
            if !line.reason.is_empty() {
                self.wrapped("      ", &shown(&line.reason));
            }
            self.wrapped("      ", &safe!("{} ({})", shown(&words::granted(line)), shown(&line.place)));
            for note in &line.notes {
                self.wrapped("      note: ", &shown(note));
            }
        }
        self.more(report.exceptions.len(), "exceptions");
        if let Some(counts) = words::by_quarter(report) {
            self.wrapped("  ", &counts);
        }
    }
}
