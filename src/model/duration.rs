//! Lengths of time: the time to detect defects, and the number of defects for which it is known.

/// Median and mean of several lengths of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationSummary {
    /// Median in seconds. Of an even number of lengths, it is halfway between the two in the middle, rounded up: half a second
    /// over a limit is over the limit.
    pub median: u64,
    /// Mean in seconds, rounded up.
    pub mean: u64,
    /// Number of lengths, never zero.
    pub count: u64,
}

impl DurationSummary {
    /// Computes median and mean of some lengths in seconds; `None` for an empty list.
    pub fn of(mut lengths: Vec<u64>) -> Option<Self> {
        lengths.sort_unstable();
        let count = lengths.len();
        if count == 0 {
            return None;
        }
        // `u128`: the sum of two lengths near `u64::MAX` must not overflow.
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

    /// Formats both values, for example "12 days (mean 20 days)".
    pub fn shown(self) -> String {
        format!("{} (mean {})", format_duration(self.median), format_duration(self.mean))
    }
}

/// Formats a length of time in one unit: "45 minutes", "1 hour", "12 days". Rounding up keeps 90 days and 1 second from being
/// shown as "90 days" next to a limit of 90 days.
pub fn format_duration(seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    let (count, unit) = match seconds {
        0..HOUR => (seconds.div_ceil(MINUTE), "minute"),
        // Up to 3 days in hours: rounding 25 hours up to "2 days" would be misleading.
        HOUR..259_200 => (seconds.div_ceil(HOUR), "hour"),
        _ => (seconds.div_ceil(DAY), "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Numbers of escaped defects with and without a time to detect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DetectionCoverage {
    /// All escaped defects in scope.
    pub all: u64,
    /// Number with an origin that a person stated.
    pub named: u64,
    /// Number with an origin that blame inferred.
    pub inferred: u64,
    /// Number of fixed defects without an origin, or without one that has a time.
    pub unattributed: u64,
    /// Number without a fix and without a statement: blame needs a fix to start from.
    pub not_fixed: u64,
    /// Number beyond the limit of lookups in one run.
    pub not_looked_at: u64,
    /// Number with an origin of too little confidence.
    pub unsure: u64,
    /// Number for which both a person and blame named a commit.
    pub compared: u64,
    /// Number for which a person and blame named the same commit.
    pub agreed: u64,
}

impl DetectionCoverage {
    /// Formats the coverage, for example "37 of 45: 12 named by developers, 25 inferred; 8 unattributed".
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

    /// Formats the agreement, for example "blame agreed on 9 of 12"; `None` if there is nothing to compare.
    pub fn agreement(&self) -> Option<String> {
        (self.compared > 0).then(|| format!("blame agreed on {} of {}", self.agreed, self.compared))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_old_defect_moves_the_mean_and_not_the_median() {
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
