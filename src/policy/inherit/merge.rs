//! Two trees become one: the most restrictive value of each key, as the tables of [`keys`] say.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use super::super::code::Code;
use super::super::diagnostic::{Draft, Problems, quote};
use super::super::keys::{self, Key, Merge, ValueType, WhenOmitted};
use super::super::source::PolicyFiles;
use super::super::validate;
use super::super::yaml::Node;
use super::Relaxation;
use super::lists::{
    alternatives, comparable_entries, entries_by_class, intersect_lists, is_short_selector, unite_lists,
};
use super::order::{self, Strictness, compare_quantities, is_same_value, on_one_line};
use super::overrides::{OverrideEntry, Overrides};
use crate::model::MetricId;

/// A merge of one file with what it inherits.
pub(super) struct ValueMerger<'m> {
    overrides: &'m Overrides,
    /// Where `extends` stands: what a base does not say is said there.
    extends: &'m Range<usize>,
    files: &'m PolicyFiles,
    problems: &'m mut Problems,
    /// What the file loosens, with a reason.
    pub loosened: Vec<Relaxation>,
    /// The base's root, while the file itself is merged with it; none while bases are merged with one another.
    base: Option<Rc<Node>>,
}

/// A key of the format, where it stands.
struct MergeContext<'s> {
    key: &'static Key,
    path: String,
    /// The rule it is in.
    rule: Option<&'s str>,
    /// Where it would stand in the base.
    silence: Range<usize>,
    /// What holds if the base does not say: none if that is the file's to say.
    implied: Option<String>,
    /// True within two rules of bases that are whole, each of which means something by what it leaves out.
    whole: bool,
    /// True if less is stricter for a warn limit.
    smaller: bool,
}

impl MergeContext<'_> {
    /// What is said beside what holds where nothing is.
    fn compare_with_default(&self, implied: &str, said: &Node) -> Strictness {
        match self.key.merge {
            Merge::Stands(_) => compare_with_meaning(self.key, implied, said),
            Merge::Within(_) => compare_sets(&default_entries(implied), &entries_by_class(said)),
            Merge::Covers => compare_sets(&comparable_entries(said), &default_entries(implied)),
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
                order::compare_texts(merge, self.smaller, implied, said.scalar().unwrap_or(""))
            }
        }
    }
}

/// A value of the base, or none, and one of the file.
type Pair<'n> = (Option<&'n Rc<Node>>, Option<&'n Rc<Node>>);

impl<'m> ValueMerger<'m> {
    /// A merge that has not begun.
    pub fn new(
        overrides: &'m Overrides,
        extends: &'m Range<usize>,
        files: &'m PolicyFiles,
        problems: &'m mut Problems,
    ) -> Self {
        Self { overrides, extends, files, problems, loosened: Vec::new(), base: None }
    }

    /// Two bases: neither is above the other.
    pub fn side_by_side(&mut self, one: &Rc<Node>, other: &Rc<Node>) -> Rc<Node> {
        self.base = None;
        self.mapping(keys::POLICY, "", None, (Some(one), Some(other))).unwrap_or_else(|| Rc::clone(one))
    }

    /// The file over what it inherits.
    pub fn own(&mut self, base: &Rc<Node>, own: &Rc<Node>) -> Rc<Node> {
        self.base = Some(Rc::clone(base));
        self.mapping(keys::POLICY, "", None, (Some(base), Some(own))).unwrap_or_else(|| Rc::clone(own))
    }

    /// Key by key, in the order of the table.
    fn mapping(
        &mut self,
        keys: &'static [Key],
        path: &str,
        rule: Option<&str>,
        (base, own): Pair<'_>,
    ) -> Option<Rc<Node>> {
        let at = own.or(base)?;
        let mut pairs = Vec::new();
        for key in keys {
            let entry = |node: Option<&Rc<Node>>| node.and_then(|node| node.entry(key.name)).cloned();
            let (below, above) = (entry(base), entry(own));
            let Some((name, _)) = above.as_ref().or(below.as_ref()) else { continue };
            let path = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
            let whole = self.base.is_none()
                && [base, own].iter().all(|one| one.is_some_and(|one| one.get("metric").is_some()));
            // Of two bases either may be the one that says nothing.
            let silent = if whole && above.is_none() { own } else { base };
            let rule_at = silent.filter(|_| rule.is_some());
            let spot = MergeContext {
                key,
                rule,
                whole,
                silence: rule_at.map_or_else(|| self.extends.clone(), |base| id_span(base)),
                implied: if whole { meaning_when_omitted(key, rule_at) } else { self.implied(key, rule_at) },
                smaller: ![base, own].iter().flatten().any(|node| node.get("min").is_some()),
                path,
            };
            let values = (below.as_ref().map(|(_, value)| value), above.as_ref().map(|(_, value)| value));
            if let Some(value) = self.value(&spot, values) {
                pairs.push((Rc::clone(name), value));
            }
        }
        Some(Node::map(&at.span, pairs))
    }

    /// What holds where a base leaves a key out.
    fn implied(&self, key: &Key, rule: Option<&Rc<Node>>) -> Option<String> {
        let base = self.base.as_ref()?;
        let nothing = || Some("nothing".to_owned());
        match (key.merge, key.default) {
            (Merge::Within(_) | Merge::Stands(Some(_)), WhenOmitted::Value(text)) => Some(text.to_owned()),
            (Merge::Stands(Some(anchor)) | Merge::Within(anchor), _) if has_path(base, anchor) => nothing(),
            (Merge::Stands(_) | Merge::Order(_) | Merge::Greater | Merge::Smaller | Merge::Covers, _) => {
                meaning_when_omitted(key, rule)
            }
            (
                Merge::Own
                | Merge::Nearest
                | Merge::Warn
                | Merge::Adds
                | Merge::Globs
                | Merge::Within(_)
                | Merge::Keys
                | Merge::Rules,
                _,
            ) => None,
        }
    }

    /// The value that holds.
    fn value(&mut self, spot: &MergeContext<'_>, (base, own): Pair<'_>) -> Option<Rc<Node>> {
        match (spot.key.merge, spot.key.shape) {
            (Merge::Own, _) => return own.or(base).filter(|_| spot.key.name == "version").cloned(),
            (Merge::Nearest, _) => return own.or(base).cloned(),
            (Merge::Keys, ValueType::Map(keys)) => {
                return self.mapping(keys, &spot.path, spot.rule, (base, own));
            }
            (Merge::Rules, _) => return self.rules((base, own)),
            (_, ValueType::Selector(keys, _)) => return self.selector(spot, keys, (base, own)),
            _ => {}
        }
        self.merged(spot, (base, own))
    }

    /// A selector: label by label where both are written in short, else alternative by alternative.
    fn selector(
        &mut self,
        spot: &MergeContext<'_>,
        keys: &'static [Key],
        (base, own): Pair<'_>,
    ) -> Option<Rc<Node>> {
        let has_short_form = keys::find_key(keys, "types").is_some();
        if has_short_form && [base, own].iter().flatten().all(|node| is_short_selector(node)) {
            return self.mapping(keys, &spot.path, spot.rule, (base, own));
        }
        let (Some(below), Some(above)) = (base, own) else { return self.merged(spot, (base, own)) };
        let (below, above) = (alternatives(below), alternatives(above));
        let merged = self.merged(spot, (Some(&below), Some(&above)))?;
        // What adds nothing leaves the inherited one as it is written.
        let is_inherited = comparable_entries(&merged) == comparable_entries(&below);
        base.filter(|_| is_inherited).cloned().or(Some(merged))
    }

    /// The value that holds of one that is taken as a whole.
    fn merged(&mut self, spot: &MergeContext<'_>, (base, own): Pair<'_>) -> Option<Rc<Node>> {
        if spot.whole
            && let (Some(said), None) | (None, Some(said)) = (base, own)
        {
            return self.beside_silence(spot, said);
        }
        let (Some(above), is_own) = (own, self.base.is_some()) else { return base.cloned() };
        let Some(below) = base else {
            // Between bases, saying nothing is no word.
            let Some(implied) = spot.implied.as_deref().filter(|_| is_own) else {
                return Some(Rc::clone(above));
            };
            return Some(self.decide(spot, None, above, spot.compare_with_default(implied, above)));
        };
        let relation = match spot.key.merge {
            Merge::Adds | Merge::Globs => {
                let milder = matches!(spot.key.merge, Merge::Globs)
                    && comparable_entries(above)
                        .difference(&comparable_entries(below))
                        .any(|glob| glob.starts_with('!'));
                if milder && is_own {
                    return Some(self.decide(spot, Some(below), above, Strictness::Milder));
                }
                let lost = comparable_entries(below).difference(&comparable_entries(above)).count();
                if is_own
                    && lost > 0
                    && let Some(entry) = self.overrides.allow(spot.rule, &spot.path)
                {
                    self.record(spot, Some(below), above, entry);
                    return Some(Rc::clone(above));
                }
                return Some(unite_lists(below, above));
            }
            Merge::Within(_) => {
                let (inherited, new) = (entries_by_class(below), entries_by_class(above));
                if !is_own {
                    // Nobody is not the same as the usual ones.
                    let nobody = || spot.key.implied().map(|_| Node::list(&above.span, Vec::new()));
                    return intersect_lists(below, above).or_else(nobody);
                }
                compare_sets(&inherited, &new)
            }
            Merge::Covers if !is_own => return Some(unite_lists(below, above)),
            Merge::Covers => compare_sets(&comparable_entries(above), &comparable_entries(below)),
            Merge::Stands(_) => {
                let ordered = matches!(spot.key.shape, ValueType::List { of: ValueType::Word(_), .. });
                if is_same_value(below, above, ordered) { Strictness::Same } else { Strictness::Other }
            }
            merge @ (Merge::Own
            | Merge::Nearest
            | Merge::Greater
            | Merge::Smaller
            | Merge::Warn
            | Merge::Order(_)
            | Merge::Keys
            | Merge::Rules) => match (below.scalar(), above.scalar()) {
                (Some(below), Some(above)) => order::compare_texts(merge, spot.smaller, below, above),
                (None, _) | (_, None) if is_same_value(below, above, true) => Strictness::Same,
                (None, _) | (_, None) => Strictness::Other,
            },
        };
        Some(self.decide(spot, Some(below), above, relation))
    }

    /// One of two whole rules says something, and the other means something by leaving it out.
    fn beside_silence(&mut self, spot: &MergeContext<'_>, said: &Rc<Node>) -> Option<Rc<Node>> {
        let Some(implied) = spot.implied.as_deref() else { return Some(Rc::clone(said)) };
        let relation = spot.compare_with_default(implied, said);
        (relation != Strictness::Milder).then(|| self.decide(spot, None, said, relation))
    }

    /// Takes the stricter of two values, and reports where a file may not be milder.
    fn decide(
        &mut self,
        spot: &MergeContext<'_>,
        base: Option<&Rc<Node>>,
        own: &Rc<Node>,
        relation: Strictness,
    ) -> Rc<Node> {
        match relation {
            Strictness::Same => return Rc::clone(base.unwrap_or(own)),
            Strictness::Stricter => return Rc::clone(own),
            Strictness::Milder if self.base.is_none() => return Rc::clone(base.unwrap_or(own)),
            Strictness::Milder | Strictness::Other => {}
        }
        if let Some(entry) = self.overrides.allow(spot.rule, &spot.path) {
            if self.base.is_some() {
                self.record(spot, base, own, entry);
            }
            return Rc::clone(own);
        }
        let (name, help) = (spot.name(), spot.help());
        let draft = if self.base.is_some() {
            let how = match relation {
                Strictness::Same | Strictness::Stricter | Strictness::Milder => "looser than it is inherited",
                Strictness::Other => "not what is inherited, and neither is stricter",
            };
            let inherited =
                base.map_or_else(|| spot.implied.clone().unwrap_or_default(), |base| on_one_line(base));
            let message =
                format!("{name} is {how}: {} instead of {}", quote(&on_one_line(own)), quote(&inherited));
            Draft::new(Code::Loosened, &own.span, message).label("here").help(help)
        } else {
            let message = format!("the inherited policies disagree about {name}, and neither is stricter");
            Draft::new(Code::BasesDisagree, &own.span, message).label("one").help(help)
        };
        self.problems.push(match base {
            Some(base) => draft.see(&base.span, "inherited"),
            None => draft.see(&spot.silence, "left out by what is inherited here"),
        });
        Rc::clone(own)
    }

    fn record(
        &mut self,
        spot: &MergeContext<'_>,
        base: Option<&Rc<Node>>,
        own: &Rc<Node>,
        entry: &OverrideEntry,
    ) {
        let from = match base {
            Some(base) => (on_one_line(base), self.files.line(&base.span)),
            None => (spot.implied.clone().unwrap_or_default(), self.files.line(&spot.silence)),
        };
        let (what, reason) = (spot.name(), entry.reason.clone());
        self.loosened.push(Relaxation {
            what,
            from,
            to: (on_one_line(own), self.files.line(&own.span)),
            reason,
        });
    }

    /// Rules by their ids: the base's first, then those that are only the file's.
    fn rules(&mut self, (base, own): Pair<'_>) -> Option<Rc<Node>> {
        let at = own.or(base)?;
        let items = |list: Option<&Rc<Node>>| list.map(|list| list.items().to_vec()).unwrap_or_default();
        let mut mine: Vec<Option<Rc<Node>>> = items(own).into_iter().map(Some).collect();
        let mut merged = Vec::new();
        for rule in items(base) {
            let id = rule.get("id").and_then(|id| id.scalar());
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
            merged.push(match (id, mine.iter_mut().find(same_id).and_then(Option::take)) {
                (Some(id), Some(own)) => self.rule(id, &rule, &own),
                (_, _) => rule,
            });
        }
        merged.extend(mine.into_iter().flatten());
        Some(Node::list(&at.span, merged))
    }

    fn rule(&mut self, id: &str, base: &Rc<Node>, own: &Rc<Node>) -> Rc<Node> {
        let merged = self.mapping(keys::RULE, "", Some(id), (Some(base), Some(own)));
        let merged = merged.unwrap_or_else(|| Rc::clone(own));
        let (Some(warn), Some(bound)) = (merged.get("warn"), merged.get("max").or(merged.get("min"))) else {
            return merged;
        };
        // A tighter bound that has overtaken the warning makes it needless.
        let inherited = base.get("warn").is_some_and(|one| Rc::ptr_eq(one, warn));
        let tightened = !base.get("max").or(base.get("min")).is_some_and(|one| Rc::ptr_eq(one, bound));
        let order =
            warn.scalar().zip(bound.scalar()).and_then(|(warn, bound)| compare_quantities(warn, bound));
        let overtaken = match order {
            Some(order) if merged.get("max").is_some() => order.is_ge(),
            Some(order) => order.is_le(),
            None => false,
        };
        if !(inherited && tightened && overtaken) {
            return merged;
        }
        let rest = merged.pairs().iter().filter(|(key, _)| key.scalar() != Some("warn"));
        Node::map(&merged.span, rest.cloned().collect())
    }
}

impl MergeContext<'_> {
    /// "`max` of the rule `rate`", "`releases.supported`".
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

/// What leaving a key out means, in a rule or elsewhere: none if nothing.
fn meaning_when_omitted(key: &Key, rule: Option<&Rc<Node>>) -> Option<String> {
    match key.merge {
        Merge::Stands(_) => match key.default {
            WhenOmitted::Meaning(words) => Some(words.to_owned()),
            WhenOmitted::OfMetric => {
                let metric = rule?.get("metric")?.scalar()?;
                let metric = MetricId::ALL.into_iter().find(|one| one.name() == metric)?;
                Some(metric.default_over().to_string())
            }
            WhenOmitted::Nothing | WhenOmitted::Value(_) | WhenOmitted::Elsewhere(_) => None,
        },
        Merge::Order(_) | Merge::Greater | Merge::Smaller | Merge::Covers => match key.default {
            WhenOmitted::Meaning(word) => Some(word.to_owned()),
            WhenOmitted::Nothing
            | WhenOmitted::Value(_)
            | WhenOmitted::Elsewhere(_)
            | WhenOmitted::OfMetric => key.implied().map(str::to_owned),
        },
        Merge::Own
        | Merge::Nearest
        | Merge::Warn
        | Merge::Adds
        | Merge::Globs
        | Merge::Within(_)
        | Merge::Keys
        | Merge::Rules => None,
    }
}

/// Whether a value says what leaving it out means.
fn compare_with_meaning(key: &Key, implied: &str, own: &Node) -> Strictness {
    let says = on_one_line(own) == implied
        || matches!(key.shape, ValueType::Over)
            && own
                .scalar()
                .and_then(|over| validate::over(over, &[]))
                .is_some_and(|over| over.to_string() == implied);
    if says { Strictness::Same } else { Strictness::Other }
}

/// How a list stands to the one that it has to be within.
fn compare_sets(inherited: &BTreeSet<String>, new: &BTreeSet<String>) -> Strictness {
    match (new == inherited, new.is_subset(inherited)) {
        (true, _) => Strictness::Same,
        (false, true) => Strictness::Stricter,
        (false, false) => Strictness::Milder,
    }
}

/// The entries of a list as the tables write it; none if it is no list.
fn default_entries(list: &str) -> BTreeSet<String> {
    let items = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    items.map(|items| items.split(", ").map(str::to_owned).collect()).unwrap_or_default()
}

/// Where a rule is named.
fn id_span(rule: &Node) -> Range<usize> {
    rule.get("id").map_or_else(|| rule.span.clone(), |id| id.span.clone())
}

/// True if a policy has a key, by its path.
fn has_path(policy: &Rc<Node>, path: &str) -> bool {
    let mut at = Some(policy);
    for name in path.split('.') {
        at = at.and_then(|node| node.get(name));
    }
    at.is_some()
}
