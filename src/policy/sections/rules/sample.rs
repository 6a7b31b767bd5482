//! `sample` of a rule on a coverage.

use super::bound;
use crate::model::{MetricId, MetricUnit, SampleSize};
use crate::policy::code::Code;
use crate::policy::language::{Draft, Fields, Problems, Scalar, Spanned, read_scalar};
use crate::policy::numbers::check_whole;
use crate::policy::{LimitValue, RuleLimit};

/// Returns the sample of a rule: `Some(None)` without one. Reports an invalid one, and returns `None`.
pub(super) fn read_sample(
    rule: &Fields<'_>,
    metric: Option<MetricId>,
    bound: Option<RuleLimit>,
    problems: &mut Problems,
) -> Option<Option<SampleSize>> {
    let field = rule.get("sample", problems, read_scalar);
    field.check_optional(|at| check_sample(at, metric, bound, problems))
}

fn check_sample(
    at: &Spanned<Scalar>,
    metric: Option<MetricId>,
    bound: Option<RuleLimit>,
    problems: &mut Problems,
) -> Option<SampleSize> {
    if let Some(metric) = metric.filter(|metric| !metric.can_be_sampled()) {
        let message = format!("`{metric}` looks at everything, and only a coverage can look at a sample");
        problems.push(Draft::new(Code::BadSample, &at.span, message).help("leave `sample` out"));
        return None;
    }
    if matches!(
        bound,
        Some(
            RuleLimit::Trend(_)
                | RuleLimit::Max(LimitValue::Relative(_))
                | RuleLimit::Min(LimitValue::Relative(_))
        )
    ) {
        let message = "a sample is compared with a number: with the past, two samples would be compared";
        problems.push(Draft::new(Code::BadSample, &at.span, message).help("leave `sample` out"));
        return None;
    }
    let size = if at.value.0.ends_with('%') {
        match bound::limit(at, Some(MetricUnit::Ratio), "sample", problems)? {
            LimitValue::Millionths(millionths) => SampleSize::Share(millionths),
            LimitValue::Count(count) => SampleSize::Count(count),
            // Neither a relative limit nor a length of time ends in `%`.
            LimitValue::Relative(_) | LimitValue::Seconds(_) => return None,
        }
    } else {
        SampleSize::Count(check_whole(at, "`sample`", problems)?)
    };
    // A coverage of 0 of 0 is within every limit, so the rule could never fail.
    if matches!(size, SampleSize::Share(0) | SampleSize::Count(0)) {
        let draft = Draft::new(Code::Zero, &at.span, "a sample of nothing shows nothing");
        problems.push(draft.help("write a share such as `20%`, or a number such as `5`"));
        return None;
    }
    Some(size)
}
