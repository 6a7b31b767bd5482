//! Splits the description of an issue into sections at its headings.

use std::borrow::Cow;

/// The lines under a heading, up to the next heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodySection<'b> {
    /// Heading; `None` for the lines before the first one.
    pub heading: Option<&'b str>,
    /// The lines, without comments.
    pub lines: Vec<BodyLine<'b>>,
}

/// A line of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyLine<'b> {
    /// The text.
    pub text: Cow<'b, str>,
    /// `true` for code and quotations, which state nothing unless a heading asks for them.
    pub is_quoted: bool,
}

/// Splits a body at its headings. Comments and unchecked boxes are left out; a section without an answer is empty.
pub fn split_sections(body: &str) -> Vec<BodySection<'_>> {
    let mut splitter =
        Splitter { found: vec![BodySection { heading: None, lines: Vec::new() }], ..Splitter::default() };
    for line in body.lines() {
        splitter.line(line);
    }
    splitter.found
}

#[derive(Default)]
struct Splitter<'b> {
    found: Vec<BodySection<'b>>,
    /// The sign that opened a fence, and how often it stands there.
    fence: Option<(char, usize)>,
    in_comment: bool,
    in_pre: bool,
    in_list: bool,
    /// `true` after a line of text that may be the first line of a heading.
    after_text: bool,
    after_blank_or_code: bool,
}

impl<'b> Splitter<'b> {
    fn line(&mut self, line: &'b str) {
        let trimmed = line.trim();
        if let Some((sign, count)) = self.fence {
            // A fence closes with at least as many signs as it began with, so that a log can
            // contain a shorter fence.
            let closes = trimmed.chars().all(|c| c == sign) && trimmed.len() >= count;
            if closes {
                self.fence = None;
            } else {
                self.push(Cow::Borrowed(line), true);
            }
            return;
        }
        let line = match self.without_comments(line) {
            Some(line) => line,
            None => return,
        };
        let trimmed = line.trim();
        if trimmed.is_empty() {
            (self.after_text, self.after_blank_or_code) = (false, true);
            return;
        }
        let indent = line
            .chars()
            .take_while(|c| c.is_whitespace())
            // CommonMark: a tab counts as 4 spaces, and 4 spaces make code.
            .map(|c| if c == '\t' { 4 } else { 1 })
            .sum::<usize>();
        let is_item = is_list_item(trimmed);
        let is_code = indent >= 4
            && !self.in_list
            && !is_first_of_list(is_item, self)
            && (self.after_blank_or_code || !self.after_text);
        if indent < 4 {
            self.in_list = is_item || (self.in_list && indent > 0);
        }
        if !is_code && let Some(fence) = opened_fence(trimmed) {
            self.fence = Some(fence);
            (self.after_text, self.after_blank_or_code) = (false, false);
            return;
        }
        // Most lines have no tag: do not copy them into lower case.
        let contains = |tag: &str| trimmed.contains('<') && trimmed.to_ascii_lowercase().contains(tag);
        let is_pre = self.in_pre || contains("<pre");
        if is_pre {
            self.in_pre = !contains("</pre");
        }
        if is_code || is_pre {
            (self.after_text, self.after_blank_or_code) = (false, is_code);
            self.push(line, true);
            return;
        }
        if let Cow::Borrowed(text) = &line
            && self.heading(text)
        {
            return;
        }
        let is_quote = trimmed.starts_with('>');
        (self.after_text, self.after_blank_or_code) = (!is_quote && !is_item, false);
        self.push(line, is_quote);
    }

    /// Begins a section if a line is a heading, or makes the line before it one.
    fn heading(&mut self, line: &'b str) -> bool {
        let trimmed = line.trim();
        // A lone `-` is more often an unfinished list item than an underline.
        let underlines = |sign: char| trimmed.len() > 1 && trimmed.chars().all(|c| c == sign);
        if self.after_text && (underlines('=') || underlines('-')) {
            let before = self.found.last_mut().and_then(|section| section.lines.pop());
            if let Some(BodyLine { text: Cow::Borrowed(text), .. }) = before {
                // A long line above a rule is a paragraph. Forms have short titles.
                let is_title = text.len() <= 200 && is_title(text);
                if is_title {
                    self.begin(text.trim());
                } else {
                    self.push(Cow::Borrowed(text), false);
                }
            }
            self.after_text = false;
            return true;
        }
        let title = hash_title(trimmed).or_else(|| bold_title(trimmed));
        if let Some(title) = title {
            self.begin(title);
            (self.after_text, self.after_blank_or_code, self.in_list) = (false, true, false);
        }
        title.is_some()
    }

    fn begin(&mut self, heading: &'b str) {
        self.found.push(BodySection { heading: Some(heading), lines: Vec::new() });
    }

    fn push(&mut self, text: Cow<'b, str>, is_quoted: bool) {
        let trimmed = text.trim();
        let is_unanswered =
            // GitHub writes `_No response_` for an optional field. An unchecked box is an option
            // that does not apply.
            trimmed == "_No response_" || ["- [ ]", "* [ ]"].iter().any(|b| trimmed.starts_with(b));
        if let Some(section) = self.found.last_mut().filter(|_| !is_unanswered && !trimmed.is_empty()) {
            section.lines.push(BodyLine { text, is_quoted });
        }
    }

    /// The line without HTML comments; `None` if nothing but a comment is on it.
    fn without_comments(&mut self, line: &'b str) -> Option<Cow<'b, str>> {
        let may_begin = line.contains("<!--");
        if !self.in_comment && !may_begin {
            return Some(Cow::Borrowed(line));
        }
        let mut kept = String::new();
        let mut rest = line;
        loop {
            if self.in_comment {
                let Some((_, after)) = rest.split_once("-->") else { break };
                self.in_comment = false;
                rest = after;
            } else if let Some((before, after)) = rest.split_once("<!--") {
                kept.push_str(before);
                self.in_comment = true;
                rest = after;
            } else {
                kept.push_str(rest);
                break;
            }
        }
        (!kept.trim().is_empty()).then_some(Cow::Owned(kept))
    }
}

/// Returns `true` if an indented line may be the first item of a list, which Markdown reads as code only behind text.
fn is_first_of_list(is_item: bool, splitter: &Splitter<'_>) -> bool {
    is_item && splitter.after_text
}

/// The sign and the length of a fence that a line opens. "```log```" on one line is code in the text, and opens nothing.
fn opened_fence(trimmed: &str) -> Option<(char, usize)> {
    let sign = trimmed.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = trimmed.chars().take_while(|c| *c == sign).count();
    (count >= 3 && !trimmed[count..].contains(sign)).then_some((sign, count))
}

fn is_list_item(trimmed: &str) -> bool {
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    ["- ", "* ", "+ "].iter().any(|sign| trimmed.starts_with(sign))
        // CommonMark allows at most 9 digits in the number of a list item.
        || (digits > 0 && digits < 10 && [". ", ") "].iter().any(|sign| trimmed[digits..].starts_with(sign)))
}

/// `### Version`.
fn hash_title(trimmed: &str) -> Option<&str> {
    let title = trimmed.trim_start_matches('#');
    let level = trimmed.len() - title.len();
    ((1..=6).contains(&level) && (title.is_empty() || title.starts_with([' ', '\t'])))
        .then(|| title.trim().trim_end_matches('#').trim())
}

/// `**Version**` alone on its line. An answer in bold letters is none: it has a version, and few words.
fn bold_title(trimmed: &str) -> Option<&str> {
    let inner = ["**", "__"].iter().find_map(|mark| trimmed.strip_prefix(mark)?.strip_suffix(mark))?;
    let inner = inner.trim().trim_end_matches(':').trim();
    (inner.len() <= 200 && !inner.contains("**") && is_title(inner)).then_some(inner)
}

/// Returns `true` if a line has a word, and no version of several numbers: a heading, not an answer.
fn is_title(text: &str) -> bool {
    let has_word = text.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 2);
    let has_version =
        text.as_bytes().windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b'.' && w[2].is_ascii_digit());
    has_word && !has_version
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> Vec<String> {
        let line = |line: &BodyLine<'_>| {
            let text = line.text.trim().trim_start_matches("> ");
            format!("{}{text}", if line.is_quoted { "> " } else { "" })
        };
        let section = |section: &BodySection<'_>| {
            let lines: Vec<String> = section.lines.iter().map(line).collect();
            format!("{}: {}", section.heading.unwrap_or("-"), lines.join(" / "))
        };
        split_sections(body)
            .iter()
            .filter(|s| s.heading.is_some() || !s.lines.is_empty())
            .map(section)
            .collect()
    }

    #[test]
    fn headings_of_all_kinds_begin_sections() {
        let body = "a\n# One\nb\n\n**Two**\n\nc\nThree\n-----\nd\n### Four ###\n\n_No response_\n";
        assert_eq!(shown(body), ["-: a", "One: b", "Two: c", "Three: d", "Four: "]);
    }

    #[test]
    fn bold_answer_is_no_heading() {
        assert_eq!(shown("### Version\n\n**1.4.0**\n"), ["Version: **1.4.0**"]);
        assert_eq!(shown("### Version\n\n1.4.0\n---\n"), ["Version: 1.4.0"]);
    }

    #[test]
    fn code_and_quotations_are_marked() {
        let body = "a\n```\nb\n```\nlog:\n\n    c\n    d\n\n<pre>e\nf</pre>\n> g\n```h```\n";
        assert_eq!(shown(body), ["-: a / > b / log: / > c / > d / > <pre>e / > f</pre> / > g / ```h```"]);
    }

    #[test]
    fn nested_list_is_no_code() {
        assert_eq!(shown("- a\n    - b\n        c\n"), ["-: - a / - b / c"]);
    }

    #[test]
    fn comments_and_empty_boxes_are_left_out() {
        let body = "a <!-- b --> c\n<!-- d\ne\n--> f\n- [ ] g\n- [X] h\n<!-- i";
        assert_eq!(shown(body), ["-: a  c / f / - [X] h"]);
    }

    #[test]
    fn fence_ends_at_its_own_sign() {
        assert_eq!(shown("````\n```\n# a\n````\n# b\n"), ["-: > ``` / > # a", "b: "]);
        assert_eq!(shown("~~~\n```\na\n~~~\nb"), ["-: > ``` / > a / b"]);
    }
}
