//! Reads YAML with the library of policy files, which gives every value its place and bounds size, depth and aliases.

use std::fmt;
use std::rc::Rc;

use policy_lang::{LanguageProblem, Node, PolicyFiles, ProblemCode, Problems, decode_utf8, parse_document};

use super::{Pairs, Text};

/// A problem that stops a file from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileProblem(LanguageProblem);

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl From<LanguageProblem> for FileProblem {
    fn from(problem: LanguageProblem) -> Self {
        Self(problem)
    }
}

impl ProblemCode for FileProblem {
    fn is_warning(self) -> bool {
        false
    }

    fn explanation_note(self) -> String {
        "docs/reference/doctor.md".to_owned()
    }
}

/// A YAML file with the lines of its values.
#[derive(Debug)]
pub struct YamlFile {
    /// The document.
    pub root: Rc<Node>,
    /// The text.
    pub text: String,
    files: PolicyFiles,
}

impl YamlFile {
    /// Reads a file.
    ///
    /// # Errors
    /// If the file is too large or is not YAML; the text says where.
    pub fn read(bytes: &[u8], path: &str) -> Result<Self, String> {
        let (mut problems, mut files) = (Problems::<FileProblem>::default(), PolicyFiles::default());
        let text = decode_utf8(bytes, &mut problems).map(str::to_owned);
        let text_or_empty = text.clone().unwrap_or_default();
        let start = files.add(path, &text_or_empty);
        let document = text.and_then(|text| parse_document(&text, start, &mut problems));
        match document {
            Some(document) => Ok(Self { root: document.root, text: text_or_empty, files }),
            None => {
                let refused = problems.refuse(&files, path);
                let first = refused.diagnostics().first();
                Err(first.map_or_else(|| "it is not YAML".to_owned(), ToString::to_string))
            }
        }
    }

    /// Returns the line of a value, counted from 1.
    pub fn line(&self, node: &Node) -> usize {
        self.files.line_number(&node.span)
    }

    /// Returns the line of the last character of a value.
    pub fn last_line(&self, node: &Node) -> usize {
        let end = node.span.end.saturating_sub(1).max(node.span.start);
        self.files.line_number(&(end..end))
    }

    /// Returns a scalar with its line.
    pub fn located(&self, node: &Node) -> Option<Text> {
        Some(Text { value: node.scalar()?.to_owned(), line: self.line(node) })
    }

    /// Returns the scalars of a mapping.
    pub fn pairs(&self, node: Option<&Rc<Node>>) -> Pairs {
        let pairs = node.map_or(&[][..], |node| node.pairs());
        let pair =
            |(key, value): &(Rc<Node>, Rc<Node>)| Some((key.scalar()?.to_owned(), self.located(value)?));
        pairs.iter().filter_map(pair).collect()
    }
}

/// Returns a text or a list of texts as a list.
pub fn texts(node: Option<&Rc<Node>>) -> Vec<String> {
    let Some(node) = node else { return Vec::new() };
    match node.scalar() {
        Some(_) if node.is_null() => Vec::new(),
        Some(text) => vec![text.to_owned()],
        None => node.items().iter().filter_map(|item| item.scalar().map(str::to_owned)).collect(),
    }
}
