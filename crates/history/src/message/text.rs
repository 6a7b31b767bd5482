//! Lines of a message that are its own, and the parts of a subject.

/// The subject of a message and the pull request that merged it. `Merge pull request #9 from …` has the title of the pull
/// request below it.
pub fn split_subject(message: &str) -> (String, Option<u64>) {
    let first = message.lines().next().unwrap_or("").trim();
    let merged = first.strip_prefix("Merge pull request #").and_then(leading_number);
    match merged {
        Some(number) => {
            (behind_first_line(message).lines().next().unwrap_or("").trim().to_owned(), Some(number))
        }
        None => (first.to_owned(), None),
    }
}

/// Returns the text after the subject.
pub fn behind_subject(message: &str) -> &str {
    let rest = behind_first_line(message);
    if message.starts_with("Merge pull request #") { behind_first_line(rest) } else { rest }
}

/// Returns the text after the first line and the blank lines below it.
fn behind_first_line(text: &str) -> &str {
    text.split_once('\n').map_or("", |(_, rest)| rest).trim_start_matches(['\r', '\n'])
}

/// The numbers in brackets that a subject ends with: `Keep the order (#2) (#9)` gives 2 and 9.
pub fn trailing_numbers(subject: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    let mut rest = subject.trim_end();
    while let Some((before, number)) = last_number(rest) {
        numbers.push(number);
        rest = before;
    }
    numbers.reverse();
    numbers
}

/// A subject without the numbers in brackets that it ends with.
pub fn without_trailing_numbers(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((before, _)) = last_number(rest) {
        rest = before;
    }
    rest
}

/// Returns the number in brackets at the end of a text, and the text before it.
fn last_number(text: &str) -> Option<(&str, u64)> {
    let (before, number) = text.strip_suffix(')')?.rsplit_once("(#")?;
    Some((before.trim_end(), number.parse().ok()?))
}

/// The digits that a text begins with.
pub fn leading_number(text: &str) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    // `#12a` and `#12_b` are names.
    if text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    text[..end].parse().ok().filter(|number| *number > 0)
}

/// A subject up to a quoted `Revert "…"` inside of it: `Merge branch 'x': Revert "Keep, fixes #1"`.
pub fn without_quoted_revert(subject: &str) -> &str {
    let lower = subject.to_ascii_lowercase();
    let start = ["revert \"", "reapply \"", "revert '"].iter().filter_map(|mark| lower.find(mark)).min();
    start.map_or(subject, |start| &subject[..start])
}

/// The lines that a text says itself: no quotation, no fenced code, no HTML comment, no `<blockquote>`, no quoted revert, no
/// unchecked box.
pub fn own_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut hidden = Hidden::default();
    let mut quoted = false;
    text.lines().filter(move |line| {
        let line = line.trim();
        // A paragraph that begins with `>` is a quotation to its end.
        quoted = line.starts_with('>') || (quoted && !line.is_empty());
        let is_own = !hidden.takes(line) && !quoted && !is_unchecked_box(line);
        is_own && without_quoted_revert(line).len() == line.len()
    })
}

/// `true` for `- [ ] Fixes #1` of a template: an unchecked item is no statement.
fn is_unchecked_box(line: &str) -> bool {
    line.strip_prefix(['-', '*', '+']).is_some_and(|rest| rest.trim_start().starts_with("[ ]"))
}

/// Open fences, comments and quotations that hide lines.
#[derive(Default)]
struct Hidden {
    fence: Option<char>,
    comment: bool,
    quotes: usize,
}

impl Hidden {
    /// `true` if a line is hidden, in whole or in part: a line that only begins something hidden is not trusted either.
    fn takes(&mut self, line: &str) -> bool {
        if let Some(mark) = self.fence {
            if line.starts_with(&mark.to_string().repeat(3)) {
                self.fence = None;
            }
            return true;
        }
        let was_hidden = self.comment || self.quotes > 0;
        // In an HTML comment, a fence begins no code.
        if !self.comment
            && let Some(mark) =
                ['`', '~'].into_iter().find(|mark| line.starts_with(&mark.to_string().repeat(3)))
        {
            self.fence = Some(mark);
            return true;
        }
        let mut touched = was_hidden;
        let mut rest = line;
        loop {
            if self.comment {
                let Some((_, after)) = rest.split_once("-->") else { return true };
                self.comment = false;
                rest = after;
            } else if let Some((before, after)) = rest.split_once("<!--") {
                self.blockquotes(before);
                self.comment = true;
                touched = true;
                rest = after;
            } else {
                touched |= self.blockquotes(rest);
                return touched || self.quotes > 0;
            }
        }
    }

    /// Follows `<blockquote>` and its end through a text; `true` if it holds one.
    fn blockquotes(&mut self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let (opened, closed) = (text.matches("<blockquote").count(), text.matches("</blockquote").count());
        self.quotes = (self.quotes + opened).saturating_sub(closed);
        opened + closed > 0
    }
}
