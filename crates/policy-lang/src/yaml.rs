//! YAML as a tree in which every value knows its place.
//!
//! serde stops at the first value it cannot use, and all problems are to be reported at once. So the tree is built
//! from the events of the parser underneath serde-saphyr, and only broken syntax stops it. Aliases share their node
//! instead of copying it, and how far they expand is counted and bounded.

mod build;

use std::ops::Range;
use std::rc::Rc;

use crate::{Draft, LanguageProblem, ProblemCode, Problems};

pub use build::parse_document;

/// Number of bytes of the largest file that is read.
pub const MAX_BYTES: usize = 1024 * 1024;

/// The one document of a file.
#[derive(Debug)]
pub struct Document<C> {
    /// Value of the document.
    pub root: Rc<Node>,
    /// Problems of YAML tags, to be reported once the version of the format is known to be supported.
    pub tags: Vec<Draft<C>>,
}

/// A value and its place.
#[derive(Debug)]
pub struct Node {
    /// Place of the value, see [`PolicyFiles`](crate::PolicyFiles).
    pub span: Range<usize>,
    /// The value.
    pub kind: NodeKind,
    /// Number of values with all aliases expanded.
    weight: usize,
    /// Number of collections that are nested in one another.
    depth: usize,
}

/// The kind of a value.
#[derive(Debug)]
pub enum NodeKind {
    /// A scalar without quotes: a number, a truth value, nothing, or a text.
    Plain(String),
    /// A text in quotes or a block text.
    Quoted(String),
    /// A sequence.
    List(Vec<Rc<Node>>),
    /// A mapping, in the file's order, with duplicate keys.
    Map(Vec<(Rc<Node>, Rc<Node>)>),
}

impl Node {
    /// Returns a mapping that is made of parts of others; `span` is the place that problems show.
    pub fn map(span: &Range<usize>, pairs: Vec<(Rc<Node>, Rc<Node>)>) -> Rc<Self> {
        Rc::new(Self { span: span.clone(), kind: NodeKind::Map(pairs), weight: 1, depth: 1 })
    }

    /// Returns a list that is made of parts of others.
    pub fn list(span: &Range<usize>, items: Vec<Rc<Node>>) -> Rc<Self> {
        Rc::new(Self { span: span.clone(), kind: NodeKind::List(items), weight: 1, depth: 1 })
    }

    /// Returns a scalar without quotes.
    pub fn plain(span: &Range<usize>, text: &str) -> Rc<Self> {
        Rc::new(Self { span: span.clone(), kind: NodeKind::Plain(text.to_owned()), weight: 1, depth: 1 })
    }

    /// Returns key and value of a mapping, by the key's name.
    pub fn entry(&self, key: &str) -> Option<&(Rc<Node>, Rc<Node>)> {
        self.pairs().iter().find(|(name, _)| name.scalar() == Some(key))
    }

    /// Returns the value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Returns the keys and values of a mapping; nothing for another kind of value.
    pub fn pairs(&self) -> &[(Rc<Node>, Rc<Node>)] {
        match &self.kind {
            NodeKind::Map(pairs) => pairs,
            NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) => &[],
        }
    }

    /// Returns the entries of a list; nothing for another kind of value.
    pub fn items(&self) -> &[Rc<Node>] {
        match &self.kind {
            NodeKind::List(items) => items,
            NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => &[],
        }
    }

    /// Returns the kind of the value in words, for a message: `a number`.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            NodeKind::Plain(text) if is_yaml_null(text) => "nothing",
            NodeKind::Plain(text) if is_yaml_bool(text) => "a truth value",
            NodeKind::Plain(text) if is_yaml_number(text) => "a number",
            NodeKind::Plain(_) | NodeKind::Quoted(_) => "text",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }

    /// Returns the text of a scalar, whatever its type.
    pub fn scalar(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Plain(text) | NodeKind::Quoted(text) => Some(text),
            NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// Returns the text of a scalar that is neither a number nor a truth value nor nothing.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Plain(text) if is_yaml_null(text) || is_yaml_bool(text) || is_yaml_number(text) => None,
            NodeKind::Plain(text) | NodeKind::Quoted(text) => Some(text),
            NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// Returns `true` for an empty value, `~` and `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Plain(text) if is_yaml_null(text))
    }
}

/// Returns the bytes of a file as text without its byte-order mark, and reports a file that is too large or not UTF-8.
pub fn decode_utf8<'s, C: ProblemCode>(source: &'s [u8], problems: &mut Problems<C>) -> Option<&'s str> {
    if source.len() > MAX_BYTES {
        let message = format!("the {} is longer than {MAX_BYTES} bytes, and no more are read", problems.what);
        problems.push(Draft::file(LanguageProblem::TooLarge, message).help("is this the right file?"));
        return None;
    }
    // Windows tools such as PowerShell write UTF-16.
    if source.starts_with(&[0xff, 0xfe]) || source.starts_with(&[0xfe, 0xff]) {
        let message = format!("the {} is encoded in UTF-16, and only UTF-8 is read", problems.what);
        problems.push(Draft::file(LanguageProblem::Encoding, message).help("save the file as UTF-8"));
        return None;
    }
    match std::str::from_utf8(source) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let at = error.valid_up_to();
            let line = 1 + source.iter().take(at).filter(|byte| **byte == b'\n').count();
            let message =
                format!("the {} is not UTF-8: byte {} in line {line} cannot be read", problems.what, at + 1);
            problems.push(Draft::file(LanguageProblem::Encoding, message).help("save the file as UTF-8"));
            None
        }
    }
}

/// Returns `true` if a scalar without quotes is a text, and not a number, a truth value or nothing.
pub(crate) fn is_yaml_text(text: &str) -> bool {
    !is_yaml_null(text) && !is_yaml_bool(text) && !is_yaml_number(text)
}

fn is_yaml_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn is_yaml_bool(text: &str) -> bool {
    // `yes`, `no`, `on` and `off` are texts since YAML 1.2.
    matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
}

/// Returns `true` if a plain scalar is a number in YAML 1.2's core schema.
fn is_yaml_number(text: &str) -> bool {
    if let Some(hex) = text.strip_prefix("0x") {
        return !hex.is_empty() && hex.chars().all(|c| c.is_ascii_hexdigit());
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return !octal.is_empty() && octal.chars().all(|c| c.is_digit(8));
    }
    // Since YAML 1.2, a leading zero means nothing: `010` is ten.
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    // Rust also parses `inf`, `nan` and `infinity`, which are texts in YAML.
    let starts = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    starts && unsigned.contains(|c: char| c.is_ascii_digit()) && unsigned.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_yaml_number;

    #[test]
    fn numbers_are_those_of_yaml_1_2() {
        for number in ["0", "-1", "+1", "1.5", "1e3", ".5", "1.", "0x1F", "0o17", ".inf", "-.INF", ".nan"] {
            assert!(is_yaml_number(number), "{number}");
        }
        for text in ["", ".", "-", "1.4.0", "v1", "5%", "30d", "0xg", "nan", "inf", "1_000", "+.nan", "e3"] {
            assert!(!is_yaml_number(text), "{text}");
        }
    }
}
