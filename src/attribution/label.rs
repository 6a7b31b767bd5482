//! What labels say about releases, and who says it.

use super::answer::{AnswerContext, NamedProduct, VersionAnswer, VersionItem, VersionSet, read_answer};
use super::resolve::{Reading, resolve_versions};
use super::statement::{Claim, MethodStatement, Speaker, StatementSource, fold_name};
use crate::model::{AttributionMethod, Issue, LabelEvent, Phase, Role, Version, product_name, same_name};
use crate::policy::Policy;

/// Labels that are set within this many seconds of the opening are set with it: an issue form does so.
const WITH_THE_OPENING: i64 = 10;

/// What labels say by how they begin, whatever the policy says; letters only.
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

/// What the labels of an issue say.
pub(super) fn label_statements(
    issue: &Issue,
    phase: Phase,
    policy: &Policy,
    reading: &Reading<'_>,
) -> Vec<MethodStatement> {
    // The patterns of caught defects say nothing about an escaped one: a label of a release candidate does not undo a label
    // of production.
    let patterns = match phase {
        Phase::Escaped => policy.defects.escaped.labels().collect::<Vec<_>>(),
        Phase::Caught => policy.defects.caught.labels().collect::<Vec<_>>(),
    };
    let mut found = Vec::new();
    for label in &issue.labels {
        let by_pattern = patterns.iter().find_map(|pattern| pattern.matches(label)?.version);
        let meant = label_claim(label);
        let (says, value) = match (meant, by_pattern) {
            (Some((says, value)), None) => (says, value),
            (Some((says, _)), Some(version)) => (says, version),
            (None, Some(version)) => (Claim::FoundIn, version),
            (None, None) => continue,
        };
        let answer = label_answer(value, reading);
        // `affects/parser` is about something else.
        let is_about_versions = says == Claim::FoundIn || !answer.items.is_empty() || answer.unreleased;
        if !is_about_versions && !value.is_empty() {
            continue;
        }
        let event = last_set(issue, label);
        let source = StatementSource {
            says,
            by: label_speaker(issue, event, policy),
            at: event.map(|event| event.at),
            method: AttributionMethod::Label,
            place: format!("label `{label}`"),
        };
        let mut stated = source.stated(&answer, resolve_versions(&answer, reading, says.lines()));
        for one in &mut stated {
            one.attributes |= by_pattern.is_some();
        }
        found.extend(stated);
    }
    found
}

/// What a label says by how it begins, and the rest of it: `affects-7.5`, `found-in/v1.4.0`.
fn label_claim(label: &str) -> Option<(Claim, &str)> {
    let mut best = None;
    for (at, c) in label.char_indices().chain([(label.len(), '/')]) {
        // The words end where the version begins.
        if c.is_ascii_digit() || at > 40 {
            break;
        }
        if !matches!(c, '/' | ':' | '-' | ' ' | '=' | '_') {
            continue;
        }
        let words = fold_name(&label[..at]);
        if let Some((_, says)) = MEANINGS.iter().find(|(meaning, _)| *meaning == words) {
            best = Some((*says, label[at..].trim_start_matches(['/', ':', '-', ' ', '=', '_'])));
        }
    }
    best
}

/// A label's value: one version, with the product that is written before it.
fn label_answer(value: &str, reading: &Reading<'_>) -> VersionAnswer {
    let Some((version, place)) = Version::locate(value).filter(|(version, _)| version.is_all_of(value))
    else {
        return value_answer(value, reading);
    };
    let context = AnswerContext { own: &reading.own, skips: &|_| false };
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

/// A text that is an answer as a whole, such as the value of a field.
pub(super) fn value_answer(value: &str, reading: &Reading<'_>) -> VersionAnswer {
    read_answer(value.lines(), AnswerContext { own: &reading.own, skips: &|_| false })
}

/// The last time that a label was set.
fn last_set<'t>(issue: &'t Issue, label: &str) -> Option<&'t LabelEvent> {
    let history = issue.label_history.as_ref()?;
    history.events.iter().rev().find(|event| event.set && same_name(&event.label, label))
}

/// Who says what a label says. Setting one takes triage rights, but for what an issue form sets in its author's name.
fn label_speaker(issue: &Issue, event: Option<&LabelEvent>, policy: &Policy) -> Speaker {
    let author =
        if issue.author_role == Some(Role::Maintainer) { Speaker::Maintainer } else { Speaker::Reporter };
    let Some(event) = event else {
        // Snapshots of schema 1 do not say who set a label. A history without the event means that it came with the opening.
        return if issue.label_history.is_some() { author } else { Speaker::Maintainer };
    };
    let Some(by) = &event.by else {
        return if is_with_opening(issue, event) && issue.author_role.is_some() {
            author
        } else {
            Speaker::Maintainer
        };
    };
    let login = by.login.as_deref().unwrap_or_default();
    let is_bot = policy.bots.iter().any(|bot| is_same_account(bot, login));
    let is_author = by.login.is_some() && by.login == issue.author;
    match () {
        () if is_bot => Speaker::Reporter,
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
