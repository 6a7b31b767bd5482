//! Reads statements about releases in labels, and decides who makes them.

use super::answer::{AnswerContext, NamedProduct, VersionAnswer, VersionItem, VersionSet, read_answer};
use super::issue_statements::SourceAnswer;
use super::resolve::folds_to;
use super::statement::{Claim, Speaker, StatementSource};
use crate::model::{AttributionMethod, Issue, LabelEvent, Phase, Role, Version, product_name, same_name};
use crate::policy::Policy;

/// Seconds after the opening within which a label counts as set by the issue form. GitHub sets the labels of a form a moment
/// after it creates the issue.
const WITH_THE_OPENING: i64 = 10;

/// Claims of labels by their first words, independent of the policy. Letters only, in lower case.
const MEANINGS: [(&str, Claim); 16] = [
    ("notaffected", Claim::NotAffected),
    ("notaffectedin", Claim::NotAffected),
    ("notaffects", Claim::NotAffected),
    ("doesnotaffect", Claim::NotAffected),
    ("unaffected", Claim::NotAffected),
    ("unaffects", Claim::NotAffected),
    ("mayaffect", Claim::MayAffect),
    ("mayaffects", Claim::MayAffect),
    ("affects", Claim::Affects),
    ("affected", Claim::Affects),
    ("affectsversion", Claim::Affects),
    ("foundin", Claim::FoundIn),
    ("foundinversion", Claim::FoundIn),
    ("foundinrelease", Claim::FoundIn),
    ("fixedin", Claim::FixedIn),
    ("fixedinversion", Claim::FixedIn),
];

/// Reads the statements of the labels of an issue.
pub(super) fn label_statements(
    issue: &Issue,
    phase: Phase,
    policy: &Policy,
    own: &[String],
) -> Vec<SourceAnswer> {
    // The patterns of caught defects say nothing about an escaped one: a label of a release candidate does not undo a label
    // of production.
    let patterns = match phase {
        Phase::Escaped => policy.defects.escaped.labels().collect::<Vec<_>>(),
        Phase::Caught => policy.defects.caught.labels().collect::<Vec<_>>(),
    };
    let mut found = Vec::new();
    for label in &issue.labels {
        // The policy can name labels in the team's own words, such as `customer/{version}`. It wins
        // over the built-in words.
        let by_pattern = patterns.iter().find_map(|pattern| pattern.matches(label)?.version);
        let meant = label_claim(label);
        let (says, value) = match (meant, by_pattern) {
            (Some((says, value)), None) => (says, value),
            (Some((says, _)), Some(version)) => (says, version),
            (None, Some(version)) => (Claim::FoundIn, version),
            (None, None) => continue,
        };
        let answer = label_answer(value, own);
        // `affects/parser` is about something else.
        let is_about_versions = says == Claim::FoundIn || !answer.items.is_empty() || answer.unreleased;
        if !is_about_versions && !value.is_empty() {
            continue;
        }
        let event = last_set(issue, label);
        let said = (says, label_speaker(issue, event, policy), event.map(|event| event.at));
        let source =
            StatementSource::new(said, AttributionMethod::Label, format!("label `{label}`"), &answer);
        found.push(SourceAnswer { source, answer, attributes: by_pattern.is_some() });
    }
    found
}

/// Returns the claim of a label by its first words, and the rest of the label: `affects-7.5`, `found-in/v1.4.0`.
fn label_claim(label: &str) -> Option<(Claim, &str)> {
    let mut best = None;
    for (at, c) in label.char_indices().chain([(label.len(), '/')]) {
        // The words end where the version begins.
        if c.is_ascii_digit() || at > 40 {
            break;
        }
        // A claim ends at a separator: `affectsall` is some other word.
        if !matches!(c, '/' | ':' | '-' | ' ' | '=' | '_') {
            continue;
        }
        if let Some((_, claim)) = MEANINGS.iter().find(|(words, _)| folds_to(&label[..at], words)) {
            // Go on after a hit: `affects` also begins `affects-version/1.4`, and the longer words
            // are meant.
            best = Some((*claim, label[at..].trim_start_matches(['/', ':', '-', ' ', '=', '_'])));
        }
    }
    best
}

/// Reads the value of a label: one version, with the product that is written before it.
fn label_answer(value: &str, own: &[String]) -> VersionAnswer {
    let Some((version, place)) = Version::locate(value).filter(|(version, _)| version.is_all_of(value))
    else {
        return value_answer(value, own);
    };
    let context = AnswerContext { own, skips: &|_| false };
    let product = product_name(&value[..place.start]).filter(|name| !context.is_own(name));
    let name = product.clone().map_or(NamedProduct::None, NamedProduct::Other);
    let item = VersionItem {
        kind: VersionSet::One(version),
        name,
        joined_name: product,
        // A label is written for this purpose.
        is_joined_name_meant: true,
        text: value.to_owned(),
        mentioned: false,
        alone: true,
    };
    VersionAnswer { items: vec![item], has_text: true, ..VersionAnswer::default() }
}

/// Reads a text that is an answer as a whole, such as the value of a field.
pub(super) fn value_answer(value: &str, own: &[String]) -> VersionAnswer {
    read_answer(value.lines(), AnswerContext { own, skips: &|_| false })
}

/// Returns the event by which a label was set last.
fn last_set<'t>(issue: &'t Issue, label: &str) -> Option<&'t LabelEvent> {
    let history = issue.label_history.as_ref()?;
    // The last one: whoever sets a label again after it was removed takes responsibility for it.
    history.events.iter().rev().find(|event| event.set && same_name(&event.label, label))
}

/// Returns who makes the statement of a label. Setting a label takes triage rights, except for labels that an issue form sets
/// in the name of the author.
fn label_speaker(issue: &Issue, event: Option<&LabelEvent>, policy: &Policy) -> Speaker {
    let author =
        if issue.author_role == Some(Role::Maintainer) { Speaker::Maintainer } else { Speaker::Reporter };
    let Some(event) = event else {
        // Snapshots of schema 1 do not say who set a label. A history without the event means that it came with the opening.
        return if issue.label_history.is_some() { author } else { Speaker::Maintainer };
    };
    // GitHub shows no actor once the account is deleted. Only people with triage rights set labels
    // later, so the time decides.
    let Some(by) = &event.by else {
        return if is_with_opening(issue, event) && issue.author_role.is_some() {
            author
        } else {
            Speaker::Maintainer
        };
    };
    let login = by.login.as_deref().unwrap_or_default();
    // A bot that copies the version of the form into a label repeats the reporter. Its label is no
    // triage.
    let is_bot = policy.bots.iter().any(|bot| is_same_account(bot, login));
    let is_author = by.login.is_some() && by.login == issue.author;
    match () {
        () if is_bot => Speaker::Reporter,
        // A form sets its labels in the name of the author, who needs no rights for that.
        () if is_author && is_with_opening(issue, event) => author,
        () => Speaker::Maintainer,
    }
}

fn is_with_opening(issue: &Issue, event: &LabelEvent) -> bool {
    event.at.duration_since(issue.created_at).as_secs() <= WITH_THE_OPENING
}

/// Returns `true` if both are one account: GitHub shows an app's as `name[bot]`.
fn is_same_account(one: &str, other: &str) -> bool {
    let plain = |login: &str| login.trim_start_matches('@').trim_end_matches("[bot]").to_lowercase();
    !other.is_empty() && plain(one) == plain(other)
}
