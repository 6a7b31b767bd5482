//! Reads an XML document element by element.

use std::io::Read;

use super::collector::ReadError;
use super::text_sink::TextSink;
use super::xml::{Markup, XmlReader, XmlTag};

/// Callbacks at the start and end of elements.
pub trait ElementReader {
    /// Handles the start of an element.
    fn start(&mut self, tag: &XmlTag<'_>, text: &mut TextSink);

    /// Handles the end of the innermost open element, at this offset.
    fn end(&mut self, at: u64, text: &mut TextSink);
}

/// Calls `reader` for each element of the document. An empty element starts and ends.
///
/// # Errors
/// Returns the place where the document is malformed; earlier elements were handled.
pub fn read_elements<R: Read>(
    xml: &mut XmlReader<R>,
    reader: &mut impl ElementReader,
) -> Result<(), ReadError> {
    let mut text = TextSink::default();
    loop {
        let ended = match xml.next(&mut text)? {
            Markup::Start(tag) => {
                reader.start(&tag, &mut text);
                false
            }
            Markup::Empty(tag) => {
                reader.start(&tag, &mut text);
                true
            }
            Markup::End => true,
            Markup::Eof => return Ok(()),
        };
        if ended {
            reader.end(xml.token_at(), &mut text);
        }
    }
}
