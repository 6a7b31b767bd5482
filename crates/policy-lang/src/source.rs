//! The files that a policy is made of, laid end to end.
//!
//! A policy may inherit from other files. A place is still a plain range of bytes, because each file begins one byte after
//! the end of the file before it.

use std::ops::Range;

use crate::characters::visible;

/// All files of a policy, the policy itself first. A place in one of them is a range of bytes over all of them.
#[derive(Debug, Clone, Default)]
pub struct PolicyFiles(Vec<PolicyFile>);

/// A file of a policy.
#[derive(Debug, Clone)]
pub struct PolicyFile {
    /// Name to show, without control characters.
    pub name: String,
    /// Contents of the file.
    pub text: String,
    /// Offsets at which the lines of the file begin.
    pub lines: Vec<usize>,
    start: usize,
}

impl PolicyFiles {
    /// Adds a file. Returns the number of its first byte.
    pub fn add(&mut self, name: &str, text: &str) -> usize {
        // The byte between keeps a place at the end of one file apart from the start of the next.
        let start = self.0.last().map_or(0, |last| last.start + last.text.len() + 1);
        self.0.push(PolicyFile {
            name: visible(name),
            text: text.to_owned(),
            lines: line_starts(text),
            start,
        });
        start
    }

    /// Returns the file of a place, and the place within it.
    pub fn locate(&self, span: &Range<usize>) -> Option<(&PolicyFile, Range<usize>)> {
        let number = self.0.partition_point(|file| file.start <= span.start).checked_sub(1)?;
        let file = self.0.get(number)?;
        let within = |at: usize| at.saturating_sub(file.start).min(file.text.len());
        Some((file, within(span.start)..within(span.end)))
    }

    /// Returns file and line of a place, for example `base.yml:3`.
    pub fn line(&self, span: &Range<usize>) -> String {
        let Some((file, _)) = self.locate(span) else { return String::new() };
        format!("{}:{}", file.name, self.line_number(span))
    }

    /// Returns the line of a place within its file, counted from 1.
    pub fn line_number(&self, span: &Range<usize>) -> usize {
        let number = |(file, within): (&PolicyFile, Range<usize>)| {
            file.lines.partition_point(|start| *start <= within.start)
        };
        self.locate(span).map_or(0, number).max(1)
    }
}

/// Returns the offsets at which the lines of a file begin. As in YAML and in editors, a lone `\r` also ends a line.
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
