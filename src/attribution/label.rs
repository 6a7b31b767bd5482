//! What labels say about releases, and who says it.

use super::answer::{Answer, Context, Item, Kind, Name, read_answer};
use super::resolve::{Reading, resolve};
use super::statement::{Says, Source, Speaker, Stated, squeeze};
use crate::model::{Issue, LabelEvent, Method, Phase, Role, Version, product_name, same_name};
use crate::policy::Policy;

/// Labels that are set within this many seconds of the opening are set with it: an issue form does so.
const WITH_THE_OPENING: i64 = 10;

/// What labels say by how they begin, whatever the policy says; letters only.
const MEANINGS: [(&str, Says); 16] = [
    ("notaffected", Says::NotAffected),
    ("notaffectedin", Says::NotAffected),
    ("notaffects", Says::NotAffected),
    ("doesnotaffect", Says::NotAffected),
    ("unaffected", Says::NotAffected),
    ("unaffects", Says::NotAffected),
    ("mayaffect", Says::MayAffect),
    ("mayaffects", Says::MayAffect),
    ("affects", Says::Affects),
    ("affected", Says::Affects),
    ("affectsversion", Says::Affects),
    ("foundin", Says::FoundIn),
    ("foundinversion", Says::FoundIn),
    ("foundinrelease", Says::FoundIn),
    ("fixedin", Says::FixedIn),
    ("fixedinversion", Says::FixedIn),
];

/// What the labels of an issue say.
pub(super) fn label_statements(
    ticket: &Issue,
    phase: Phase,
    policy: &Policy,
    reading: &Reading<'_>,
) -> Vec<Stated> {
    // The patterns of caught defects say nothing about an escaped one: a label of a release candidate does not undo a label
    // of production.
    let patterns = match phase {
        Phase::Escaped => policy.defects.escaped.labels().collect::<Vec<_>>(),
        Phase::Caught => policy.defects.caught.labels().collect::<Vec<_>>(),
    };
    let mut found = Vec::new();
    for label in &ticket.labels {
        let by_pattern = patterns.iter().find_map(|pattern| pattern.matches(label)?.version);
        let meant = meaning(label);
        let (says, value) = match (meant, by_pattern) {
            (Some((says, value)), None) => (says, value),
            (Some((says, _)), Some(version)) => (says, version),
            (None, Some(version)) => (Says::FoundIn, version),
            (None, None) => continue,
        };
        let answer = by_label(value, reading);
        // `affects/parser` is about something else.
        let is_about_versions = says == Says::FoundIn || !answer.items.is_empty() || answer.unreleased;
        if !is_about_versions && !value.is_empty() {
            continue;
        }
        let event = last_set(ticket, label);
        let source = Source {
            says,
            by: speaker(ticket, event, policy),
            at: event.map(|event| event.at),
            method: Method::Label,
            place: format!("label `{label}`"),
        };
        let mut stated = source.stated(&answer, resolve(&answer, reading, says.lines()));
        for one in &mut stated {
            one.attributes |= by_pattern.is_some();
        }
        found.extend(stated);
    }
    found
}

/// What a label says by how it begins, and the rest of it: `affects-7.5`, `found-in/v1.4.0`.
fn meaning(label: &str) -> Option<(Says, &str)> {
    let mut best = None;
    for (at, c) in label.char_indices().chain([(label.len(), '/')]) {
        // The words end where the version begins.
        if c.is_ascii_digit() || at > 40 {
            break;
        }
        if !matches!(c, '/' | ':' | '-' | ' ' | '=' | '_') {
            continue;
        }
        let words = squeeze(&label[..at]);
        if let Some((_, says)) = MEANINGS.iter().find(|(meaning, _)| *meaning == words) {
            best = Some((*says, label[at..].trim_start_matches(['/', ':', '-', ' ', '=', '_'])));
        }
    }
    best
}

/// A label's value: one version, with the product that is written before it.
fn by_label(value: &str, reading: &Reading<'_>) -> Answer {
    let Some((version, place)) = Version::locate(value).filter(|(version, _)| version.is_all_of(value))
    else {
        return by_form_label(value, reading);
    };
    let context = Context { own: &reading.own, skips: &|_| false };
    let product = product_name(&value[..place.start]).filter(|name| !context.is_own(name));
    let name = product.clone().map_or(Name::None, Name::Other);
    let item = Item {
        kind: Kind::One(version),
        name,
        joined_name: product,
        // A label is written for this purpose.
        is_joined_name_meant: true,
        text: value.to_owned(),
        mentioned: false,
        alone: true,
    };
    Answer { items: vec![item], has_text: true, ..Answer::default() }
}

/// A text that is an answer as a whole, such as the value of a field.
pub(super) fn by_form_label(value: &str, reading: &Reading<'_>) -> Answer {
    read_answer(value.lines(), Context { own: &reading.own, skips: &|_| false })
}

/// The last time that a label was set.
fn last_set<'t>(ticket: &'t Issue, label: &str) -> Option<&'t LabelEvent> {
    let history = ticket.label_history.as_ref()?;
    history.events.iter().rev().find(|event| event.set && same_name(&event.label, label))
}

/// Who says what a label says. Setting one takes triage rights, but for what an issue form sets in its author's name.
fn speaker(ticket: &Issue, event: Option<&LabelEvent>, policy: &Policy) -> Speaker {
    let author =
        if ticket.author_role == Some(Role::Maintainer) { Speaker::Maintainer } else { Speaker::Reporter };
    let Some(event) = event else {
        // Snapshots of schema 1 do not say who set a label. A history without the event means that it came with the opening.
        return if ticket.label_history.is_some() { author } else { Speaker::Maintainer };
    };
    let Some(by) = &event.by else {
        return if is_with_opening(ticket, event) && ticket.author_role.is_some() {
            author
        } else {
            Speaker::Maintainer
        };
    };
    let login = by.login.as_deref().unwrap_or_default();
    let is_bot = policy.bots.iter().any(|bot| is_account(bot, login));
    let is_author = by.login.is_some() && by.login == ticket.author;
    match () {
        () if is_bot => Speaker::Reporter,
        () if is_author && is_with_opening(ticket, event) => author,
        () => Speaker::Maintainer,
    }
}

fn is_with_opening(ticket: &Issue, event: &LabelEvent) -> bool {
    event.at.duration_since(ticket.created_at).as_secs() <= WITH_THE_OPENING
}

/// Returns `true` if both are one account: GitHub shows an app's as `name[bot]`.
fn is_account(one: &str, other: &str) -> bool {
    let plain = |login: &str| login.trim_start_matches('@').trim_end_matches("[bot]").to_lowercase();
    !other.is_empty() && plain(one) == plain(other)
}
