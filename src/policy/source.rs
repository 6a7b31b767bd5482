//! The files that a policy is made of, laid end to end: one number names a place in one of them.
//!
//! A policy may inherit from other files. So that a place is still a plain range of bytes, each file begins where the one
//! before it ended, and one byte later.

use std::ops::Range;

use super::diagnostic::visible;

/// All files, the policy itself first.
#[derive(Debug, Clone, Default)]
pub(super) struct PolicyFiles(Vec<PolicyFile>);

/// One of them.
#[derive(Debug, Clone)]
pub(super) struct PolicyFile {
    /// Its name as it is to be shown, without control characters.
    pub name: String,
    /// What it holds.
    pub text: String,
    /// Where its lines begin, within it.
    pub lines: Vec<usize>,
    start: usize,
}

impl PolicyFiles {
    /// Adds a file. Returns the number of its first byte.
    pub fn add(&mut self, name: &str, text: &str) -> usize {
        let start = self.0.last().map_or(0, |last| last.start + last.text.len() + 1);
        self.0.push(PolicyFile {
            name: visible(name),
            text: text.to_owned(),
            lines: line_starts(text),
            start,
        });
        start
    }

    /// The file that a place is in, and the place within it.
    pub fn locate(&self, span: &Range<usize>) -> Option<(&PolicyFile, Range<usize>)> {
        let number = self.0.partition_point(|file| file.start <= span.start).checked_sub(1)?;
        let file = self.0.get(number)?;
        let within = |at: usize| at.saturating_sub(file.start).min(file.text.len());
        Some((file, within(span.start)..within(span.end)))
    }

    /// `base.yml:3`.
    pub fn line(&self, span: &Range<usize>) -> String {
        let Some((file, _)) = self.locate(span) else { return String::new() };
        format!("{}:{}", file.name, self.line_number(span))
    }

    /// The line within its file, counted from 1.
    pub fn line_number(&self, span: &Range<usize>) -> usize {
        let number = |(file, within): (&PolicyFile, Range<usize>)| {
            file.lines.partition_point(|start| *start <= within.start)
        };
        self.locate(span).map_or(0, number).max(1)
    }
}

/// Offsets at which the lines of a file begin, under YAML's and every editor's idea of a line.
fn line_starts(source: &str) -> Vec<usize> {
    let bytes = source.as_bytes();
    let mut starts = vec![0];
    for (position, byte) in bytes.iter().enumerate() {
        let lone_return = *byte == b'\r' && bytes.get(position + 1) != Some(&b'\n');
        if *byte == b'\n' || lone_return {
            starts.push(position + 1);
        }
    }
    starts
}
