//! Reading the keys of a mapping: a mistake in one of them does not hide those in the others.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::{Draft, Key, LanguageProblem, Node, NodeKind, ProblemCode, Problems, find_key, quote};

/// Likeness from which a name is suggested, from 0 to 1.
const ALIKE: f64 = 0.75;

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Place of the value, see [`PolicyFiles`](crate::PolicyFiles).
    pub span: Range<usize>,
}

/// The value of a key.
#[derive(Debug, Clone)]
pub enum Field<T> {
    /// The mapping does not have the key.
    Absent,
    /// The value cannot be read, which has been reported.
    Bad,
    /// The value.
    Good(Spanned<T>),
}

/// A mapping whose keys the policy chooses, in the file's order.
pub type Named<T> = Vec<(Spanned<String>, T)>;

/// A number, a percentage or a duration that has not been parsed yet.
#[derive(Debug, Clone)]
pub struct Scalar(
    /// Text of the scalar.
    pub String,
);

/// The keys of a mapping, each once.
#[derive(Debug)]
pub struct Fields<'n> {
    span: Range<usize>,
    keys: &'static [Key],
    entries: HashMap<&'n str, (&'n Node, &'n Node)>,
    /// Keys that a reported unknown key was probably meant to be: they are not reported as missing as well.
    suggested: Vec<&'static str>,
}

impl<T> Field<T> {
    /// Returns the value, if it could be read.
    pub fn good(&self) -> Option<&Spanned<T>> {
        match self {
            Self::Good(at) => Some(at),
            Self::Absent | Self::Bad => None,
        }
    }

    /// Returns what `check` makes of a good value, or `default` for an absent key; `None` for a bad value.
    pub fn check_or<U>(&self, default: U, check: impl FnOnce(&Spanned<T>) -> Option<U>) -> Option<U> {
        match self {
            Self::Absent => Some(default),
            Self::Bad => None,
            Self::Good(at) => check(at),
        }
    }

    /// Returns what `check` makes of a good value, or `None` inside for an absent key; `None` outside for a bad value.
    pub fn check_optional<U>(&self, check: impl FnOnce(&Spanned<T>) -> Option<U>) -> Option<Option<U>> {
        self.check_or(None, |at| check(at).map(Some))
    }

    /// Returns the value, or `default` for an absent key; `None` for a bad value.
    pub fn value_or(self, default: T) -> Option<T> {
        match self {
            Self::Absent => Some(default),
            Self::Bad => None,
            Self::Good(at) => Some(at.value),
        }
    }

    /// Returns the value, or `None` inside for an absent key; `None` outside for a bad value.
    pub fn optional(self) -> Option<Option<T>> {
        match self {
            Self::Absent => Some(None),
            Self::Bad => None,
            Self::Good(at) => Some(Some(at.value)),
        }
    }

    /// Returns `true` if the mapping does not have the key.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<'n> Fields<'n> {
    /// Returns the keys of a mapping with a fixed set of keys, and reports those that are unknown. `what` names the mapping
    /// with its article, for example `a rule`.
    pub fn open<C: ProblemCode>(
        node: &'n Node,
        what: &str,
        keys: &'static [Key],
        problems: &mut Problems<C>,
    ) -> Option<Self> {
        let pairs = unique_pairs(node, what, problems)?;
        let (mut entries, mut suggested) = (HashMap::new(), Vec::new());
        for (key, key_node, value) in pairs {
            if find_key(keys, key).is_some() {
                entries.insert(key, (key_node, value));
                continue;
            }
            let message = format!("{what} has no key {}", quote(key));
            let draft = Draft::structural(LanguageProblem::UnknownKey, &key_node.span, message);
            problems.push(match (key, nearest_name(key, keys.iter().map(|key| key.name))) {
                // Merge keys are of YAML 1.1 only.
                ("<<", _) => draft.help("merge keys are not read; write the keys out"),
                (_, Some(near)) => {
                    suggested.push(near);
                    draft.help(format!("did you mean `{near}`?"))
                }
                (_, None) => {
                    draft.help(format!("its keys are {}", in_backticks(keys.iter().map(|key| key.name))))
                }
            });
        }
        Some(Self { span: node.span.clone(), keys, entries, suggested })
    }

    /// Returns the place of the whole mapping.
    pub fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Returns the value of a key, read by `read`, which reports a value that it cannot read.
    pub fn get<T, C: ProblemCode>(
        &self,
        key: &str,
        problems: &mut Problems<C>,
        read: impl FnOnce(&'n Node, &str, &mut Problems<C>) -> Option<T>,
    ) -> Field<T> {
        match self.entry(key) {
            // A misspelled key is reported: it must not be reported as missing as well.
            None if self.is_absent(key) => Field::Absent,
            None => Field::Bad,
            Some((_, node)) => match read(node, &format!("`{key}`"), problems) {
                Some(value) => Field::Good(Spanned { value, span: node.span.clone() }),
                None => Field::Bad,
            },
        }
    }

    /// Returns what `read` makes of a mapping within this one, with a fixed set of keys. It returns `None` for a mistake, which
    /// it has reported.
    pub fn section<T, C: ProblemCode>(
        &self,
        key: &str,
        keys: &'static [Key],
        problems: &mut Problems<C>,
        read: impl FnOnce(&Fields<'n>, &mut Problems<C>) -> Option<T>,
    ) -> Field<T> {
        self.get(key, problems, |node, name, problems| {
            let fields = Fields::open(node, name, keys, problems)?;
            read(&fields, problems)
        })
    }

    /// As [`Fields::section`], but an absent mapping is read as an empty one, so that the defaults of its keys apply.
    pub fn section_or_empty<T, C: ProblemCode>(
        &self,
        key: &str,
        keys: &'static [Key],
        problems: &mut Problems<C>,
        read: impl FnOnce(&Fields<'n>, &mut Problems<C>) -> Option<T>,
    ) -> Option<T> {
        if self.is_absent(key) {
            let (entries, suggested) = (HashMap::new(), Vec::new());
            return read(&Self { span: self.span.clone(), keys, entries, suggested }, problems);
        }
        self.section(key, keys, problems, read).optional().flatten()
    }

    /// Returns a mapping within this one whose keys the policy chooses, in the file's order. Empty if the key is absent.
    pub fn open_keys<T, C: ProblemCode>(
        &self,
        key: &str,
        problems: &mut Problems<C>,
        read: impl Fn(&'n Node, &str, &mut Problems<C>) -> Option<T>,
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

    /// Returns the node of a key's value.
    pub fn node(&self, key: &str) -> Option<&'n Node> {
        self.entry(key).map(|(_, node)| *node)
    }

    /// Returns the place of a key.
    pub fn key_span(&self, key: &str) -> Option<&Range<usize>> {
        self.entry(key).map(|(key, _)| &key.span)
    }

    /// Returns the place of a key's value.
    pub fn value_span(&self, key: &str) -> Option<&Range<usize>> {
        self.node(key).map(|node| &node.span)
    }

    /// Returns `true` if the mapping has neither the key nor an unknown key that was probably meant to be it.
    pub fn is_absent(&self, key: &str) -> bool {
        self.entry(key).is_none() && !self.suggested.contains(&key)
    }

    /// Returns the required keys that are absent, in the order of their table.
    pub fn missing_keys(&self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().filter(|key| key.required && self.is_absent(key.name)).map(|key| key.name)
    }

    fn entry(&self, key: &str) -> Option<&(&'n Node, &'n Node)> {
        // A key that the table lacks would be absent from every file.
        debug_assert!(find_key(self.keys, key).is_some(), "`{key}` is missing from its table of keys");
        self.entries.get(key)
    }
}

/// Returns the known name that was probably meant.
pub fn nearest_name<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // The comparison costs the product of both lengths, and no name of a format is this long.
    if name.len() > 100 {
        return None;
    }
    let plain = |text: &str| text.to_lowercase().replace(['_', ' '], "-");
    let name = plain(name);
    let alike = known.into_iter().map(|known| (strsim::jaro(&name, &plain(known)), known));
    alike.filter(|(likeness, _)| *likeness > ALIKE).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, known)| known)
}

/// Returns names in backticks, separated by commas.
pub fn in_backticks<'k>(names: impl IntoIterator<Item = &'k str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns `false` if the file is of a version that the program does not read, which is then reported. A missing version
/// is reported, and the rest of the file read.
pub fn is_supported_version<C: ProblemCode>(root: &Node, problems: &mut Problems<C>) -> bool {
    // Anything but a mapping is reported when its keys are read.
    if !matches!(root.kind, NodeKind::Map(_)) {
        return true;
    }
    let Some(value) = root.get("version") else {
        // An empty place: there is nothing to underline.
        let place = root.span.start..root.span.start;
        let message = "the policy does not say which version of the format it has";
        let draft = Draft::structural(LanguageProblem::MissingVersion, &place, message);
        problems.push(draft.help("begin the file with `version: 1`"));
        return true;
    };
    match &value.kind {
        NodeKind::Plain(text) if text == "1" => true,
        NodeKind::Plain(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let message = format!("version {} of the policy format is not supported", quote(text));
            let draft = Draft::structural(LanguageProblem::UnsupportedVersion, &value.span, message);
            problems.push(draft.help("this program reads `version: 1`; a newer one may read more"));
            false
        }
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_) | NodeKind::Map(_) => {
            let message = format!("`version` must be a whole number, not {}", value.describe());
            let draft = Draft::structural(LanguageProblem::WrongType, &value.span, message);
            problems.push(draft.help("write `version: 1`"));
            true
        }
    }
}

/// Reads a text. Numbers and truth values are refused: whoever means their text writes quotes.
pub fn read_text<C: ProblemCode>(node: &Node, name: &str, problems: &mut Problems<C>) -> Option<String> {
    if let Some(text) = node.text() {
        return Some(text.to_owned());
    }
    let draft = wrong_type(node, name, "text");
    problems.push(match (&node.kind, node.is_null()) {
        (_, true) => draft.help("write a value, or leave the key out"),
        (NodeKind::Plain(found), false) => {
            let found = quote(found);
            draft.help(format!("if that is its text, write `\"{}\"`", found.trim_matches('`')))
        }
        (NodeKind::Map(_), false) => draft.help("put a text that begins with `{` or holds `: ` in quotes"),
        (NodeKind::List(_) | NodeKind::Quoted(_), false) => {
            draft.help("write one text, without brackets or dashes")
        }
    });
    None
}

/// Reads a text, or a number by its text: `1.10` is the name of a version.
pub fn read_text_or_number<C: ProblemCode>(
    node: &Node,
    name: &str,
    problems: &mut Problems<C>,
) -> Option<String> {
    match node.scalar() {
        Some(number) if node.describe() == "a number" => Some(number.to_owned()),
        Some(_) | None => read_text(node, name, problems),
    }
}

/// Reads `true` or `false`.
pub fn read_truth<C: ProblemCode>(node: &Node, name: &str, problems: &mut Problems<C>) -> Option<bool> {
    match node.scalar() {
        // In quotes, `true` is a text.
        Some("true" | "True" | "TRUE") if node.describe() == "a truth value" => Some(true),
        Some("false" | "False" | "FALSE") if node.describe() == "a truth value" => Some(false),
        Some(_) | None => {
            let draft = wrong_type(node, name, "true or false");
            problems.push(draft.help("write `true` or `false`, without quotes"));
            None
        }
    }
}

/// Reads a list of texts. Entries that are not texts are reported and the others kept, so that they are checked as well.
pub fn read_texts<C: ProblemCode>(
    node: &Node,
    name: &str,
    problems: &mut Problems<C>,
) -> Option<Vec<Spanned<String>>> {
    if let (Some(text), false) = (node.scalar(), node.is_null()) {
        let help = format!("write a list: `[{}]`", quote(text).trim_matches('`'));
        problems.push(wrong_type(node, name, "a list of texts").help(help));
        return None;
    }
    let what = format!("an entry of {name}");
    read_entries(node, name, problems, |item, problems| {
        let value = read_text(item, &what, problems)?;
        Some(Spanned { value, span: item.span.clone() })
    })
}

/// Reads one text or a list of them.
pub fn read_text_or_texts<C: ProblemCode>(
    node: &Node,
    name: &str,
    problems: &mut Problems<C>,
) -> Option<Vec<Spanned<String>>> {
    match node.kind {
        NodeKind::List(_) => read_texts(node, name, problems),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => {
            read_text(node, name, problems).map(|value| vec![Spanned { value, span: node.span.clone() }])
        }
    }
}

/// Reads a number, a percentage or a duration, by its text.
pub fn read_scalar<C: ProblemCode>(node: &Node, name: &str, problems: &mut Problems<C>) -> Option<Scalar> {
    let found = node.scalar().filter(|_| !node.is_null() && node.describe() != "a truth value");
    if found.is_none() {
        let draft = wrong_type(node, name, "a number");
        problems.push(if node.is_null() { draft.help("write a value, or leave the key out") } else { draft });
    }
    found.map(|text| Scalar(text.to_owned()))
}

/// Reads the entries of a list.
pub fn read_list<'n, C: ProblemCode>(
    node: &'n Node,
    name: &str,
    problems: &mut Problems<C>,
) -> Option<&'n [Rc<Node>]> {
    match &node.kind {
        NodeKind::List(items) => Some(items),
        NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::Map(_) => {
            let draft = wrong_type(node, name, "a list");
            problems.push(match (&node.kind, node.is_null()) {
                (_, true) => draft.help("write a value, or leave the key out"),
                (NodeKind::Map(_), false) => draft.help("begin each entry with `- `"),
                (NodeKind::Plain(_) | NodeKind::Quoted(_) | NodeKind::List(_), false) => draft,
            });
            None
        }
    }
}

/// Reads each entry of a list by `read`. Entries that it cannot read are left out; it has reported them.
pub fn read_entries<'n, T, C: ProblemCode>(
    node: &'n Node,
    name: &str,
    problems: &mut Problems<C>,
    mut read: impl FnMut(&'n Node, &mut Problems<C>) -> Option<T>,
) -> Option<Vec<T>> {
    let items = read_list(node, name, problems)?;
    Some(items.iter().filter_map(|item| read(item, problems)).collect())
}

/// Returns the keys and values of a mapping, each key once, and reports what is wrong with the keys themselves.
fn unique_pairs<'n, C: ProblemCode>(
    node: &'n Node,
    what: &str,
    problems: &mut Problems<C>,
) -> Option<Vec<(&'n str, &'n Node, &'n Node)>> {
    let NodeKind::Map(entries) = &node.kind else {
        let draft = wrong_type(node, what, "a mapping");
        problems.push(if node.is_null() { draft.help("write a value, or leave the key out") } else { draft });
        return None;
    };
    let mut seen: HashMap<&str, &Node> = HashMap::new();
    let mut pairs = Vec::new();
    for (key_node, value) in entries {
        let Some(key) = key_node.scalar() else {
            problems.push(wrong_type(key_node, "a key", "text"));
            continue;
        };
        // Other YAML readers silently take the first or the last of them.
        if let Some(first) = seen.get(key) {
            let message = format!("the key {} stands here twice", quote(key));
            problems.push(
                Draft::structural(LanguageProblem::DuplicateKey, &key_node.span, message)
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

fn wrong_type<C: ProblemCode>(node: &Node, name: &str, expected: &str) -> Draft<C> {
    let message = format!("{name} must be {expected}, not {}", node.describe());
    Draft::structural(LanguageProblem::WrongType, &node.span, message).label(format!("expected {expected}"))
}
