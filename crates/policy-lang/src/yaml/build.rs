//! Builds the tree from the parser's events.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use serde_saphyr::granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, options};

use super::{Document, Node, NodeKind};
use crate::{Draft, LanguageProblem, ProblemCode, Problems, quote};

/// Greatest number of nested collections. A policy needs five.
const MAX_DEPTH: usize = 32;

/// Greatest number of values that aliases may add.
// Aliases of aliases multiply: nine levels of ten each are a billion values.
const MAX_EXPANSION: usize = 10_000;

/// Returns the one document of a file, and reports why there is none. `start` is the number of the file's first byte, see
/// [`PolicyFiles`](crate::PolicyFiles).
pub fn parse_document<C: ProblemCode>(
    source: &str,
    start: usize,
    problems: &mut Problems<C>,
) -> Option<Document<C>> {
    match TreeBuilder::new(source, start).run() {
        Ok(Some(document)) => Some(document),
        Ok(None) => {
            let help = format!("a {} needs at least `version: 1` and one entry", problems.what);
            problems.push(
                Draft::file(LanguageProblem::Empty, format!("the {} is empty", problems.what)).help(help),
            );
            None
        }
        Err(draft) => {
            problems.push(*draft);
            None
        }
    }
}

/// A collection whose end has not been read yet.
struct OpenCollection {
    span: Range<usize>,
    anchor: usize,
    children: Vec<Rc<Node>>,
    is_map: bool,
}

struct TreeBuilder<'s, C> {
    source: &'s str,
    start: usize,
    open: Vec<OpenCollection>,
    anchors: HashMap<usize, Rc<Node>>,
    expanded: usize,
    root: Option<Rc<Node>>,
    documents: usize,
    tags: Vec<Draft<C>>,
}

type BoxedDraft<C> = Box<Draft<C>>;

impl<'s, C: ProblemCode> TreeBuilder<'s, C> {
    fn new(source: &'s str, start: usize) -> Self {
        Self {
            source,
            start,
            open: Vec::new(),
            anchors: HashMap::new(),
            expanded: 0,
            root: None,
            documents: 0,
            tags: Vec::new(),
        }
    }

    fn run(mut self) -> Result<Option<Document<C>>, BoxedDraft<C>> {
        let options = options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        for next in Parser::new_from_str_with_options(self.source, options) {
            let (event, span) = next.map_err(|error| self.syntax(&error))?;
            self.take(event, span)?;
        }
        // A file of comments alone is a document without a value.
        let root = self.root.filter(|root| !root.is_null());
        Ok(root.map(|root| Document { root, tags: self.tags }))
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), BoxedDraft<C>> {
        let place = self.range(span);
        let tag = event.tag().map(|_| span.tag_span().map_or_else(|| place.clone(), |tag| self.range(tag)));
        if let Some(tag) = tag.clone() {
            self.tags.push(
                Draft::structural(
                    LanguageProblem::YamlTag,
                    &tag,
                    "a YAML tag, which the format does not use",
                )
                .help("put a text that begins with `!` in quotes"),
            );
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let kind = match style {
                    // With a tag it is probably a text that begins with `!`: nothing else is to be said about it.
                    ScalarStyle::Plain => match tag.and_then(|tag| self.text(&tag)) {
                        Some(tag) => NodeKind::Quoted(format!("{tag}{text}")),
                        None => NodeKind::Plain(text.into_owned()),
                    },
                    ScalarStyle::SingleQuoted
                    | ScalarStyle::DoubleQuoted
                    | ScalarStyle::Literal
                    | ScalarStyle::Folded => NodeKind::Quoted(text.into_owned()),
                };
                self.close(Node { span: place, kind, weight: 1, depth: 0 }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open.push(OpenCollection { span: place, anchor, children: Vec::new(), is_map: false });
                Ok(())
            }
            Event::MappingStart(_, anchor, _) => {
                self.open.push(OpenCollection { span: place, anchor, children: Vec::new(), is_map: true });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(&place),
            Event::Alias(anchor) => self.alias(anchor, &place),
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let message = "a second document begins here, and a file is one document";
                    let draft = Draft::structural(LanguageProblem::SeveralDocuments, &place, message);
                    return Err(Box::new(
                        draft.help("keep one document and remove the line `---` before the other"),
                    ));
                }
                Ok(())
            }
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            // The parser's enum may grow; anything else in a place where a value can stand is refused.
            other @ (Event::UnresolvedAlias(_) | Event::Anchor(..) | Event::Comment(..) | _) => {
                let draft = Draft::structural(
                    LanguageProblem::Syntax,
                    &place,
                    "something here that the format does not use",
                );
                if other.is_node() { Err(Box::new(draft)) } else { Ok(()) }
            }
        }
    }

    fn end(&mut self, place: &Range<usize>) -> Result<(), BoxedDraft<C>> {
        let Some(open) = self.open.pop() else {
            return Err(Box::new(Draft::structural(
                LanguageProblem::Syntax,
                place,
                "a collection ends that has not begun",
            )));
        };
        let weight = 1 + open.children.iter().map(|child| child.weight).sum::<usize>();
        let depth = 1 + open.children.iter().map(|child| child.depth).max().unwrap_or(0);
        // The parser ends a block at the next token, which can be many lines below the last value.
        let end = open.children.iter().map(|child| child.span.end).fold(open.span.end, usize::max);
        let closes_flow = self.text(place).is_some_and(|text| matches!(text, "]" | "}"));
        let end = if closes_flow { place.end } else { end };
        let kind = if open.is_map {
            NodeKind::Map(key_value_pairs(open.children))
        } else {
            NodeKind::List(open.children)
        };
        self.close(Node { span: open.span.start..end.max(open.span.end), kind, weight, depth }, open.anchor)
    }

    fn alias(&mut self, anchor: usize, place: &Range<usize>) -> Result<(), BoxedDraft<C>> {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            let message = "an alias that stands for a value it is part of";
            return Err(Box::new(Draft::structural(LanguageProblem::Expansion, place, message)));
        };
        self.expanded = self.expanded.saturating_add(node.weight);
        // The parser's own limit of depth does not see what an alias brings.
        if self.expanded > MAX_EXPANSION || self.open.len() + node.depth > MAX_DEPTH {
            let message = "aliases that expand beyond the limit";
            return Err(Box::new(
                Draft::structural(LanguageProblem::Expansion, place, message)
                    .help(format!("write the values out; aliases may add {MAX_EXPANSION} values at most")),
            ));
        }
        self.add(node);
        Ok(())
    }

    fn close(&mut self, node: Node, anchor: usize) -> Result<(), BoxedDraft<C>> {
        let node = Rc::new(node);
        // A value gets its anchor once it is complete. An alias inside of it finds none and cannot make a circle.
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        self.add(node);
        Ok(())
    }

    fn add(&mut self, node: Rc<Node>) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }

    fn range(&self, span: Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or(0..0);
        let start = range.start.min(self.source.len());
        self.start + start..self.start + range.end.clamp(start, self.source.len())
    }

    /// Returns the text at a place.
    fn text(&self, place: &Range<usize>) -> Option<&'s str> {
        self.source.get(place.start.checked_sub(self.start)?..place.end.checked_sub(self.start)?)
    }

    fn syntax(&self, error: &ScanError) -> BoxedDraft<C> {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.source.len());
        let rest = self.source.get(at..).unwrap_or("");
        // The end of a line has nothing to underline.
        let length = rest.chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        let place = self.start + at..self.start + at + length;
        if *error.kind() == ErrorKind::RecursionLimitExceeded {
            let message = format!("more than {MAX_DEPTH} collections within one another");
            return Box::new(Draft::structural(LanguageProblem::Expansion, &place, message));
        }
        let draft = Draft::structural(LanguageProblem::Syntax, &place, format!("not YAML: {}", error.kind()));
        let mut before = self.source.get(..at).unwrap_or("").chars().rev();
        // The parser stops at such a character or right behind it.
        let near = rest.chars().next().into_iter().chain(before.next());
        let draft = match near.into_iter().find(|c| matches!(c, '*' | '&' | '@' | '`' | '%' | '!' | '\t')) {
            Some('\t') => draft.help("indent with spaces"),
            Some(c) => draft.help(format!("put a text that begins with {} in quotes", quote(&c.to_string()))),
            None => draft,
        };
        Box::new(draft)
    }
}

/// Pairs keys and values, which alternate in the parser's events.
fn key_value_pairs(children: Vec<Rc<Node>>) -> Vec<(Rc<Node>, Rc<Node>)> {
    let mut pairs = Vec::with_capacity(children.len() / 2);
    let mut children = children.into_iter();
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        pairs.push((key, value));
    }
    pairs
}
