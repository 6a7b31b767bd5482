//! Decides which headings and labels of an issue hold versions.

#[cfg(test)]
mod tests;

use super::answer::words::{is_filler, is_foreign};
use crate::policy::{FormHeadings, plain_heading};

/// The kind of answer that a heading asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relevance {
    /// The version of this product.
    Version,
    /// An environment, in which versions of this and other products are listed: "Environment".
    Surroundings,
    /// The version of a platform: "Node version". The platform can be the product itself.
    OtherProduct,
}

/// Words of a heading that say nothing about whose version it asks for.
#[rustfmt::skip]
const QUESTION: &[&str] = &[
    "what", "which", "is", "are", "the", "of", "your", "you", "using", "use", "used", "do", "does", "did",
    "has", "have", "this", "issue", "running", "run", "in", "on", "with", "affected", "affects", "found",
    "tested", "current", "required", "optional", "please", "commands", "below", "e", "g", "s", "a", "an",
    "and", "or", "to", "for", "be", "being", "was", "were", "it", "where", "when", "bug", "problem",
    "happens", "happening", "occurs", "occurring", "discovered", "seen", "exact", "full", "number",
    "information", "info", "details", "output", "impacted", "reported", "if", "selected", "other", "specify",
    "provide", "environment", "one", "installed", "currently", "experiencing", "encountered", "can",
    "reproduce", "reproduced", "observed", "test", "first",
];

/// Returns the kind of answer that a heading asks for; `None` if the heading is not read.
pub fn relevance(heading: &str, patterns: &FormHeadings, own: &[String]) -> Option<Relevance> {
    let heading = plain_heading(heading);
    if heading.is_empty() || !patterns.read.iter().any(|pattern| pattern.matches(&heading)) {
        return None;
    }
    // A heading that the policy names in full overrides the patterns that skip headings.
    let is_named = patterns.read.iter().any(|pattern| pattern.is_exactly(&heading) && !pattern.is_default());
    let is_skipped = patterns.skip.iter().any(|pattern| pattern.matches(&heading));
    if (is_skipped && !is_named) || patterns.skip.iter().any(|pattern| pattern.is_exactly(&heading)) {
        return None;
    }
    let words: Vec<&str> = heading.split(' ').collect();
    let asks = |word: &&str| {
        word.contains("version")
            || matches!(*word, "release" | "releases" | "found" | "build" | "affects" | "affected")
    };
    if !words.iter().any(asks) {
        return Some(Relevance::Surroundings);
    }
    let names = names_of(&heading);
    let is_own = names.iter().any(|name| own.contains(name));
    let is_other = names.iter().any(|name| is_foreign(name));
    Some(if is_other && !is_own && !is_named { Relevance::OtherProduct } else { Relevance::Version })
}

/// Returns `true` if the values of a label say nothing about the product: "OS version", "Go version".
pub fn skips_label(label: &str, patterns: &FormHeadings, own: &[String]) -> bool {
    let label = plain_heading(label);
    let names = names_of(&label);
    let is_own = !names.is_empty() && names.iter().all(|name| own.contains(name));
    !is_own
        && (patterns.skip.iter().any(|pattern| pattern.matches(&label))
            || names.iter().any(|name| is_foreign(name)))
}

/// The words of a heading that name a product, in lower case: `terraform` in "What is your Terraform version?".
pub fn names_of(heading: &str) -> Vec<String> {
    let squashed = plain_heading(heading);
    let words = squashed.split(' ').filter(|word| !word.chars().all(|c| c.is_ascii_digit()));
    let is_name = |word: &&str| !QUESTION.contains(word) && !is_filler(word) && !word.is_empty();
    words.filter(is_name).map(str::to_owned).collect()
}

/// Returns the headings of an issue form that ask for a version of the project: those of fields whose id contains `version`.
/// Leaves out headings that a pattern skips or that ask for the version of something else.
pub fn version_headings(yaml: &str, patterns: &FormHeadings) -> Vec<String> {
    let asks_for_own = |heading: &String| {
        let heading = plain_heading(heading);
        let is_skipped = patterns.skip.iter().any(|pattern| pattern.matches(&heading));
        !is_skipped && !names_of(&heading).iter().any(|name| is_foreign(name))
    };
    headings_of_form(yaml).into_iter().filter(asks_for_own).collect()
}

/// The headings that the fields of an issue form make whose id contains `version`.
fn headings_of_form(yaml: &str) -> Vec<String> {
    let fields = form_fields(yaml).into_iter();
    fields.filter(|(id, _)| id.to_lowercase().contains("version")).map(|(_, label)| label).collect()
}

/// Returns the id and the label of each field of an issue form; the id is empty if the form gives none. The label is the heading
/// of the answer in an issue.
///
/// Reads the `id` and `label` of each entry of `body`, as GitHub's issue forms write them, and nothing else of YAML.
pub fn form_fields(yaml: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let (mut id, mut label): (Option<String>, Option<String>) = (None, None);
    let mut entry_indent = None;
    let mut close = |id: &mut Option<String>, label: &mut Option<String>| {
        let (id, label) = (id.take(), label.take());
        found.extend(label.map(|label| (id.unwrap_or_default(), label)));
    };
    for line in yaml.lines() {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        if indent == 0 && !trimmed.is_empty() && !trimmed.starts_with(['-', '#']) {
            close(&mut id, &mut label);
            entry_indent = None;
        }
        if trimmed.starts_with("- ") && entry_indent.is_none_or(|entry| indent <= entry) {
            close(&mut id, &mut label);
            entry_indent = Some(indent);
        }
        let pair = trimmed.trim_start_matches("- ").split_once(':');
        match pair.map(|(key, value)| (key.trim(), unquoted_scalar(value))) {
            Some(("id", value)) if id.is_none() => id = Some(value),
            // The boxes of a field have labels of their own, after the field's.
            Some(("label", value)) if label.is_none() => label = Some(value),
            _ => {}
        }
    }
    close(&mut id, &mut label);
    found
}

/// A scalar of one line without quotes and comment.
fn unquoted_scalar(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote)
            && let Some(end) = inner.rfind(quote)
        {
            return inner[..end].to_owned();
        }
    }
    value.split(" #").next().unwrap_or_default().trim().to_owned()
}
