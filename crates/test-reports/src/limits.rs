//! Limits on reports. Beyond a limit, reading stops with a gap that names it: memory must not grow with hostile input.

/// Bytes of one tag, declaration or document type. Real ones stay below a few kilobytes; text has no limit, since it
/// is passed over and not kept.
pub const MARKUP_BYTES: u64 = 1 << 20;
/// Elements inside one another.
pub const DEPTH: usize = 512;
/// Bytes of an element's name.
pub const ELEMENT_NAME_BYTES: usize = 256;
/// Characters kept of a name or a file path.
pub const NAME_CHARS: usize = 300;
/// Characters kept of a message's first line.
pub const MESSAGE_CHARS: usize = 300;
/// Failed tests kept by name in one report; as many flaky ones beside them.
pub const DETAILS: usize = 100;
/// Gaps and warnings reported one by one in one report.
pub const PROBLEMS: usize = 20;
/// Errors counted that one suite declares and does not show.
pub const HIDDEN_ERRORS: u64 = 10_000;
/// Bytes of one line of a format that is made of lines.
pub const LINE_BYTES: usize = 16 << 20;
/// Tests that are under way at the same time, in formats that tell of their start.
pub const UNDER_WAY: usize = 1 << 20;
/// Bytes of one test in a JSON document, and of everything before the first one. Screenshots come inside of them.
pub const JSON_ITEM_BYTES: u64 = 64 << 20;
/// Members of an archive.
pub const MEMBERS: usize = 100_000;
/// Bytes that a compressed report may inflate to, whatever its size.
pub const INFLATED_FREELY: u64 = 64 << 20;
/// Ratio that a larger compressed report may inflate to. Real ones stay below 100.
pub const INFLATION: u64 = 400;
/// Bytes that a compressed report may inflate to at most.
pub const INFLATED_BYTES: u64 = 8 << 30;
/// Mentions of issues kept of one report.
pub const MENTIONS: usize = 10_000;
