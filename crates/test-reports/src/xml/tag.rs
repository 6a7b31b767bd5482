//! A tag and its attributes.

use std::ops::Range;

use memchr::memchr;
use quick_xml::events::BytesStart;

use crate::xml_reference::unescape_value;

/// A start tag or an empty one.
#[derive(Debug, Clone, Copy)]
pub struct XmlTag<'a> {
    content: &'a str,
    name: usize,
    attributes: &'a [AttributeSpan],
}

/// Place of an attribute in its tag.
#[derive(Debug, Clone)]
pub struct AttributeSpan {
    key: Range<u32>,
    value: Range<u32>,
}

impl<'a> XmlTag<'a> {
    /// Creates a tag from the content between the angle brackets and the attributes of [`scan_attributes`].
    pub fn new(content: &'a str, attributes: &'a [AttributeSpan]) -> Self {
        Self { content, name: name_length(content.as_bytes()), attributes }
    }

    /// Returns the name without namespace prefix.
    pub fn name(&self) -> &'a str {
        let name = self.content.get(..self.name).unwrap_or_default();
        // Names are short: a loop is faster than a search.
        match name.bytes().rposition(|byte| byte == b':') {
            Some(colon) => name.get(colon + 1..).unwrap_or_default(),
            None => name,
        }
    }

    /// Calls `attribute` with each name, without prefix, and raw value, in order.
    pub fn each(&self, mut attribute: impl FnMut(&'a str, &'a str)) {
        let part = |range: &Range<u32>| {
            self.content.get(range.start as usize..range.end as usize).unwrap_or_default()
        };
        for AttributeSpan { key, value } in self.attributes {
            attribute(part(key), part(value));
        }
    }
}

/// Returns the attributes `name` and `value`.
pub fn name_and_value(tag: &XmlTag<'_>) -> (String, String) {
    let mut pair = (String::new(), String::new());
    tag.each(|key, raw| match key {
        "name" => pair.0 = unescape_value(raw).into_owned(),
        "value" => pair.1 = unescape_value(raw).into_owned(),
        _ => {}
    });
    pair
}

/// Finds the attributes in the content of a tag. Returns `false` if any is malformed.
pub fn scan_attributes(content: &[u8], into: &mut Vec<AttributeSpan>) -> bool {
    into.clear();
    let mut at = name_length(content);
    loop {
        let blanks = run_of_blanks(content, at);
        at += blanks;
        if at == content.len() {
            return true;
        }
        // The key begins after its namespace prefix.
        let (mut key, before) = (at, at);
        while let Some(byte) = content.get(at)
            && *byte > b' '
            && !matches!(byte, b'=' | b'"' | b'\'' | b'<')
        {
            at += 1;
            if *byte == b':' {
                key = at;
            }
        }
        let end = at;
        at += run_of_blanks(content, at);
        if blanks == 0 || end == before || content.get(at) != Some(&b'=') {
            return false;
        }
        at += 1;
        at += run_of_blanks(content, at);
        let Some(quote @ (b'"' | b'\'')) = content.get(at).copied() else { return false };
        at += 1;
        let Some(length) = memchr(quote, &content[at..]) else { return false };
        into.push(AttributeSpan {
            key: narrow_offset(key)..narrow_offset(end),
            value: narrow_offset(at)..narrow_offset(at + length),
        });
        at += length + 1;
    }
}

/// Returns the number of blanks from here on, mostly zero or one.
fn run_of_blanks(content: &[u8], at: usize) -> usize {
    match content.get(at) {
        Some(byte) if is_xml_space(*byte) => {
            1 + content[at + 1..].iter().take_while(|b| is_xml_space(**b)).count()
        }
        Some(_) | None => 0,
    }
}

/// Describes the error in attributes that [`scan_attributes`] refused.
pub fn describe_bad_attributes(tag: &BytesStart<'_>) -> String {
    let error = tag.attributes().find_map(Result::err);
    let why = error.map_or_else(|| "they do not stand apart".to_owned(), |error| error.to_string());
    format!("not well-formed XML: in the attributes of `{}`: {why}", tag.name().as_ref())
}

/// Returns the length of the name at the beginning.
fn name_length(content: &[u8]) -> usize {
    content.iter().take_while(|b| !is_xml_space(**b)).count()
}

/// Returns `true` for white space between attributes.
fn is_xml_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// A place in a tag, whose length is limited far below what fits.
fn narrow_offset(at: usize) -> u32 {
    at as u32
}
