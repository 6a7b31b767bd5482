//! Paths as `git` writes them: as they are, or in C's quotes where they hold something that would end the line.

/// The path that a header names.
pub(super) fn unquote(path: &[u8]) -> Option<Vec<u8>> {
    // A path with a blank is followed by a tab, so that old patch programs find its end.
    let path = path.strip_suffix(b"\t").unwrap_or(path);
    let Some(inner) = path.strip_prefix(b"\"") else { return Some(path.to_vec()) };
    let inner = inner.strip_suffix(b"\"")?;
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            out.push(first);
            continue;
        }
        let (&escaped, after) = rest.split_first()?;
        rest = after;
        out.push(match escaped {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            b'"' | b'\\' => escaped,
            b'0'..=b'3' => {
                let [high, low, after @ ..] = rest else { return None };
                let digit = |byte: u8| (b'0'..=b'7').contains(&byte).then(|| byte - b'0');
                rest = after;
                ((escaped - b'0') << 6) | (digit(*high)? << 3) | digit(*low)?
            }
            _ => return None,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn every_path_comes_back_as_it_is() {
        for (written, path) in [
            (&b"b/plain.c"[..], &b"b/plain.c"[..]),
            (b"b/two words.c\t", b"b/two words.c"),
            (b"\"b/\\\"a b\\\".c\"\t", b"b/\"a b\".c"),
            (b"\"b/line\\nfeed \\\"q\\\" \\\\ \\303\\244\"", b"b/line\nfeed \"q\" \\ \xc3\xa4"),
        ] {
            assert_eq!(unquote(written).as_deref(), Some(path));
        }
    }

    #[test]
    fn an_unfinished_escape_is_no_path() {
        for written in [&b"\"b/x\\"[..], b"\"b/x\\07\"", b"\"b/x\\q\"", b"\"b/x"] {
            assert_eq!(unquote(written), None);
        }
    }
}
