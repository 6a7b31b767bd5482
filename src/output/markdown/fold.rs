//! A list that can be folded.

use super::super::escape::{Markdown, Safe, safe};
use super::fit::MarkdownSection;

/// Maximum number of visible entries of a list; the others are folded.
// Ten entries fit on a screen. Reviewers scroll past a comment that is longer than that.
pub const IN_THE_OPEN: usize = 10;

/// A list with a title, to be folded alone or together with others.
pub struct Fold {
    pub title: Safe<Markdown>,
    pub section: MarkdownSection,
}

impl Fold {
    /// Creates a list under a title. Returns `None` if there are no items.
    pub fn of(
        title: Safe<Markdown>,
        name: &'static str,
        rank: u8,
        head: impl Into<Safe<Markdown>>,
        items: Vec<Safe<Markdown>>,
    ) -> Option<Self> {
        let tail = Safe::default();
        (!items.is_empty())
            .then(|| Self { title, section: MarkdownSection { name, rank, head: head.into(), items, tail } })
    }

    /// Folds the list by itself.
    pub fn folded(self) -> MarkdownSection {
        let mut section = self.section;
        section.head = safe!("<details><summary>{}</summary>\n\n{}", self.title, section.head);
        section.tail.push("\n</details>\n\n");
        section
    }

    /// Appends a text after the list.
    pub fn append(&mut self, text: Safe<Markdown>) {
        self.section.tail.push(text);
    }

    /// Renders the list under its title, inside a fold that holds several lists.
    pub fn titled(self) -> MarkdownSection {
        let mut section = self.section;
        section.head = safe!("**{}**\n\n{}", self.title, section.head);
        section.tail.push("\n");
        section
    }
}
