//! What releases go through after they are tagged: hotfixes and deployments.

use super::super::code::Code;
use super::{LONGEST_DAYS, scope};
use crate::policy::language::{Draft, Field, Problems, Scalar, Spanned, quote};

/// Hours within which a release is a hotfix where a policy does not say.
pub(super) const HOTFIX_WITHIN: u32 = 72;

/// Hours of `hotfix-within` or `failure-within`; `default` if the key is omitted.
pub(super) fn hours_of(
    field: &Field<Scalar>,
    default: Option<u32>,
    problems: &mut Problems,
) -> Option<Option<u32>> {
    let at = match field {
        Field::Absent => return Some(default),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    let hours = hours(&at.value.0).filter(|hours| (1..=LONGEST_DAYS * 24).contains(hours));
    if hours.is_none() {
        let message = format!("{} is not a duration in hours, days or weeks", quote(&at.value.0));
        let help = format!("write `72h`, `3d` or `1w`, at most {LONGEST_DAYS} days");
        problems.push(Draft::new(Code::BadDuration, &at.span, message).help(help));
    }
    hours.map(Some)
}

/// The environment that is production.
pub(super) fn environment(field: &Field<Field<String>>, problems: &mut Problems) -> Option<Option<String>> {
    let section = match field {
        Field::Absent => return Some(None),
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    let at: &Spanned<String> = match &section.value {
        Field::Absent => {
            let message = "`deployments` does not say which environment is production";
            let draft = Draft::new(Code::MissingKey, &section.span, message);
            problems.push(draft.help("add `environment: production` with the name it has on GitHub"));
            return None;
        }
        Field::Bad => return None,
        Field::Good(at) => at,
    };
    if at.value.trim().is_empty() {
        let draft = Draft::new(Code::EmptyText, &at.span, "the environment has no name");
        problems.push(draft.help("write the name it has on GitHub, such as `production`"));
        return None;
    }
    Some(Some(at.value.clone()))
}

/// Hours of a duration such as `72h`, `3d` or `1w`.
pub(super) fn hours(text: &str) -> Option<u32> {
    match text.strip_suffix('h') {
        Some(hours) => scope::whole(hours),
        None => scope::days(text)?.checked_mul(24),
    }
}
