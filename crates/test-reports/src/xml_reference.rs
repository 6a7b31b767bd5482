//! References such as `&lt;`, and values that hold them.

use std::borrow::Cow;

/// Returns an attribute's value: references resolved, white space as blanks. A reference that XML forbids (a control
/// character, say) becomes U+FFFD, and one that is not known stays as it is written.
pub fn unescape_value(raw: &str) -> Cow<'_, str> {
    if is_literal(raw) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(resolve_references(&raw.replace("\r\n", " ").replace(['\t', '\r', '\n'], " ")))
}

/// Returns a text with its references resolved, as in [`unescape_value`].
pub fn resolve_references(text: &str) -> String {
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        resolved.push_str(&rest[..start]);
        rest = &rest[start..];
        let (shown, length) = parse_entity(rest).unwrap_or((Some('&'), 1));
        resolved.push(shown.unwrap_or(char::REPLACEMENT_CHARACTER));
        rest = &rest[length..];
    }
    resolved.push_str(rest);
    resolved
}

/// Parses the reference at the start of a text: its character, if XML allows it, and its length.
pub fn parse_entity(text: &str) -> Option<(Option<char>, usize)> {
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

/// Returns `true` if a value needs no unescaping. Checks every byte without branching, so that the loop is vectorized.
pub fn is_literal(raw: &str) -> bool {
    !raw.bytes().fold(false, |found, byte| found | (byte < 0x20) | (byte == b'&'))
}
