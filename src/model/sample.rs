//! Random samples that no user can choose: the same on every run, and another one for the next release.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_128;

use release_history::IssueNumber;

/// Size of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleSize {
    /// Share of the set in millionths, rounded up.
    Share(u32),
    /// Number of members, or the whole set if it is smaller.
    Count(u64),
}

/// Size and seed of a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draw {
    /// Size of the sample.
    pub size: SampleSize,
    /// Release of the sample; empty before the first release.
    pub release: String,
    /// Id of the rule that draws the sample.
    pub rule: String,
}

impl Draw {
    /// Creates the draw of one rule for one release. Its result cannot be chosen: the release exists before its defects do.
    pub fn new(size: SampleSize, release: &str, rule: &str) -> Self {
        Self { size, release: release.to_owned(), rule: rule.to_owned() }
    }

    /// Draws the sample from a set: at least one member, unless the set is empty.
    ///
    /// The rank of a number is the XXH3 hash of 128 bits, with seed 0, over the UTF-8 text `<release>\n<rule>\n<number>`. The
    /// lowest ranks are drawn. The rank depends on no other member, so adding or removing one moves at most one other in or
    /// out while the size stays.
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
        // The documented hash, computed by another implementation. Changing it would change every user's sample.
        assert_eq!(draw(twenty, "v1.4.0", &TEN), [4, 10]);
    }

    #[test]
    fn another_release_draws_another_sample() {
        let five = SampleSize::Count(5);
        assert_ne!(draw(five, "v1.4.0", &TEN), draw(five, "v1.5.0", &TEN));
    }

    #[test]
    fn sample_size_is_between_one_and_the_whole_set() {
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
