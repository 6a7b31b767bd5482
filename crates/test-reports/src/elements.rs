//! A walk over the elements of an XML document, for the formats that are read element by element.

use std::io::Read;

use super::collector::ReadError;
use super::text_sink::TextSink;
use super::xml::{Markup, XmlReader, XmlTag};

/// What a format does at the borders of elements.
pub trait ElementReader {
    /// An element begins.
    fn start(&mut self, tag: &XmlTag<'_>, text: &mut TextSink);

    /// The innermost open element ends, at this offset.
    fn end(&mut self, at: u64, text: &mut TextSink);
}

/// Takes a reader through the document, to its end. An empty element begins and ends.
///
/// # Errors
/// Where the document stops making sense; what came before has been seen.
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
