//! Fits sections into a limit: the most important first, each with as many of its items as there is room for.

use super::super::escape::{Markdown, Safe, safe};

/// A part of the document that may be cut short or left out.
#[derive(Debug, Clone, Default)]
pub struct MarkdownSection {
    /// What its items are called in the note on what was left out; empty if it is never left out.
    pub name: &'static str,
    /// How much it matters; 0 matters most.
    pub rank: u8,
    /// What stands before the items.
    pub head: Safe<Markdown>,
    /// Lines, each with its line break.
    pub items: Vec<Safe<Markdown>>,
    /// What stands after the items.
    pub tail: Safe<Markdown>,
}

impl MarkdownSection {
    /// A part that is always there.
    pub fn fixed(text: Safe<Markdown>) -> Self {
        Self { head: text, ..Self::default() }
    }

    /// The section with its first items only.
    fn text(&self, items: usize) -> Safe<Markdown> {
        if items == 0 && !self.items.is_empty() {
            return Safe::default();
        }
        [&self.head].into_iter().chain(self.items.iter().take(items)).chain([&self.tail]).cloned().collect()
    }
}

/// The sections in their order, in at most `limit` characters.
pub fn fit(sections: &[MarkdownSection], limit: usize) -> Safe<Markdown> {
    let mut taken: Vec<usize> = sections.iter().map(|section| section.items.len()).collect();
    let whole = join_sections(sections, &taken);
    if utf16_length(&whole) <= limit {
        return whole;
    }
    // The note is longest if nothing is taken.
    let reserve = utf16_length(&cut_note(sections, &vec![0; sections.len()]));
    let mut room = limit.saturating_sub(reserve);
    let mut order: Vec<usize> = (0..sections.len()).collect();
    order.sort_by_key(|index| sections[*index].rank);
    for index in order {
        let section = &sections[index];
        let frame = utf16_length(&section.head) + utf16_length(&section.tail);
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
            room = room.saturating_sub(used);
        }
    }
    let cut = join_sections(sections, &taken);
    if utf16_length(&cut) <= limit {
        return cut;
    }
    // Not even the verdict and the note fit: the beginning is what matters.
    cut.beginning(limit)
}

/// Everything that was taken, and the note on the rest.
fn join_sections(sections: &[MarkdownSection], taken: &[usize]) -> Safe<Markdown> {
    let texts = sections.iter().zip(taken).map(|(section, items)| section.text(*items));
    texts.chain([cut_note(sections, taken)]).collect()
}

/// What was left out, and how many of each.
fn cut_note(sections: &[MarkdownSection], taken: &[usize]) -> Safe<Markdown> {
    let mut missing: Vec<(&'static str, usize, usize)> = Vec::new();
    for (section, items) in sections.iter().zip(taken) {
        let (left, all) = (section.items.len() - items, section.items.len());
        if left == 0 {
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

/// Length as the strictest reader counts it: an emoji may be two characters to GitHub.
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
    fn the_same_kind_in_two_sections_is_counted_together() {
        let sections = [section("gaps", 1, 9), section("gaps", 2, 9)];
        let out = fit(&sections, 110);
        assert!(out.contains(" of 18 gaps."), "{out}");
    }
}
