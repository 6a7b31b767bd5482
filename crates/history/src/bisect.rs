//! Results of `git bisect` that people post as comments.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::body;

/// Results of `git bisect` in the comments of an issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Bisects {
    /// The results, in the order in which they were posted.
    pub found: Vec<Bisect>,
    /// Reason that some comments could not be read; `None` if all were read. Untrusted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<String>,
}

/// A comment with a result. Whether it counts is for the attribution to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Bisect {
    /// Time when the comment was posted.
    pub created_at: Timestamp,
    /// Address of the comment.
    pub url: String,
    /// Login of the author; `None` for a deleted account.
    #[serde(default)]
    pub by: Option<String>,
    /// Relation of the author to the repository, in the tracker's words, for example `MEMBER`.
    pub association: String,
    /// `true` if a moderator hid the comment.
    pub hidden: bool,
    /// The first bad commit that the comment names.
    pub result: FirstBad,
}

/// A commit by the words of `git bisect`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FirstBad {
    /// The first digits of its id, seven or more, in lower case.
    pub commit: String,
    /// The words.
    pub text: String,
}

impl FirstBad {
    /// Returns the last result in a comment, or `None` if the comment has none. A second result corrects the first.
    ///
    /// It has to be a line of its own, as `git bisect` prints it or as `git bisect log` does, in fenced code or not. A
    /// quotation does not count: its author is another person.
    pub fn read(comment: &str) -> Option<Self> {
        let mut quoted = false;
        let own = body::lines_and_code(comment).filter(|(is_code, line)| {
            // The lines of a paragraph belong to the quote that it begins with.
            let goes_on = quoted && !is_code && !line.trim().is_empty();
            quoted = goes_on || line.trim_start().starts_with('>');
            !quoted
        });
        own.filter_map(|(_, line)| Self::of_line(line)).last()
    }

    /// Reads one line: `<commit> is the first bad commit`, or `# first bad commit: [<commit>] …`. From version 2.55 on
    /// git writes 'bad'. Other terms than that may have been chosen to find anything, a fix for example.
    fn of_line(line: &str) -> Option<Self> {
        let line = line.trim_matches(|c: char| c.is_whitespace() || "*_`.!:".contains(c));
        let (commit, text) = match line.strip_prefix("# first ") {
            Some(rest) => {
                let (commit, _) = after_bad(rest)?.strip_prefix("commit: [")?.split_once(']')?;
                (commit, line.split_inclusive(']').next()?.to_owned())
            }
            None => {
                let (commit, rest) = line.split_once(" is the first ")?;
                let commit = commit.trim_end_matches(['*', '_', '`']);
                (after_bad(rest)? == "commit").then(|| (commit, format!("{commit} is the first {rest}")))?
            }
        };
        let is_one = (7..=64).contains(&commit.len()) && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then(|| Self { commit: commit.to_ascii_lowercase(), text })
    }
}

/// Returns the text after `bad`.
fn after_bad(text: &str) -> Option<&str> {
    text.strip_prefix("bad ").or_else(|| text.strip_prefix("'bad' "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef01234567";

    fn read(comment: &str) -> Option<String> {
        FirstBad::read(comment).map(|found| found.commit)
    }

    #[test]
    fn the_words_of_git_are_found_wherever_they_are_a_line() {
        for comment in [
            format!("{ID} is the first bad commit"),
            format!("{ID} is the first 'bad' commit"),
            format!(
                "I bisected it:\n\n```\n$ git bisect bad\n{ID} is the first bad commit\ncommit {ID}\n```\n"
            ),
            format!("~~~sh\n# bad: [a] b\n# first bad commit: [{ID}] Count <!-- the last\n~~~"),
            format!("# first 'bad' commit: [{ID}] Count"),
            format!("  **`{}` is the first bad commit**.\r\n", ID.to_uppercase()),
            format!("`{ID}` is the first bad commit"),
            format!("> bisect it\n\n{ID} is the first bad commit"),
            format!("> bisect it\n```\n{ID} is the first bad commit\n```"),
        ] {
            assert_eq!(read(&comment).as_deref(), Some(ID), "{comment}");
        }
        assert_eq!(read("0123456 is the first bad commit").as_deref(), Some("0123456"));
    }

    #[test]
    fn what_is_quoted_hidden_doubted_or_about_something_else_is_no_result() {
        for comment in [
            format!("> {ID} is the first bad commit"),
            format!("> {ID} is the first bad commit\n\nI do not think so"),
            format!("> bisected:\n{ID} is the first bad commit"),
            format!("> ```\n> {ID} is the first bad commit\n> ```"),
            format!("- > {ID} is the first bad commit"),
            format!("<!-- {ID} is the first bad commit -->"),
            format!("<!--\n{ID} is the first bad commit\n-->"),
            format!("I doubt that {ID} is the first bad commit"),
            format!("{ID} is the first bad commit?"),
            format!("{ID} is the first bad commit, or so"),
            format!("{ID} is the first new commit"),
            format!("{ID} is the first 'fixed' commit"),
            format!("# first fixed commit: [{ID}] Stay inside"),
            format!("{ID}{ID} is the first bad commit"),
            "012345 is the first bad commit".to_owned(),
            "It is the first bad commit".to_owned(),
            "# first bad commit: [0123456".to_owned(),
            String::new(),
        ] {
            assert_eq!(read(&comment), None, "{comment}");
        }
    }

    #[test]
    fn last_of_several_results_counts_without_other_text() {
        let both =
            format!("1111111 is the first bad commit\nNo:\n# first bad commit: [{ID}] {}", "x".repeat(999));
        let text = format!("# first bad commit: [{ID}]");
        assert_eq!(FirstBad::read(&both), Some(FirstBad { commit: ID.into(), text }));
    }
}
