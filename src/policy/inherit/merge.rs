//! Two trees become one: the most restrictive value of each key, as the tables of [`keys`] say.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use super::super::code::Code;
use super::super::diagnostic::{Draft, Problems, quote};
use super::super::keys::{self, Key, Merge, Shape, Silence};
use super::super::source::Files;
use super::super::validate;
use super::super::yaml::Node;
use super::Loosened;
use super::lists::{alternatives, classes, common, entries, is_short_selector, union};
use super::order::{self, Relation, flow, numbers, same};
use super::overrides::{Entry, Overrides};
use crate::model::MetricId;

/// A merge of one file with what it inherits.
pub(super) struct Merging<'m> {
    overrides: &'m Overrides,
    /// Where `extends` stands: what a base does not say is said there.
    extends: &'m Range<usize>,
    files: &'m Files,
    problems: &'m mut Problems,
    /// What the file loosens, with a reason.
    pub loosened: Vec<Loosened>,
    /// The base's root, while the file itself is merged with it; none while bases are merged with one another.
    base: Option<Rc<Node>>,
}

/// A key of the format, where it stands.
struct Spot<'s> {
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

impl Spot<'_> {
    /// What is said beside what holds where nothing is.
    fn beside(&self, implied: &str, said: &Node) -> Relation {
        match self.key.merge {
            Merge::Stands(_) => meant(self.key, implied, said),
            Merge::Within(_) => within(&written(implied), &classes(said)),
            Merge::Covers => within(&entries(said), &written(implied)),
            merge @ (Merge::Own
            | Merge::Nearest
            | Merge::Greater
            | Merge::Smaller
            | Merge::Warn
            | Merge::Order(_)
            | Merge::Adds
            | Merge::Globs
            | Merge::Keys
            | Merge::Rules) => order::texts(merge, self.smaller, implied, said.scalar().unwrap_or("")),
        }
    }
}

/// A value of the base, or none, and one of the file.
type Pair<'n> = (Option<&'n Rc<Node>>, Option<&'n Rc<Node>>);

impl<'m> Merging<'m> {
    /// A merge that has not begun.
    pub fn new(
        overrides: &'m Overrides,
        extends: &'m Range<usize>,
        files: &'m Files,
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
            let spot = Spot {
                key,
                rule,
                whole,
                silence: rule_at.map_or_else(|| self.extends.clone(), |base| id_span(base)),
                implied: if whole { left_out(key, rule_at) } else { self.implied(key, rule_at) },
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
            (Merge::Within(_) | Merge::Stands(Some(_)), Silence::Value(text)) => Some(text.to_owned()),
            (Merge::Stands(Some(anchor)) | Merge::Within(anchor), _) if has(base, anchor) => nothing(),
            (Merge::Stands(_) | Merge::Order(_) | Merge::Greater | Merge::Smaller | Merge::Covers, _) => {
                left_out(key, rule)
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
    fn value(&mut self, spot: &Spot<'_>, (base, own): Pair<'_>) -> Option<Rc<Node>> {
        match (spot.key.merge, spot.key.shape) {
            (Merge::Own, _) => return own.or(base).filter(|_| spot.key.name == "version").cloned(),
            (Merge::Nearest, _) => return own.or(base).cloned(),
            (Merge::Keys, Shape::Map(keys)) => return self.mapping(keys, &spot.path, spot.rule, (base, own)),
            (Merge::Rules, _) => return self.rules((base, own)),
            (_, Shape::Selector(keys, _)) => return self.selector(spot, keys, (base, own)),
            _ => {}
        }
        self.merged(spot, (base, own))
    }

    /// A selector: label by label where both are written in short, else alternative by alternative.
    fn selector(&mut self, spot: &Spot<'_>, keys: &'static [Key], (base, own): Pair<'_>) -> Option<Rc<Node>> {
        let has_short_form = keys::find(keys, "types").is_some();
        if has_short_form && [base, own].iter().flatten().all(|node| is_short_selector(node)) {
            return self.mapping(keys, &spot.path, spot.rule, (base, own));
        }
        let (Some(below), Some(above)) = (base, own) else { return self.merged(spot, (base, own)) };
        let (below, above) = (alternatives(below), alternatives(above));
        let merged = self.merged(spot, (Some(&below), Some(&above)))?;
        // What adds nothing leaves the inherited one as it is written.
        let is_inherited = entries(&merged) == entries(&below);
        base.filter(|_| is_inherited).cloned().or(Some(merged))
    }

    /// The value that holds of one that is taken as a whole.
    fn merged(&mut self, spot: &Spot<'_>, (base, own): Pair<'_>) -> Option<Rc<Node>> {
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
            return Some(self.decide(spot, None, above, spot.beside(implied, above)));
        };
        let relation = match spot.key.merge {
            Merge::Adds | Merge::Globs => {
                let milder = matches!(spot.key.merge, Merge::Globs)
                    && entries(above).difference(&entries(below)).any(|glob| glob.starts_with('!'));
                if milder && is_own {
                    return Some(self.decide(spot, Some(below), above, Relation::Milder));
                }
                let lost = entries(below).difference(&entries(above)).count();
                if is_own
                    && lost > 0
                    && let Some(entry) = self.overrides.allow(spot.rule, &spot.path)
                {
                    self.record(spot, Some(below), above, entry);
                    return Some(Rc::clone(above));
                }
                return Some(union(below, above));
            }
            Merge::Within(_) => {
                let (inherited, new) = (classes(below), classes(above));
                if !is_own {
                    // Nobody is not the same as the usual ones.
                    let nobody = || spot.key.implied().map(|_| Node::list(&above.span, Vec::new()));
                    return common(below, above).or_else(nobody);
                }
                within(&inherited, &new)
            }
            Merge::Covers if !is_own => return Some(union(below, above)),
            Merge::Covers => within(&entries(above), &entries(below)),
            Merge::Stands(_) => {
                let ordered = matches!(spot.key.shape, Shape::List { of: Shape::Word(_), .. });
                if same(below, above, ordered) { Relation::Same } else { Relation::Other }
            }
            merge @ (Merge::Own
            | Merge::Nearest
            | Merge::Greater
            | Merge::Smaller
            | Merge::Warn
            | Merge::Order(_)
            | Merge::Keys
            | Merge::Rules) => match (below.scalar(), above.scalar()) {
                (Some(below), Some(above)) => order::texts(merge, spot.smaller, below, above),
                (None, _) | (_, None) if same(below, above, true) => Relation::Same,
                (None, _) | (_, None) => Relation::Other,
            },
        };
        Some(self.decide(spot, Some(below), above, relation))
    }

    /// One of two whole rules says something, and the other means something by leaving it out.
    fn beside_silence(&mut self, spot: &Spot<'_>, said: &Rc<Node>) -> Option<Rc<Node>> {
        let Some(implied) = spot.implied.as_deref() else { return Some(Rc::clone(said)) };
        let relation = spot.beside(implied, said);
        (relation != Relation::Milder).then(|| self.decide(spot, None, said, relation))
    }

    /// Takes the stricter of two values, and reports where a file may not be milder.
    fn decide(
        &mut self,
        spot: &Spot<'_>,
        base: Option<&Rc<Node>>,
        own: &Rc<Node>,
        relation: Relation,
    ) -> Rc<Node> {
        match relation {
            Relation::Same => return Rc::clone(base.unwrap_or(own)),
            Relation::Stricter => return Rc::clone(own),
            Relation::Milder if self.base.is_none() => return Rc::clone(base.unwrap_or(own)),
            Relation::Milder | Relation::Other => {}
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
                Relation::Same | Relation::Stricter | Relation::Milder => "looser than it is inherited",
                Relation::Other => "not what is inherited, and neither is stricter",
            };
            let inherited = base.map_or_else(|| spot.implied.clone().unwrap_or_default(), |base| flow(base));
            let message = format!("{name} is {how}: {} instead of {}", quote(&flow(own)), quote(&inherited));
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

    fn record(&mut self, spot: &Spot<'_>, base: Option<&Rc<Node>>, own: &Rc<Node>, entry: &Entry) {
        let from = match base {
            Some(base) => (flow(base), self.files.line(&base.span)),
            None => (spot.implied.clone().unwrap_or_default(), self.files.line(&spot.silence)),
        };
        let (what, reason) = (spot.name(), entry.reason.clone());
        self.loosened.push(Loosened { what, from, to: (flow(own), self.files.line(&own.span)), reason });
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
                self.loosened.push(Loosened {
                    what: format!("rule `{id}`"),
                    from: (flow(&rule), self.files.line(&rule.span)),
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
        let order = warn.scalar().zip(bound.scalar()).and_then(|(warn, bound)| numbers(warn, bound));
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

impl Spot<'_> {
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
fn left_out(key: &Key, rule: Option<&Rc<Node>>) -> Option<String> {
    match key.merge {
        Merge::Stands(_) => match key.default {
            Silence::Meaning(words) => Some(words.to_owned()),
            Silence::OfMetric => {
                let metric = rule?.get("metric")?.scalar()?;
                let metric = MetricId::ALL.into_iter().find(|one| one.name() == metric)?;
                Some(metric.default_over().to_string())
            }
            Silence::Nothing | Silence::Value(_) | Silence::Elsewhere(_) => None,
        },
        Merge::Order(_) | Merge::Greater | Merge::Smaller | Merge::Covers => match key.default {
            Silence::Meaning(word) => Some(word.to_owned()),
            Silence::Nothing | Silence::Value(_) | Silence::Elsewhere(_) | Silence::OfMetric => {
                key.implied().map(str::to_owned)
            }
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
fn meant(key: &Key, implied: &str, own: &Node) -> Relation {
    let says = flow(own) == implied
        || matches!(key.shape, Shape::Over)
            && own
                .scalar()
                .and_then(|over| validate::over(over, &[]))
                .is_some_and(|over| over.to_string() == implied);
    if says { Relation::Same } else { Relation::Other }
}

/// How a list stands to the one that it has to be within.
fn within(inherited: &BTreeSet<String>, new: &BTreeSet<String>) -> Relation {
    match (new == inherited, new.is_subset(inherited)) {
        (true, _) => Relation::Same,
        (false, true) => Relation::Stricter,
        (false, false) => Relation::Milder,
    }
}

/// The entries of a list as the tables write it; none if it is no list.
fn written(list: &str) -> BTreeSet<String> {
    let items = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
    items.map(|items| items.split(", ").map(str::to_owned).collect()).unwrap_or_default()
}

/// Where a rule is named.
fn id_span(rule: &Node) -> Range<usize> {
    rule.get("id").map_or_else(|| rule.span.clone(), |id| id.span.clone())
}

/// True if a policy has a key, by its path.
fn has(policy: &Rc<Node>, path: &str) -> bool {
    let mut at = Some(policy);
    for name in path.split('.') {
        at = at.and_then(|node| node.get(name));
    }
    at.is_some()
}
