//! Lists in sentences.

use std::fmt::Display;

/// "#1, #2", "#1, #2 and 3 more": names at most so many, and counts the rest. Nothing of nothing.
pub fn few<T: Display>(all: impl IntoIterator<Item = T>, most: usize) -> String {
    let mut all = all.into_iter();
    let named: Vec<String> = all.by_ref().take(most).map(|one| one.to_string()).collect();
    let more = match all.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    named.join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::few;

    #[test]
    fn what_is_not_named_is_counted() {
        assert_eq!(few([0; 0], 2), "");
        assert_eq!(few([1, 2], 2), "1, 2");
        assert_eq!(few([1, 2, 3, 4, 5], 2), "1, 2 and 3 more");
    }
}
