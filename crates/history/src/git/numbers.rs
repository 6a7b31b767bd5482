//! Numbers in what `git` writes.

/// The number that the bytes spell, whole.
pub(super) fn parse_number<N: std::str::FromStr>(bytes: &[u8]) -> Option<N> {
    std::str::from_utf8(bytes).ok()?.parse().ok()
}

/// True for a full object name: 40 hexadecimal digits, or 64 where the repository uses SHA-256.
pub(super) fn is_id(bytes: &[u8]) -> bool {
    matches!(bytes.len(), 40 | 64) && bytes.iter().all(u8::is_ascii_hexdigit)
}

/// The object name that the bytes spell.
pub(super) fn id(bytes: &[u8]) -> Option<String> {
    is_id(bytes).then(|| String::from_utf8_lossy(bytes).into_owned())
}
