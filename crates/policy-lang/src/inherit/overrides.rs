//! The entries of `override`: what a policy may relax, and whether each entry is needed.

use std::cell::Cell;
use std::ops::Range;

use crate::characters::has_visible_text;
use crate::{
    Draft, Field, Fields, Key, LanguageProblem, Merge, Node, ProblemCode, Problems, ValueType, find_key,
    quote, read_entries, read_text,
};

/// Keys of an entry of `override`.
pub const OVERRIDE: &[Key] = &[
    Key::new("rule", ValueType::Name, Merge::Own, "Inherited rule that this policy loosens."),
    Key::new("remove", ValueType::Name, Merge::Own, "Inherited rule that this policy removes."),
    Key::new(
        "key",
        ValueType::Text,
        Merge::Own,
        "Inherited key that this policy loosens: `releases.supported`.",
    ),
    Key::new("reason", ValueType::Text, Merge::Own, "Reason. The report prints it.").required(),
];

/// An entry of `override` as it is written.
#[derive(Debug)]
pub struct OverrideEntry {
    span: Range<usize>,
    rule: Field<String>,
    remove: Field<String>,
    key: Field<String>,
    reason: Field<String>,
}

/// Reads the list `override`. Entries that are not mappings are reported and left out.
pub fn read_overrides<C: ProblemCode>(
    node: &Node,
    name: &str,
    problems: &mut Problems<C>,
) -> Option<Vec<OverrideEntry>> {
    read_entries(node, name, problems, |item, problems| {
        let fields = Fields::open(item, "an override", OVERRIDE, problems)?;
        Some(OverrideEntry {
            span: item.span.clone(),
            rule: fields.get("rule", problems, read_text),
            remove: fields.get("remove", problems, read_text),
            key: fields.get("key", problems, read_text),
            reason: fields.get("reason", problems, read_text),
        })
    })
}

/// The entries of `override` of one file.
#[derive(Debug)]
pub struct Overrides(Vec<AllowedRelaxation>);

/// A relaxation that a file allows itself, with its reason.
#[derive(Debug)]
pub(super) struct AllowedRelaxation {
    target: OverrideTarget,
    pub(super) reason: String,
    pub(super) span: Range<usize>,
    is_used: Cell<bool>,
}

#[derive(Debug, PartialEq, Eq)]
enum OverrideTarget {
    Rule(String),
    Remove(String),
    Key(String),
}

impl Overrides {
    /// Returns the entries that can be used, and reports the others.
    pub fn new<C: ProblemCode>(field: &Field<Vec<OverrideEntry>>, problems: &mut Problems<C>) -> Self {
        let entries = field.good().map(|at| at.value.as_slice()).unwrap_or_default();
        Self(entries.iter().filter_map(|one| check_override(one, problems)).collect())
    }

    /// Reports all entries of a policy that inherits nothing.
    pub fn report_without_base<C: ProblemCode>(&self, problems: &mut Problems<C>) {
        for entry in &self.0 {
            let message = "nothing can be overridden: this policy inherits from no other";
            let draft = Draft::new(LanguageProblem::NothingToOverride.into(), &entry.span, message);
            problems.push(draft.help("remove it, or add `extends`"));
        }
    }

    /// Returns the entry that allows this key to be looser, and marks it as used.
    pub(super) fn allow(&self, rule: Option<&str>, path: &str) -> Option<&AllowedRelaxation> {
        self.take(|target| match (target, rule) {
            (OverrideTarget::Rule(id), Some(rule)) => id == rule,
            // Not within rules, where `key: max` would relax every rule.
            (OverrideTarget::Key(key), None) => key == path,
            (OverrideTarget::Rule(_) | OverrideTarget::Key(_) | OverrideTarget::Remove(_), _) => false,
        })
    }

    /// Returns the entry that removes a rule, and marks it as used.
    pub(super) fn remove(&self, rule: &str) -> Option<&AllowedRelaxation> {
        self.take(|target| matches!(target, OverrideTarget::Remove(id) if id == rule))
    }

    /// Reports the entries that no value needed, and those that name nothing.
    pub(super) fn report_unused<C: ProblemCode>(
        &self,
        table: &'static [Key],
        inherited: &Node,
        problems: &mut Problems<C>,
    ) {
        // An entry without effect would silently allow a relaxation once the base becomes stricter.
        for entry in self.0.iter().filter(|entry| !entry.is_used.get()) {
            let (is_known, name) = match &entry.target {
                OverrideTarget::Rule(id) | OverrideTarget::Remove(id) => {
                    (has_rule_id(inherited, id), format!("rule {}", quote(id)))
                }
                OverrideTarget::Key(path) => {
                    (is_inheritable_key(table, path), format!("key {}", quote(path)))
                }
            };
            problems.push(if is_known {
                let message = format!("nothing about the {name} is looser than it is inherited");
                Draft::new(LanguageProblem::UnusedOverride.into(), &entry.span, message)
                    .help("remove this override")
            } else {
                let message = format!("there is no inherited {name}");
                Draft::new(LanguageProblem::NothingToOverride.into(), &entry.span, message)
                    .help("name a rule by its id, or a key by its path, such as `releases.supported`")
            });
        }
    }

    fn take(&self, fits: impl Fn(&OverrideTarget) -> bool) -> Option<&AllowedRelaxation> {
        let entry = self.0.iter().find(|entry| fits(&entry.target))?;
        entry.is_used.set(true);
        Some(entry)
    }
}

fn check_override<C: ProblemCode>(
    entry: &OverrideEntry,
    problems: &mut Problems<C>,
) -> Option<AllowedRelaxation> {
    let named: Vec<OverrideTarget> = [
        entry.rule.good().map(|at| OverrideTarget::Rule(at.value.clone())),
        entry.remove.good().map(|at| OverrideTarget::Remove(at.value.clone())),
        entry.key.good().map(|at| OverrideTarget::Key(at.value.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    let is_bad = [&entry.rule, &entry.remove, &entry.key].iter().any(|field| matches!(field, Field::Bad));
    let reason = match &entry.reason {
        Field::Absent => {
            let code = LanguageProblem::MissingKey.into();
            let draft = Draft::new(code, &entry.span, "an override needs `reason`");
            problems.push(draft.help("add `reason`: the report prints it"));
            None
        }
        Field::Bad => None,
        // A text can consist of characters that show nothing, such as zero-width spaces.
        Field::Good(at) if !has_visible_text(&at.value) => {
            let draft = Draft::new(LanguageProblem::EmptyText.into(), &at.span, "an empty reason");
            problems.push(draft.help("say why: the report prints it"));
            None
        }
        Field::Good(at) => Some(at.value.trim().to_owned()),
    };
    let count = named.len();
    let target = named.into_iter().next().filter(|_| count == 1);
    // A value that cannot be read is reported already.
    if target.is_none() && !is_bad {
        let message = "an override names one thing: `rule`, `remove` or `key`";
        let help = "write `rule: ID` to loosen a rule, `remove: ID` to do without it, `key: releases.supported` for another key";
        problems.push(Draft::new(LanguageProblem::OverrideTarget.into(), &entry.span, message).help(help));
    }
    let (target, reason, span) = (target?, reason?, entry.span.clone());
    Some(AllowedRelaxation { target, reason, span, is_used: Cell::new(false) })
}

fn has_rule_id(policy: &Node, id: &str) -> bool {
    let rules = policy.get("rules").map(|rules| rules.items()).unwrap_or_default();
    rules.iter().any(|rule| rule.get("id").and_then(|id| id.scalar()) == Some(id))
}

/// Returns `true` for the path of a key that can be inherited.
fn is_inheritable_key(keys: &'static [Key], path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match find_key(keys, name) {
        Some(Key { merge: Merge::Keys, value_type: ValueType::Map(inner), .. }) => {
            rest.is_some_and(|rest| is_inheritable_key(inner, rest))
        }
        Some(Key { value_type: ValueType::Alternatives(one), .. }) => {
            rest.is_none_or(|rest| is_inheritable_key(one.short, rest))
        }
        // A rule is named by its id under `rule`, not by a path.
        Some(Key { merge: Merge::Own | Merge::Rules, .. }) | None => false,
        Some(_) => rest.is_none(),
    }
}
