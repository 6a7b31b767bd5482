//! Escaping for workflow commands, and for log lines that must not become commands.
//!
//! The runner reads every line that a step prints. After trimming, a line that begins with `::` is a command, and so
//! is one that contains `##[` anywhere; a lone carriage return ends a line too.

use super::safe::{Safe, Terminal, WorkflowCommand};
use super::terminal::show_controls;

/// Breaks the prefix of a command invisibly.
// Breaks a command for the runner without a visible change for a reader who copies the text.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Renders a workflow command with its properties, such as `title` or `file`. Line breaks in the message are kept.
pub fn workflow_command(
    name: &'static str,
    properties: &[(&'static str, &str)],
    message: &str,
) -> Safe<WorkflowCommand> {
    let pairs: Vec<_> =
        properties.iter().map(|(key, value)| format!("{key}={}", encode_command_text(value, true))).collect();
    Safe::trusted(format!("::{name} {}::{}\n", pairs.join(","), encode_command_text(message, false)))
}

/// Returns log output in which no line is a workflow command. Keeps line breaks.
pub fn guard(text: &str) -> String {
    // The runner ends a line at a single carriage return too.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        if body.starts_with("::") {
            out.push_str(&line[..line.len() - body.len()]);
            out.push(ZERO_WIDTH_SPACE);
        } else {
            out.push_str(&line[..line.len() - body.len()]);
        }
        // The old commands work anywhere in a line, unlike `::`.
        out.push_str(&body.replace("##[", "##\u{200b}["));
    }
    out
}

/// Encodes the characters that the runner decodes: `%`, CR and LF everywhere, `:` and `,` in properties. Shows other
/// control characters as pictures.
fn encode_command_text(text: &str, property: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (position, line) in text.trim().replace("\r\n", "\n").split(['\n', '\r']).enumerate() {
        if position > 0 {
            out.push_str("%0A");
        }
        // Keep the indentation: a message may contain YAML to copy.
        for c in show_controls(line).chars() {
            match c {
                // The runner decodes `%0A` and the like, so a title with `%0A::error::` would begin
                // a command.
                '%' => out.push_str("%25"),
                ':' if property => out.push_str("%3A"),
                ',' if property => out.push_str("%2C"),
                other => out.push(other),
            }
        }
    }
    out
}

/// Escapes lines for a log on a terminal or in a workflow: no line is a command, and no character is obeyed.
pub fn log(text: &str) -> Safe<Terminal> {
    let lines: Vec<String> = text.replace("\r\n", "\n").split(['\n', '\r']).map(show_controls).collect();
    Safe::trusted(guard(&lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::{guard, log, workflow_command};

    #[test]
    fn a_message_cannot_start_a_second_command() {
        assert_eq!(
            workflow_command("error", &[("title", "t")], "a\n::error::b\r\nc\rd 100%0A"),
            "::error title=t::a%0A::error::b%0Ac%0Ad 100%250A\n"
        );
    }

    #[test]
    fn a_block_to_copy_keeps_its_indentation() {
        let out = workflow_command("warning", &[("title", "t")], "lacks:\npermissions:\n  issues: write\n");
        assert_eq!(out, "::warning title=t::lacks:%0Apermissions:%0A  issues: write\n");
    }

    #[test]
    fn a_property_cannot_end_itself() {
        assert_eq!(
            workflow_command("notice", &[("file", "a,line=1::x%"), ("title", "b")], "m"),
            "::notice file=a%2Cline=1%3A%3Ax%25,title=b::m\n"
        );
    }

    #[test]
    fn no_printed_line_is_a_command() {
        let text = "x\n  ::stop-commands::t\r::add-mask::y\nsee ##[group]z\n\u{a0}::debug::\n";
        let out = guard(text);
        assert_eq!(
            out,
            "x\n  \u{200b}::stop-commands::t\n\u{200b}::add-mask::y\nsee ##\u{200b}[group]z\n\u{a0}\u{200b}::debug::\n"
        );
        assert!(out.lines().all(|line| !line.trim().starts_with("::") && !line.contains("##[")));
    }

    #[test]
    fn escape_sequences_do_not_reach_the_log() {
        assert_eq!(
            workflow_command("debug", &[("title", "")], "\u{1b}[31mred"),
            "::debug title=::␛[31mred\n"
        );
    }

    #[test]
    fn a_log_keeps_its_lines_and_obeys_none() {
        assert_eq!(
            log("error: `a\u{1b}[2J\n::add-mask::b`\r  ::error::c\r\n    ^^^ ##[group]"),
            "error: `a␛[2J\n\u{200b}::add-mask::b`\n  \u{200b}::error::c\n    ^^^ ##\u{200b}[group]"
        );
    }
}
