//! Words of label names: the same for `Type: Bug`, `type/bug`, `[Type] Bug` and `type-bug :bug:`.

/// Returns the letters and digits of a label in lower case, in runs. Emoji and their short codes are left out, and a word
/// that repeats the one before it.
pub fn words(label: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in label.split_whitespace().filter(|part| !is_short_code(part)) {
        for word in part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            if words.last() != Some(&word) {
                words.push(word);
            }
        }
    }
    words
}

/// Returns the words joined by hyphens: `type-bug`. Numbers that only give an order are left out, as in `06 - Regression`.
pub fn joined_words(label: &str) -> String {
    let mut words = words(label);
    words.retain(|word| !(word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())));
    words.join("-")
}

/// Returns `true` for the short code of an emoji, such as `:bug:`.
fn is_short_code(part: &str) -> bool {
    let inner = part.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
    inner.is_some_and(|inner| !inner.is_empty() && inner.chars().all(is_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_label_have_the_same_words() {
        for label in ["Type: Bug", "type/bug", "[Type] Bug", "type-bug :bug:", "🐛 type::bug", "Type_Bug bug"]
        {
            assert_eq!(joined_words(label), "type-bug", "{label}");
        }
        assert_eq!(joined_words("06 - Regression"), "regression");
        assert_eq!(joined_words("status/0-triage"), "status-triage");
        assert_eq!(joined_words("bug:"), "bug");
        assert_eq!(joined_words(":Distributed/Allocation"), "distributed-allocation");
        assert_eq!(joined_words(":bug:"), "");
    }
}
