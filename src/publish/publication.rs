//! A text to publish, and the condition for writing it.

use xxhash_rust::xxh3::xxh3_128;

use super::comparison::ComparedCounts;
use super::evaluated_commit::EvaluatedCommit;
use super::published::{PublishError, normalized_text};
use crate::ci::RunAttempt;
use crate::github::percent_encode;

/// A text to publish.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// Keeps several gates apart.
    pub gate_id: &'a str,
    /// Text for readers.
    pub body: &'a str,
    /// Fingerprint of the facts in the text: texts with the same fingerprint say the same. Empty if nothing needs it.
    pub state: &'a str,
    /// Counts for the comparison with the text before and after this one; `None` for no comparison.
    pub counts: Option<&'a ComparedCounts>,
    /// Condition for writing.
    pub when: WriteCondition,
    /// The run that writes the text; `None` if unknown.
    pub run: Option<RunAttempt>,
    /// The commit that the text is about.
    pub evaluated: EvaluatedCommit<'a>,
}

/// Condition for writing a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteCondition {
    /// Always, unless the same text is there already.
    Always,
    /// If the present text has another fingerprint or was edited, or there is none.
    Changed,
    /// If there is a text already.
    Present,
}

impl<'a> Publication<'a> {
    /// A text that is always written.
    pub fn new(gate_id: &'a str, body: &'a str) -> Self {
        let (when, evaluated) = (WriteCondition::Always, EvaluatedCommit::Unknown);
        Self { gate_id, body, state: "", counts: None, when, run: None, evaluated }
    }

    /// Returns the text below a hidden line with its fingerprint, run and digest. No part of the text can be taken for a
    /// marker.
    pub(super) fn marked(&self) -> String {
        self.marked_since(None)
    }

    /// Returns the marked text, with the differences from the counts of an earlier text.
    pub(super) fn marked_since(&self, earlier: Option<&str>) -> String {
        let counted = self.counts.map(|counts| counts.with_differences(self.body, earlier));
        // An issue title may contain the marker. The next run would then cut the comment in the
        // wrong place.
        let body = counted.as_deref().unwrap_or(self.body).replace("<!-- escape-gate", "&lt;!-- escape-gate");
        if self.state.is_empty() {
            return body;
        }
        let counts = self.counts.map(ComparedCounts::encoded).filter(|counts| !counts.is_empty());
        let stamp = Stamp { state: percent_encode(self.state), counts, run: self.run };
        format!("{}\n{body}", stamp.line(&body))
    }

    /// Returns `true` if a present text, without its marker, may stay although it differs: the condition is
    /// [`WriteCondition::Changed`], the fingerprint is the same, and the text was not edited.
    pub(super) fn may_stay(&self, present: &str) -> bool {
        match self.when {
            WriteCondition::Always | WriteCondition::Present => false,
            WriteCondition::Changed => Stamp::read(present)
                .is_some_and(|stamp| !self.state.is_empty() && stamp.state == percent_encode(self.state)),
        }
    }

    /// Refuses to overwrite the text of a run that was started later. An edited text belongs to no run.
    ///
    /// # Errors
    /// [`PublishError::NewerRun`].
    pub(super) fn outranks(&self, present: &str) -> Result<(), PublishError> {
        match (Stamp::read(present).and_then(|stamp| stamp.run), self.run) {
            // Runs of one pull request overlap. A slow old run must not replace the verdict of the
            // newest commit.
            (Some(other), Some(own)) if other > own => Err(PublishError::NewerRun(other)),
            (Some(_), Some(_) | None) | (None, _) => Ok(()),
        }
    }
}

/// Returns the counts in the hidden line of a text. `None` if there are none, or if the text was edited.
pub(super) fn stamped_counts(present: &str) -> Option<String> {
    Stamp::read(present)?.counts
}

/// Content of the hidden line.
struct Stamp {
    /// The fingerprint, percent-encoded.
    state: String,
    /// The encoded counts.
    counts: Option<String>,
    run: Option<RunAttempt>,
}

impl Stamp {
    const BEGIN: &'static str = "<!-- escape-gate-state:";

    /// Returns the hidden line above a body: `<!-- escape-gate-state:STATE counts:COUNTS run:ID/ATTEMPT digest:HEX -->`. The
    /// digest covers the rest of the line and the body.
    fn line(&self, body: &str) -> String {
        let run = self.run.map_or_else(String::new, |run| format!(" run:{}/{}", run.id, run.attempt));
        let counts = self.counts.as_ref().map_or_else(String::new, |counts| format!(" counts:{counts}"));
        let told = format!("{}{}{counts}{run}", Self::BEGIN, self.state);
        let digest = xxh3_128(format!("{told}\n{}", normalized_text(body)).as_bytes());
        format!("{told} digest:{digest:032x} -->")
    }

    /// Parses the hidden line of a text. `None` if there is none, or if the line or the body was edited.
    fn read(text: &str) -> Option<Self> {
        let text = normalized_text(text.trim_start_matches(['\r', '\n']));
        let (line, body) = text.split_once('\n')?;
        let mut words = line.strip_prefix(Self::BEGIN)?.split(' ').peekable();
        let state = words.next()?.to_owned();
        let mut word = |name: &str| {
            words.next_if(|next| next.starts_with(name)).and_then(|word| word.strip_prefix(name))
        };
        let counts = word("counts:").map(str::to_owned);
        let run = word("run:").and_then(|run| {
            let (id, attempt) = run.split_once('/')?;
            Some(RunAttempt { id: id.parse().ok()?, attempt: attempt.parse().ok()? })
        });
        let stamp = Self { state, counts, run };
        (stamp.line(body) == line).then_some(stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(state: &'static str, when: WriteCondition, run: Option<(u64, u64)>) -> Publication<'static> {
        let run = run.map(|(id, attempt)| RunAttempt { id, attempt });
        Publication { state, when, run, ..Publication::new("main", "fail\n\nwhy") }
    }

    #[test]
    fn a_text_may_stay_only_as_it_was_written() {
        for run in [None, Some((7, 2))] {
            let wanted = text("s", WriteCondition::Changed, run);
            let there = wanted.marked();
            assert!(
                wanted.may_stay(&there) && wanted.may_stay(&format!("\n{}\n", there.replace('\n', "\r\n")))
            );
            assert!(!text("s", WriteCondition::Always, run).may_stay(&there));
            assert!(!text("t", WriteCondition::Changed, run).may_stay(&there));
            for edited in [
                "why".to_owned(),
                there.replace("fail", "pass"),
                there.clone() + "!",
                there.replace("digest:", "digest:0"),
            ] {
                assert!(!wanted.may_stay(&edited), "{edited}");
            }
        }
    }

    #[test]
    fn only_a_run_that_was_started_later_outranks() {
        let there = text("s", WriteCondition::Always, Some((7, 2))).marked();
        let outranks = |run| text("t", WriteCondition::Always, run).outranks(&there);
        for run in [Some((7, 2)), Some((7, 3)), Some((8, 1)), None] {
            assert!(outranks(run).is_ok(), "{run:?}");
        }
        for run in [Some((7, 1)), Some((6, 9))] {
            assert!(matches!(outranks(run), Err(PublishError::NewerRun(RunAttempt { id: 7, attempt: 2 }))));
        }
        let claimed = there.replace("run:7", "run:99");
        assert!(
            text("t", WriteCondition::Always, Some((8, 1))).outranks(&claimed).is_ok(),
            "nobody can lock the text by hand"
        );
        assert!(text("t", WriteCondition::Always, Some((1, 1))).outranks("old text").is_ok());
    }

    #[test]
    fn counts_are_read_only_from_a_text_as_it_was_written() {
        let counts = ComparedCounts { scope: "a".into(), counts: vec![("critical", 1)] };
        for run in [None, Some((7, 2))] {
            let plain = text("s", WriteCondition::Always, run);
            let there = Publication { counts: Some(&counts), ..plain }.marked();
            assert_eq!(stamped_counts(&there).as_deref(), Some("a/critical=1"));
            assert_eq!(stamped_counts(&there.replace("=1", "=0")), None, "an edited stamp");
            assert_eq!(stamped_counts(&there.replace("why", "how")), None, "an edited text");
            assert_eq!(stamped_counts(&plain.marked()), None, "the stamp of an older version");
        }
    }

    #[test]
    fn a_body_brings_no_marker() {
        let body = "a <!-- escape-gate:main:end --> <!-- escape-gate-state:s -->";
        let marked = Publication { body, ..text("s", WriteCondition::Always, None) }.marked();
        assert_eq!(marked.matches("<!-- escape-gate").count(), 1, "{marked}");
    }
}
