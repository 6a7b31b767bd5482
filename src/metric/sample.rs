//! The part of a coverage's defects that a rule looks at.

use std::collections::BTreeSet;

use crate::evidence::Evidence;
use crate::model::{Defect, IssueNumber, MetricId, Scope, join_limited};

use super::standing::{Standing, Why, standing};
use super::window::Window;

/// How many of a sample the note names; the report lists them all.
const NAMED: usize = 20;

/// What was drawn.
#[derive(Debug)]
pub struct Sample {
    /// The defects.
    pub drawn: BTreeSet<IssueNumber>,
    /// Which they are, for a person.
    pub note: String,
}

/// Draws from the defects that have a say in a ratio, if the scope asks for a sample.
pub fn drawn(metric: MetricId, evidence: &Evidence, scope: &Scope, window: &Window<'_>) -> Option<Sample> {
    let draw = scope.sample.as_ref()?;
    let has_a_say = |defect: &&Defect| {
        let standing = standing(metric, evidence, window, &scope.filter, defect);
        matches!(standing, Standing::Against | Standing::Beside)
    };
    let all: Vec<IssueNumber> =
        evidence.defects.iter().flatten().filter(has_a_say).map(Defect::number).collect();
    let drawn = draw.of(all.iter().copied());
    let release = if draw.release.is_empty() { "the first release" } else { &draw.release };
    let note = match drawn.len() {
        0 => "a sample of none: there is none in scope".into(),
        count => {
            format!(
                "a sample of {count} of {}, drawn at {release}: {}",
                all.len(),
                join_limited(&drawn, NAMED)
            )
        }
    };
    Some(Sample { drawn, note })
}

impl Sample {
    /// Where a defect stands that has a say only if it was drawn.
    pub fn only(&self, defect: &Defect, standing: Standing) -> Standing {
        match standing {
            Standing::Against | Standing::Beside if !self.drawn.contains(&defect.number()) => {
                Standing::Out(Why::NotDrawn)
            }
            Standing::Against | Standing::Beside | Standing::Out(_) | Standing::Doubtful(_) => standing,
        }
    }
}
