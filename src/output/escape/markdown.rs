//! Text inside Markdown as GitHub shows it.
//!
//! Two passes have to be disarmed. The Markdown parser sees the source: it is held off by backslashes and entities.
//! The passes that GitHub runs afterwards (mentions, references to issues and commits, emoji, mathematics) look at the
//! text of the finished HTML, where backslashes and entities are gone: only something that is still there helps. Those
//! passes leave code alone, so names and labels go into code; in running text a zero-width space (U+200B) parts what
//! would be recognised. It stands as the character itself, not as `&#8203;`, because tools that scan the source (mail
//! clients, other trackers) would find a reference in that entity's number.

use super::characters::single_line;
use super::safe::{Markdown, Safe};

#[cfg(test)]
mod tests;

/// Parts what GitHub would recognise.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// The shortest run of hexadecimal digits that GitHub takes for a commit.
const SHORTEST_COMMIT: usize = 7;

/// Running text: nothing in it is a mark, a link, a mention, a reference or HTML. Fit for table cells, list items and
/// the inside of a link.
pub fn inline(text: &str) -> Safe<Markdown> {
    let mut out = String::new();
    push_inline(&mut out, &single_line(text), true, &|_| None);
    Safe::trusted(out)
}

/// Text that quotes names in backticks, such as "label `production-bug`": what stands between two backticks becomes
/// code, all else is as by [`inline`].
pub fn prose(text: &str) -> Safe<Markdown> {
    prose_with_links(text, &|_| None)
}

/// As [`prose`], and `#12` becomes a link where `url_of` knows the address. It is to know only issues that are shown
/// anyway: of any other, the author of a quoted text would choose what is linked.
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

/// A name as code. Backticks where that is enough; where the text holds a backtick, a pipe (which ends a table cell
/// even in code), a `<` (a forged comment marker) or a `$` (which makes a formula of the backticks), the HTML element with everything in entities.
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
            // Mail addresses are looked for once the entities are gone.
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

/// The address if a link may be made of it: http or https, no sign that could end the link or a table cell, no user
/// name before the host.
pub fn safe_url(url: &str) -> Option<Safe<Markdown>> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/?#=%+:&,;".contains(c);
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty() && url.len() <= 2_000 && rest.chars().all(plain)).then(|| Safe::trusted(url.to_owned()))
}

/// Appends running text; `starts` says that a line may begin here.
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
            // Two of them make a formula, escaped or not; in an element of its own it finds no partner.
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

/// The number of `#12` and how many digits it has, where it stands as a word of its own.
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

/// Where commit ids have to be parted: every run of hexadecimal digits of at least the shortest length is broken
/// into shorter ones.
fn commit_breaks(chars: &[char]) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut start = 0;
    while start < chars.len() {
        let length = chars[start..].iter().take_while(|c| c.is_ascii_hexdigit()).count();
        if length >= SHORTEST_COMMIT {
            breaks.extend(
                (start + 1..start + length).filter(|at| (at - start).is_multiple_of(SHORTEST_COMMIT - 1)),
            );
        }
        start += length.max(1);
    }
    breaks
}

/// Whether it is all digits, as the number of a list.
fn ends_number(before: &[char]) -> bool {
    !before.is_empty() && before.iter().all(char::is_ascii_digit)
}

/// Whether the text ends with a scheme that is linked without slashes.
fn is_scheme(before: &[char]) -> bool {
    ["mailto", "xmpp"].iter().any(|scheme| ends_with(before, scheme))
}

/// Whether an emoji's short code goes on after its first colon.
fn opens_emoji(after: &[char]) -> bool {
    let length = after.iter().take_while(|c| c.is_ascii_alphanumeric() || "_+-".contains(**c)).count();
    length > 0 && after.get(length) == Some(&':')
}

/// Whether these are the last characters, without regard to case, and a word begins with them.
fn ends_with(before: &[char], word: &str) -> bool {
    let Some(start) = before.len().checked_sub(word.len()) else { return false };
    let begins = start == 0 || !before[start - 1].is_ascii_alphanumeric();
    begins && before[start..].iter().zip(word.chars()).all(|(c, of)| c.eq_ignore_ascii_case(&of))
}
