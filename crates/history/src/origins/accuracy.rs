//! Measures the search against known origins: precision, recall and calibration.

use std::collections::BTreeMap;

use super::origin_record::{Likelihood, capped_percent};
use crate::{Sha, Tag};

/// A fix whose origin is known, and what the search says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluatedFix {
    /// The commits that its author named.
    pub truth: Vec<Sha>,
    /// The first releases of those of them that had shipped before the fix; empty if none had.
    pub truth_releases: Vec<Tag>,
    /// The first suggestion of blame with its probability; `None` if there is no answer.
    pub answer: Option<(Sha, f64)>,
    /// The first release of what blame ranks first among the commits that had shipped before the fix.
    pub release: Option<Tag>,
    /// True if one of the commits is among the candidates.
    pub reachable: bool,
    /// Duration of the search, in milliseconds.
    pub millis: f64,
}

impl EvaluatedFix {
    fn is_right(&self) -> bool {
        self.answer.as_ref().is_some_and(|(commit, _)| self.truth.contains(commit))
    }
}

/// Accuracy of the search over many fixes.
#[derive(Debug, Clone, PartialEq)]
pub struct OriginAccuracy {
    /// Number of fixes.
    pub fixes: usize,
    /// Number of fixes with an answer.
    pub answered: usize,
    /// Number of answers that name a commit that the author named.
    pub right: usize,
    /// Number of commits that the authors named.
    pub named: usize,
    /// Number of fixes with a named commit among the candidates.
    pub reachable: usize,
    /// Number of fixes of defects that had shipped before.
    pub shipped: usize,
    /// Number of those fixes with the right release.
    pub release_right: usize,
    /// For each word: how many answers, how many of them right, the mean of what is printed.
    pub calibration: BTreeMap<Likelihood, (usize, usize, f64)>,
    /// The median time of a fix, in milliseconds.
    pub median_millis: f64,
}

impl OriginAccuracy {
    /// Right answers ÷ answers.
    pub fn precision(&self) -> f64 {
        share(self.right, self.answered)
    }

    /// Right answers ÷ commits that the authors named.
    pub fn recall(&self) -> f64 {
        share(self.right, self.named)
    }

    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        // 2pr ÷ (p + r), with both written out.
        share(2 * self.right, self.answered + self.named)
    }

    /// Right releases ÷ fixes of defects that had shipped before.
    pub fn release_accuracy(&self) -> f64 {
        share(self.release_right, self.shipped)
    }
}

/// Adds the outcomes up.
pub fn measure_accuracy(outcomes: &[EvaluatedFix]) -> OriginAccuracy {
    let count = |of: &dyn Fn(&EvaluatedFix) -> bool| outcomes.iter().filter(|outcome| of(outcome)).count();
    let mut calibration: BTreeMap<Likelihood, (usize, usize, f64)> = BTreeMap::new();
    for outcome in outcomes {
        let Some((_, probability)) = &outcome.answer else { continue };
        let (answers, right, sum) = calibration.entry(Likelihood::of(*probability)).or_default();
        *answers += 1;
        *right += usize::from(outcome.is_right());
        *sum += f64::from(capped_percent(*probability)) / 100.0;
    }
    for (answers, _, sum) in calibration.values_mut() {
        *sum /= *answers as f64;
    }
    let mut times: Vec<f64> = outcomes.iter().map(|outcome| outcome.millis).collect();
    times.sort_by(f64::total_cmp);
    let had_shipped = |outcome: &EvaluatedFix| !outcome.truth_releases.is_empty();
    let release_right = |outcome: &EvaluatedFix| {
        outcome.release.as_ref().is_some_and(|release| outcome.truth_releases.contains(release))
    };
    OriginAccuracy {
        fixes: outcomes.len(),
        answered: count(&|outcome| outcome.answer.is_some()),
        right: count(&EvaluatedFix::is_right),
        named: outcomes.iter().map(|outcome| outcome.truth.len()).sum(),
        reachable: count(&|outcome| outcome.reachable),
        shipped: count(&had_shipped),
        release_right: count(&release_right),
        calibration,
        median_millis: times.get(times.len() / 2).copied().unwrap_or(0.0),
    }
}

/// A part of a whole; of nothing, nothing.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(answer: Option<(&str, f64)>, truth: &[&str]) -> EvaluatedFix {
        EvaluatedFix {
            truth: truth.iter().map(|id| Sha((*id).into())).collect(),
            truth_releases: vec![Tag("v1".into())],
            answer: answer.map(|(id, probability)| (Sha(id.into()), probability)),
            release: answer.map(|(id, _)| Tag(if id == "a" { "v1" } else { "v2" }.into())),
            reachable: answer.is_some(),
            millis: 1.0,
        }
    }

    #[test]
    fn precision_is_over_answers_and_recall_over_what_was_to_be_found() {
        let outcomes = [
            outcome(Some(("a", 0.9)), &["a"]),
            outcome(Some(("b", 0.4)), &["a", "c"]),
            outcome(None, &["a"]),
        ];
        let figures = measure_accuracy(&outcomes);
        assert_eq!((figures.right, figures.answered, figures.named), (1, 2, 4));
        assert!((figures.precision() - 0.5).abs() < 1e-9);
        assert!((figures.recall() - 0.25).abs() < 1e-9);
        assert!((figures.f1() - 1.0 / 3.0).abs() < 1e-9);
        assert!((figures.release_accuracy() - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(figures.calibration[&Likelihood::Likely], (1, 1, 0.85), "what is printed is capped");
        assert_eq!(figures.calibration[&Likelihood::Possible], (1, 0, 0.4));
    }

    #[test]
    fn of_no_outcomes_there_are_no_figures() {
        assert!(measure_accuracy(&[]).f1().abs() < f64::EPSILON);
    }
}
