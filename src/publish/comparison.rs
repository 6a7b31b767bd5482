//! The change of a few counts since the text that is there already.
//!
//! The counts travel in the hidden stamp of the text. Anyone who may edit the text can forge them, so they change one line
//! of the next text and nothing else.

/// Counts in a text, for the comparison with the next text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComparedCounts {
    /// Digest of the policy, the candidate and the releases: counts of different scopes are never compared. Hexadecimal;
    /// empty for no comparison.
    pub scope: String,
    /// Names and counts, in the order of display. A name is one lower-case word.
    pub counts: Vec<(&'static str, u64)>,
}

impl ComparedCounts {
    /// Returns the counts as one word of the stamp, for example `0f3a/critical=1/escaped=9`; empty for no comparison.
    pub(super) fn encoded(&self) -> String {
        if self.scope.is_empty() {
            return String::new();
        }
        let counts: String = self.counts.iter().map(|(name, count)| format!("/{name}={count}")).collect();
        format!("{}{counts}", self.scope)
    }

    /// Returns the differences from an earlier stamp, for example `+1 critical, −2 escaped`. `None` if no count differs, or
    /// if the stamp is unreadable or has another scope.
    pub(super) fn differences(&self, earlier: &str) -> Option<String> {
        let mut words = earlier.split('/');
        if self.scope.is_empty() || words.next() != Some(self.scope.as_str()) {
            return None;
        }
        let earlier: Vec<(&str, u64)> = words
            .map(|word| word.split_once('=').and_then(|(name, count)| Some((name, count.parse().ok()?))))
            .collect::<Option<_>>()?;
        let difference = |(name, now): &(&str, u64)| {
            let (_, before) = earlier.iter().find(|(other, _)| other == name)?;
            let sign = if now > before { '+' } else { '−' };
            (now != before).then(|| format!("{sign}{} {name}", now.abs_diff(*before)))
        };
        let parts: Vec<String> = self.counts.iter().filter_map(difference).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Adds the differences from an earlier stamp to the last line of a text.
    pub(super) fn with_differences(&self, body: &str, earlier: Option<&str>) -> String {
        let Some(differences) = earlier.and_then(|earlier| self.differences(earlier)) else {
            return body.to_owned();
        };
        if let Some(open) = body.trim_end().strip_suffix("</sub>") {
            return format!("{open} · since the last comment: {differences}</sub>\n");
        }
        // A passing text has its footer in the fold, and the line of the fold is its last one.
        let fold = body.find("\n<details><summary>");
        let end = fold.and_then(|fold| Some(fold + body.get(fold..)?.find("</summary>")?));
        let Some(end) = end else { return body.to_owned() };
        let (open, rest) = body.split_at(end);
        format!("{open} · {differences} since the last comment{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::ComparedCounts;

    fn counts(scope: &str, critical: u64, escaped: u64) -> ComparedCounts {
        ComparedCounts { scope: scope.into(), counts: vec![("critical", critical), ("escaped", escaped)] }
    }

    #[test]
    fn each_changed_count_is_named() {
        let now = counts("a", 2, 7);
        for (earlier, differences) in [
            (counts("a", 1, 9), Some("+1 critical, −2 escaped")),
            (counts("a", 2, 6), Some("+1 escaped")),
            (counts("a", 2, 7), None),
            (counts("b", 1, 9), None),
            (counts("", 1, 9), None),
        ] {
            assert_eq!(now.differences(&earlier.encoded()).as_deref(), differences, "{earlier:?}");
        }
        assert_eq!(counts("", 1, 1).differences("/critical=0/escaped=0"), None, "no scope, no comparison");
    }

    #[test]
    fn count_that_was_not_measured_is_not_compared() {
        let earlier = ComparedCounts { scope: "a".into(), counts: vec![("escaped", 9)] };
        assert_eq!(counts("a", 2, 7).differences(&earlier.encoded()).as_deref(), Some("−2 escaped"));
    }

    #[test]
    fn unreadable_stamp_says_nothing() {
        for earlier in ["", "a", "a/", "a/critical", "a/critical=-1", "a/critical=99999999999999999999", "x"]
        {
            assert_eq!(counts("a", 2, 7).differences(earlier), None, "{earlier}");
        }
        // A huge forged count is shown as it is and overflows nothing.
        let forged = format!("a/critical={}", u64::MAX);
        assert_eq!(counts("a", 0, 0).differences(&forged), Some(format!("−{} critical", u64::MAX)));
    }

    #[test]
    fn differences_stand_in_the_last_line() {
        let earlier = counts("a", 1, 9).encoded();
        let text = |body| counts("a", 2, 9).with_differences(body, Some(&earlier));
        assert_eq!(text("x\n\n<sub>c</sub>\n"), "x\n\n<sub>c · since the last comment: +1 critical</sub>\n");
        assert_eq!(
            text("`</summary>`\n\n<details><summary>c</summary>\n</details>\n"),
            "`</summary>`\n\n<details><summary>c · +1 critical since the last comment</summary>\n</details>\n"
        );
        assert_eq!(text("a text without either"), "a text without either");
        assert_eq!(counts("a", 2, 9).with_differences("x\n", None), "x\n");
    }
}
