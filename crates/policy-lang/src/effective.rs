//! The effective policy: every key with its value, the defaults too, and the place that each value comes from.

mod write;

use std::rc::Rc;

use serde_json::Value;

use crate::{AlternativesType, Inherited, Key, Node, NodeKind, PolicyFiles, ValueType, WhenOmitted};

pub use write::yaml_double_quoted;

/// The merged policy with the place of every value.
#[derive(Debug, Clone)]
pub struct Effective {
    /// Keys of the policy.
    pub table: &'static [Key],
    /// Merged tree of the policy and the files that it extends.
    pub root: Rc<Node>,
    /// Files that the values come from.
    pub files: PolicyFiles,
    /// Returns `true` if the default of an omitted key is not shown: `(key, mapping without the key, root)`.
    pub hides_default: fn(&Key, Option<&Node>, &Node) -> bool,
}

/// A value and the place that it comes from.
struct EffectiveItem {
    value: EffectiveValue,
    /// For example `base.yml:3`, or `default`.
    origin: String,
}

/// A value that is shown.
enum EffectiveValue {
    /// A text as it is written; `true` if it was quoted and has to stay a text.
    Scalar(String, bool),
    List(Vec<EffectiveItem>),
    Map(Vec<(String, EffectiveItem)>),
}

impl Effective {
    /// Returns a policy that stands alone and means the same, with a comment on where each value comes from.
    pub fn yaml(&self, inherited: &Inherited) -> String {
        write::effective_yaml(&self.items(), inherited)
    }

    /// Returns the same as JSON: `policy`, `origins` by JSON pointer, `inherits` and `loosened`.
    pub fn json(&self, inherited: &Inherited) -> Value {
        write::effective_json(&self.items(), inherited)
    }

    fn items(&self) -> Vec<(String, EffectiveItem)> {
        self.mapping(self.table, Some(&self.root))
    }

    fn mapping(&self, keys: &'static [Key], node: Option<&Rc<Node>>) -> Vec<(String, EffectiveItem)> {
        // The tree already contains what these two keys bring and allow.
        let keys = keys.iter().filter(|key| !matches!(key.name, "extends" | "override"));
        keys.filter_map(|key| Some((key.name.to_owned(), self.item(key, node)?))).collect()
    }

    fn item(&self, key: &'static Key, parent: Option<&Rc<Node>>) -> Option<EffectiveItem> {
        let node = parent.and_then(|parent| parent.get(key.name));
        let at = |node: &Node, value| Some(EffectiveItem { value, origin: self.files.line(&node.span) });
        let default = |value| Some(EffectiveItem { value, origin: "default".to_owned() });
        match (key.value_type, node) {
            // Also if the section is omitted: its keys can have defaults.
            (ValueType::Map(keys), _) => {
                let value = Some(self.mapping(keys, node)).filter(|pairs| !pairs.is_empty());
                let value = EffectiveValue::Map(value?);
                match node {
                    Some(node) => at(node, value),
                    None => default(value),
                }
            }
            (ValueType::Alternatives(one), Some(node)) if matches!(node.kind, NodeKind::Map(_)) => {
                at(node, EffectiveValue::Map(self.mapping(one.short, Some(node))))
            }
            (
                ValueType::Maps(keys) | ValueType::Alternatives(&AlternativesType { entry: keys, .. }),
                Some(list),
            ) => {
                let items = list
                    .items()
                    .iter()
                    .filter_map(|item| at(item, EffectiveValue::Map(self.mapping(keys, Some(item)))));
                at(list, EffectiveValue::List(items.collect()))
            }
            (_, Some(node)) => Some(self.as_written(node)),
            (_, None) => default(self.default_value(key, parent)?),
        }
    }

    fn as_written(&self, node: &Rc<Node>) -> EffectiveItem {
        let value = match &node.kind {
            NodeKind::Plain(text) => EffectiveValue::Scalar(text.clone(), false),
            NodeKind::Quoted(text) => EffectiveValue::Scalar(text.clone(), true),
            NodeKind::List(items) => {
                EffectiveValue::List(items.iter().map(|item| self.as_written(item)).collect())
            }
            NodeKind::Map(pairs) => {
                let pair = |(key, value): &(Rc<Node>, Rc<Node>)| {
                    Some((key.scalar()?.to_owned(), self.as_written(value)))
                };
                EffectiveValue::Map(pairs.iter().filter_map(pair).collect())
            }
        };
        EffectiveItem { value, origin: self.files.line(&node.span) }
    }

    /// Returns the default of an omitted key; `None` if it cannot be written as a value.
    fn default_value(&self, key: &Key, parent: Option<&Rc<Node>>) -> Option<EffectiveValue> {
        if (self.hides_default)(key, parent.map(|parent| &**parent), &self.root) {
            return None;
        }
        let text = match key.default {
            WhenOmitted::Value(text) => text.to_owned(),
            WhenOmitted::Computed(compute) => compute(parent?)?,
            WhenOmitted::Nothing | WhenOmitted::Elsewhere(_) | WhenOmitted::Meaning(_) => return None,
        };
        // A default is written as in a policy, a list in brackets.
        let Some(items) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else {
            return Some(EffectiveValue::Scalar(text, false));
        };
        let item = |item: &str| EffectiveItem {
            value: EffectiveValue::Scalar(item.to_owned(), false),
            origin: "default".to_owned(),
        };
        Some(EffectiveValue::List(items.split(", ").map(item).collect()))
    }
}
