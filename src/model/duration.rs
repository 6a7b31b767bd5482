//! Lengths of time: how long defects went unseen, and how many of them that is known of.

/// The middle of several lengths of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationSummary {
    /// In seconds, half of them are shorter; of an even number, between the two in the middle. Half a second counts as one:
    /// what is over a bound by that does not keep it, and every length is shorter than the median or not.
    pub median: u64,
    /// Their mean, in seconds, rounded up likewise.
    pub mean: u64,
    /// How many there are, never zero.
    pub count: u64,
}

impl DurationSummary {
    /// Median and mean of some lengths in seconds; none of nothing.
    pub fn of(mut lengths: Vec<u64>) -> Option<Self> {
        lengths.sort_unstable();
        let count = lengths.len();
        if count == 0 {
            return None;
        }
        let middle = |at: usize| lengths.get(at).copied().map(u128::from);
        let half = count / 2;
        let median = match count % 2 {
            0 => (middle(half.checked_sub(1)?)? + middle(half)?).div_ceil(2),
            _ => middle(half)?,
        };
        let mean = lengths.iter().copied().map(u128::from).sum::<u128>().div_ceil(count as u128);
        Some(Self {
            median: u64::try_from(median).ok()?,
            mean: u64::try_from(mean).ok()?,
            count: count as u64,
        })
    }

    /// "12 days (mean 20 days)".
    pub fn shown(self) -> String {
        format!("{} (mean {})", format_duration(self.median), format_duration(self.mean))
    }
}

/// A length of time for a person, in one unit: "45 minutes", "1 hour", "12 days". It is rounded up, so that what is over a
/// bound of whole days never looks as if it kept it.
pub fn format_duration(seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let (count, unit) = match seconds {
        0..HOUR => (seconds.div_ceil(MINUTE), "minute"),
        HOUR..259_200 => (seconds.div_ceil(HOUR), "hour"),
        _ => (seconds.div_ceil(DAY), "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// How many defects have a time to detect, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DetectionCoverage {
    /// All escaped defects in scope.
    pub all: u64,
    /// Their origin was named by somebody.
    pub named: u64,
    /// Their origin was inferred by blame.
    pub inferred: u64,
    /// Fixed, and without an origin, or without one that a time can be counted from.
    pub unattributed: u64,
    /// Without a fix and without a word, so that nothing can be told yet.
    pub not_fixed: u64,
    /// Beyond the number that a run looks at.
    pub not_looked_at: u64,
    /// With an origin that is less sure than was asked for.
    pub unsure: u64,
    /// Where somebody named a commit and blame named one too: how often.
    pub compared: u64,
    /// How often both named the same.
    pub agreed: u64,
}

impl DetectionCoverage {
    /// "37 of 45: 12 named by developers, 25 inferred; 8 unattributed".
    pub fn sentence(&self) -> String {
        let has_time = self.named + self.inferred;
        let mut text = format!(
            "{has_time} of {}: {} named by developers, {} inferred",
            self.all, self.named, self.inferred
        );
        let rest = [
            (self.unattributed, "unattributed"),
            (self.not_fixed, "not fixed yet"),
            (self.not_looked_at, "not looked at"),
            (self.unsure, "not sure enough"),
        ];
        let rest = rest.iter().filter(|(count, _)| *count > 0);
        let rest: Vec<String> = rest.map(|(count, word)| format!("{count} {word}")).collect();
        if !rest.is_empty() {
            text = format!("{text}; {}", rest.join(", "));
        }
        text
    }

    /// "blame agreed on 9 of 12"; none where nothing can be compared.
    pub fn agreement(&self) -> Option<String> {
        (self.compared > 0).then(|| format!("blame agreed on {} of {}", self.agreed, self.compared))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_median_is_not_moved_by_one_old_defect_and_the_mean_is() {
        let days = |days: &[u64]| DurationSummary::of(days.iter().map(|day| day * 86_400).collect()).unwrap();
        assert_eq!(days(&[10, 100, 12]), DurationSummary { median: 12 * 86_400, mean: 3_513_600, count: 3 });
        assert_eq!(days(&[10, 20]).median, 15 * 86_400);
        assert_eq!(DurationSummary::of(Vec::new()), None);
        assert_eq!(DurationSummary::of(vec![u64::MAX, u64::MAX]).unwrap().mean, u64::MAX);
    }

    #[test]
    fn half_a_second_over_a_bound_does_not_keep_it() {
        const BOUND: u64 = 86_400 * 90;
        let spread = DurationSummary::of(vec![BOUND, BOUND + 1]).unwrap();
        assert_eq!((spread.median, spread.mean), (BOUND + 1, BOUND + 1));
        assert_eq!(spread.shown(), "91 days (mean 91 days)");
        assert_eq!(DurationSummary::of(vec![BOUND - 1, BOUND + 1]).unwrap().median, BOUND);
    }

    #[test]
    fn a_length_over_a_bound_never_prints_as_if_it_kept_it() {
        for (seconds, shown) in [
            (0, "0 minutes"),
            (1, "1 minute"),
            (3_600, "1 hour"),
            (3_601, "2 hours"),
            (172_800, "48 hours"),
            (86_400 * 90, "90 days"),
            (86_400 * 90 + 1, "91 days"),
        ] {
            assert_eq!(format_duration(seconds), shown);
        }
    }

    #[test]
    fn every_defect_is_in_the_coverage() {
        let times = DetectionCoverage {
            all: 6,
            named: 1,
            inferred: 1,
            unattributed: 1,
            not_fixed: 1,
            not_looked_at: 2,
            ..DetectionCoverage::default()
        };
        assert_eq!(
            times.sentence(),
            "2 of 6: 1 named by developers, 1 inferred; 1 unattributed, 1 not fixed yet, 2 not looked at"
        );
        assert_eq!(times.agreement(), None);
        let times = DetectionCoverage { compared: 12, agreed: 9, ..times };
        assert_eq!(times.agreement().unwrap(), "blame agreed on 9 of 12");
    }
}
