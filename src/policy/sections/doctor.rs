//! `doctor`: findings of `escape-gate doctor` that a maintainer accepts.

use crate::policy::FindingException;
use crate::policy::checks::{all_or_none, check_date, require_keys, unknown, visible_text};
use crate::policy::code::Code;
use crate::policy::keys::{Key, Merge, ValueType};
use crate::policy::language::{Draft, Fields, Node, Problems, Spanned, quote, read_entries, read_text};

/// `doctor`.
pub(in crate::policy) const DOCTOR: &[Key] = &[Key::new(
    "ignore",
    ValueType::Maps(IGNORE),
    Merge::Adds,
    "Accepted findings. `doctor` counts and lists them; on a pull request only those of the base branch count.",
)];

/// An entry of `doctor.ignore`.
pub(in crate::policy) const IGNORE: &[Key] = &[
    Key::new("id", ValueType::Word(|| FINDING_IDS.to_vec()), Merge::Own, "Id of the finding.").required(),
    Key::new(
        "at",
        ValueType::Text,
        Merge::Own,
        "Place of the finding: a file, for example `release.yml`, or a file and a job: `release.yml:nightly`. \
         Without it, every place.",
    ),
    Key::new("reason", ValueType::Text, Merge::Own, "Reason. `doctor` shows it.").required(),
    Key::new(
        "until",
        ValueType::Date,
        Merge::Own,
        "Last day on which the entry counts, to its end in UTC. Without it, the entry counts for ever.",
    ),
];

/// Ids of all findings, in the order of the documentation.
pub const FINDING_IDS: [&str; 25] = [
    "publish-path-without-gate",
    "publish-not-behind-gate",
    "publish-ignores-result",
    "gate-after-publish",
    "gate-step-conditional",
    "gate-job-skippable",
    "gate-continue-on-error",
    "gate-exit-swallowed",
    "gate-report-only",
    "aggregate-lets-through",
    "gate-not-required",
    "untrusted-policy",
    "tests-failure-hidden",
    "gate-disabled",
    "gate-check-never-reports",
    "gate-never-triggered",
    "check-name-shared",
    "unknown-passes",
    "reports-unproduced",
    "permissions-short",
    "release-cancellable",
    "policy-unowned",
    "environment-open",
    "gate-bypassable",
    "gate-not-reached",
];

/// Reads `doctor.ignore`; empty if the policy has none.
pub(super) fn read_doctor(policy: &Fields<'_>, problems: &mut Problems) -> Option<Vec<FindingException>> {
    policy.section_or_empty("doctor", DOCTOR, problems, |fields, problems| {
        fields
            .get("ignore", problems, open_entries)
            .check_or(Vec::new(), |at| all_or_none(&at.value, |entry| read_entry(entry, problems)))
    })
}

fn open_entries<'n>(node: &'n Node, name: &str, problems: &mut Problems) -> Option<Vec<Fields<'n>>> {
    read_entries(node, name, problems, |item, problems| {
        Fields::open(item, "an entry of `ignore`", IGNORE, problems)
    })
}

fn read_entry(entry: &Fields<'_>, problems: &mut Problems) -> Option<FindingException> {
    require_keys(entry, "an entry of `ignore`", problems);
    let id = entry.get("id", problems, read_text);
    let id = id.good().and_then(|at| {
        let known = FINDING_IDS.into_iter().find(|id| *id == at.value);
        if known.is_none() {
            problems.push(unknown(Code::UnknownWord, at, "a finding of `escape-gate doctor`", FINDING_IDS));
        }
        known
    });
    let at = entry.get("at", problems, read_text).check_optional(|at| read_place(at, problems));
    let reason = entry.get("reason", problems, read_text);
    let reason = reason.good().and_then(|at| visible_text(at, "a reason", "write a text", problems));
    let help = "write year, month and day: `2027-06-30`; the entry counts to the end of that day in UTC";
    let until = entry.get("until", problems, read_text).check_optional(|at| check_date(at, help, problems));
    let (file, job) = at?.unzip();
    Some(FindingException { id: id?, file, job: job.flatten(), reason: reason?, until: until? })
}

/// Returns file and job of a place.
fn read_place(at: &Spanned<String>, problems: &mut Problems) -> Option<(String, Option<String>)> {
    let text = at.value.trim();
    let (file, job) = text.split_once(':').map_or((text, None), |(file, job)| (file, Some(job)));
    let is_job = |job: &str| job.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    // A step has no name that stays the same, and lines move with every edit.
    if file.is_empty() || job.is_some_and(|job| job.is_empty() || !is_job(job)) {
        let message = format!("{} does not name a file, or a file and a job", quote(&at.value));
        let help = "write `release.yml`, or `release.yml:nightly` with the id of a job";
        problems.push(Draft::new(Code::BadPattern, &at.span, message).help(help));
        return None;
    }
    Some((file.to_owned(), job.map(str::to_owned)))
}
