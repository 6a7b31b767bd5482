//! `releases`, `lines` and `deployments`: which releases exist, and what they go through after they are tagged.

use crate::policy::Releases;
use crate::policy::checks::pattern;
use crate::policy::code::Code;
use crate::policy::keys::{ALWAYS, Key, Merge, PATTERN, ValueType, WhenOmitted};
use crate::policy::language::{
    Draft, Fields, Problems, Scalar, Spanned, quote, read_scalar, read_text, read_truth,
};
use crate::policy::numbers::{LONGEST_DAYS, check_whole, narrow, parse_days, parse_hours};

/// `releases`.
pub(in crate::policy) const RELEASES: &[Key] = &[
    Key::new(
        "tags",
        PATTERN,
        Merge::Stands(None),
        "Tags that count as releases, also without a GitHub release. By default, every published release.",
    ),
    Key::new(
        "supported",
        ValueType::Whole { most: u32::MAX as u64 },
        Merge::Greater,
        "Number of newest releases that are supported in production.",
    )
    .when_omitted(WhenOmitted::Value("2")),
    Key::new(
        "mature-after",
        ValueType::Duration,
        Merge::Stands(Some(ALWAYS)),
        "Younger releases are excluded from rates, never from counts.",
    )
    .when_omitted(WhenOmitted::Value("30d")),
    Key::new(
        "hotfix-within",
        ValueType::Hours,
        Merge::Stands(Some(ALWAYS)),
        "A release that follows another within this time and fixes an escaped defect of it is its hotfix.",
    )
    .when_omitted(WhenOmitted::Value("72h")),
    Key::new(
        "failure-within",
        ValueType::Hours,
        Merge::Stands(Some(ALWAYS)),
        "A defect makes its release fail only if it is reported within this time after the publication. \
         By default, at any time.",
    ),
];

/// `lines`.
pub(in crate::policy) const LINES: &[Key] = &[Key::new(
    "complete",
    ValueType::Truth,
    Merge::Stands(Some(ALWAYS)),
    "`true` if `affects-*` labels name every affected release line. A line that no label of an issue \
     names is then not affected.",
)
.when_omitted(WhenOmitted::Value("false"))];

/// `deployments`.
// Another environment is neither stricter nor looser, so the inherited one stays.
pub(in crate::policy) const DEPLOYMENTS: &[Key] = &[Key::new(
    "environment",
    ValueType::Text,
    Merge::Stands(None),
    "The environment whose failed deployments and rollbacks count, by its name on GitHub.",
)
.required()];

/// Reads `releases`; `None` if something in it is wrong.
pub(super) fn read_releases(policy: &Fields<'_>, problems: &mut Problems) -> Option<Releases> {
    policy.section_or_empty("releases", RELEASES, problems, |fields, problems| {
        let tags = fields.get("tags", problems, read_text);
        let tags = tags.check_optional(|at| pattern(at, "a tag pattern", problems));
        let mut number = |key, default, check: fn(&Spanned<Scalar>, &mut Problems) -> Option<u32>| {
            fields.get(key, problems, read_scalar).check_or(default, |at| check(at, problems))
        };
        // Two supported releases, because users take time to update. 30 days and 72 hours are the usual
        // limits for "users had time to find defects" and "the next release was a hotfix".
        let supported = number("supported", 2, check_supported);
        let mature_after = number("mature-after", 30, check_mature_after);
        let hotfix_within = number("hotfix-within", 72, check_hours);
        let failure_within = fields.get("failure-within", problems, read_scalar);
        let failure_within = failure_within.check_optional(|at| check_hours(at, problems));
        Some(Releases {
            tags: tags?,
            supported: supported?,
            mature_after_days: mature_after?,
            hotfix_within_hours: hotfix_within?,
            failure_within_hours: failure_within?,
        })
    })
}

/// Reads `lines.complete`; `None` if it is wrong.
pub(super) fn read_lines(policy: &Fields<'_>, problems: &mut Problems) -> Option<bool> {
    policy.section_or_empty("lines", LINES, problems, |fields, problems| {
        fields.get("complete", problems, read_truth).value_or(false)
    })
}

/// Reads `deployments.environment`; `None` inside if the policy has no such section, outside if it is wrong.
pub(super) fn read_environment(policy: &Fields<'_>, problems: &mut Problems) -> Option<Option<String>> {
    let section = policy.section("deployments", DEPLOYMENTS, problems, |fields, problems| {
        if fields.is_absent("environment") {
            let message = "`deployments` does not say which environment is production";
            let draft = Draft::new(Code::MissingKey, fields.span(), message);
            problems.push(draft.help("add `environment: production` with the name it has on GitHub"));
        }
        let name = fields.get("environment", problems, read_text);
        let at = name.good()?;
        if at.value.trim().is_empty() {
            let draft = Draft::new(Code::EmptyText, &at.span, "the environment has no name");
            problems.push(draft.help("write the name it has on GitHub, such as `production`"));
            return None;
        }
        Some(at.value.clone())
    });
    section.optional()
}

fn check_supported(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u32> {
    let count = check_whole(at, "`supported`", problems)?;
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
    let days = parse_days(&at.value.0).filter(|days| *days <= LONGEST_DAYS);
    if days.is_none() {
        let message = format!("{} is not a duration in days or weeks", quote(&at.value.0));
        let help = format!("write `30d` or `4w`, at most {LONGEST_DAYS} days");
        problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
    }
    days
}

fn check_hours(at: &Spanned<Scalar>, problems: &mut Problems) -> Option<u32> {
    // Within 0 hours nothing can follow, so the metric would never see a hotfix.
    let hours = parse_hours(&at.value.0).filter(|hours| (1..=LONGEST_DAYS * 24).contains(hours));
    if hours.is_none() {
        let message = format!("{} is not a duration in hours, days or weeks", quote(&at.value.0));
        let help = format!("write `72h`, `3d` or `1w`, at most {LONGEST_DAYS} days");
        problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
    }
    hours
}
