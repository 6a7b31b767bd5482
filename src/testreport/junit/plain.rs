//! The case that most of a report consists of, `<testcase name="…" classname="…" time="…"/>`, read in one go.

use memchr::memchr;

use crate::model::{CaseStatus, TestId};
use crate::testreport::collector::Case;

/// The case in the content of an empty tag, if it is one in this shape, with nothing in it that would need another look.
/// It passed. Everything else is left to the general way, which is not as fast.
pub fn read(content: &[u8], suite: TestId) -> Option<Case<'_>> {
    let rest = content.strip_prefix(b"testcase")?;
    // The names of the attributes, which are looked at as well, have none of the letters in question.
    let look = look(rest);
    if look.special {
        return None;
    }
    let text = std::str::from_utf8(rest).ok()?;
    let (mut name, mut class, mut file, mut line) = ("", "", "", "");
    let mut ignored = "";
    let mut at = 0;
    while at < rest.len() {
        let (slot, length) = match &rest[at..] {
            [b' ', b'n', b'a', b'm', b'e', b'=', b'"', ..] => (&mut name, 7),
            [b' ', b'c', b'l', b'a', b's', b's', b'n', b'a', b'm', b'e', b'=', b'"', ..] => (&mut class, 12),
            [b' ', b't', b'i', b'm', b'e', b'=', b'"', ..] => (&mut ignored, 7),
            [b' ', b'f', b'i', b'l', b'e', b'=', b'"', ..] => (&mut file, 7),
            [b' ', b'l', b'i', b'n', b'e', b'=', b'"', ..] => (&mut line, 7),
            [b' '] => break,
            _ => return None,
        };
        at += length;
        let end = at + memchr(b'"', &rest[at..])?;
        *slot = text.get(at..end)?;
        at = end + 1;
    }
    Some(Case {
        suite,
        class,
        name,
        file,
        line: line.parse().ok(),
        status: CaseStatus::Passed,
        reruns: 0,
        message: None,
        may_name_issues: look.may_name_issues,
    })
}

/// What one look at a value says.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// There are references or control characters in it.
    special: bool,
    /// There is something in it that the name of an issue has.
    may_name_issues: bool,
}

/// Looks at every byte without branching, so that many are looked at together.
fn look(bytes: &[u8]) -> Look {
    let special = bytes.iter().fold(0, |found, &byte| found | u8::from(byte < 0x20) | u8::from(byte == b'&'));
    // "issue": these two letters are less common than its vowels.
    let after = bytes.get(1..).unwrap_or_default();
    let mention = bytes.iter().zip(after).fold(0, |found, (&one, &next)| {
        let spelt = u8::from(one | 0x20 == b's') & u8::from(next | 0x20 == b'u');
        found | u8::from(one == b'#') | u8::from(one == b'-') | spelt
    });
    Look { special: special != 0, may_name_issues: mention != 0 }
}
