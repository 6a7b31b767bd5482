//! Paths, queries and `Link` headers.

/// Percent-encodes a path segment or query value.
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Returns the target of `rel="next"` in a `Link` header.
pub(super) fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    // An address may hold commas and semicolons, so only the angle brackets separate the entries.
    while let Some(start) = rest.find('<') {
        let after = &rest[start + 1..];
        let end = after.find('>')?;
        let (target, tail) = (&after[..end], &after[end + 1..]);
        let parameters = &tail[..tail.find('<').unwrap_or(tail.len())];
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let parameter = parameter.trim().to_ascii_lowercase();
            parameter
                .strip_prefix("rel=")
                .is_some_and(|value| value.trim_matches('"').split_whitespace().any(|rel| rel == "next"))
        });
        if is_next {
            return Some(target);
        }
        rest = tail;
    }
    None
}
