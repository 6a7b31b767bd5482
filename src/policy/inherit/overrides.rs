//! What a policy may loosen: the entries of `override`, and whether each is needed.

use std::cell::Cell;
use std::ops::Range;

use super::super::code::Code;
use super::super::diagnostic::{Draft, Problems, quote};
use super::super::keys::{self, Key, Merge, ValueType};
use super::super::raw::{Field, RawOverride};
use super::super::yaml::Node;
use crate::model::has_visible_text;

/// The entries of one file.
pub(super) struct Overrides(Vec<OverrideEntry>);

/// One of them.
pub(super) struct OverrideEntry {
    target: OverrideTarget,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub span: Range<usize>,
    used: Cell<bool>,
}

#[derive(PartialEq, Eq)]
enum OverrideTarget {
    Rule(String),
    Remove(String),
    Key(String),
}

impl Overrides {
    /// The entries that can be used; what is wrong with the others is reported.
    pub fn read(field: &Field<Vec<RawOverride>>, problems: &mut Problems) -> Self {
        let raw = field.good().map(|at| at.value.as_slice()).unwrap_or_default();
        Self(raw.iter().filter_map(|one| read_override_entry(one, problems)).collect())
    }

    /// The entry that allows this key to be looser; marks it as used.
    pub fn allow(&self, rule: Option<&str>, path: &str) -> Option<&OverrideEntry> {
        self.take(|target| match (target, rule) {
            (OverrideTarget::Rule(id), Some(rule)) => id == rule,
            (OverrideTarget::Key(key), None) => key == path,
            (OverrideTarget::Rule(_) | OverrideTarget::Key(_) | OverrideTarget::Remove(_), _) => false,
        })
    }

    /// The entry that takes a rule out; marks it as used.
    pub fn remove(&self, rule: &str) -> Option<&OverrideEntry> {
        self.take(|target| matches!(target, OverrideTarget::Remove(id) if id == rule))
    }

    /// Reports all entries of a policy that inherits nothing.
    pub fn without_base(&self, problems: &mut Problems) {
        for entry in &self.0 {
            let message = "nothing can be overridden: this policy inherits from no other";
            let draft = Draft::new(Code::NothingToOverride, &entry.span, message);
            problems.push(draft.help("remove it, or add `extends`"));
        }
    }

    /// Reports the entries that nothing needed, and those that name nothing.
    pub fn unused(&self, inherited: &Node, problems: &mut Problems) {
        for entry in self.0.iter().filter(|entry| !entry.used.get()) {
            let (is_known, name) = match &entry.target {
                OverrideTarget::Rule(id) | OverrideTarget::Remove(id) => {
                    (has_rule_id(inherited, id), format!("rule {}", quote(id)))
                }
                OverrideTarget::Key(path) => {
                    (is_inheritable_key(keys::POLICY, path), format!("key {}", quote(path)))
                }
            };
            problems.push(if is_known {
                let message = format!("nothing about the {name} is looser than it is inherited");
                Draft::new(Code::UnusedOverride, &entry.span, message).help("remove this override")
            } else {
                let message = format!("there is no inherited {name}");
                Draft::new(Code::NothingToOverride, &entry.span, message)
                    .help("name a rule by its id, or a key by its path, such as `releases.supported`")
            });
        }
    }

    fn take(&self, fits: impl Fn(&OverrideTarget) -> bool) -> Option<&OverrideEntry> {
        let entry = self.0.iter().find(|entry| fits(&entry.target))?;
        entry.used.set(true);
        Some(entry)
    }
}

fn read_override_entry(raw: &RawOverride, problems: &mut Problems) -> Option<OverrideEntry> {
    let named: Vec<OverrideTarget> = [
        raw.rule.good().map(|at| OverrideTarget::Rule(at.value.clone())),
        raw.remove.good().map(|at| OverrideTarget::Remove(at.value.clone())),
        raw.key.good().map(|at| OverrideTarget::Key(at.value.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    let bad = [&raw.rule, &raw.remove, &raw.key].iter().any(|field| matches!(field, Field::Bad));
    let reason = match &raw.reason {
        Field::Absent => {
            let draft = Draft::new(Code::MissingKey, &raw.span, "an override needs `reason`");
            problems.push(draft.help("add `reason`: the report prints it"));
            None
        }
        Field::Bad => None,
        Field::Good(at) if !has_visible_text(&at.value) => {
            let draft = Draft::new(Code::EmptyText, &at.span, "an empty reason");
            problems.push(draft.help("say why: the report prints it"));
            None
        }
        Field::Good(at) => Some(at.value.trim().to_owned()),
    };
    let count = named.len();
    let target = named.into_iter().next().filter(|_| count == 1);
    if target.is_none() && !bad {
        let message = "an override names one thing: `rule`, `remove` or `key`";
        let help = "write `rule: ID` to loosen a rule, `remove: ID` to do without it, `key: releases.supported` for another key";
        problems.push(Draft::new(Code::OverrideTarget, &raw.span, message).help(help));
    }
    Some(OverrideEntry { target: target?, reason: reason?, span: raw.span.clone(), used: Cell::new(false) })
}

fn has_rule_id(policy: &Node, id: &str) -> bool {
    let rules = policy.get("rules").map(|rules| rules.items()).unwrap_or_default();
    rules.iter().any(|rule| rule.get("id").and_then(|id| id.scalar()) == Some(id))
}

/// True for the path of a key that can be inherited.
fn is_inheritable_key(keys: &'static [Key], path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match keys::find_key(keys, name) {
        Some(Key { merge: Merge::Keys, shape: ValueType::Map(inner), .. }) => {
            rest.is_some_and(|rest| is_inheritable_key(inner, rest))
        }
        Some(Key { shape: ValueType::Selector(short, _), .. }) => {
            rest.is_none_or(|rest| is_inheritable_key(short, rest))
        }
        Some(Key { merge: Merge::Own | Merge::Rules, .. }) | None => false,
        Some(_) => rest.is_none(),
    }
}
