//! Issues that a test names: `#123`, `GH-123`, `issue 123`, `owner/repo#123`, an issue's address.

use memchr::memchr_iter;

use super::limits;

/// An issue that a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention<'t> {
    /// `owner/name`; `None` if the text has only the number.
    pub repository: Option<&'t str>,
    /// The issue's number.
    pub number: u64,
}

/// Finds the issues that a text names, in order and each once.
pub fn find_mentions(text: &str) -> Vec<Mention<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    // Nearly all names of tests end here: without `#`, `-` and "su" there is nothing. Every byte is looked at without
    // branching, so that many are at once.
    let lower = |byte: u8| byte | 0x20;
    let after = bytes.get(1..).unwrap_or_default();
    let may = bytes.iter().zip(after).fold(false, |may, (&one, &next)| {
        may | (one == b'#') | (one == b'-') | ((lower(one) == b's') & (lower(next) == b'u'))
    });
    if !may {
        return found;
    }
    for at in memchr_iter(b'#', bytes) {
        if let Some(number) = issue_number_at(bytes, at + 1) {
            let repository = repository_before(text, at);
            if repository.is_some() || is_word_start(bytes, at) {
                found.push(Mention { repository, number });
            }
        }
    }
    for at in 0..bytes.len() {
        let rest = &bytes[at..];
        if starts_with_word(rest, b"gh-") && is_word_start(bytes, at) {
            found.extend(issue_number_at(bytes, at + 3).map(|number| Mention { repository: None, number }));
        } else if starts_with_word(rest, b"/issues/") {
            let number = issue_number_at(bytes, at + 8);
            found.extend(number.map(|number| Mention { repository: repository_before(text, at), number }));
        // No word boundary before it: `testIssue42` names an issue as well.
        } else if starts_with_word(rest, b"issue") {
            let mut digits = at + 5 + usize::from(starts_with_word(&bytes[at + 5..], b"s"));
            for _ in 0..2 {
                digits += usize::from(matches!(bytes.get(digits), Some(b' ' | b'_' | b'-' | b':' | b'#')));
            }
            found.extend(issue_number_at(bytes, digits).map(|number| Mention { repository: None, number }));
        }
    }
    found.sort_unstable();
    found.dedup();
    // `issue owner/repo#12` and the like: the more exact of two readings stays.
    let exact: Vec<u64> = found.iter().filter(|m| m.repository.is_some()).map(|m| m.number).collect();
    found.retain(|m| m.repository.is_some() || !exact.contains(&m.number));
    found
}

/// Adds the value of a property of a test, up to a limit, if it is one that links to issues.
pub fn push_link(links: &mut Vec<String>, name: &str, value: String) {
    let is_link = matches!(
        name.trim().to_ascii_lowercase().as_str(),
        "issue"
            | "issues"
            | "requirement"
            | "requirements"
            | "link"
            | "links"
            | "tms"
            | "bug"
            | "bugs"
            | "defect"
            | "ticket"
    );
    if is_link && links.len() < limits::PROBLEMS {
        // A number alone is an issue's here.
        let alone = value.trim();
        let is_number = !alone.is_empty() && alone.bytes().all(|b| b.is_ascii_digit());
        links.push(if is_number { format!("#{alone}") } else { value });
    }
}

/// Parses the issue number that starts at `at`.
fn issue_number_at(bytes: &[u8], at: usize) -> Option<u64> {
    let digits = bytes.get(at..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    let ends = bytes.get(at + digits).is_none_or(|b| !b.is_ascii_alphanumeric());
    // Longer numbers are timestamps and hashes.
    if !(1..=9).contains(&digits) || !ends {
        return None;
    }
    std::str::from_utf8(&bytes[at..at + digits]).ok()?.parse().ok().filter(|number| *number > 0)
}

/// Returns the `owner/name` that ends at `end`.
fn repository_before(text: &str, end: usize) -> Option<&str> {
    let before = text.get(..end)?;
    let start = before
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/')))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let mut parts = before[start..].rsplit('/');
    let (name, owner) = (parts.next()?, parts.next()?);
    let from = end - name.len() - owner.len() - 1;
    (!name.is_empty() && !owner.is_empty()).then(|| &text[from..end])
}

/// Returns `true` if `at` is not inside a word.
fn is_word_start(bytes: &[u8], at: usize) -> bool {
    // `&#12;` is a character reference. `a#12` is more likely an anchor or a part of a name.
    at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'&' | b'#'))
}

/// Returns `true` if bytes start with a word, in upper or lower case.
fn starts_with_word(bytes: &[u8], word: &[u8]) -> bool {
    bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::find_mentions;

    /// Mentions as text.
    fn of(text: &str) -> Vec<String> {
        find_mentions(text).iter().map(|m| format!("{}#{}", m.repository.unwrap_or(""), m.number)).collect()
    }

    #[test]
    fn every_way_of_naming_an_issue_is_found() {
        assert_eq!(of("rounds up (#123)"), ["#123"]);
        assert_eq!(of("GH-12 and gh-13"), ["#12", "#13"]);
        assert_eq!(of("acme/shop#7 stays fixed"), ["acme/shop#7"]);
        assert_eq!(of("see https://github.com/acme/shop/issues/99."), ["acme/shop#99"]);
        assert_eq!(of("testIssue42_rounding"), ["#42"]);
        assert_eq!(of("test_issue_43"), ["#43"]);
        assert_eq!(of("issue #44, Issues: 45"), ["#44", "#45"]);
    }

    #[test]
    fn what_names_no_issue_is_not_found() {
        for text in [
            "",
            "#",
            "#0",
            "#12a",
            "a#12",
            "&#12;",
            "##12",
            "C#",
            "high-12",
            "tissue",
            "issue",
            "#1234567890",
        ] {
            assert_eq!(of(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(of("é/x#1"), Vec::<String>::new());
    }
}
