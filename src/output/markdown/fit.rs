//! Fits sections into a size limit: the most important section first, each with as many items as fit.

use super::super::escape::{Markdown, Safe, safe};

/// A part of the document that may be shortened or left out.
#[derive(Debug, Clone, Default)]
pub struct MarkdownSection {
    /// Name of the items in the note about omissions; empty if the section is never left out.
    pub name: &'static str,
    /// Importance; 0 is the most important.
    pub rank: u8,
    /// Text before the items.
    pub head: Safe<Markdown>,
    /// Lines, each with a line break.
    pub items: Vec<Safe<Markdown>>,
    /// For a list that counts the items which it does not show: the number of those that are not in `items`.
    pub more: Option<u64>,
    /// Text after the items.
    pub tail: Safe<Markdown>,
}

impl MarkdownSection {
    /// Creates a section that is never left out.
    pub fn fixed(text: Safe<Markdown>) -> Self {
        Self { head: text, ..Self::default() }
    }

    /// Renders the section with its first `items` items.
    fn text(&self, items: usize) -> Safe<Markdown> {
        if items == 0 && !self.items.is_empty() {
            return Safe::default();
        }
        let more = self.more_line(items);
        let shown = self.items.iter().take(items).chain([&more, &self.tail]);
        [&self.head].into_iter().chain(shown).cloned().collect()
    }

    /// Counts the items of a list after the first `items`.
    fn more_line(&self, items: usize) -> Safe<Markdown> {
        let left = self.more.map_or(0, |more| more + (self.items.len() - items) as u64);
        if left > 0 { safe!("- and {} more\n", left) } else { Safe::default() }
    }
}

/// Renders the sections in their order, in at most `limit` UTF-16 units.
pub fn fit(sections: &[MarkdownSection], limit: usize) -> Safe<Markdown> {
    let mut taken: Vec<usize> = sections.iter().map(|section| section.items.len()).collect();
    let whole = join_sections(sections, &taken);
    if utf16_length(&whole) <= limit {
        return whole;
    }
    // Reserve room for the longest note, which is the one that lists everything as left out.
    let reserve = utf16_length(&cut_note(sections, &vec![0; sections.len()]));
    let mut room = limit.saturating_sub(reserve);
    let mut order: Vec<usize> = (0..sections.len()).collect();
    // The order of reading is not that of importance: "Next steps" stand below and must survive a
    // cut.
    order.sort_by_key(|index| sections[*index].rank);
    for index in order {
        let section = &sections[index];
        let frame =
            utf16_length(&section.head) + utf16_length(&section.more_line(0)) + utf16_length(&section.tail);
        let mut used = frame;
        let mut items = 0;
        for item in &section.items {
            let with = used + utf16_length(item);
            if with > room {
                break;
            }
            used = with;
            items += 1;
        }
        taken[index] = items;
        if items > 0 || section.items.is_empty() {
            // A section without an item is left out with its heading, so it needs no room.
            room = room.saturating_sub(used);
        }
    }
    let cut = join_sections(sections, &taken);
    if utf16_length(&cut) <= limit {
        return cut;
    }
    // Not even the verdict and the note fit. Keep the beginning, which holds the verdict.
    cut.beginning(limit)
}

/// Renders the taken items of all sections, and the note about omissions.
fn join_sections(sections: &[MarkdownSection], taken: &[usize]) -> Safe<Markdown> {
    let texts = sections.iter().zip(taken).map(|(section, items)| section.text(*items));
    texts.chain([cut_note(sections, taken)]).collect()
}

/// Counts the items that were left out, by name.
fn cut_note(sections: &[MarkdownSection], taken: &[usize]) -> Safe<Markdown> {
    let mut missing: Vec<(&'static str, u64, u64)> = Vec::new();
    for (section, items) in sections.iter().zip(taken) {
        let more = section.more.unwrap_or(0);
        let all = section.items.len() as u64 + more;
        let left = (section.items.len() - items) as u64 + more;
        // A list that is shown in part counts the rest itself.
        if *items == section.items.len() || (*items > 0 && section.more.is_some()) {
            continue;
        }
        match missing.iter_mut().find(|(name, _, _)| *name == section.name) {
            Some(entry) => {
                entry.1 += left;
                entry.2 += all;
            }
            None => missing.push((section.name, left, all)),
        }
    }
    if missing.is_empty() {
        return Safe::default();
    }
    let parts: Vec<_> =
        missing.iter().map(|(name, left, all)| safe!("{} of {} {}", *left, *all, *name)).collect();
    safe!("\n> [!NOTE]\n> Cut to fit the size limit. Left out: {}.\n", Safe::join(&parts, ", "))
}

/// Returns the length in UTF-16 units: GitHub counts an emoji as two characters.
fn utf16_length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::{MarkdownSection, fit, safe, utf16_length};

    fn section(name: &'static str, rank: u8, items: usize) -> MarkdownSection {
        MarkdownSection {
            name,
            rank,
            head: safe!("## {}\n", name),
            items: (0..items).map(|item| safe!("- {} 🔴\n", item)).collect(),
            more: None,
            tail: "\n".into(),
        }
    }

    #[test]
    fn what_matters_least_goes_first_and_is_counted() {
        let sections = [
            MarkdownSection::fixed("# V\n".into()),
            section("rules", 1, 3),
            section("notes", 9, 50),
            section("issues", 2, 4),
        ];
        let out = fit(&sections, 220);
        assert!(out.starts_with("# V\n## rules\n- 0 🔴\n- 1 🔴\n- 2 🔴\n\n"), "{out}");
        assert!(out.contains("## issues\n- 0 🔴\n- 1 🔴\n- 2 🔴\n- 3 🔴\n"), "{out}");
        assert!(out.contains("of 50 notes."), "{out}");
    }

    #[test]
    fn no_limit_is_ever_exceeded() {
        let sections = [
            MarkdownSection::fixed("# ✅ verdict\n".into()),
            section("rules", 1, 30),
            section("notes", 9, 50),
        ];
        let whole = utf16_length(&fit(&sections, usize::MAX));
        for limit in 0..=whole {
            assert!(utf16_length(&fit(&sections, limit)) <= limit, "{limit}");
        }
    }

    #[test]
    fn list_counts_what_it_does_not_show() {
        let list = |items| MarkdownSection { more: Some(40), ..section("issues", 1, items) };
        assert!(fit(&[list(3)], 1_000).ends_with("- 2 🔴\n- and 40 more\n\n"));
        let cut = fit(&[list(30), section("notes", 2, 9)], 150);
        assert!(cut.contains("- 5 🔴\n- and 64 more\n\n"), "{cut}");
        assert!(cut.contains("9 of 9 notes") && !cut.contains("of 70 issues"), "{cut}");
        let none = fit(&[MarkdownSection::fixed("# V\n".into()), list(30)], 100);
        assert!(none.contains("70 of 70 issues"), "{none}");
    }

    #[test]
    fn the_same_kind_in_two_sections_is_counted_together() {
        let sections = [section("gaps", 1, 9), section("gaps", 2, 9)];
        let out = fit(&sections, 110);
        assert!(out.contains(" of 18 gaps."), "{out}");
    }
}
