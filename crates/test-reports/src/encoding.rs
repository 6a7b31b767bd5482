//! Detects the encoding of a report.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use memchr::memmem;

/// Encoding of a report, as detected from its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetectedEncoding {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Length of the byte order mark in bytes.
    pub bom: usize,
    /// `true` if the declaration names a two-byte encoding and the bytes show a one-byte one.
    pub contradicts: bool,
}

/// Reason why a report cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// The XML declaration names an encoding that the WHATWG standard does not have.
    #[error("the XML declaration names the encoding `{0}`, which is not known")]
    Unknown(String),
    /// The encoding is not supported.
    #[error("the file is in {0}, which is not supported")]
    Unsupported(&'static str),
}

/// Detects the encoding: byte order mark, then the pattern of the first characters, then the XML
/// declaration, then UTF-8.
///
/// # Errors
/// Returns an error if the encoding is unsupported or unknown, instead of a guess.
pub fn detect_encoding(head: &[u8]) -> Result<DetectedEncoding, EncodingError> {
    let found = |encoding, bom| Ok(DetectedEncoding { encoding, bom, contradicts: false });
    match head {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [b'<', 0, 0, 0, ..] | [0, 0, 0, b'<', ..] => {
            return Err(EncodingError::Unsupported("UTF-32"));
        }
        [0xEF, 0xBB, 0xBF, ..] => return found(UTF_8, 3),
        [0xFF, 0xFE, ..] => return found(UTF_16LE, 2),
        [0xFE, 0xFF, ..] => return found(UTF_16BE, 2),
        // Without a byte order mark, the zero byte of the first ASCII character shows the byte order.
        [b'<' | b'{' | b'[' | b'\n' | b'\r' | b' ', 0, ..] => return found(UTF_16LE, 0),
        [0, b'<' | b'{' | b'[' | b'\n' | b'\r' | b' ', ..] => return found(UTF_16BE, 0),
        [0x4C, 0x6F, 0xA7, 0x94, ..] => return Err(EncodingError::Unsupported("EBCDIC")),
        _ => {}
    }
    let Some(label) = declared_encoding(head) else { return found(UTF_8, 0) };
    let encoding = Encoding::for_label(label)
        .ok_or_else(|| EncodingError::Unknown(String::from_utf8_lossy(label).into_owned()))?;
    if encoding == UTF_16LE || encoding == UTF_16BE {
        // .NET's string writers say "utf-16" and are then saved as UTF-8. The bytes above are those of one-byte
        // characters, so that much is sure.
        return Ok(DetectedEncoding { encoding: UTF_8, bom: 0, contradicts: true });
    }
    found(encoding, 0)
}

/// Returns the encoding name in the XML declaration.
fn declared_encoding(head: &[u8]) -> Option<&[u8]> {
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let declaration = &head[..memmem::find(head, b"?>")?];
    let after = &declaration[memmem::find(declaration, b"encoding")? + b"encoding".len()..];
    let value = after.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, rest) = value.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    Some(&rest[..memchr::memchr(*quote, rest)?])
}
