//! YAML as a tree in which every value knows its place.
//!
//! serde stops at the first value it cannot use, and all problems are to be reported at once. So the tree is built
//! from the events of the parser underneath serde-saphyr, and only broken syntax stops it. Aliases share their node
//! instead of copying it, and how far they expand is counted and bounded.

mod build;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::rc::Rc;

use super::code::Code;
use super::diagnostic::{Draft, Problems};

pub(super) use build::parse_document;

/// Bytes of the largest file that is read.
pub const MAX_BYTES: usize = 1024 * 1024;

/// The one document of a file.
#[derive(Debug)]
pub(super) struct Document {
    /// Its value.
    pub root: Rc<Node>,
    /// Tags, which are to be reported once the version is known to be ours.
    pub tags: Vec<Draft>,
}

/// A value and its place.
#[derive(Debug)]
pub(super) struct Node {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What stands there.
    pub kind: NodeKind,
    /// How many values it comes to with its aliases expanded.
    weight: usize,
    /// How many collections stand in one another within it.
    depth: usize,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum NodeKind {
    /// A text without quotes: a number, a truth value, nothing, or a text.
    Plain(String),
    /// A text in quotes or a block text.
    Quoted(String),
    /// A sequence.
    List(Vec<Rc<Node>>),
    /// A mapping, in the file's order, with duplicate keys.
    Map(Vec<(Rc<Node>, Rc<Node>)>),
}

impl Node {
    /// A mapping that is made of parts of others; `span` is where it is said to stand.
    pub fn map(span: &Range<usize>, pairs: Vec<(Rc<Node>, Rc<Node>)>) -> Rc<Self> {
        Rc::new(Self { span: span.clone(), kind: NodeKind::Map(pairs), weight: 1, depth: 1 })
    }

    /// A list that is made of parts of others.
    pub fn list(span: &Range<usize>, items: Vec<Rc<Node>>) -> Rc<Self> {
        Rc::new(Self { span: span.clone(), kind: NodeKind::List(items), weight: 1, depth: 1 })
    }

    /// A text without quotes.
    pub fn plain(span: &Range<usize>, text: &str) -> Rc<Self> {
        Rc::new(Self { span: span.clone(), kind: NodeKind::Plain(text.to_owned()), weight: 1, depth: 1 })
    }

    /// Key and value of a mapping, by the key's name.
    pub fn entry(&self, key: &str) -> Option<&(Rc<Node>, Rc<Node>)> {
        self.pairs().iter().find(|(name, _)| name.scalar() == Some(key))
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Keys and values of a mapping; none if it is something else.
    pub fn pairs(&self) -> &[(Rc<Node>, Rc<Node>)] {
        match &self.kind {
            NodeKind::Map(pairs) => pairs,
            NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) => &[],
        }
    }

    /// The entries of a list; none if it is something else.
    pub fn items(&self) -> &[Rc<Node>] {
        match &self.kind {
            NodeKind::List(items) => items,
            NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => &[],
        }
    }

    /// What it is, for a person.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            NodeKind::Plain(text) if is_null(text) => "nothing",
            NodeKind::Plain(text) if is_yaml_bool(text) => "a truth value",
            NodeKind::Plain(text) if is_yaml_number(text) => "a number",
            NodeKind::Plain(_) | NodeKind::Quoted(_) => "text",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }

    /// The text of a scalar, whatever it means.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Plain(text) | NodeKind::Quoted(text) => Some(text),
            NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// The text of a scalar that is a text and nothing else.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Plain(text) if is_null(text) || is_yaml_bool(text) || is_yaml_number(text) => None,
            NodeKind::Plain(text) | NodeKind::Quoted(text) => Some(text),
            NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// True for an empty value, `~` and `null`.
    pub fn is_yaml_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Plain(text) if is_null(text))
    }
}

/// The file's bytes as text. Only UTF-8 is read; its byte-order mark is taken off.
pub(super) fn decode_utf8<'s>(source: &'s [u8], problems: &mut Problems) -> Option<&'s str> {
    if source.len() > MAX_BYTES {
        let message = format!("the {} is longer than {MAX_BYTES} bytes, and no more are read", problems.what);
        problems.push(Draft::file(Code::TooLarge, message).help("is this the right file?"));
        return None;
    }
    if source.starts_with(&[0xff, 0xfe]) || source.starts_with(&[0xfe, 0xff]) {
        let message = format!("the {} is encoded in UTF-16, and only UTF-8 is read", problems.what);
        problems.push(Draft::file(Code::Encoding, message).help("save the file as UTF-8"));
        return None;
    }
    match std::str::from_utf8(source) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let at = error.valid_up_to();
            let line = 1 + source.iter().take(at).filter(|byte| **byte == b'\n').count();
            let message =
                format!("the {} is not UTF-8: byte {} in line {line} cannot be read", problems.what, at + 1);
            problems.push(Draft::file(Code::Encoding, message).help("save the file as UTF-8"));
            None
        }
    }
}

/// True if a text that stands without quotes is a text and nothing else.
pub(super) fn is_yaml_text(text: &str) -> bool {
    !is_null(text) && !is_yaml_bool(text) && !is_yaml_number(text)
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn is_yaml_bool(text: &str) -> bool {
    matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
}

/// Whether a plain scalar is a number in YAML 1.2's core schema.
fn is_yaml_number(text: &str) -> bool {
    if let Some(hex) = text.strip_prefix("0x") {
        return !hex.is_empty() && hex.chars().all(|c| c.is_ascii_hexdigit());
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return !octal.is_empty() && octal.chars().all(|c| c.is_digit(8));
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let starts = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    starts && unsigned.contains(|c: char| c.is_ascii_digit()) && unsigned.parse::<f64>().is_ok()
}
