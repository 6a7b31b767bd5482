//! Escaping for Markdown as GitHub shows it.
//!
//! Two passes must be disarmed:
//! - The Markdown parser reads the source. Backslashes and entities stop it.
//! - GitHub's later passes (mentions, references to issues and commits, emoji, formulas) read the text of the finished
//!   HTML, where backslashes and entities are gone. They skip code, so names and labels become code. In running text, a
//!   zero-width space (U+200B) splits the words that GitHub would recognize.
//!
//! The zero-width space is the character itself and not `&#8203;`: mail clients and other trackers scan the source and
//! would find an issue reference in the entity.

use super::characters::{is_safe_address, single_line};
use super::safe::{Markdown, Medium, Safe};
use super::terminal::show_controls;

impl Medium for Markdown {
    fn escape(text: &str) -> String {
        inline(text).into_string()
    }
}

#[cfg(test)]
mod tests;

/// Splits words that GitHub would recognize.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// Length of the shortest run of hexadecimal digits that GitHub links as a commit.
const SHORTEST_COMMIT: usize = 7;

/// Escapes running text: it contains no markup, link, mention, reference or HTML. Suitable for table cells, list items and
/// link texts.
pub fn inline(text: &str) -> Safe<Markdown> {
    let mut out = String::new();
    push_inline(&mut out, &single_line(text), true, &|_| None);
    Safe::trusted(out)
}

/// Escapes text that quotes names in backticks, such as ``label `production-bug` ``. Text between two backticks becomes
/// code; the rest is escaped as by [`inline`].
pub fn prose(text: &str) -> Safe<Markdown> {
    prose_with_links(text, &|_| None)
}

/// Escapes text like [`prose`], and links `#12` if `url_of` returns an address. `url_of` must know only issues that the
/// report shows: otherwise the author of a quoted text could choose the links.
pub fn prose_with_links<'a>(text: &str, url_of: &dyn Fn(u64) -> Option<&'a str>) -> Safe<Markdown> {
    let text = single_line(text);
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        let Some((quoted, behind)) = after.split_once('`') else { break };
        if quoted.trim().is_empty() {
            break;
        }
        let starts = out.is_empty();
        push_inline(&mut out, before, starts, url_of);
        out.push_str(&inline_code(quoted));
        rest = behind;
    }
    let starts = out.is_empty();
    push_inline(&mut out, rest, starts, url_of);
    Safe::trusted(out)
}

/// Renders a name as code, with backticks if possible. A name becomes a `<code>` element with all punctuation as entities if
/// it contains a backtick, a pipe (ends a table cell even in code), `<` (could forge a comment marker) or `$` (turns the
/// backticks into a formula).
pub fn inline_code(text: &str) -> Safe<Markdown> {
    let text = single_line(text);
    if text.is_empty() {
        return Safe::from("(empty)");
    }
    if !text.contains(['`', '|', '<', '$']) {
        return Safe::trusted(format!("`{text}`"));
    }
    let mut out = String::from("<code>");
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push_str(&format!("&#{};", u32::from(c)));
            // GitHub looks for mail addresses after it has decoded the entities.
            if c == '@' {
                out.push(ZERO_WIDTH_SPACE);
            }
        } else {
            out.push(c);
        }
    }
    out.push_str("</code>");
    Safe::trusted(out)
}

/// Renders lines as a fenced block, with their indentation. It has to begin on a line of its own. The fence is longer than every
/// run of backticks inside, so that no line can close it.
pub fn code_block(language: &'static str, text: &str) -> Safe<Markdown> {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let lines: String = text.lines().map(|line| show_controls(line) + "\n").collect();
    Safe::trusted(format!("{fence}{language}\n{lines}{fence}\n"))
}

/// Returns the address if it is safe as a link.
pub fn safe_url(url: &str) -> Option<Safe<Markdown>> {
    is_safe_address(url).then(|| Safe::trusted(url.to_owned()))
}

/// Renders a link. Returns `None` if the address is not safe as a link.
pub fn link(text: Safe<Markdown>, url: &str) -> Option<Safe<Markdown>> {
    safe_url(url).map(|url| Safe::trusted(format!("[{text}]({url})")))
}

/// Appends running text. `starts` is `true` at the beginning of a line, where `#`, `-` and `1.` have a meaning.
fn push_inline<'a>(out: &mut String, text: &str, starts: bool, url_of: &dyn Fn(u64) -> Option<&'a str>) {
    let chars: Vec<char> = text.chars().collect();
    let commits = commit_breaks(&chars);
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let before = &chars[..at];
        let after = &chars[at + 1..];
        if commits.contains(&at) {
            out.push(ZERO_WIDTH_SPACE);
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Two dollar signs make a formula, escaped or not. In its own element, each one finds no partner.
            '$' => out.push_str("<span>$</span>"),
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '|' => out.extend(['\\', c]),
            '#' => {
                if let Some((number, length)) = issue_reference(before, after)
                    && let Some(url) = url_of(number).and_then(safe_url)
                {
                    out.push_str(&format!("[#{number}]({url})"));
                    at += length;
                } else {
                    if starts && at == 0 {
                        out.push('\\');
                    }
                    out.push(c);
                    if after.first().is_some_and(char::is_ascii_alphanumeric) {
                        out.push(ZERO_WIDTH_SPACE);
                    }
                }
            }
            // A mention would notify a person in each run.
            '@' => out.extend(['@', ZERO_WIDTH_SPACE]),
            ':' => {
                out.push(c);
                if after.starts_with(&['/', '/']) || is_scheme(before) || opens_emoji(after) {
                    out.push(ZERO_WIDTH_SPACE);
                }
            }
            '.' | ')' if starts && ends_number(before) && after.first().is_none_or(|next| *next == ' ') => {
                out.extend(['\\', c]);
            }
            '.' if ends_with(before, "www") => out.extend([ZERO_WIDTH_SPACE, c]),
            '-' if ["gh", "ghsa", "cve"].iter().any(|word| ends_with(before, word)) => {
                out.extend([c, ZERO_WIDTH_SPACE])
            }
            '-' | '+' | '=' if starts && at == 0 => out.extend(['\\', c]),
            other => out.push(other),
        }
        at += 1;
    }
}

/// Parses the digits after `#`. Returns the number and its length in digits; `None` if `#12` is part of a longer word.
fn issue_reference(before: &[char], after: &[char]) -> Option<(u64, usize)> {
    if before.last().is_some_and(|c| c.is_alphanumeric() || "/_-&#".contains(*c)) {
        return None;
    }
    let digits: String = after.iter().take_while(|c| c.is_ascii_digit()).collect();
    if after.get(digits.len()).is_some_and(|c| c.is_alphanumeric() || *c == '_') {
        return None;
    }
    let number = digits.parse().ok()?;
    Some((number, digits.len()))
}

/// Returns the positions that split commit ids: no run of hexadecimal digits stays long enough to be linked.
fn commit_breaks(chars: &[char]) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let length = chars[start..].iter().take_while(|c| c.is_ascii_hexdigit()).count();
        if length >= SHORTEST_COMMIT {
            breaks.extend(
                // Six digits a piece: one less than GitHub links.
                (start + 1..start + length).filter(|at| (at - start).is_multiple_of(SHORTEST_COMMIT - 1)),
            );
        }
        start += length.max(1);
    }
    breaks
}

/// Returns `true` if all characters are digits, as in the number of a list item.
fn ends_number(before: &[char]) -> bool {
    !before.is_empty() && before.iter().all(char::is_ascii_digit)
}

/// Returns `true` if the text ends with a URL scheme that GitHub links without slashes.
fn is_scheme(before: &[char]) -> bool {
    ["mailto", "xmpp"].iter().any(|scheme| ends_with(before, scheme))
}

/// Returns `true` if an emoji short code continues after its first colon.
fn opens_emoji(after: &[char]) -> bool {
    let length = after.iter().take_while(|c| c.is_ascii_alphanumeric() || "_+-".contains(**c)).count();
    length > 0 && after.get(length) == Some(&':')
}

/// Returns `true` if the text ends with `word` as a whole word, ignoring case.
fn ends_with(before: &[char], word: &str) -> bool {
    let Some(start) = before.len().checked_sub(word.len()) else { return false };
    let begins = start == 0 || !before[start - 1].is_ascii_alphanumeric();
    begins && before[start..].iter().zip(word.chars()).all(|(c, of)| c.eq_ignore_ascii_case(&of))
}
