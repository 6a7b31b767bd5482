//! Inherited policies and relaxations in the text report.

use super::{ENTRIES, Page, printable};
use crate::output::escape::safe;
use crate::output::labels;
use crate::report::Report;

impl Page {
    /// Appends the inherited policies and the relaxations.
    pub(super) fn inherited(&mut self, report: &Report) {
        let Some(inherited) = &report.inherited else { return };
        self.heading("Inherited policies");
        for file in inherited.files.iter().take(ENTRIES) {
            self.wrapped(
                "    ",
                &safe!("{} ({})", printable(&file.name), printable(&labels::short_digest(&file.digest))),
            );
        }
        self.more(inherited.files.len(), "inherited policies");
        for line in inherited.loosened.iter().take(ENTRIES) {
            let text = safe!(
                "{}: {} ({}) instead of {} ({})",
                printable(&line.what),
                printable(&line.holds),
                printable(&line.holds_at),
                printable(&line.inherited),
                printable(&line.inherited_at)
            );
            self.wrapped("  ! looser: ", &text);
            self.wrapped("      reason: ", &printable(&line.reason));
        }
        self.more(inherited.loosened.len(), "loosened rules");
    }
}
