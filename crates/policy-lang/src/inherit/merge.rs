//! Two trees become one: the most restrictive value of each key, as the tables say.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use super::Relaxation;
use super::lists::on_one_line;
use super::lists::{comparable_entries, entries_by_class, intersect_lists, unite_lists};
use super::overrides::{AllowedRelaxation, Overrides};
use super::strictness::{Strictness, compare_quantities, compare_texts, is_same_value};
use crate::{
    AlternativesType, Draft, Key, LanguageProblem, Merge, Node, PolicyFiles, ProblemCode, Problems,
    ValueType, WhenOmitted, quote,
};

/// A merge of one file with the files that it extends.
pub(super) struct ValueMerger<'m, C> {
    table: &'static [Key],
    overrides: &'m Overrides,
    /// Place of `extends`, where what a base leaves out is shown.
    extends: &'m Range<usize>,
    files: &'m PolicyFiles,
    problems: &'m mut Problems<C>,
    /// Relaxations of the file, each with its reason.
    pub loosened: Vec<Relaxation>,
    /// Root of the base while the file is merged with it; `None` while bases are merged with one another.
    base: Option<Rc<Node>>,
}

/// A key at one place of the tree.
struct MergeContext<'s> {
    key: &'static Key,
    path: String,
    /// Id of the rule with the key.
    rule: Option<&'s str>,
    /// Place where the base would have the key.
    place_in_base: Range<usize>,
    /// Meaning of a base that omits the key; `None` if the file may then set it.
    implied: Option<String>,
    /// `true` within two complete rules of two bases: each means something by what it omits.
    is_complete: bool,
    /// `true` if a smaller warn limit is stricter.
    is_smaller_stricter: bool,
}

/// A value of the base, or none, and one of the file.
type Pair<'n> = (Option<&'n Rc<Node>>, Option<&'n Rc<Node>>);

impl<'m, C: ProblemCode> ValueMerger<'m, C> {
    pub fn new(
        table: &'static [Key],
        overrides: &'m Overrides,
        extends: &'m Range<usize>,
        files: &'m PolicyFiles,
        problems: &'m mut Problems<C>,
    ) -> Self {
        Self { table, overrides, extends, files, problems, loosened: Vec::new(), base: None }
    }

    /// Merges two bases, neither of which is above the other.
    pub fn merge_bases(&mut self, one: &Rc<Node>, other: &Rc<Node>) -> Rc<Node> {
        self.base = None;
        self.merge_mapping(self.table, "", None, (Some(one), Some(other))).unwrap_or_else(|| Rc::clone(one))
    }

    /// Merges the file with what it inherits.
    pub fn merge_own(&mut self, base: &Rc<Node>, own: &Rc<Node>) -> Rc<Node> {
        self.base = Some(Rc::clone(base));
        self.merge_mapping(self.table, "", None, (Some(base), Some(own))).unwrap_or_else(|| Rc::clone(own))
    }

    /// Merges key by key, in the order of the table.
    fn merge_mapping(
        &mut self,
        keys: &'static [Key],
        path: &str,
        rule: Option<&str>,
        (base, own): Pair<'_>,
    ) -> Option<Rc<Node>> {
        let at = own.or(base)?;
        let has_required =
            |one: &Rc<Node>| keys.iter().all(|key| !key.required || one.get(key.name).is_some());
        // A complete rule also means something by the keys that it omits. An incomplete one only changes a rule.
        let is_complete = self.base.is_none()
            && rule.is_some()
            && path.is_empty()
            && [base, own].iter().all(|one| one.is_some_and(has_required));
        let mut pairs = Vec::new();
        for key in keys {
            let entry = |node: Option<&Rc<Node>>| node.and_then(|node| node.entry(key.name)).cloned();
            let (below, above) = (entry(base), entry(own));
            let Some((name, _)) = above.as_ref().or(below.as_ref()) else { continue };
            // Either of two bases may omit the key.
            let silent = if is_complete && above.is_none() { own } else { base };
            let rule_at = silent.filter(|_| rule.is_some());
            let context = MergeContext {
                key,
                rule,
                is_complete,
                place_in_base: rule_at.map_or_else(|| self.extends.clone(), |base| id_span(base)),
                implied: match is_complete {
                    true => meaning_when_omitted(key, rule_at),
                    false => self.implied_by_base(key, rule_at),
                },
                is_smaller_stricter: ![base, own].iter().flatten().any(|node| node.get("min").is_some()),
                path: if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) },
            };
            let values = (below.as_ref().map(|(_, value)| value), above.as_ref().map(|(_, value)| value));
            if let Some(value) = self.merge_value(&context, values) {
                pairs.push((Rc::clone(name), value));
            }
        }
        Some(Node::map(&at.span, pairs))
    }

    /// Returns the meaning of a base that omits a key.
    fn implied_by_base(&self, key: &Key, rule: Option<&Rc<Node>>) -> Option<String> {
        let base = self.base.as_ref()?;
        match (key.merge, key.default) {
            (Merge::Within(_) | Merge::Stands(Some(_)), WhenOmitted::Value(text)) => Some(text.to_owned()),
            // A base with this key left the other one out on purpose.
            (Merge::Stands(Some(anchor)) | Merge::Within(anchor), _) if has_path(base, anchor) => {
                Some("nothing".to_owned())
            }
            (Merge::Within(_), _) => None,
            (_, _) => meaning_when_omitted(key, rule),
        }
    }

    fn merge_value(&mut self, context: &MergeContext<'_>, (base, own): Pair<'_>) -> Option<Rc<Node>> {
        match (context.key.merge, context.key.value_type) {
            // The merged policy is complete: it needs `version`, and neither `extends` nor `override`.
            (Merge::Own, _) => own.or(base).filter(|_| context.key.name == "version").cloned(),
            (Merge::Nearest, _) => own.or(base).cloned(),
            (Merge::Keys, ValueType::Map(keys)) => {
                self.merge_mapping(keys, &context.path, context.rule, (base, own))
            }
            (Merge::Rules, ValueType::Maps(keys)) => self.merge_rules(keys, (base, own)),
            (_, ValueType::Alternatives(one)) => self.merge_alternatives(context, one, (base, own)),
            _ => self.merge_whole(context, (base, own)),
        }
    }

    /// Merges key by key if both values have the short form, and alternative by alternative otherwise.
    fn merge_alternatives(
        &mut self,
        context: &MergeContext<'_>,
        one: &'static AlternativesType,
        (base, own): Pair<'_>,
    ) -> Option<Rc<Node>> {
        if [base, own].iter().flatten().all(|node| (one.is_short)(node)) {
            return self.merge_mapping(one.short, &context.path, context.rule, (base, own));
        }
        let (Some(below), Some(above)) = (base, own) else { return self.merge_whole(context, (base, own)) };
        let (below, above) = ((one.to_list)(below), (one.to_list)(above));
        let merged = self.merge_whole(context, (Some(&below), Some(&above)))?;
        // If the file adds nothing, the inherited value stays as it is written.
        let is_inherited = comparable_entries(&merged) == comparable_entries(&below);
        base.filter(|_| is_inherited).cloned().or(Some(merged))
    }

    /// Merges two values that are compared as a whole.
    fn merge_whole(&mut self, context: &MergeContext<'_>, (base, own): Pair<'_>) -> Option<Rc<Node>> {
        if context.is_complete
            && let (Some(stated), None) | (None, Some(stated)) = (base, own)
        {
            return self.merge_with_default(context, stated);
        }
        let (Some(above), is_own) = (own, self.base.is_some()) else { return base.cloned() };
        let Some(below) = base else {
            // Between bases, an omitted key has no effect.
            let Some(implied) = context.implied.as_deref().filter(|_| is_own) else {
                return Some(Rc::clone(above));
            };
            return Some(self.decide(context, None, above, context.compare_with_default(implied, above)));
        };
        let strictness = match context.key.merge {
            merge @ (Merge::Adds | Merge::Globs) => {
                // A further exclusion takes away files that the base reads.
                let is_looser = matches!(merge, Merge::Globs)
                    && comparable_entries(above)
                        .difference(&comparable_entries(below))
                        .any(|glob| glob.starts_with('!'));
                if is_looser && is_own {
                    return Some(self.decide(context, Some(below), above, Strictness::Looser));
                }
                let lost = comparable_entries(below).difference(&comparable_entries(above)).count();
                if is_own
                    && lost > 0
                    && let Some(entry) = self.overrides.allow(context.rule, &context.path)
                {
                    self.record(context, Some(below), above, entry);
                    return Some(Rc::clone(above));
                }
                return Some(unite_lists(below, above));
            }
            Merge::Within(_) if is_own => compare_sets(&entries_by_class(below), &entries_by_class(above)),
            Merge::Within(_) => {
                // With nothing in common the list is empty, which is not the same as its default.
                let empty = || context.key.implied().map(|_| Node::list(&above.span, Vec::new()));
                return intersect_lists(below, above).or_else(empty);
            }
            // More entries are stricter, so two bases together have all of them.
            Merge::Covers if !is_own => return Some(unite_lists(below, above)),
            Merge::Covers => compare_sets(&comparable_entries(above), &comparable_entries(below)),
            Merge::Stands(_) => {
                // In a list of words the order counts: the first that applies wins.
                let is_ordered =
                    matches!(context.key.value_type, ValueType::List { of: ValueType::Word(_), .. });
                if is_same_value(below, above, is_ordered) { Strictness::Same } else { Strictness::Other }
            }
            merge @ (Merge::Own
            | Merge::Nearest
            | Merge::Greater
            | Merge::Smaller
            | Merge::Warn
            | Merge::Order(_)
            | Merge::Keys
            | Merge::Rules) => match (below.scalar(), above.scalar()) {
                (Some(below), Some(above)) => compare_texts(merge, context.is_smaller_stricter, below, above),
                (None, _) | (_, None) if is_same_value(below, above, true) => Strictness::Same,
                (None, _) | (_, None) => Strictness::Other,
            },
        };
        Some(self.decide(context, Some(below), above, strictness))
    }

    /// Merges a key that only one of two complete rules sets; the other rule's default takes part.
    fn merge_with_default(&mut self, context: &MergeContext<'_>, stated: &Rc<Node>) -> Option<Rc<Node>> {
        let Some(implied) = context.implied.as_deref() else { return Some(Rc::clone(stated)) };
        let strictness = context.compare_with_default(implied, stated);
        // A value that is looser than the default goes, and the stricter default applies.
        (strictness != Strictness::Looser).then(|| self.decide(context, None, stated, strictness))
    }

    /// Returns the stricter of two values, and reports a file that may not be looser.
    fn decide(
        &mut self,
        context: &MergeContext<'_>,
        base: Option<&Rc<Node>>,
        own: &Rc<Node>,
        strictness: Strictness,
    ) -> Rc<Node> {
        match strictness {
            Strictness::Same => return Rc::clone(base.unwrap_or(own)),
            Strictness::Stricter => return Rc::clone(own),
            // Neither of two bases may relax the other, so the stricter value wins without a message.
            Strictness::Looser if self.base.is_none() => return Rc::clone(base.unwrap_or(own)),
            Strictness::Looser | Strictness::Other => {}
        }
        if let Some(entry) = self.overrides.allow(context.rule, &context.path) {
            if self.base.is_some() {
                self.record(context, base, own, entry);
            }
            return Rc::clone(own);
        }
        let name = context.name();
        let (code, message, label) = if self.base.is_some() {
            let how = match strictness {
                Strictness::Same | Strictness::Stricter | Strictness::Looser => "looser than it is inherited",
                Strictness::Other => "not what is inherited, and neither is stricter",
            };
            let (own, inherited) = (on_one_line(own), context.inherited_text(base));
            let message = format!("{name} is {how}: {} instead of {}", quote(&own), quote(&inherited));
            (LanguageProblem::Loosened, message, "here")
        } else {
            let message = format!("the inherited policies disagree about {name}, and neither is stricter");
            (LanguageProblem::BasesDisagree, message, "one")
        };
        let draft = Draft::new(code.into(), &own.span, message).label(label).help(context.help());
        self.problems.push(match base {
            Some(base) => draft.see(&base.span, "inherited"),
            None => draft.see(&context.place_in_base, "left out by what is inherited here"),
        });
        Rc::clone(own)
    }

    fn record(
        &mut self,
        context: &MergeContext<'_>,
        base: Option<&Rc<Node>>,
        own: &Rc<Node>,
        entry: &AllowedRelaxation,
    ) {
        let place = base.map_or(&context.place_in_base, |base| &base.span);
        self.loosened.push(Relaxation {
            what: context.name(),
            from: (context.inherited_text(base), self.files.line(place)),
            to: (on_one_line(own), self.files.line(&own.span)),
            reason: entry.reason.clone(),
        });
    }

    /// Merges rules by their ids: the base's first, then those that only the file has.
    fn merge_rules(&mut self, keys: &'static [Key], (base, own): Pair<'_>) -> Option<Rc<Node>> {
        let at = own.or(base)?;
        let items = |list: Option<&Rc<Node>>| list.map(|list| list.items().to_vec()).unwrap_or_default();
        let mut own_rules: Vec<Option<Rc<Node>>> = items(own).into_iter().map(Some).collect();
        let mut merged = Vec::new();
        for rule in items(base) {
            let id = rule.get("id").and_then(|id| id.scalar());
            // Only the file itself may remove a rule, not one base a rule of another.
            if let Some(id) = id.filter(|_| self.base.is_some())
                && let Some(entry) = self.overrides.remove(id)
            {
                self.loosened.push(Relaxation {
                    what: format!("rule `{id}`"),
                    from: (on_one_line(&rule), self.files.line(&rule.span)),
                    to: ("removed".to_owned(), self.files.line(&entry.span)),
                    reason: entry.reason.clone(),
                });
                continue;
            }
            let same_id = |one: &&mut Option<Rc<Node>>| {
                id.is_some() && one.as_ref().is_some_and(|one| one.get("id").and_then(|id| id.scalar()) == id)
            };
            merged.push(match (id, own_rules.iter_mut().find(same_id).and_then(Option::take)) {
                (Some(id), Some(own)) => self.merge_rule(keys, id, &rule, &own),
                (_, _) => rule,
            });
        }
        merged.extend(own_rules.into_iter().flatten());
        Some(Node::list(&at.span, merged))
    }

    fn merge_rule(&mut self, keys: &'static [Key], id: &str, base: &Rc<Node>, own: &Rc<Node>) -> Rc<Node> {
        let merged = self.merge_mapping(keys, "", Some(id), (Some(base), Some(own)));
        let merged = merged.unwrap_or_else(|| Rc::clone(own));
        let (Some(warn), Some(limit)) = (merged.get("warn"), merged.get("max").or(merged.get("min"))) else {
            return merged;
        };
        // A tighter limit can overtake an inherited warn limit, which then has no effect.
        // The same node, and not an equal one: the file may repeat the inherited value.
        let is_inherited = base.get("warn").is_some_and(|one| Rc::ptr_eq(one, warn));
        let is_tightened = !base.get("max").or(base.get("min")).is_some_and(|one| Rc::ptr_eq(one, limit));
        let order =
            warn.scalar().zip(limit.scalar()).and_then(|(warn, limit)| compare_quantities(warn, limit));
        let is_overtaken = match order {
            Some(order) if merged.get("max").is_some() => order.is_ge(),
            Some(order) => order.is_le(),
            None => false,
        };
        if !(is_inherited && is_tightened && is_overtaken) {
            return merged;
        }
        let rest = merged.pairs().iter().filter(|(key, _)| key.scalar() != Some("warn"));
        Node::map(&merged.span, rest.cloned().collect())
    }
}

impl MergeContext<'_> {
    /// Compares a stated value with the default of the omitted key.
    fn compare_with_default(&self, implied: &str, stated: &Node) -> Strictness {
        match self.key.merge {
            Merge::Stands(_) => {
                let mut is_same = on_one_line(stated) == implied;
                if let ValueType::Custom(custom) = self.key.value_type
                    && let Some(text) = stated.scalar().and_then(custom.canonical)
                {
                    is_same |= text == implied;
                }
                if is_same { Strictness::Same } else { Strictness::Other }
            }
            Merge::Within(_) => compare_sets(&default_entries(implied), &entries_by_class(stated)),
            Merge::Covers => compare_sets(&comparable_entries(stated), &default_entries(implied)),
            merge @ (Merge::Own
            | Merge::Nearest
            | Merge::Greater
            | Merge::Smaller
            | Merge::Warn
            | Merge::Order(_)
            | Merge::Adds
            | Merge::Globs
            | Merge::Keys
            | Merge::Rules) => {
                compare_texts(merge, self.is_smaller_stricter, implied, stated.scalar().unwrap_or(""))
            }
        }
    }

    /// Returns the inherited value, or the meaning of the omitted key.
    fn inherited_text(&self, base: Option<&Rc<Node>>) -> String {
        base.map_or_else(|| self.implied.clone().unwrap_or_default(), |base| on_one_line(base))
    }

    /// Returns the key's name for a message: "`max` of the rule `rate`", "`releases.supported`".
    fn name(&self) -> String {
        match self.rule {
            Some(rule) => format!("`{}` of the rule {}", self.path, quote(rule)),
            None => format!("`{}`", self.path),
        }
    }

    fn help(&self) -> String {
        let target = match self.rule {
            Some(rule) => format!("rule: {}", quote(rule).trim_matches('`')),
            None => format!("key: {}", self.path),
        };
        format!("leave it out, or say why: `override: [{{ {target}, reason: … }}]`")
    }
}

/// Returns the meaning of an omitted key; `None` if the file may then set it.
fn meaning_when_omitted(key: &Key, rule: Option<&Rc<Node>>) -> Option<String> {
    match (key.merge, key.default) {
        (
            Merge::Stands(_) | Merge::Order(_) | Merge::Greater | Merge::Smaller | Merge::Covers,
            WhenOmitted::Meaning(words),
        ) => Some(words.to_owned()),
        (Merge::Stands(_), WhenOmitted::Computed(compute)) => compute(rule?),
        (Merge::Order(_) | Merge::Greater | Merge::Smaller | Merge::Covers, _) => {
            key.implied().map(str::to_owned)
        }
        (_, _) => None,
    }
}

/// Compares a list with the one that it must not exceed.
fn compare_sets(inherited: &BTreeSet<String>, new: &BTreeSet<String>) -> Strictness {
    match (new == inherited, new.is_subset(inherited)) {
        (true, _) => Strictness::Same,
        (false, true) => Strictness::Stricter,
        (false, false) => Strictness::Looser,
    }
}

/// Returns the entries of a default that is written as a list.
fn default_entries(list: &str) -> BTreeSet<String> {
    let items = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    items.map(|items| items.split(", ").map(str::to_owned).collect()).unwrap_or_default()
}

/// Returns the place of a rule's id.
fn id_span(rule: &Node) -> Range<usize> {
    rule.get("id").map_or_else(|| rule.span.clone(), |id| id.span.clone())
}

/// Returns `true` if a policy has a key, by its path.
fn has_path(policy: &Rc<Node>, path: &str) -> bool {
    path.split('.').try_fold(policy, |node, name| node.get(name)).is_some()
}
