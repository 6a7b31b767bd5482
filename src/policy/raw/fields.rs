//! Reading the keys of a mapping: what is wrong with one of them does not hide what is wrong with another.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::super::code::Code;
use super::super::diagnostic::{Draft, Problems, quote};
use super::super::keys::{self, Key};
use super::super::yaml::{Kind, Node};
use super::{At, Field, Named, Scalar};

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
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
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
        let pairs = pairs(node, what, problems)?;
        let (mut entries, mut meant) = (HashMap::new(), Vec::new());
        for (key, key_node, value) in pairs {
            if keys::find(keys, key).is_some() {
                entries.insert(key, (key_node, value));
                continue;
            }
            let draft =
                Draft::new(Code::UnknownKey, &key_node.span, format!("{what} has no key {}", quote(key)));
            problems.push(match (key, nearest(key, keys.iter().map(|key| key.name))) {
                ("<<", _) => draft.help("merge keys are not read; write the keys out"),
                (_, Some(near)) => {
                    meant.push(near);
                    draft.help(format!("did you mean `{near}`?"))
                }
                (_, None) => draft.help(format!("its keys are {}", names(keys.iter().map(|key| key.name)))),
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
                Some(value) => Field::Good(At { value, span: node.span.clone() }),
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
        let Some(pairs) = pairs(node, &format!("`{key}`"), problems) else { return Vec::new() };
        let mut fields = Vec::new();
        for (name, name_node, value) in pairs {
            let field = match read(value, &quote(name), problems) {
                Some(good) => Field::Good(At { value: good, span: value.span.clone() }),
                None => Field::Bad,
            };
            fields.push((At { value: name.to_owned(), span: name_node.span.clone() }, field));
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
        debug_assert!(keys::find(self.keys, key).is_some(), "`{key}` is missing from policy/keys/tables.rs");
        self.entries.get(key)
    }
}

/// Names in backticks, with commas between.
pub(in crate::policy) fn names<'k>(names: impl IntoIterator<Item = &'k str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A text. Numbers and truth values are refused: whoever means their text writes quotes.
pub(in crate::policy) fn text(node: &Node, name: &str, problems: &mut Problems) -> Option<String> {
    if let Some(text) = node.text() {
        return Some(text.to_owned());
    }
    let draft = wrong(node, name, "text");
    problems.push(match (&node.kind, node.is_null()) {
        (_, true) => draft.help("write a value, or leave the key out"),
        (Kind::Plain(found), false) => draft.help(format!("if that is its text, write {}", in_quotes(found))),
        (Kind::Map(_), false) => draft.help("put a text that begins with `{` or holds `: ` in quotes"),
        (Kind::List(_) | Kind::Quoted(_), false) => draft.help("write one text, without brackets or dashes"),
    });
    None
}

/// A text, or a number by its text: `1.10` is the name of a version.
pub(in crate::policy) fn text_or_number(node: &Node, name: &str, problems: &mut Problems) -> Option<String> {
    match node.scalar() {
        Some(number) if node.describe() == "a number" => Some(number.to_owned()),
        Some(_) | None => text(node, name, problems),
    }
}

/// True or false.
pub(in crate::policy) fn truth(node: &Node, name: &str, problems: &mut Problems) -> Option<bool> {
    match node.scalar() {
        Some("true" | "True" | "TRUE") if node.describe() == "a truth value" => Some(true),
        Some("false" | "False" | "FALSE") if node.describe() == "a truth value" => Some(false),
        Some(_) | None => {
            problems.push(wrong(node, name, "true or false").help("write `true` or `false`, without quotes"));
            None
        }
    }
}

/// A list of texts. Those that are not are reported and the others kept, so that they are checked as well.
pub(in crate::policy) fn texts(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<At<String>>> {
    if let (Some(text), false) = (node.scalar(), node.is_null()) {
        let help = format!("write a list: `[{}]`", quote(text).trim_matches('`'));
        problems.push(wrong(node, name, "a list of texts").help(help));
        return None;
    }
    let mut good = Vec::new();
    for item in list(node, name, problems)? {
        if let Some(value) = text(item, &format!("an entry of {name}"), problems) {
            good.push(At { value, span: item.span.clone() });
        }
    }
    Some(good)
}

/// One text or a list of them.
pub(super) fn text_or_texts(node: &Node, name: &str, problems: &mut Problems) -> Option<Vec<At<String>>> {
    match node.kind {
        Kind::List(_) => texts(node, name, problems),
        Kind::Plain(_) | Kind::Quoted(_) | Kind::Map(_) => {
            text(node, name, problems).map(|value| vec![At { value, span: node.span.clone() }])
        }
    }
}

/// A number, a percentage or a duration, by its text.
pub(in crate::policy) fn scalar(node: &Node, name: &str, problems: &mut Problems) -> Option<Scalar> {
    let found = node.scalar().filter(|_| !node.is_null() && node.describe() != "a truth value");
    if found.is_none() {
        let draft = wrong(node, name, "a number");
        problems.push(if node.is_null() { draft.help("write a value, or leave the key out") } else { draft });
    }
    found.map(|text| Scalar(text.to_owned()))
}

/// The entries of a list.
pub(in crate::policy) fn list<'n>(
    node: &'n Node,
    name: &str,
    problems: &mut Problems,
) -> Option<&'n [Rc<Node>]> {
    match &node.kind {
        Kind::List(items) => Some(items),
        Kind::Plain(_) | Kind::Quoted(_) | Kind::Map(_) => {
            let draft = wrong(node, name, "a list");
            problems.push(match (&node.kind, node.is_null()) {
                (_, true) => draft.help("write a value, or leave the key out"),
                (Kind::Map(_), false) => draft.help("begin each entry with `- `"),
                (Kind::Plain(_) | Kind::Quoted(_) | Kind::List(_), false) => draft,
            });
            None
        }
    }
}

/// Keys and values of a mapping, each key once; all that is wrong with the keys themselves is reported.
fn pairs<'n>(
    node: &'n Node,
    what: &str,
    problems: &mut Problems,
) -> Option<Vec<(&'n str, &'n Node, &'n Node)>> {
    let Kind::Map(entries) = &node.kind else {
        let draft = wrong(node, what, "a mapping");
        problems.push(if node.is_null() { draft.help("write a value, or leave the key out") } else { draft });
        return None;
    };
    let mut seen: HashMap<&str, &Node> = HashMap::new();
    let mut pairs = Vec::new();
    for (key_node, value) in entries {
        let Some(key) = key_node.scalar() else {
            problems.push(wrong(key_node, "a key", "text"));
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

fn wrong(node: &Node, name: &str, expected: &str) -> Draft {
    Draft::new(Code::WrongType, &node.span, format!("{name} must be {expected}, not {}", node.describe()))
        .label(format!("expected {expected}"))
}

/// A text in double quotes, as YAML writes it, for a help line.
fn in_quotes(text: &str) -> String {
    format!("`\"{}\"`", quote(text).trim_matches('`'))
}
