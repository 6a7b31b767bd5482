//! Reports and explanations as JSON, schema 1.

use serde::Serialize;

use super::escape::unprintable;
use crate::report::SCHEMA;

/// A whole report or explanation, indented, with a line break at the end.
///
/// Text stands as it was read, but characters that a terminal or a workflow log would obey are written as `\u….`, so
/// that the document may be printed anywhere; a JSON reader sees no difference.
pub fn json(document: &impl Serialize) -> String {
    let text = match serde_json::to_string_pretty(document) {
        Ok(text) => text,
        // No map with odd keys and no fallible field is in it; a document that says so beats a panic.
        Err(error) => format!("{{\"schema\": {SCHEMA}, \"error\": {:?}}}", error.to_string()),
    };
    let mut out = String::with_capacity(text.len() + 1);
    // Outside strings JSON is plain ASCII without these, so each of them stands in a string and may be escaped.
    for c in text.replace("##[", "#\\u0023[").chars() {
        if c != '\n' && unprintable(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out.push('\n');
    out
}
