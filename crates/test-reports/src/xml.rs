//! Tags of an XML document one by one. Text is passed over in pieces and never gathered, whatever its length.

mod tag;

use std::io::{BufRead, Read};

use memchr::{memchr, memmem};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::collector::ReadError;
use super::limits;
use super::source::{END, Source};
use super::text_sink::TextSink;
use tag::AttributeSpan;

pub use tag::{XmlTag, name_and_value};

/// A document, read from front to back.
pub struct XmlReader<R> {
    reader: Reader<Source<R>>,
    buffer: Vec<u8>,
    attributes: Vec<AttributeSpan>,
    depth: usize,
    token_at: u64,
    /// The length of an empty tag that has been handed out and is still in the source.
    handed_out: usize,
    last: LastTag,
    /// `true` if the last tag is returned again.
    repeat: bool,
}

/// Place of the last tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LastTag {
    InSource,
    EmptyInBuffer,
    StartInBuffer,
}

/// Markup after some text.
pub enum Markup<'a> {
    /// `<name …>`
    Start(XmlTag<'a>),
    /// `<name …/>`
    Empty(XmlTag<'a>),
    /// `</name>`
    End,
    /// End of the document, with every element closed.
    Eof,
}

impl<R: Read> XmlReader<R> {
    /// Creates a reader at the beginning of a document.
    pub fn new(source: Source<R>) -> Self {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        // An end tag with another name means that elements were lost.
        config.check_end_names = true;
        config.allow_unmatched_ends = false;
        Self {
            reader,
            buffer: Vec::new(),
            attributes: Vec::new(),
            depth: 0,
            token_at: 0,
            handed_out: 0,
            last: LastTag::StartInBuffer,
            repeat: false,
        }
    }

    /// Makes the next call return the last tag again.
    pub fn unread(&mut self) {
        self.repeat = true;
    }

    /// Returns the source of the document.
    pub fn into_source(self) -> Source<R> {
        self.reader.into_inner()
    }

    /// Returns the offset of the last tag in bytes of UTF-8 text.
    pub fn token_at(&self) -> u64 {
        self.token_at
    }

    /// Creates an error at the last tag.
    pub fn error(&self, what: impl Into<String>) -> ReadError {
        ReadError { at: Some(self.token_at), what: what.into() }
    }

    /// Returns the next tag; the text before it goes to `text`.
    ///
    /// # Errors
    /// Returns an error if the bytes cannot be read, are not XML, exceed a limit, or end too early.
    pub fn next(&mut self, text: &mut TextSink) -> Result<Markup<'_>, ReadError> {
        self.next_but(text, |_| 0)
    }

    /// Returns the next tag that `take` does not read. `take` gets the bytes from a `<` on, which nothing has parsed
    /// yet, and returns how many it has read: complete empty tags and white space.
    ///
    /// # Errors
    /// As [`Self::next`].
    pub fn next_but(
        &mut self,
        text: &mut TextSink,
        mut take: impl FnMut(&[u8]) -> usize,
    ) -> Result<Markup<'_>, ReadError> {
        if std::mem::take(&mut self.repeat) {
            return self.last_tag();
        }
        self.reader.stream().consume(std::mem::take(&mut self.handed_out));
        loop {
            if !self.skip_text(text)? {
                return self.end_of_file();
            }
            self.token_at = self.reader.buffer_position();
            // `<![CDATA[` is the longest opening to recognize.
            let ahead = self.peek(9)?;
            match ahead.get(1) {
                Some(b'!') if ahead.starts_with(b"<!--") => {
                    self.skip_until(4, b"-->", "comment", &mut TextSink::default())?;
                }
                Some(b'!') if ahead.starts_with(b"<![CDATA[") => {
                    self.skip_until(9, END, "CDATA section", text)?;
                }
                // Declarations and document types: passed over, never resolved.
                Some(b'!' | b'?') => {
                    self.event()?;
                }
                Some(b'/') => {
                    self.event()?;
                    return Ok(Markup::End);
                }
                Some(_) | None => {
                    let taken = take(self.reader.get_ref().buffered());
                    if taken > 0 {
                        self.reader.stream().consume(taken);
                    } else if let Some(length) = self.scan_empty() {
                        self.handed_out = length;
                        self.last = LastTag::InSource;
                        return self.last_tag();
                    } else {
                        return self.tag();
                    }
                }
            }
        }
    }

    /// Returns the length of an empty tag that is complete in the source and well-formed. It is handed out from
    /// there without being copied. All others are quick-xml's.
    fn scan_empty(&mut self) -> Option<usize> {
        let ahead = self.reader.get_ref().buffered();
        let end = memchr(b'>', ahead)?;
        if end < 3 || ahead[end - 1] != b'/' {
            return None;
        }
        // A `>` inside of quotes leaves a quote open, and the scan fails.
        tag::scan_attributes(&ahead[1..end - 1], &mut self.attributes).then_some(end + 1)
    }

    /// Reads a tag by quick-xml.
    fn tag(&mut self) -> Result<Markup<'_>, ReadError> {
        // quick-xml copies a whole tag. Without a limit, an unclosed quote would load the rest of the file into
        // memory.
        self.reader.get_mut().allow(limits::MARKUP_BYTES);
        self.buffer.clear();
        let at = Some(self.token_at);
        let wrong = |what: String| Err(ReadError { at, what });
        let (tag, empty) = match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Start(tag)) => (tag, false),
            Ok(Event::Empty(tag)) => (tag, true),
            Ok(
                Event::End(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)
                | Event::GeneralRef(_)
                | Event::Eof,
            ) => return wrong("not a tag".to_owned()),
            Err(error) => return wrong(describe_xml_error(&error)),
        };
        if !tag::scan_attributes(tag.as_bytes(), &mut self.attributes) {
            return wrong(tag::describe_bad_attributes(&tag));
        }
        let name = tag.name().as_ref().len();
        if name > limits::ELEMENT_NAME_BYTES {
            return wrong(format!(
                "an element's name of {name} bytes (limit {})",
                limits::ELEMENT_NAME_BYTES
            ));
        }
        self.depth += usize::from(!empty);
        // quick-xml stores the name of each open element.
        if self.depth > limits::DEPTH {
            return wrong(format!("more than {} elements inside one another (limit)", limits::DEPTH));
        }
        self.last = if empty { LastTag::EmptyInBuffer } else { LastTag::StartInBuffer };
        self.last_tag()
    }

    /// Returns the last tag, borrowed from its place.
    fn last_tag(&self) -> Result<Markup<'_>, ReadError> {
        let (bytes, ending) = match self.last {
            LastTag::InSource => {
                (self.reader.get_ref().buffered().get(..self.handed_out).unwrap_or_default(), 2)
            }
            LastTag::EmptyInBuffer => (self.buffer.as_slice(), 2),
            LastTag::StartInBuffer => (self.buffer.as_slice(), 1),
        };
        // `<`, content, `>` or `/>`.
        let content = bytes.get(1..bytes.len().saturating_sub(ending));
        let Some(content) = content.and_then(|content| std::str::from_utf8(content).ok()) else {
            return Err(self.error("a tag holds bytes that are not UTF-8"));
        };
        let tag = XmlTag::new(content, &self.attributes);
        Ok(match self.last {
            LastTag::StartInBuffer => Markup::Start(tag),
            LastTag::InSource | LastTag::EmptyInBuffer => Markup::Empty(tag),
        })
    }

    /// Skips an end tag or a declaration by quick-xml.
    fn event(&mut self) -> Result<(), ReadError> {
        self.reader.get_mut().allow(limits::MARKUP_BYTES);
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer) {
            // Nothing of a document type is made use of. One that gives elements attributes cannot be passed over.
            Ok(Event::DocType(kind)) if memmem::find(kind.as_bytes(), b"<!ATTLIST").is_some() => {
                Err(self.error("a document type that gives attributes of its own, which are not read"))
            }
            Ok(event) => {
                self.depth = self.depth.saturating_sub(usize::from(matches!(event, Event::End(_))));
                Ok(())
            }
            // Errors are reported at the beginning of the tag, where a person finds them.
            Err(error) => Err(ReadError { at: Some(self.token_at), what: describe_xml_error(&error) }),
        }
    }

    /// Skips text up to the next `<`; returns `false` at the end of the file.
    fn skip_text(&mut self, text: &mut TextSink) -> Result<bool, ReadError> {
        self.reader.get_mut().allow(u64::MAX);
        let at = self.reader.buffer_position();
        let mut stream = self.reader.stream();
        loop {
            let ahead = stream
                .fill_buf()
                .map_err(|error| ReadError { at: Some(at), what: describe_io_error(&error) })?;
            if ahead.is_empty() {
                return Ok(false);
            }
            let found = memchr(b'<', ahead);
            let count = found.unwrap_or(ahead.len());
            let source = stream.get_ref();
            text.feed(&source.buffered()[..count], false, source.may_hold_word(count));
            stream.consume(count);
            if found.is_some() {
                return Ok(true);
            }
        }
    }

    /// Skips `opening` bytes and everything up to and including `end`.
    fn skip_until(
        &mut self,
        opening: usize,
        end: &[u8],
        what: &str,
        text: &mut TextSink,
    ) -> Result<(), ReadError> {
        let at = self.token_at;
        let mut stream = self.reader.stream();
        stream.consume(opening);
        loop {
            let peeked = stream.get_mut().peek(end.len());
            peeked.map_err(|error| ReadError { at: Some(at), what: describe_io_error(&error) })?;
            let source = stream.get_ref();
            let ahead = source.buffered();
            if ahead.len() < end.len() {
                return Err(ReadError {
                    at: Some(at),
                    what: format!("the file ends inside a {what} that begins here"),
                });
            }
            let found = source.find(end);
            // Keep the last bytes: they may begin `end`.
            let count = found.unwrap_or(ahead.len() + 1 - end.len());
            text.feed(&ahead[..count], true, source.may_hold_word(count));
            stream.consume(count + found.map_or(0, |_| end.len()));
            if found.is_some() {
                return Ok(());
            }
        }
    }

    /// Returns the next bytes without consuming them.
    fn peek(&mut self, at_least: usize) -> Result<&[u8], ReadError> {
        let at = self.token_at;
        self.reader
            .get_mut()
            .peek(at_least)
            .map_err(|error| ReadError { at: Some(at), what: describe_io_error(&error) })
    }

    /// Returns the end of the document, if every element is closed.
    fn end_of_file(&mut self) -> Result<Markup<'static>, ReadError> {
        self.token_at = self.reader.buffer_position();
        match self.depth {
            0 => Ok(Markup::Eof),
            1 => Err(self.error("the file ends too early: one element is still open")),
            open => Err(self.error(format!("the file ends too early: {open} elements are still open"))),
        }
    }
}

/// Describes an error of quick-xml.
fn describe_xml_error(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Io(error) => describe_io_error(error),
        quick_xml::Error::Encoding(_) => "a tag holds bytes that are not UTF-8".to_owned(),
        quick_xml::Error::Syntax(_)
        | quick_xml::Error::IllFormed(_)
        | quick_xml::Error::InvalidAttr(_)
        | quick_xml::Error::Escape(_)
        | quick_xml::Error::Namespace(_) => format!("not well-formed XML: {error}"),
    }
}

/// Describes an I/O error.
fn describe_io_error(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::FileTooLarge {
        return format!("a tag is longer than {} bytes (limit)", limits::MARKUP_BYTES);
    }
    format!("cannot be read: {error}")
}
