//! A sample that nobody picks: the same one every time, and another one for the next release.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_128;

use release_history::IssueNumber;

/// How many of a set are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleSize {
    /// This share of them in millionths, rounded up.
    Share(u32),
    /// This many, or all where there are fewer.
    Count(u64),
}

/// A sample: how large, and by which seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// How many.
    pub size: SampleSize,
    /// The release that it is drawn for; empty before the first.
    pub release: String,
    /// The rule that it is drawn for.
    pub rule: String,
}

impl Draw {
    /// A draw for one rule at one release. Nobody can choose it: the release is there before its defects are.
    pub fn new(size: SampleSize, release: &str, rule: &str) -> Self {
        Self { size, release: release.to_owned(), rule: rule.to_owned() }
    }

    /// Those that are drawn from a set; at least one unless the set is empty.
    ///
    /// Each number has a rank of its own: the XXH3 hash of 128 bits, with seed 0, over the UTF-8 text
    /// `<release>\n<rule>\n<number>`, and the lowest ranks are drawn. So neither the order of the set nor what else is in
    /// it changes the rank of a number; a member that is added or removed moves at most one other in or out, as long as
    /// the size stays.
    pub fn of(&self, numbers: impl IntoIterator<Item = IssueNumber>) -> BTreeSet<IssueNumber> {
        let rank = |number: IssueNumber| {
            xxh3_128(format!("{}\n{}\n{}", self.release, self.rule, number.0).as_bytes())
        };
        let mut ranked: Vec<(u128, IssueNumber)> =
            numbers.into_iter().map(|number| (rank(number), number)).collect();
        ranked.sort_unstable();
        let all = ranked.len() as u128;
        let wanted = match self.size {
            SampleSize::Share(millionths) => (all * u128::from(millionths)).div_ceil(1_000_000),
            SampleSize::Count(count) => u128::from(count),
        };
        let taken = usize::try_from(wanted.max(1)).unwrap_or(usize::MAX);
        ranked.into_iter().take(taken).map(|(_, number)| number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(size: SampleSize, release: &str, numbers: &[u64]) -> Vec<u64> {
        let drawn = Draw::new(size, release, "rca-of-major").of(numbers.iter().copied().map(IssueNumber));
        drawn.into_iter().map(|number| number.0).collect()
    }

    const TEN: [u64; 10] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

    #[test]
    fn a_sample_is_the_same_every_time_and_in_every_order() {
        let mut backwards = TEN;
        backwards.reverse();
        let twenty = SampleSize::Share(200_000);
        assert_eq!(draw(twenty, "v1.4.0", &TEN), draw(twenty, "v1.4.0", &backwards));
        // The documented hash, computed by another implementation: a change of it would draw anew everywhere.
        assert_eq!(draw(twenty, "v1.4.0", &TEN), [4, 10]);
    }

    #[test]
    fn another_release_draws_another_sample() {
        let five = SampleSize::Count(5);
        assert_ne!(draw(five, "v1.4.0", &TEN), draw(five, "v1.5.0", &TEN));
    }

    #[test]
    fn a_sample_has_at_least_one_where_there_is_any_and_never_more_than_there_are() {
        assert_eq!(draw(SampleSize::Share(1), "v1", &[7]), [7]);
        assert!(draw(SampleSize::Share(200_000), "v1", &[]).is_empty());
        assert_eq!(draw(SampleSize::Share(200_000), "v1", &TEN[..6]).len(), 2);
        assert_eq!(draw(SampleSize::Count(99), "v1", &TEN), TEN);
        assert_eq!(draw(SampleSize::Share(1_000_000), "v1", &TEN), TEN);
    }

    #[test]
    fn one_more_member_moves_at_most_one_other_out() {
        let five = SampleSize::Count(5);
        let before = draw(five, "v1.4.0", &TEN);
        for added in 11..40 {
            let more: Vec<u64> = TEN.iter().copied().chain([added]).collect();
            let after = draw(five, "v1.4.0", &more);
            assert!(before.iter().filter(|number| !after.contains(number)).count() <= 1, "{added}");
        }
    }
}
