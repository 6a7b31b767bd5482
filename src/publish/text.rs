//! A text on its way out, and when it is to be written.

use xxhash_rust::xxh3::xxh3_128;

use super::head::EvaluatedCommit;
use super::outcome::{PublishError, plain};
use crate::ci::RunAttempt;
use crate::github::encode;

/// A text to publish.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// Keeps several gates apart.
    pub gate_id: &'a str,
    /// What people read.
    pub body: &'a str,
    /// Stands for what matters in it: two texts of one state say the same. Empty where nobody asks.
    pub state: &'a str,
    /// When it is written.
    pub when: WriteCondition,
    /// The run that writes it; none where that is not known.
    pub run: Option<RunAttempt>,
    /// The commit that it is about.
    pub judged: EvaluatedCommit<'a>,
}

/// When a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteCondition {
    /// Always; what has not changed is left alone.
    Always,
    /// If the text that is there is of another state or was edited, or there is none.
    Changed,
    /// If a text is there already.
    Present,
}

impl<'a> Publication<'a> {
    /// A text that is always written.
    pub fn new(gate_id: &'a str, body: &'a str) -> Self {
        Self {
            gate_id,
            body,
            state: "",
            when: WriteCondition::Always,
            run: None,
            judged: EvaluatedCommit::Unknown,
        }
    }

    /// The text below the hidden line that tells its state, its run and its digest. No part of it can be taken for a marker.
    pub(super) fn marked(&self) -> String {
        let body = self.body.replace("<!-- escape-gate", "&lt;!-- escape-gate");
        if self.state.is_empty() {
            return body;
        }
        let stamp = Stamp { state: encode(self.state), run: self.run };
        format!("{}\n{body}", stamp.line(&body))
    }

    /// True if the text that is there, without its marker, may stay although its words are others: it is of the same state
    /// and stands as a run wrote it, and that is all that was asked.
    pub(super) fn may_stay(&self, there: &str) -> bool {
        match self.when {
            WriteCondition::Always | WriteCondition::Present => false,
            WriteCondition::Changed => Stamp::read(there)
                .is_some_and(|stamp| !self.state.is_empty() && stamp.state == encode(self.state)),
        }
    }

    /// Refuses to write over the text of a run that was started later. A text that was edited is no run's.
    ///
    /// # Errors
    /// [`PublishError::NewerRun`].
    pub(super) fn outranks(&self, there: &str) -> Result<(), PublishError> {
        match (Stamp::read(there).and_then(|stamp| stamp.run), self.run) {
            (Some(there), Some(own)) if there > own => Err(PublishError::NewerRun(there)),
            (Some(_), Some(_) | None) | (None, _) => Ok(()),
        }
    }
}

/// What the hidden line of a text tells.
struct Stamp {
    /// The state, encoded.
    state: String,
    run: Option<RunAttempt>,
}

impl Stamp {
    const BEGIN: &'static str = "<!-- escape-gate-state:";

    /// The hidden line above a body: `<!-- escape-gate-state:STATE run:ID/ATTEMPT digest:HEX -->`. The digest is of all that
    /// the line tells, and of the body.
    fn line(&self, body: &str) -> String {
        let run = self.run.map_or_else(String::new, |run| format!(" run:{}/{}", run.id, run.attempt));
        let told = format!("{}{}{run}", Self::BEGIN, self.state);
        let digest = xxh3_128(format!("{told}\n{}", plain(body)).as_bytes());
        format!("{told} digest:{digest:032x} -->")
    }

    /// Reads the hidden line of a text; none if there is none, or if the line or the body is not as it was written.
    fn read(text: &str) -> Option<Self> {
        let text = plain(text.trim_start_matches(['\r', '\n']));
        let (line, body) = text.split_once('\n')?;
        let mut words = line.strip_prefix(Self::BEGIN)?.split(' ');
        let state = words.next()?.to_owned();
        let run = words.next()?.strip_prefix("run:").and_then(|run| {
            let (id, attempt) = run.split_once('/')?;
            Some(RunAttempt { id: id.parse().ok()?, attempt: attempt.parse().ok()? })
        });
        let stamp = Self { state, run };
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
    fn a_body_brings_no_marker() {
        let body = "a <!-- escape-gate:main:end --> <!-- escape-gate-state:s -->";
        let marked = Publication { body, ..text("s", WriteCondition::Always, None) }.marked();
        assert_eq!(marked.matches("<!-- escape-gate").count(), 1, "{marked}");
    }
}
