//! The cases that most of a report consists of, `<testcase name="…" classname="…" time="…"/>`, read in one go.

use memchr::memchr;
use wide::u8x16;

use crate::collector::ReportedCase;
use crate::{CaseStatus, TestId};

/// Reads as many cases in this shape as stand one after the other, with nothing in them that would need another look.
/// All of them passed. Any other tag is left to the general reader. Returns the number of bytes read.
pub fn read_plain_cases(ahead: &[u8], suite: TestId, mut each: impl FnMut(ReportedCase<'_>)) -> usize {
    let mut done = 0;
    while let Some((case, length)) = parse_plain_case(&ahead[done..], suite) {
        each(case);
        done += length;
        done += ahead[done..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }
    done
}

/// Parses the case at the start of `ahead`; returns it with its length in bytes.
fn parse_plain_case(ahead: &[u8], suite: TestId) -> Option<(ReportedCase<'_>, usize)> {
    let tag = ahead.strip_prefix(b"<testcase")?;
    let empty: &[u8] = b"";
    let (mut name, mut class, mut file, mut unused) = (empty, empty, empty, empty);
    let mut rest = tag;
    let after = loop {
        let (slot, value) = match rest {
            [b' ', b'n', ..] => (&mut name, rest.strip_prefix(b" name=\"")?),
            [b' ', b'c', ..] => (&mut class, rest.strip_prefix(b" classname=\"")?),
            [b' ', b't', ..] => (&mut unused, rest.strip_prefix(b" time=\"")?),
            [b' ', b'f', ..] => (&mut file, rest.strip_prefix(b" file=\"")?),
            [b' ', b'l', ..] => (&mut unused, rest.strip_prefix(b" line=\"")?),
            [b'/', b'>', after @ ..] | [b' ', b'/', b'>', after @ ..] => break after,
            _ => return None,
        };
        let close = find_quote(value)?;
        *slot = &value[..close];
        rest = &value[close + 1..];
    };
    // The names of the attributes, which are looked at as well, have none of the letters in question.
    let look = inspect_tag(&tag[..tag.len() - after.len()]);
    // References need resolving and bytes beyond ASCII a check for UTF-8. Both are left to the general reader.
    if look.special {
        return None;
    }
    let case = ReportedCase {
        suite,
        class,
        name,
        file,
        // No output shows the line of a passed test.
        line: None,
        status: CaseStatus::Passed,
        reruns: 0,
        message: None,
        may_name_issues: look.may_name_issues,
    };
    Some((case, ahead.len() - after.len()))
}

/// Finds the quote that closes a value. Most values are short, so the first bytes are compared eight at a time.
fn find_quote(value: &[u8]) -> Option<usize> {
    // Longer values are rare, and `memchr` is faster for them.
    const SHORT: usize = 48;
    let every = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let mut at = 0;
    while at < SHORT
        && let Some(bytes) = value[at..].first_chunk()
    {
        // A byte that is a quote becomes zero, and the lowest zero is found by the bit that it borrows.
        let bytes = u64::from_le_bytes(*bytes) ^ every(b'"');
        let zeros = bytes.wrapping_sub(every(1)) & !bytes & every(0x80);
        if zeros != 0 {
            return Some(at + zeros.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    memchr(b'"', &value[at..]).map(|found| at + found)
}

/// Findings of one look at a tag.
#[derive(Debug, Clone, Copy)]
struct TagFindings {
    /// `true` if the tag has references, control characters, or characters of more than one byte.
    special: bool,
    /// `true` if the tag may name an issue.
    may_name_issues: bool,
}

/// Number of bytes inspected together.
const WIDE: usize = 16;

/// Inspects every byte of a tag but the last, its `>`, without branching.
// The vectors are explicit: a release build optimizes the program for size, where the compiler makes none from a loop.
fn inspect_tag(tag: &[u8]) -> TagFindings {
    let is = |bytes: u8x16, letter: u8| bytes.cmp_eq(u8x16::splat(letter));
    let lower = |bytes: u8x16| bytes | u8x16::splat(0x20);
    let (mut special, mut mention) = (u8x16::ZERO, u8x16::ZERO);
    let mut see = |bytes: &[u8; WIDE], nexts: &[u8; WIDE]| {
        let (byte, next) = (u8x16::new(*bytes), u8x16::new(*nexts));
        let is_control = byte.min(u8x16::splat(0x1f)).cmp_eq(byte);
        // Its highest bit makes a byte count: a comparison sets it, and bytes beyond ASCII have it.
        special = special | byte | is_control | is(byte, b'&');
        // "issue": these two letters are less common than its vowels.
        let spelt = is(lower(byte), b's') & is(lower(next), b'u');
        mention = mention | is(byte, b'#') | is(byte, b'-') | spelt;
    };
    let after = tag.get(1..).unwrap_or_default();
    for (bytes, nexts) in tag.as_chunks().0.iter().zip(after.as_chunks().0) {
        see(bytes, nexts);
    }
    // The rest is shorter than a block: inspect the last full block again, which overlaps.
    let mut padded = [b' '; WIDE + 1];
    let end = if tag.len() > WIDE {
        tag
    } else {
        padded[..tag.len()].copy_from_slice(tag);
        &padded
    };
    if let (Some(bytes), Some(nexts)) = (end[..end.len() - 1].last_chunk(), end.last_chunk()) {
        see(bytes, nexts);
    }
    TagFindings { special: special.any(), may_name_issues: mention.any() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns `special` and `may_name_issues` for a tag.
    fn looked(tag: &str) -> (bool, bool) {
        let look = inspect_tag(tag.as_bytes());
        (look.special, look.may_name_issues)
    }

    #[test]
    fn a_look_misses_no_byte_wherever_it_stands() {
        for length in 1..70 {
            for at in 0..length {
                let tag = |what: &str| {
                    let mut tag = "x".repeat(length) + "/>";
                    tag.replace_range(at..at + 1, what);
                    tag
                };
                assert_eq!(looked(&tag("x")), (false, false));
                for special in ["&", "\t", "\u{1f}", "é"] {
                    assert_eq!(looked(&tag(special)), (true, false), "{special:?} at {at} of {length}");
                }
                for naming in ["#", "-", "su", "sU", "Su"] {
                    assert_eq!(looked(&tag(naming)), (false, true), "{naming:?} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn a_value_ends_at_its_first_quote_however_long_it_is() {
        for length in 0..80 {
            let value = "!".repeat(length) + "\"#\"";
            assert_eq!(find_quote(value.as_bytes()), Some(length));
            assert_eq!(find_quote("!#".repeat(length).as_bytes()), None);
        }
    }
}
