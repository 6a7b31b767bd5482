//! The attributes of `defects` that have free names: a pattern of labels, or a mapping that also names an issue field, and for
//! components and teams says which paths are whose.

use policy_lang::LanguageProblem;

use crate::policy::PathGlob;
use crate::policy::checks::{all_or_none, empty_list, pattern};
use crate::policy::code::Code;
use crate::policy::keys::{FILLED_TEXT, GLOBS, Key, Merge, NAMING, TRUTH_OR_PATH, ValueType};
use crate::policy::language::{
    Draft, Field, Fields, Node, NodeKind, Problems, Spanned, quote, read_text, read_texts,
};
use crate::policy::matcher::LabelPattern;
use crate::policy::naming::{AttributeNames, CodeownersFile, ComponentPaths};

/// `defects.kind`, `found-by`, `root-cause` and `detection-gap`, as mappings.
pub const NAMES: &[Key] =
    &[Key::new("labels", NAMING, Merge::Own, "Labels that name it; the `*` stands for the name."), FIELD];

const FIELD: Key = Key::new(
    "field",
    FILLED_TEXT,
    Merge::Own,
    "Issue field that holds the name, or several names with commas between them.",
);

/// A pattern, or a mapping of `labels` and `field`.
const NAMED: ValueType = ValueType::AnyOf(&[NAMING, ValueType::Map(NAMES)]);

/// `defects.kind`.
pub(in crate::policy) const KIND: Key =
    Key::new("kind", NAMED, Merge::Stands(None), "Labels or a field that name a kind: `kind/*`.");

/// `defects.found-by`.
pub(in crate::policy) const FOUND_BY: Key = Key::new(
    "found-by",
    NAMED,
    Merge::Stands(None),
    "Labels or a field that name who found it: `found-by/*`.",
);

/// `defects.root-cause`.
pub(in crate::policy) const ROOT_CAUSE: Key = Key::new(
    "root-cause",
    NAMED,
    Merge::Stands(None),
    "Labels or a field that record a root cause: `root-cause/*`. A section `### Root cause` records one too.",
);

/// `defects.detection-gap`.
pub(in crate::policy) const DETECTION_GAP: Key = Key::new(
    "detection-gap",
    NAMED,
    Merge::Stands(None),
    "Labels or a field that record why no quality gate caught the defect: `detection-gap/*`. A section `### Detection gap` \
     records it too. Names such as `review`, `unit`, `integration`, `end-to-end`, `performance`, `security` and `monitoring` \
     give the weakest quality gate; other names are allowed.",
);

/// `defects.component`, as a mapping.
pub(in crate::policy) const COMPONENT: &[Key] = &[
    Key::new(
        "labels",
        NAMING,
        Merge::Own,
        "Labels that name a component: the text at the `*`, as in `area/*`.",
    ),
    FIELD,
    Key::new(
        "paths",
        GLOBS,
        Merge::Own,
        "Globs of each component, for defects without a component label: their fixes change these paths.",
    ),
];

/// `defects.team`, as a mapping.
pub(in crate::policy) const TEAM: &[Key] = &[
    Key::new("labels", NAMING, Merge::Own, "Labels that name a team, as in `team/*`."),
    FIELD,
    Key::new(
        "codeowners",
        TRUTH_OR_PATH,
        Merge::Own,
        "`true`, or the path of a CODEOWNERS file: the owners of changed paths are the teams of defects \
         without a team label.",
    ),
];

/// Reads `kind`, `found-by`, `root-cause` or `detection-gap`: a pattern, or a mapping of `labels` and `field`.
pub(in crate::policy) fn read_names(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<AttributeNames> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return read_pattern(node, name, problems);
    }
    let fields = Fields::open(node, name, NAMES, problems)?;
    let names = names_of(&fields, name, problems)?;
    if names.is_empty() {
        let message = format!("{name} needs `labels` or `field`");
        let key = name.trim_matches('`');
        let draft = Draft::structural(LanguageProblem::MissingKey, &node.span, message);
        problems.push(draft.help(format!("write `{key}: \"{key}/*\"`, or `{key}: {{ field: NAME }}`")));
        return None;
    }
    Some(names)
}

/// Reads a pattern, or a mapping of `labels`, `field` and `paths`.
pub(in crate::policy) fn read_component(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<(AttributeNames, ComponentPaths)> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return Some((read_pattern(node, name, problems)?, Vec::new()));
    }
    let fields = Fields::open(node, name, COMPONENT, problems)?;
    let names = names_of(&fields, name, problems);
    let mut paths = Vec::new();
    for (name, field) in fields.open_keys("paths", problems, read_texts) {
        if name.value.trim().is_empty() {
            let draft = Draft::new(Code::EmptyText, &name.span, "a component without a name");
            problems.push(draft.help("write a name, or remove it"));
            paths.push(None);
            continue;
        }
        paths.push(check_globs(&name, &field, problems).map(|globs| (name.value, globs)));
    }
    Some((names?, paths.into_iter().collect::<Option<_>>()?))
}

/// Reads a pattern, or a mapping of `labels`, `field` and `codeowners`.
pub(in crate::policy) fn read_team(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<(AttributeNames, Option<CodeownersFile>)> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return Some((read_pattern(node, name, problems)?, None));
    }
    let fields = Fields::open(node, name, TEAM, problems)?;
    let names = names_of(&fields, name, problems);
    let owners = fields.get("codeowners", problems, |node, name, problems| match node.scalar() {
        Some("true" | "True" | "TRUE") => Some(Some(CodeownersFile::Usual)),
        Some("false" | "False" | "FALSE") => Some(None),
        Some(_) | None => read_text(node, name, problems).map(|path| Some(CodeownersFile::At(path))),
    });
    let owners = owners.check_or(None, |at| match &at.value {
        Some(CodeownersFile::At(path)) => {
            check_path(path, at, problems).map(|path| Some(CodeownersFile::At(path)))
        }
        owners => Some(owners.clone()),
    });
    Some((names?, owners?))
}

/// Reads the labels of an attribute in the short form.
fn read_pattern(node: &Node, name: &str, problems: &mut Problems) -> Option<AttributeNames> {
    let value = read_text(node, name, problems)?;
    let labels = naming(&Spanned { value, span: node.span.clone() }, name.trim_matches('`'), problems)?;
    Some(AttributeNames { labels: Some(labels), field: None })
}

/// Reads `labels` and `field` of a mapping.
fn names_of(fields: &Fields<'_>, name: &str, problems: &mut Problems) -> Option<AttributeNames> {
    let key = name.trim_matches('`');
    let labels = fields.get("labels", problems, read_text);
    let labels = labels.check_optional(|at| naming(at, key, problems));
    let field = fields.get("field", problems, read_text).check_optional(|at| {
        let field = at.value.trim();
        if field.is_empty() {
            let draft = Draft::new(Code::EmptyText, &at.span, "an issue field without a name");
            problems.push(draft.help("write the name of the field, for example `field: Component`"));
        }
        (!field.is_empty()).then(|| field.to_owned())
    });
    Some(AttributeNames { labels: labels?, field: field? })
}

/// Returns a pattern whose one `*` stands for a name.
fn naming(at: &Spanned<String>, key: &str, problems: &mut Problems) -> Option<LabelPattern> {
    let pattern = pattern(at, "a label pattern", problems)?;
    // Two stars leave open which of them is the name.
    if pattern.stars() != 1 || pattern.has_version() || pattern.has_product() {
        let message =
            format!("the pattern of `{key}` needs one `*`, which stands for the name, and nothing else");
        let own = at.value.trim_end_matches('/');
        let name = if pattern.is_literal() { own } else { key };
        problems.push(Draft::new(Code::BadPattern, &at.span, message).help(format!("write `\"{name}/*\"`")));
        return None;
    }
    Some(pattern)
}

/// Returns the path of a CODEOWNERS file within the repository.
fn check_path(path: &str, at: &Spanned<Option<CodeownersFile>>, problems: &mut Problems) -> Option<String> {
    let leaves =
        path.starts_with('/') || path.contains(['\\', ':']) || path.split('/').any(|part| part == "..");
    // Only what is public to everybody who can read the repository: the file's text becomes part of the evidence.
    if leaves || path.rsplit('/').next() != Some("CODEOWNERS") {
        let message = format!("{} is not the path of a CODEOWNERS file of this repository", quote(path));
        let help = "write `codeowners: true` for the usual places, or a path such as `.github/CODEOWNERS`";
        problems.push(Draft::new(Code::OutsidePath, &at.span, message).help(help));
        return None;
    }
    Some(path.to_owned())
}

fn check_globs(
    name: &Spanned<String>,
    field: &Field<Vec<Spanned<String>>>,
    problems: &mut Problems,
) -> Option<Vec<PathGlob>> {
    let at = field.good()?;
    if at.value.is_empty() {
        problems.push(empty_list(at, &quote(&name.value)));
        return None;
    }
    all_or_none(&at.value, |item| check_glob(item, problems))
}

fn check_glob(item: &Spanned<String>, problems: &mut Problems) -> Option<PathGlob> {
    let draft = if item.value.trim().is_empty() {
        Draft::new(Code::EmptyText, &item.span, "an empty glob").help("remove it")
    // `.gitignore` and CODEOWNERS know `!` and a leading `/`. The paths of a change on GitHub begin
    // with a name.
    } else if item.value.starts_with(['!', '/']) {
        let message = format!("{} can match no path: paths begin with a name", quote(&item.value));
        Draft::new(Code::BadGlob, &item.span, message).help("write a glob such as `src/cart/**`")
    } else {
        match PathGlob::new(&item.value) {
            Ok(glob) => return Some(glob),
            Err(why) => {
                let message = format!("{} is not a glob: {why}", quote(&item.value));
                Draft::new(Code::BadGlob, &item.span, message)
            }
        }
    };
    problems.push(draft);
    None
}
