//! `releases`, `lines` and `deployments`: which releases exist, and what they go through after they are tagged.

use super::bound::{narrow, whole};
use super::scope::{days, whole as parse_whole};
use super::{LONGEST_DAYS, pattern};
use crate::policy::Releases;
use crate::policy::code::Code;
use crate::policy::keys::{DEPLOYMENTS, LINES, RELEASES};
use crate::policy::language::{
    Draft, Field, Fields, Problems, Scalar, Spanned, quote, read_scalar, read_text, read_truth,
};

/// Releases of a policy without the section.
// Two supported releases, because users take time to update. 30 days and 72 hours are the usual
// limits for "users had time to find defects" and "the next release was a hotfix".
const DEFAULT: Releases = Releases {
    tags: None,
    supported: 2,
    mature_after_days: 30,
    hotfix_within_hours: 72,
    failure_within_hours: None,
};

/// Reads `releases`; `None` if something in it is wrong.
pub(in crate::policy) fn read_releases(policy: &Fields<'_>, problems: &mut Problems) -> Option<Releases> {
    let section = policy.section("releases", RELEASES, problems, |fields, problems| {
        let tags = fields.get("tags", problems, read_text);
        let tags = tags.check_optional(|at| pattern(at, "a tag pattern", problems));
        let supported = fields.get("supported", problems, read_scalar);
        let supported = supported.check_or(DEFAULT.supported, |at| check_supported(at, problems));
        let mature_after = fields.get("mature-after", problems, read_scalar);
        let mature_after =
            mature_after.check_or(DEFAULT.mature_after_days, |at| check_mature_after(at, problems));
        let hotfix_within = fields.get("hotfix-within", problems, read_scalar);
        let failure_within = fields.get("failure-within", problems, read_scalar);
        let hotfix_within =
            hotfix_within.check_or(DEFAULT.hotfix_within_hours, |at| check_hours(at, problems));
        let failure_within = failure_within.check_optional(|at| check_hours(at, problems));
        Some(Releases {
            tags: tags?,
            supported: supported?,
            mature_after_days: mature_after?,
            hotfix_within_hours: hotfix_within?,
            failure_within_hours: failure_within?,
        })
    });
    section.or_default(DEFAULT)
}

/// Reads `lines.complete`; `None` if it is wrong.
pub(in crate::policy) fn read_lines(policy: &Fields<'_>, problems: &mut Problems) -> Option<bool> {
    let section = policy.section("lines", LINES, problems, |fields, problems| {
        fields.get("complete", problems, read_truth).check_or(false, |at| Some(at.value))
    });
    section.or_default(false)
}

/// Reads `deployments.environment`; `None` inside if the policy has no such section, outside if it is wrong.
pub(in crate::policy) fn read_environment(
    policy: &Fields<'_>,
    problems: &mut Problems,
) -> Option<Option<String>> {
    let section = policy.section("deployments", DEPLOYMENTS, problems, |fields, problems| {
        fields.get("environment", problems, read_text)
    });
    section.check_optional(|section| match &section.value {
        Field::Absent => {
            let message = "`deployments` does not say which environment is production";
            let draft = Draft::new(Code::MissingKey, &section.span, message);
            problems.push(draft.help("add `environment: production` with the name it has on GitHub"));
            None
        }
        Field::Bad => None,
        Field::Good(at) if at.value.trim().is_empty() => {
            let draft = Draft::new(Code::EmptyText, &at.span, "the environment has no name");
            problems.push(draft.help("write the name it has on GitHub, such as `production`"));
            None
        }
        Field::Good(at) => Some(at.value.clone()),
    })
}

fn check_supported(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u32> {
    let count = whole(at, "`supported`", problems)?;
    // With 0, every rule over `supported` would look at nothing and pass.
    if count == 0 {
        let draft = Draft::new(
            Code::Zero,
            &at.span,
            "`supported` is the number of releases in production, at least 1",
        );
        problems.push(draft.help("write how many of the newest releases your users run"));
        return None;
    }
    narrow(count, at, problems)
}

fn check_mature_after(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u32> {
    let days = days(&at.value.0).filter(|days| *days <= LONGEST_DAYS);
    if days.is_none() {
        let message = format!("{} is not a duration in days or weeks", quote(&at.value.0));
        let help = format!("write `30d` or `4w`, at most {LONGEST_DAYS} days");
        problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
    }
    days
}

fn check_hours(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u32> {
    // Within 0 hours nothing can follow, so the metric would never see a hotfix.
    let hours = hours(&at.value.0).filter(|hours| (1..=LONGEST_DAYS * 24).contains(hours));
    if hours.is_none() {
        let message = format!("{} is not a duration in hours, days or weeks", quote(&at.value.0));
        let help = format!("write `72h`, `3d` or `1w`, at most {LONGEST_DAYS} days");
        problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
    }
    hours
}

/// Returns the hours of a duration such as `72h`, `3d` or `1w`.
pub(super) fn hours(text: &str) -> Option<u32> {
    match text.strip_suffix('h') {
        Some(hours) => parse_whole(hours),
        None => days(text)?.checked_mul(24),
    }
}
