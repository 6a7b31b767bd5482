//! Results of `git bisect` in the comments of an issue: whose counts, and which of several.
//!
//! Anybody can comment. What counts is the word of those who belong to the repository, and of whoever reported the issue, who
//! could write the same into its description.

use std::cmp::Reverse;

use super::issue_text::IssueText;
use super::origin_record::PassedOver;
use super::statement::{OriginStatement, OriginTarget, StatementKind};
use crate::Bisect;

/// Relations to the repository, in GitHub's words, whose results count.
const BELONGING: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];

/// Number of results that are looked up: a reporter may post any number, and each one costs requests.
const MOST: usize = 5;

/// Results of `git bisect` in the comments of an issue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BisectResults {
    /// The results that count, the latest first: whoever bisects again had a reason.
    pub said: Vec<OriginStatement>,
    /// The results that do not count, with the reasons.
    pub passed_over: Vec<PassedOver>,
    /// Reason that some comments could not be read; `None` if all were read or none were requested. Untrusted text.
    pub unread: Option<String>,
}

impl BisectResults {
    /// Sorts the results of an issue, the latest first.
    pub fn of(issue: &IssueText<'_>) -> Self {
        let Some(bisects) = issue.bisects else { return Self::default() };
        let mut found: Vec<&Bisect> = bisects.found.iter().collect();
        found.sort_by_key(|one| Reverse(one.created_at));
        let mut posted = Self { unread: bisects.unread.clone(), ..Self::default() };
        for one in found {
            let by = one.by.as_deref().unwrap_or("an account that is gone");
            let signal = OriginStatement {
                word: StatementKind::Bisect,
                target: OriginTarget::Commit(one.result.commit.clone()),
                place: format!("issue {}, comment by {by}", issue.number),
                text: one.result.text.clone(),
            };
            let beyond = || format!("is older than the {MOST} that are looked at");
            match refused(one, issue.author).or_else(|| (posted.said.len() == MOST).then(beyond)) {
                Some(because) => posted.passed_over.push(PassedOver { signal, because }),
                None => posted.said.push(signal),
            }
        }
        posted
    }

    /// True if history has to be asked because of it.
    pub fn says_something(&self) -> bool {
        !self.said.is_empty() || self.unread.is_some()
    }
}

/// Returns the reason that a result does not count; `None` if it does.
fn refused(one: &Bisect, author: Option<&str>) -> Option<String> {
    if one.hidden {
        return Some("is hidden".to_owned());
    }
    let is_reporter = one.by.is_some() && one.by.as_deref() == author;
    let counts = is_reporter || BELONGING.contains(&one.association.as_str());
    (!counts).then(|| {
        "was posted by somebody who is neither an owner, a member or a collaborator nor reported the issue".to_owned()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Bisects, FirstBad, IssueNumber};
    use std::collections::BTreeMap;

    fn bisect(day: u32, by: Option<&str>, association: &str) -> Bisect {
        let commit = day.to_string().repeat(7);
        Bisect {
            created_at: format!("2026-01-0{day}T00:00:00Z").parse().unwrap(),
            url: String::new(),
            by: by.map(str::to_owned),
            association: association.to_owned(),
            hidden: false,
            result: FirstBad { text: format!("{commit} is the first bad commit"), commit },
        }
    }

    fn posted(author: Option<&str>, found: Vec<Bisect>) -> (Vec<String>, Vec<String>) {
        let bisects = Bisects { found, unread: None };
        let issue = IssueText {
            number: IssueNumber(1),
            author,
            labels: &[],
            fields: &BTreeMap::new(),
            body: "",
            bisects: Some(&bisects),
            fixes: Vec::new(),
        };
        let BisectResults { said, passed_over, unread } = BisectResults::of(&issue);
        assert_eq!(unread, None);
        let line = |signal: &OriginStatement| format!("{}: {}", signal.place, &signal.text[..1]);
        let passed = passed_over.iter().map(|one| format!("{} {}", line(&one.signal), one.because));
        (said.iter().map(line).collect(), passed.collect())
    }

    #[test]
    fn maintainers_and_reporter_count_latest_first() {
        let (said, passed) = posted(
            Some("rita"),
            vec![
                bisect(1, Some("ann"), "OWNER"),
                bisect(4, Some("rita"), "NONE"),
                bisect(2, Some("bob"), "MEMBER"),
                bisect(3, Some("cleo"), "COLLABORATOR"),
            ],
        );
        let expected =
            ["rita: 4", "cleo: 3", "bob: 2", "ann: 1"].map(|end| format!("issue #1, comment by {end}"));
        assert_eq!((said.as_slice(), passed.len()), (expected.as_slice(), 0));
    }

    #[test]
    fn no_more_are_looked_at_than_make_sense() {
        let (said, passed) = posted(None, (1..=7).map(|day| bisect(day, Some("ann"), "OWNER")).collect());
        let days: String = said.iter().filter_map(|line| line.chars().last()).collect();
        assert_eq!(days, "76543");
        assert_eq!(passed[1], "issue #1, comment by ann: 1 is older than the 5 that are looked at");
    }

    #[test]
    fn nobody_elses_does_and_what_is_hidden_does_not() {
        let hidden = Bisect { hidden: true, ..bisect(3, Some("ann"), "OWNER") };
        let (said, passed) =
            posted(None, vec![bisect(1, Some("eve"), "CONTRIBUTOR"), bisect(2, None, "NONE"), hidden]);
        assert_eq!(said, [""; 0]);
        assert_eq!(passed[0], "issue #1, comment by ann: 3 is hidden");
        assert!(
            passed[1].starts_with("issue #1, comment by an account that is gone: 2 was posted by somebody")
        );
        assert!(passed[2].starts_with("issue #1, comment by eve: 1 was posted by somebody"));
    }
}
