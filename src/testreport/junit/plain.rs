//! The cases that most of a report consists of, `<testcase name="…" classname="…" time="…"/>`, read in one go.

use memchr::memchr;

use crate::model::{CaseStatus, TestId};
use crate::testreport::collector::Case;

/// Reads as many cases in this shape as stand one after the other, with nothing in them that would need another look.
/// They have passed. Everything else is left to the general way, which is not as fast. Gives the bytes it has read.
pub fn read(ahead: &[u8], suite: TestId, mut each: impl FnMut(Case<'_>)) -> usize {
    let mut done = 0;
    while let Some((case, length)) = one(&ahead[done..], suite) {
        each(case);
        done += length;
        done += ahead[done..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    }
    done
}

/// The case that begins here, and its length.
fn one(ahead: &[u8], suite: TestId) -> Option<(Case<'_>, usize)> {
    const OPENING: &[u8] = b"<testcase";
    let tag = ahead.strip_prefix(OPENING)?;
    let empty: &[u8] = b"";
    let (mut name, mut class, mut file, mut line, mut unused) = (empty, empty, empty, empty, empty);
    let mut at = 0;
    let end = loop {
        let (slot, length) = match tag.get(at..)? {
            [b' ', b'n', b'a', b'm', b'e', b'=', b'"', ..] => (&mut name, 7),
            [b' ', b'c', b'l', b'a', b's', b's', b'n', b'a', b'm', b'e', b'=', b'"', ..] => (&mut class, 12),
            [b' ', b't', b'i', b'm', b'e', b'=', b'"', ..] => (&mut unused, 7),
            [b' ', b'f', b'i', b'l', b'e', b'=', b'"', ..] => (&mut file, 7),
            [b' ', b'l', b'i', b'n', b'e', b'=', b'"', ..] => (&mut line, 7),
            [b'/', b'>', ..] => break at + 2,
            [b' ', b'/', b'>', ..] => break at + 3,
            _ => return None,
        };
        at += length;
        let close = at + memchr(b'"', &tag[at..])?;
        *slot = &tag[at..close];
        at = close + 1;
    };
    // The names of the attributes, which are looked at as well, have none of the letters in question.
    let look = look(&tag[..at]);
    if look.special {
        return None;
    }
    let case = Case {
        suite,
        class,
        name,
        file,
        line: std::str::from_utf8(line).ok().and_then(|line| line.parse().ok()),
        status: CaseStatus::Passed,
        reruns: 0,
        message: None,
        may_name_issues: look.may_name_issues,
    };
    Some((case, OPENING.len() + end))
}

/// What one look at a tag says.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// There are references, control characters, or characters of more than one byte in it.
    special: bool,
    /// There is something in it that the name of an issue has.
    may_name_issues: bool,
}

/// Looks at every byte without branching, so that many are looked at together.
fn look(bytes: &[u8]) -> Look {
    let special = bytes.iter().fold(0, |found, &byte| {
        found | u8::from(byte < 0x20) | u8::from(byte >= 0x80) | u8::from(byte == b'&')
    });
    // "issue": these two letters are less common than its vowels.
    let after = bytes.get(1..).unwrap_or_default();
    let mention = bytes.iter().zip(after).fold(0, |found, (&one, &next)| {
        let spelt = u8::from(one | 0x20 == b's') & u8::from(next | 0x20 == b'u');
        found | u8::from(one == b'#') | u8::from(one == b'-') | spelt
    });
    Look { special: special != 0, may_name_issues: mention != 0 }
}
