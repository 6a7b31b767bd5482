//! Time to detect: from the commit that brought a defect in, and from the release that shipped it, to its report.
//!
//! Always over everything that was attributed, however surely: recent defects are easier to attribute, and the mean of the
//! sure ones alone would be a fraction of the truth.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::record::{Method, Nothing, Record};

/// How long defects went unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TimeToDetect {
    /// From the commit; none if no origin has one.
    pub from_commit: Option<Spread>,
    /// From the release; none if no origin has shipped.
    pub from_release: Option<Spread>,
    /// What it rests on.
    pub coverage: Coverage,
}

/// The middle of several durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spread {
    /// Half of them are shorter; of an even number, between the two in the middle.
    pub median: SignedDuration,
    /// Their mean.
    pub mean: SignedDuration,
    /// How many there are.
    pub count: u32,
}

/// How many defects were attributed, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Coverage {
    /// All defects.
    pub all: u32,
    /// Their origin was named by somebody.
    pub named: u32,
    /// Their origin was inferred by blame.
    pub inferred: u32,
    /// Fixed, and without an origin.
    pub unattributed: u32,
    /// Without a fix, so that nothing can be blamed yet: their time is known to be long, and not how long.
    pub censored: u32,
    /// Where somebody named a commit and blame named one too: how often.
    pub compared: u32,
    /// How often both named the same.
    pub agreed: u32,
}

impl Coverage {
    /// "37 of 45: 12 named by developers, 25 inferred; 8 unattributed".
    pub fn sentence(&self) -> String {
        let attributed = self.named + self.inferred;
        let mut text = format!(
            "{attributed} of {}: {} named by developers, {} inferred",
            self.all, self.named, self.inferred
        );
        let rest = [(self.unattributed, "unattributed"), (self.censored, "not fixed yet")];
        let rest: Vec<String> = rest
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
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

/// How long the defects of these records went unseen.
pub fn time_to_detect<'r>(records: impl IntoIterator<Item = &'r Record>) -> TimeToDetect {
    let mut coverage = Coverage::default();
    let (mut from_commit, mut from_release) = (Vec::new(), Vec::new());
    for record in records {
        coverage.all += 1;
        if let Some(agrees) = record.blame_agrees {
            coverage.compared += 1;
            coverage.agreed += u32::from(agrees);
        }
        let Some(origin) = &record.origin else {
            if record.nothing == Some(Nothing::NoFix) {
                coverage.censored += 1;
            } else {
                coverage.unattributed += 1;
            }
            continue;
        };
        match record.method {
            Method::Override | Method::RegressedBy => coverage.named += 1,
            Method::Blame => coverage.inferred += 1,
            Method::None => coverage.unattributed += 1,
        }
        let since = |moment: Timestamp| record.reported_at.duration_since(moment);
        from_commit.extend(origin.committed_at.map(since));
        // What was reported before its release came out was not found in it.
        from_release.extend(origin.released_at.map(since).filter(|time| !time.is_negative()));
    }
    TimeToDetect { from_commit: spread(from_commit), from_release: spread(from_release), coverage }
}

/// Median and mean; none of nothing.
fn spread(mut times: Vec<SignedDuration>) -> Option<Spread> {
    times.sort_unstable();
    let count = u32::try_from(times.len()).ok().filter(|count| *count > 0)?;
    let seconds = |time: SignedDuration| i128::from(time.as_secs());
    let middle = |at: usize| times.get(at).copied().map(seconds);
    let half = times.len() / 2;
    let median = match times.len() % 2 {
        0 => (middle(half - 1)? + middle(half)?) / 2,
        _ => middle(half)?,
    };
    let mean = times.iter().copied().map(seconds).sum::<i128>() / i128::from(count);
    let duration = |seconds: i128| i64::try_from(seconds).ok().map(SignedDuration::from_secs);
    Some(Spread { median: duration(median)?, mean: duration(mean)?, count })
}

#[cfg(test)]
mod tests;
