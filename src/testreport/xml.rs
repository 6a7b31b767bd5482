//! Tags of an XML document one by one. Text is passed over in pieces and never gathered, whatever its length.

use std::borrow::Cow;
use std::io::{BufRead, Read};

use memchr::{memchr, memmem};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::collector::Stopped;
use super::limits;
use super::source::Source;
use super::text::Text;

/// A document, read from front to back.
pub struct Xml<R> {
    reader: Reader<Source<R>>,
    buffer: Vec<u8>,
    depth: usize,
    token_at: u64,
}

/// What stands after some text.
pub enum Markup<'a> {
    /// `<name …>`
    Start(BytesStart<'a>),
    /// `<name …/>`
    Empty(BytesStart<'a>),
    /// `</name>`
    End,
    /// Nothing: every element is closed.
    Eof,
}

impl<R: Read> Xml<R> {
    /// A document at its beginning.
    pub fn new(source: Source<R>) -> Self {
        let mut reader = Reader::from_reader(source);
        let config = reader.config_mut();
        config.check_end_names = true;
        config.allow_unmatched_ends = false;
        Self { reader, buffer: Vec::new(), depth: 0, token_at: 0 }
    }

    /// The bytes behind it.
    pub fn into_source(self) -> Source<R> {
        self.reader.into_inner()
    }

    /// Where the last tag began, in bytes of UTF-8 text.
    pub fn token_at(&self) -> u64 {
        self.token_at
    }

    /// An error at the last tag.
    pub fn error(&self, what: impl Into<String>) -> Stopped {
        Stopped { at: Some(self.token_at), what: what.into() }
    }

    /// The next tag; what stands before it goes to `text`.
    ///
    /// # Errors
    /// If the bytes cannot be read, are not XML, go beyond a limit, or end too early.
    pub fn next(&mut self, text: &mut Text) -> Result<Markup<'_>, Stopped> {
        loop {
            if !self.skip_text(text)? {
                return self.end_of_file();
            }
            self.token_at = self.reader.buffer_position();
            let ahead = self.peek(9)?;
            if ahead.starts_with(b"<!--") {
                self.skip_until(4, b"-->", "comment", &mut Text::default())?;
            } else if ahead.starts_with(b"<![CDATA[") {
                self.skip_until(9, b"]]>", "CDATA section", text)?;
            } else if ahead.starts_with(b"<?") || ahead.starts_with(b"<!") {
                // Declarations and document types: passed over, never resolved.
                self.event()?;
            } else {
                return self.tag();
            }
        }
    }

    /// Reads a tag.
    fn tag(&mut self) -> Result<Markup<'_>, Stopped> {
        let at = self.token_at;
        let markup = match self.event()? {
            Event::Start(tag) => Markup::Start(tag),
            Event::Empty(tag) => Markup::Empty(tag),
            Event::End(_) => Markup::End,
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_)
            | Event::Eof => return Err(Stopped { at: Some(at), what: "not a tag".to_owned() }),
        };
        Ok(markup)
    }

    /// Lets quick-xml read one piece of markup, within the limits.
    fn event(&mut self) -> Result<Event<'_>, Stopped> {
        self.reader.get_mut().allow(limits::MARKUP_BYTES);
        self.buffer.clear();
        let at = self.token_at;
        let wrong = |what: String| Err(Stopped { at: Some(at), what });
        // Errors are reported at the beginning of the tag, where a person finds them.
        let event = match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return wrong(describe(&error)),
        };
        if let Event::Start(tag) = &event {
            self.depth += 1;
            if self.depth > limits::DEPTH {
                return wrong(format!("more than {} elements inside one another (limit)", limits::DEPTH));
            }
            let name = tag.name().as_ref().len();
            if name > limits::ELEMENT_NAME_BYTES {
                return wrong(format!(
                    "an element's name of {name} bytes (limit {})",
                    limits::ELEMENT_NAME_BYTES
                ));
            }
        } else if let Event::End(_) = &event {
            self.depth = self.depth.saturating_sub(1);
        }
        Ok(event)
    }

    /// Passes over text up to the next `<`; false at the end of the file.
    fn skip_text(&mut self, text: &mut Text) -> Result<bool, Stopped> {
        self.reader.get_mut().allow(u64::MAX);
        let at = self.reader.buffer_position();
        let mut stream = self.reader.stream();
        loop {
            let ahead =
                stream.fill_buf().map_err(|error| Stopped { at: Some(at), what: unreadable(&error) })?;
            if ahead.is_empty() {
                return Ok(false);
            }
            let found = memchr(b'<', ahead);
            let count = found.unwrap_or(ahead.len());
            text.feed(&ahead[..count]);
            stream.consume(count);
            if found.is_some() {
                return Ok(true);
            }
        }
    }

    /// Passes over `opening` bytes and everything up to and with `end`.
    fn skip_until(&mut self, opening: usize, end: &[u8], what: &str, text: &mut Text) -> Result<(), Stopped> {
        let at = self.token_at;
        let mut stream = self.reader.stream();
        stream.consume(opening);
        loop {
            let ahead = stream
                .get_mut()
                .peek(end.len())
                .map_err(|error| Stopped { at: Some(at), what: unreadable(&error) })?;
            if ahead.len() < end.len() {
                return Err(Stopped {
                    at: Some(at),
                    what: format!("the file ends inside a {what} that begins here"),
                });
            }
            let found = memmem::find(ahead, end);
            let count = found.unwrap_or(ahead.len() + 1 - end.len());
            text.feed_literal(&ahead[..count]);
            stream.consume(count + found.map_or(0, |_| end.len()));
            if found.is_some() {
                return Ok(());
            }
        }
    }

    /// The next bytes, without consuming them.
    fn peek(&mut self, at_least: usize) -> Result<&[u8], Stopped> {
        let at = self.token_at;
        self.reader
            .get_mut()
            .peek(at_least)
            .map_err(|error| Stopped { at: Some(at), what: unreadable(&error) })
    }

    /// The end, if every element is closed.
    fn end_of_file(&mut self) -> Result<Markup<'static>, Stopped> {
        self.token_at = self.reader.buffer_position();
        match self.depth {
            0 => Ok(Markup::Eof),
            1 => Err(self.error("the file ends too early: one element is still open")),
            open => Err(self.error(format!("the file ends too early: {open} elements are still open"))),
        }
    }
}

/// Calls back with every attribute: its name without prefix, and its value as it is written.
///
/// # Errors
/// If the attributes are not well-formed. Then none of them can be trusted.
pub fn attributes<'t>(tag: &'t BytesStart<'_>, mut each: impl FnMut(&'t str, &'t str)) -> Result<(), String> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| {
            format!("not well-formed XML: in the attributes of `{}`: {error}", tag.name().as_ref())
        })?;
        match attribute.value {
            Cow::Borrowed(raw) => each(local(attribute.key.0), raw),
            Cow::Owned(_) => return Err("an attribute's value is not a part of its tag".to_owned()),
        }
    }
    Ok(())
}

/// The part of a name after its namespace prefix.
pub fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// An attribute's value: references resolved, white space as blanks. A reference that XML forbids (a control
/// character, say) becomes U+FFFD, and one that is not known stays as it is written.
pub fn value(raw: &str) -> Cow<'_, str> {
    if !raw.bytes().any(|b| matches!(b, b'&' | b'\t' | b'\r' | b'\n')) {
        return Cow::Borrowed(raw);
    }
    let mut value = String::with_capacity(raw.len());
    let blanks = raw.replace("\r\n", " ").replace(['\t', '\r', '\n'], " ");
    let mut rest = blanks.as_str();
    while let Some(start) = rest.find('&') {
        value.push_str(&rest[..start]);
        rest = &rest[start..];
        let (shown, length) = reference(rest).unwrap_or((Some('&'), 1));
        value.push(shown.unwrap_or(char::REPLACEMENT_CHARACTER));
        rest = &rest[length..];
    }
    value.push_str(rest);
    Cow::Owned(value)
}

/// The character that a reference at the beginning stands for, if XML allows it, and the length of the reference.
pub fn reference(text: &str) -> Option<(Option<char>, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let shown = match text.get(1..end)? {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        other => {
            let number = other.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            let allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
            char::from_u32(code.ok()?).filter(allowed)
        }
    };
    Some((shown, end + 1))
}

/// quick-xml's error for a person.
fn describe(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Io(error) => unreadable(error),
        quick_xml::Error::Encoding(_) => "a tag holds bytes that are not UTF-8".to_owned(),
        quick_xml::Error::Syntax(_)
        | quick_xml::Error::IllFormed(_)
        | quick_xml::Error::InvalidAttr(_)
        | quick_xml::Error::Escape(_)
        | quick_xml::Error::Namespace(_) => format!("not well-formed XML: {error}"),
    }
}

/// An I/O error for a person.
fn unreadable(error: &std::io::Error) -> String {
    if error.kind() == std::io::ErrorKind::FileTooLarge {
        return format!("a tag is longer than {} bytes (limit)", limits::MARKUP_BYTES);
    }
    format!("cannot be read: {error}")
}
