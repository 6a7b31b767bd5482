//! Forecast of the number of escaped defects of a release, from the numbers of earlier releases at the same age.

/// Smallest number of earlier releases. Two of them say nothing about how much releases differ.
pub const FORECAST_RELEASES: usize = 3;

/// Share of the probability that an interval holds.
const COVERAGE: f64 = 0.8;

/// Shapes of the negative binomial distribution that are tried, from releases that differ much to those that hardly differ.
const SHAPES: [f64; 6] = [1.5, 3.0, 6.0, 12.0, 50.0, 200.0];

/// Number of means that are tried on each side of the observed one.
const MEANS: i32 = 20;

/// Ratio of two neighboring means, as a logarithm: 20 steps are a factor of 13.
const MEAN_STEP: f64 = 0.13;

/// Range of counts that holds 80 % of the probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForecastInterval {
    /// Lowest count.
    pub low: u64,
    /// Highest count, inclusive.
    pub high: u64,
}

/// Forecasts the next count from earlier ones. Returns `None` for fewer than [`FORECAST_RELEASES`].
///
/// The counts are taken as draws from a negative binomial distribution: defects arrive by chance, at a rate that differs from
/// release to release (a mixture of Poisson distributions by a gamma distribution). Many means and shapes are weighed by how
/// well they explain the earlier counts, so that a short past gives a wide interval. The interval is the shortest range with
/// at least 80 % of the weighted probability.
pub fn forecast_count(earlier: &[u64]) -> Option<ForecastInterval> {
    if earlier.len() < FORECAST_RELEASES {
        return None;
    }
    let probabilities = predicted_probabilities(earlier);
    let at = |count: Option<usize>| count.and_then(|count| probabilities.get(count)).copied();
    let (mut low, mut covered) = (0, 0.0);
    for (count, probability) in probabilities.iter().enumerate() {
        if *probability > covered {
            (low, covered) = (count, *probability);
        }
    }
    let mut high = low;
    while covered < COVERAGE {
        match (at(low.checked_sub(1)), at(high.checked_add(1))) {
            // On a tie the interval grows upwards: too low a forecast would hide a bad release.
            (Some(below), above) if above.is_none_or(|above| below > above) => {
                low -= 1;
                covered += below;
            }
            (_, Some(above)) => {
                high += 1;
                covered += above;
            }
            (_, None) => break,
        }
    }
    Some(ForecastInterval { low: low as u64, high: high as u64 })
}

/// Returns the probability of each count from 0 on. Counts beyond the last one are too unlikely to matter.
fn predicted_probabilities(earlier: &[u64]) -> Vec<f64> {
    // Half a defect more: without it, a past of zeros would predict zero for certain.
    let observed = (earlier.iter().sum::<u64>() as f64 + 0.5) / earlier.len() as f64;
    let means = (-MEANS..=MEANS).map(|step| observed * (f64::from(step) * MEAN_STEP).exp());
    let candidates: Vec<(f64, f64, f64)> = means
        .flat_map(|mean| SHAPES.map(|shape| (mean, shape, log_likelihood(earlier, mean, shape))))
        .collect();
    let best = candidates.iter().map(|(.., fit)| *fit).fold(f64::NEG_INFINITY, f64::max);
    let most = earlier.iter().copied().max().unwrap_or(0);
    let length = usize::try_from(most.saturating_mul(4).saturating_add(20)).unwrap_or(usize::MAX);
    let mut probabilities = vec![0.0; length];
    let mut weights = 0.0;
    for (mean, shape, fit) in candidates {
        let weight = (fit - best).exp();
        if weight < 1e-6 {
            continue;
        }
        weights += weight;
        // In logarithms: the probability of 0 may be smaller than the smallest number that is not 0.
        let (log_none, growth) = (shape * (shape / (shape + mean)).ln(), mean / (shape + mean));
        let mut log_probability = log_none;
        for (count, sum) in probabilities.iter_mut().enumerate() {
            *sum += weight * log_probability.exp();
            log_probability += (growth * (count as f64 + shape) / (count as f64 + 1.0)).ln();
        }
    }
    probabilities.iter_mut().for_each(|sum| *sum /= weights);
    probabilities
}

/// Returns the logarithm of the likelihood of counts, without the part that is the same for every mean and shape.
fn log_likelihood(counts: &[u64], mean: f64, shape: f64) -> f64 {
    let total = shape + mean;
    let of = |count: u64| {
        let rising: f64 = (0..count).map(|below| (shape + below as f64).ln()).sum();
        rising + shape * (shape / total).ln() + count as f64 * (mean / total).ln()
    };
    counts.iter().map(|count| of(*count)).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::print_stdout)]
    use super::*;

    /// A small generator with a seed, so that every run draws the same histories.
    struct Random(u64);

    impl Random {
        /// A number between 0 and 1, both exclusive (xorshift64*).
        fn unit(&mut self) -> f64 {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0
        }

        /// A draw from a gamma distribution with a whole shape: a sum of exponential draws.
        fn gamma(&mut self, shape: u32, mean: f64) -> f64 {
            (0..shape).map(|_| -self.unit().ln()).sum::<f64>() * mean / f64::from(shape)
        }

        /// A draw from a Poisson distribution: arrivals until one unit of time is over.
        fn poisson(&mut self, mean: f64) -> u64 {
            let (mut time, mut count) = (0.0, 0);
            loop {
                time += -self.unit().ln();
                if time > mean {
                    return count;
                }
                count += 1;
            }
        }
    }

    #[test]
    fn interval_of_80_percent_covers_77_to_88_percent() {
        let mut random = Random(0x5eed);
        let (mut covered, mut all) = (0, 0);
        for mean in [0.3, 0.8, 1.5, 3.0, 6.0, 12.0, 30.0] {
            // Releases that differ by chance alone, and releases that differ more.
            for shape in [None, Some(6), Some(2)] {
                for _ in 0..60 {
                    let mut draw = || {
                        let rate = shape.map_or(mean, |shape| random.gamma(shape, mean));
                        random.poisson(rate)
                    };
                    let earlier: Vec<u64> = (0..3 + all % 4).map(|_| draw()).collect();
                    let next = draw();
                    let interval = forecast_count(&earlier).unwrap();
                    covered += u64::from((interval.low..=interval.high).contains(&next));
                    all += 1;
                }
            }
        }
        let share = covered as f64 / all as f64;
        println!("{covered} of {all} forecasts covered: {:.1} %", share * 100.0);
        assert!(all >= 400 && (0.77..=0.88).contains(&share), "{covered} of {all}");
    }

    /// Real histories: the fixes that shipped in patch releases within 90 days of each `X.Y.0`, from the public tags of five projects.
    // A history of commits shows no defects. The nearest thing is a fix in a patch release: a commit that is no merge, has "fix"
    // in its message, and lies between the tag `X.Y.0` and the last patch tag of those days. Releases are 90 days old at least.
    const HISTORIES: [(&str, &[u64]); 5] = [
        ("etcd", &[47, 6, 12, 12, 41, 27, 24, 7, 11, 0, 3]),
        ("containerd", &[17, 7, 9, 10, 5, 10, 10, 18, 14, 10, 7, 15]),
        (
            "prometheus",
            &[
                3, 2, 12, 2, 0, 3, 1, 1, 2, 0, 0, 0, 2, 11, 5, 0, 1, 2, 0, 2, 0, 0, 0, 2, 0, 3, 0, 1, 5, 2,
                0, 0, 1, 0, 0, 3, 0, 0, 4, 3, 3, 2, 1, 7, 0, 0, 3, 3, 0, 2, 9, 0, 0, 2, 0, 0, 0, 3, 3, 2, 2,
                3, 0, 1, 3, 2, 2, 0, 1, 2, 3, 0, 0, 14, 2, 2, 0, 6,
            ],
        ),
        (
            "tikv",
            &[
                7, 8, 3, 11, 2, 6, 29, 22, 13, 0, 0, 0, 9, 0, 0, 0, 6, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0,
                2,
            ],
        ),
        (
            "traefik",
            &[
                8, 10, 4, 10, 19, 15, 10, 18, 54, 23, 10, 30, 29, 25, 16, 5, 14, 8, 12, 17, 13, 16, 9, 11,
                20, 33,
            ],
        ),
    ];

    /// These counts follow no formula, so the share is printed, and only has to be near 80 %.
    #[test]
    fn intervals_of_five_real_histories_hold_about_as_often() {
        let (mut covered, mut all) = (0, 0);
        for (project, counts) in HISTORIES {
            let forecasts = counts.windows(7).map(|seven| (forecast_count(&seven[..6]).unwrap(), seven[6]));
            let held: Vec<bool> =
                forecasts.map(|(interval, next)| (interval.low..=interval.high).contains(&next)).collect();
            let right = held.iter().filter(|held| **held).count();
            println!("{project}: {right} of {} forecasts covered", held.len());
            covered += right;
            all += held.len();
        }
        println!("together: {covered} of {all}");
        assert!(all > 100 && (0.7..=0.9).contains(&(covered as f64 / all as f64)), "{covered} of {all}");
    }

    #[test]
    fn short_past_has_no_forecast() {
        assert_eq!(forecast_count(&[]), None);
        assert_eq!(forecast_count(&[1, 2]), None);
    }

    #[test]
    fn interval_holds_the_usual_count() {
        assert_eq!(forecast_count(&[0, 0, 0]), Some(ForecastInterval { low: 0, high: 0 }));
        let of = |earlier: &[u64]| forecast_count(earlier).unwrap();
        let usual = of(&[1, 2, 2, 1, 1, 2]);
        assert!(usual.low == 0 && (2..=4).contains(&usual.high), "{usual:?}");
        let wide = of(&[0, 20, 3]);
        assert!(wide.high - wide.low > 10, "{wide:?}");
        let (few, many) = (of(&[900, 1000, 1100]), of(&[900, 1000, 1100, 1000, 950, 1050]));
        assert!(few.low > 0 && few.high - few.low > many.high - many.low, "{few:?} {many:?}");
    }
}
