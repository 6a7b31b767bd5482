//! Reading the keys of a mapping: what is wrong with one of them does not hide what is wrong with another.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::super::code::Code;
use super::super::diagnostic::{Draft, Problems, quote};
use super::super::keys::{self, Key};
use super::super::yaml::{Node, NodeKind};
use super::{Field, Named, Scalar, Spanned};

/// Likeness from which a name is suggested, 0 to 1.
const ALIKE: f64 = 0.75;

/// The keys of a mapping, each once.
pub(in crate::policy) struct Fields<'n> {
    keys: &'static [Key],
    entries: HashMap<&'n str, (&'n Node, &'n Node)>,
    /// Keys that were probably meant by others, which have been reported: they are not missing as well.
    meant: Vec<&'static str>,
}

/// The name that was probably meant.
pub fn nearest_name<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // A likeness costs the product of both lengths, and no name of the format is this long.
    if name.len() > 100 {
        return None;
    }
    let plain = |text: &str| text.to_lowercase().replace(['_', ' '], "-");
    let name = plain(name);
    let alike = known.into_iter().map(|known| (strsim::jaro(&name, &plain(known)), known));
    alike.filter(|(likeness, _)| *likeness > ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
}

impl<'n> Fields<'n> {
    /// The keys of a mapping with a fixed set of keys. `what` names it with its article: "a rule".
    pub fn open(node: &'n Node, what: &str, keys: &'static [Key], problems: &mut Problems) -> Option<Self> {
        let pairs = unique_pairs(node, what, problems)?;
        let (mut entries, mut meant) = (HashMap::new(), Vec::new());
        for (key, key_node, value) in pairs {
            if keys::find_key(keys, key).is_some() {
                entries.insert(key, (key_node, value));
                continue;
            }
            let draft =
                Draft::new(Code::UnknownKey, &key_node.span, format!("{what} has no key {}", quote(key)));
            problems.push(match (key, nearest_name(key, keys.iter().map(|key| key.name))) {
                ("<<", _) => draft.help("merge keys are not read; write the keys out"),
                (_, Some(near)) => {
                    meant.push(near);
                    draft.help(format!("did you mean `{near}`?"))
                }
                (_, None) => {
                    draft.help(format!("its keys are {}", in_backticks(keys.iter().map(|key| key.name))))
                }
            });
        }
        Some(Self { keys, entries, meant })
    }

    /// The value of a key, read by `read`, which reports what it cannot read.
    pub fn get<T>(
        &self,
        key: &str,
        problems: &mut Problems,
        read: impl FnOnce(&'n Node, &str, &mut Problems) -> Option<T>,
    ) -> Field<T> {
        match self.entry(key) {
            None if self.meant.contains(&key) => Field::Bad,
            None => Field::Absent,
            Some((_, node)) => match read(node, &format!("`{key}`"), problems) {
                Some(value) => Field::Good(Spanned { value, span: node.span.clone() }),
                None => Field::Bad,
            },
        }
    }

    /// A mapping within this one, with a fixed set of keys.
    pub fn section<T>(
        &self,
        key: &str,
        keys: &'static [Key],
        problems: &mut Problems,
        read: impl FnOnce(&Fields<'n>, &mut Problems) -> T,
    ) -> Field<T> {
        self.get(key, problems, |node, name, problems| {
            let fields = Fields::open(node, name, keys, problems)?;
            Some(read(&fields, problems))
        })
    }

    /// A mapping within this one whose keys the policy chooses, in the file's order. Empty if the key is not there.
    pub fn open_keys<T>(
        &self,
        key: &str,
        problems: &mut Problems,
        read: impl Fn(&'n Node, &str, &mut Problems) -> Option<T>,
    ) -> Named<Field<T>> {
        let Some((_, node)) = self.entry(key) else { return Vec::new() };
        let Some(pairs) = unique_pairs(node, &format!("`{key}`"), problems) else { return Vec::new() };
        let mut fields = Vec::new();
        for (name, name_node, value) in pairs {
            let field = match read(value, &quote(name), problems) {
                Some(good) => Field::Good(Spanned { value: good, span: value.span.clone() }),
                None => Field::Bad,
            };
            fields.push((Spanned { value: name.to_owned(), span: name_node.span.clone() }, field));
        }
        fields
    }

    /// The value of a key, not read yet.
    pub fn node(&self, key: &str) -> Option<&'n Node> {
        self.entries.get(key).map(|(_, node)| *node)
    }

    /// Where a key stands.
    pub fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entry(key).map(|(key, _)| key.span.clone())
    }

    /// Key and value. Asking for a key that the tables do not have would find nothing for ever.
    fn entry(&self, key: &str) -> Option<&(&'n Node, &'n Node)> {
        debug_assert!(
            keys::find_key(self.keys, key).is_some(),
            "`{key}` is missing from policy/keys/tables.rs"
        );
        self.entries.get(key)
    }
}

/// Names in backticks, with commas between.
pub(in crate::policy) fn in_backticks<'k>(names: impl IntoIterator<Item = &'k str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A text. Numbers and truth values are refused: whoever means their text writes quotes.
pub(in crate::policy) fn read_text(node: &Node, name: &str, problems: &mut Problems) -> Option<String> {
    if let Some(text) = node.text() {
        return Some(text.to_owned());
    }
    let draft = wrong_type(node, name, "text");
    problems.push(match (&node.kind, node.is_yaml_null()) {
        (_, true) => draft.help("write a value, or leave the key out"),
        (NodeKind::Plain(found), false) => {
            draft.help(format!("if that is its text, write {}", in_double_quotes(found)))
        }
        (NodeKind::Map(_), false) => draft.help("put a text that begins with `{` or holds `: ` in quotes"),
        (NodeKind::List(_) | NodeKind::Quoted(_), false) => {
            draft.help("write one text, without brackets or dashes")
        }
    });
    None
}

/// A text, or a number by its text: `1.10` is the name of a version.
pub(in crate::policy) fn read_text_or_number(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<String> {
    match node.scalar() {
        Some(number) if node.describe() == "a number" => Some(number.to_owned()),
        Some(_) | None => read_text(node, name, problems),
    }
}

/// True or false.
pub(in crate::policy) fn read_truth(node: &Node, name: &str, problems: &mut Problems) -> Option<bool> {
    match node.scalar() {
        Some("true" | "True" | "TRUE") if node.describe() == "a truth value" => Some(true),
        Some("false" | "False" | "FALSE") if node.describe() == "a truth value" => Some(false),
        Some(_) | None => {
            problems.push(
                wrong_type(node, name, "true or false").help("write `true` or `false`, without quotes"),
            );
            None
        }
    }
}

/// A list of texts. Those that are not are reported and the others kept, so that they are checked as well.
pub(in crate::policy) fn read_texts(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<Vec<Spanned<String>>> {
    if let (Some(text), false) = (node.scalar(), node.is_yaml_null()) {
        let help = format!("write a list: `[{}]`", quote(text).trim_matches('`'));
        problems.push(wrong_type(node, name, "a list of texts").help(help));
        return None;
    }
    let mut good = Vec::new();
    for item in read_list(node, name, problems)? {
        if let Some(value) = read_text(item, &format!("an entry of {name}"), problems) {
            good.push(Spanned { value, span: item.span.clone() });
        }
    }
    Some(good)
}

/// One text or a list of them.
pub(super) fn read_text_or_texts(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<Vec<Spanned<String>>> {
    match node.kind {
        NodeKind::List(_) => read_texts(node, name, problems),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => {
            read_text(node, name, problems).map(|value| vec![Spanned { value, span: node.span.clone() }])
        }
    }
}

/// A number, a percentage or a duration, by its text.
pub(in crate::policy) fn read_scalar(node: &Node, name: &str, problems: &mut Problems) -> Option<Scalar> {
    let found = node.scalar().filter(|_| !node.is_yaml_null() && node.describe() != "a truth value");
    if found.is_none() {
        let draft = wrong_type(node, name, "a number");
        problems.push(if node.is_yaml_null() {
            draft.help("write a value, or leave the key out")
        } else {
            draft
        });
    }
    found.map(|text| Scalar(text.to_owned()))
}

/// The entries of a list.
pub(in crate::policy) fn read_list<'n>(
    node: &'n Node,
    name: &str,
    problems: &mut Problems,
) -> Option<&'n [Rc<Node>]> {
    match &node.kind {
        NodeKind::List(items) => Some(items),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => {
            let draft = wrong_type(node, name, "a list");
            problems.push(match (&node.kind, node.is_yaml_null()) {
                (_, true) => draft.help("write a value, or leave the key out"),
                (NodeKind::Map(_), false) => draft.help("begin each entry with `- `"),
                (NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_), false) => draft,
            });
            None
        }
    }
}

/// Keys and values of a mapping, each key once; all that is wrong with the keys themselves is reported.
fn unique_pairs<'n>(
    node: &'n Node,
    what: &str,
    problems: &mut Problems,
) -> Option<Vec<(&'n str, &'n Node, &'n Node)>> {
    let NodeKind::Map(entries) = &node.kind else {
        let draft = wrong_type(node, what, "a mapping");
        problems.push(if node.is_yaml_null() {
            draft.help("write a value, or leave the key out")
        } else {
            draft
        });
        return None;
    };
    let mut seen: HashMap<&str, &Node> = HashMap::new();
    let mut pairs = Vec::new();
    for (key_node, value) in entries {
        let Some(key) = key_node.scalar() else {
            problems.push(wrong_type(key_node, "a key", "text"));
            continue;
        };
        if let Some(first) = seen.get(key) {
            problems.push(
                Draft::new(
                    Code::DuplicateKey,
                    &key_node.span,
                    format!("the key {} stands here twice", quote(key)),
                )
                .label("again")
                .see(&first.span, "first here")
                .help("keep one of them"),
            );
            continue;
        }
        seen.insert(key, key_node);
        pairs.push((key, &**key_node, &**value));
    }
    Some(pairs)
}

fn wrong_type(node: &Node, name: &str, expected: &str) -> Draft {
    Draft::new(Code::WrongType, &node.span, format!("{name} must be {expected}, not {}", node.describe()))
        .label(format!("expected {expected}"))
}

/// A text in double quotes, as YAML writes it, for a help line.
fn in_double_quotes(text: &str) -> String {
    format!("`\"{}\"`", quote(text).trim_matches('`'))
}
