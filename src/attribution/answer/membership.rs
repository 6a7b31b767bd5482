//! Decides by the words whether a version is named or denied: "not in 1.3", "works in 1.3", "1.3 is fine".

use super::words::{BAD, CANCELS, GOOD, NEGATIONS, is_filler};

/// Membership of a version in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    Included,
    Excluded,
}

/// Returns the membership that the words before a version state; `None` if they state nothing.
pub fn membership(words: &[String]) -> Option<Membership> {
    let (mut denied, mut good, mut bad) = (false, false, false);
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map(String::as_str);
        let word = word.as_str();
        if NEGATIONS.contains(&word)
            // "Not only in 1.4.0" includes 1.4.0.
            && !next.is_some_and(|next| CANCELS.contains(&next))
            && !(word == "no" && next == Some("longer"))
        {
            // Two negations cancel out: "not without problems".
            denied = !denied;
        }
        let is_no_longer = word == "longer" && at > 0 && words[at - 1] == "no";
        denied ^= is_no_longer;
        good |= GOOD.contains(&word);
        bad |= BAD.contains(&word);
        // "rolled back to 1.3"
        // Who rolls back goes to a version that works.
        good |= matches!(word, "rolled" | "reverted") && next == Some("back");
    }
    let good = good && !bad || (good && !denied && words.iter().any(|word| word == "unaffected"));
    match (denied, good, bad) {
        (true, true, _) | (false, false, true) => Some(Membership::Included),
        (true, false, _) | (false, true, _) => Some(Membership::Excluded),
        (false, false, false) => None,
    }
}

/// Returns `true` if words after a version say that all is well in it: "1.3.2 works", "1.3.2 is not affected".
pub fn is_well_after(words: &[String]) -> bool {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let says_something = has(GOOD) || has(BAD);
    says_something && membership(words) == Some(Membership::Excluded)
}

/// Returns `true` if words lead to what follows: "worked fine on".
pub fn ends_in_preposition(words: &[String]) -> bool {
    words.iter().rev().find(|word| !is_filler(word)).is_some_and(|word| {
        matches!(
            word.as_str(),
            "in" | "on"
                | "with"
                | "at"
                | "for"
                | "using"
                | "until"
                | "before"
                | "since"
                | "from"
                | "to"
                | "under"
        )
    })
}

/// Returns `true` if a text only mentions the version that follows: "the newest is 1.8.2".
pub fn is_mentioned(words: &[String]) -> bool {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let is_newest = has(&["latest", "newest", "recommended", "available", "outdated", "new"])
        && has(&["is", "was", "available"]);
    let is_advice = has(&["please", "should", "can", "could", "recommend"]) && has(&["update", "upgrade"]);
    is_newest || is_advice
}
