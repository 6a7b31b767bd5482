//! The workflow that made the test reports, where it was another one than this.

use crate::ci::TriggerEvent;
use crate::model::{Area, Gap, Snapshot, TestEvidence, Warning};

/// Notes how it ended: one that was cancelled may have reported no more than its first tests.
pub fn doubt(event: &TriggerEvent, snapshot: &mut Snapshot) {
    let TriggerEvent::WorkflowRun { conclusion, .. } = event else { return };
    let ended = match conclusion.as_deref() {
        Some("success") => return,
        Some("failure") => {
            let totals = snapshot.tests.as_ref().map(TestEvidence::totals);
            if totals.is_none_or(|totals| totals.failed + totals.errors == 0) {
                let text = "the workflow that made the test reports ended as `failure`, and no test in them has failed";
                snapshot.warnings.insert(Warning(text.into()));
            }
            return;
        }
        Some(other) => format!("ended as `{other}`"),
        None => "has not ended".into(),
    };
    snapshot.gaps.insert(Gap {
        area: Area::Tests,
        place: None,
        what: format!("the workflow that made the test reports {ended}, so they may not be all"),
        remedy: Some("Run the tests' workflow again to its end.".into()),
    });
}
