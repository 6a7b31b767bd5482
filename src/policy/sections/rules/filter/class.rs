//! `class`: the reason why an issue is excluded. Only a rule with `metric: excluded` can select by it.

use crate::model::{ExclusionReason, MetricId};
use crate::policy::Defects;
use crate::policy::checks::unknown;
use crate::policy::code::Code;
use crate::policy::language::{Draft, Problems, Spanned};

/// Returns `true` if the metric counts excluded issues; otherwise it would select no defect, which is reported.
pub(super) fn fits(name: &Spanned<String>, metric: Option<MetricId>, problems: &mut Problems) -> bool {
    let Some(metric) = metric.filter(|metric| *metric != MetricId::Excluded) else { return true };
    let message = format!("`{metric}` counts defects, and only what is excluded has a class");
    let help = "select by `class` in a rule with `metric: excluded`";
    problems.push(Draft::new(Code::ClassOnCounted, &name.span, message).help(help));
    false
}

/// Reports `per: class`: excluded issues are no groups of defects.
pub(super) fn report_groups(at: &Spanned<String>, problems: &mut Problems) {
    let message = "`per` groups defects, and only what is excluded has a class";
    let help = "write a rule with `metric: excluded` for each class";
    problems.push(Draft::new(Code::ClassOnCounted, &at.span, message).help(help));
}

/// Returns `true` if an excluded issue can have this class; otherwise that is reported.
pub(super) fn selects(value: &Spanned<String>, defects: Option<&Defects>, problems: &mut Problems) -> bool {
    let Some(defects) = defects else { return true };
    let own = defects.excluded.iter().map(|(class, _)| class.as_str());
    // The gate itself excludes duplicates and issues that were closed as not planned.
    let mut known = own.chain(ExclusionReason::BUILT_IN);
    let found = known.clone().any(|class| class == value.value);
    if !found {
        problems.push(unknown(Code::ImpossibleFilter, value, "a class of excluded issues", &mut known));
    }
    found
}
