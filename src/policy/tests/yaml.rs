#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::time::{Duration, Instant};

use super::super::{Code, Refused, parse};
use crate::policy::MAX_BYTES;

fn refused(source: &[u8]) -> Refused {
    parse(source, "policy.yml").expect_err("a policy that must be refused was read")
}

fn only_code(source: &[u8]) -> Code {
    let refused = refused(source);
    assert_eq!(refused.diagnostics().len(), 1, "{}", refused.render(false));
    refused.diagnostics()[0].code()
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(to_bytes).collect()
}

#[test]
fn only_utf_8_is_read_and_its_mark_is_no_problem() {
    let good = "version: 1\nrules: [{ id: t, metric: tests.failed, max: 0 }]\n";
    assert!(parse(good.as_bytes(), "policy.yml").is_ok());
    assert!(parse(format!("\u{feff}{good}").as_bytes(), "policy.yml").is_ok());
    assert_eq!(only_code(&utf16(good, u16::to_le_bytes)), Code::Encoding);
    assert_eq!(only_code(&utf16(good, u16::to_be_bytes)), Code::Encoding);
    assert_eq!(only_code(b"version: 1\nrules: [\xff]\n"), Code::Encoding);
    // UTF-16 without a mark is valid UTF-8 full of zero bytes.
    let bare: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(only_code(&bare), Code::Syntax);
}

#[test]
fn a_file_with_nothing_in_it_is_never_a_policy() {
    for nothing in ["", "\n\n", "\u{feff}", "# nothing\n", "---\n", "~\n", "null\n", "--- ~\n...\n"] {
        assert_eq!(only_code(nothing.as_bytes()), Code::Empty, "{nothing:?}");
    }
    for other in ["[]", "text", "1", "{}"] {
        assert!(parse(other.as_bytes(), "policy.yml").is_err(), "{other}");
    }
}

#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let mut large = b"version: 1\n".to_vec();
    large.resize(MAX_BYTES + 1, b'#');
    assert_eq!(only_code(&large), Code::TooLarge);
    large.truncate(MAX_BYTES);
    assert_eq!(only_code(&large), Code::NoRules);
}

#[test]
fn bombs_take_bounded_time() {
    let begun = Instant::now();
    // Ten megabytes of aliases.
    let line = format!("version: 1\na: &a [{}]\n", "x, ".repeat(1_000));
    let many = line + "b: [" + &"*a, ".repeat(2_500_000) + "]\n";
    assert_eq!(only_code(many.as_bytes()), Code::TooLarge);
    assert_eq!(only_code(&many.as_bytes()[..MAX_BYTES - 4]), Code::Expansion);
    // Each list stands for nine of the one before.
    let mut laughs = "version: 1\na0: &a0 [x]\n".to_owned();
    for level in 1..1_000 {
        laughs += &format!("a{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(9));
    }
    assert_eq!(only_code(laughs.as_bytes()), Code::Expansion);
    // A chain of aliases, each one list deeper than the one before.
    let mut chain = "version: 1\na0: &a0 [x]\n".to_owned();
    for level in 1..10_000 {
        chain += &format!("a{level}: &a{level} [*a{}]\n", level - 1);
    }
    assert_eq!(only_code(chain.as_bytes()), Code::Expansion);
    for deep in
        ["[".repeat(MAX_BYTES - 100), "{a: ".repeat(200_000), "- ".repeat(500_000), "? ".repeat(500_000)]
    {
        assert!(parse(deep.as_bytes(), "policy.yml").is_err());
    }
    // As many keys, all unknown, as fit in.
    let mut keys = "version: 1\n".to_owned();
    for number in 0..80_000 {
        keys += &format!("k{number}: 1\n");
    }
    assert!(refused(keys.as_bytes()).diagnostics().len() > 100);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}
