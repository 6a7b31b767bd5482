//! What holds: every key with its value, the defaults too, and where each comes from.

mod write;

use std::ops::Range;
use std::rc::Rc;

use serde_json::Value;

use super::Inherited;
use super::keys::{self, Key, ValueType, WhenOmitted};
use super::source::PolicyFiles;
use super::yaml::{Node, NodeKind};
use crate::model::MetricId;

pub use write::yaml_double_quoted;

/// The policy that holds, with the place of every value.
#[derive(Debug, Clone)]
pub struct Effective {
    pub(super) root: Rc<Node>,
    pub(super) files: PolicyFiles,
}

/// A value and where it comes from.
struct EffectiveItem {
    value: EffectiveValue,
    /// `base.yml:3`, or `default`.
    origin: String,
}

/// What there is to show.
enum EffectiveValue {
    /// A text as it is written; in quotes if it is to stay a text.
    Scalar(String, bool),
    List(Vec<EffectiveItem>),
    Map(Vec<(String, EffectiveItem)>),
}

impl Effective {
    /// A policy that stands alone and says the same, with comments that say where each value comes from.
    pub fn yaml(&self, inherited: &Inherited) -> String {
        write::effective_yaml(&self.items(), inherited)
    }

    /// The same for a machine: `policy`, `origins` by JSON pointer, `inherits` and `loosened`.
    pub fn json(&self, inherited: &Inherited) -> Value {
        write::effective_json(&self.items(), inherited)
    }

    fn items(&self) -> Vec<(String, EffectiveItem)> {
        self.mapping(keys::POLICY, Some(&self.root))
    }

    fn mapping(&self, keys: &'static [Key], node: Option<&Rc<Node>>) -> Vec<(String, EffectiveItem)> {
        // What is inherited is in it already.
        let keys = keys.iter().filter(|key| !matches!(key.name, "extends" | "override"));
        keys.filter_map(|key| Some((key.name.to_owned(), self.item(key, node)?))).collect()
    }

    fn item(&self, key: &'static Key, parent: Option<&Rc<Node>>) -> Option<EffectiveItem> {
        let node = parent.and_then(|parent| parent.get(key.name));
        match (key.shape, node) {
            (ValueType::Map(keys), _) => {
                let pairs = self.mapping(keys, node);
                let origin = node.map_or_else(default, |node| self.origin(&node.span));
                (!pairs.is_empty()).then_some(EffectiveItem { value: EffectiveValue::Map(pairs), origin })
            }
            (ValueType::Selector(keys, _), Some(node)) if matches!(node.kind, NodeKind::Map(_)) => {
                let pairs = self.mapping(keys, Some(node));
                Some(EffectiveItem { value: EffectiveValue::Map(pairs), origin: self.origin(&node.span) })
            }
            (ValueType::Maps(keys) | ValueType::Selector(_, keys), Some(list)) => {
                let items = list.items().iter().map(|item| EffectiveItem {
                    value: EffectiveValue::Map(self.mapping(keys, Some(item))),
                    origin: self.origin(&item.span),
                });
                Some(EffectiveItem {
                    value: EffectiveValue::List(items.collect()),
                    origin: self.origin(&list.span),
                })
            }
            (_, Some(node)) => Some(self.written(node)),
            (_, None) => {
                let value = self.left_out(key, parent)?;
                Some(EffectiveItem { value, origin: default() })
            }
        }
    }

    /// A value as it is written.
    fn written(&self, node: &Rc<Node>) -> EffectiveItem {
        let value = match &node.kind {
            NodeKind::Plain(text) => EffectiveValue::Scalar(text.clone(), false),
            NodeKind::Quoted(text) => EffectiveValue::Scalar(text.clone(), true),
            NodeKind::List(items) => {
                EffectiveValue::List(items.iter().map(|item| self.written(item)).collect())
            }
            NodeKind::Map(pairs) => {
                let pair = |(key, value): &(Rc<Node>, Rc<Node>)| {
                    Some((key.scalar()?.to_owned(), self.written(value)))
                };
                EffectiveValue::Map(pairs.iter().filter_map(pair).collect())
            }
        };
        EffectiveItem { value, origin: self.origin(&node.span) }
    }

    /// What holds where a key is left out; none if that is nothing that could be written.
    fn left_out(&self, key: &Key, parent: Option<&Rc<Node>>) -> Option<EffectiveValue> {
        let text = match key.default {
            WhenOmitted::Value(text) => text.to_owned(),
            // A trend says itself what it looks at.
            WhenOmitted::OfMetric if parent.is_some_and(|rule| rule.get("trend").is_some()) => return None,
            WhenOmitted::OfMetric => {
                let metric = parent?.get("metric")?.scalar()?;
                let metric = MetricId::ALL.into_iter().find(|one| one.name() == metric)?;
                metric.default_over().to_string()
            }
            WhenOmitted::Nothing | WhenOmitted::Elsewhere(_) | WhenOmitted::Meaning(_) => return None,
        };
        // Two keys say what an untriaged defect counts as, and they must agree.
        if key.name == "untriaged"
            && self.root.get("missing").is_some_and(|node| node.get("severity").is_some())
        {
            return None;
        }
        let Some(items) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else {
            return Some(EffectiveValue::Scalar(text, false));
        };
        let item = |item: &str| EffectiveItem {
            value: EffectiveValue::Scalar(item.to_owned(), false),
            origin: default(),
        };
        Some(EffectiveValue::List(items.split(", ").map(item).collect()))
    }

    fn origin(&self, span: &Range<usize>) -> String {
        self.files.line(span)
    }
}

fn default() -> String {
    "default".to_owned()
}
