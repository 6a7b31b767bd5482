//! A text on its way out, and when it is to be written.

use crate::github::encode;

/// A text to publish.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Keeps several gates apart.
    pub gate_id: &'a str,
    /// What people read.
    pub body: &'a str,
    /// Stands for what matters in it: two texts of one state say the same. Empty where nobody asks.
    pub state: &'a str,
    /// When it is written.
    pub when: When,
}

/// When a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always; what has not changed is left alone.
    Always,
    /// If the text that is there is of another state, or there is none.
    Changed,
    /// If a text is there already.
    Present,
}

impl<'a> Text<'a> {
    /// A text that is always written.
    pub fn new(gate_id: &'a str, body: &'a str) -> Self {
        Self { gate_id, body, state: "", when: When::Always }
    }

    /// The text with the hidden line that tells its state.
    pub(super) fn marked(&self) -> String {
        if self.state.is_empty() {
            return self.body.to_owned();
        }
        format!("{}\n{}", self.state_line(), self.body)
    }

    /// Whether a text may stay although its words are others: it is of the same state, and that is all that was asked.
    pub(super) fn may_stay(&self, there: &str) -> bool {
        match self.when {
            When::Always | When::Present => false,
            When::Changed => !self.state.is_empty() && there.contains(&self.state_line()),
        }
    }

    /// The hidden line.
    fn state_line(&self) -> String {
        format!("<!-- escape-gate-state:{} -->", encode(self.state))
    }
}
