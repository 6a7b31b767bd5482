//! `defects.component` and `defects.team`: a pattern of labels, or a mapping that also says which paths are whose.

use super::defects::naming;
use super::empty_list;
use crate::policy::LabelPattern;
use crate::policy::code::Code;
use crate::policy::keys::{COMPONENT, TEAM};
use crate::policy::language::{
    Draft, Field, Fields, Node, NodeKind, Problems, Spanned, quote, read_text, read_texts,
};
use crate::policy::naming::{CodeownersFile, ComponentPaths, PathGlob};

/// Labels and paths of components. A part is `None` if it is wrong.
pub(in crate::policy) type Components = (Option<Option<LabelPattern>>, Option<ComponentPaths>);

/// Labels of teams, and the file that says which paths are whose. A part is `None` if it is wrong.
pub(in crate::policy) type Teams = (Option<Option<LabelPattern>>, Option<Option<CodeownersFile>>);

/// Reads a pattern, or a mapping of `labels` and `paths`.
pub(in crate::policy) fn read_component(
    node: &Node,
    name: &str,
    problems: &mut Problems,
) -> Option<Components> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return Some((read_naming(node, name, "component", problems)?, Some(Vec::new())));
    }
    let fields = Fields::open(node, name, COMPONENT, problems)?;
    let labels = naming(&fields.get("labels", problems, read_text), "component", problems);
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
    Some((labels, paths.into_iter().collect()))
}

/// Reads a pattern, or a mapping of `labels` and `codeowners`.
pub(in crate::policy) fn read_team(node: &Node, name: &str, problems: &mut Problems) -> Option<Teams> {
    if !matches!(node.kind, NodeKind::Map(_)) {
        return Some((read_naming(node, name, "team", problems)?, Some(None)));
    }
    let fields = Fields::open(node, name, TEAM, problems)?;
    let labels = naming(&fields.get("labels", problems, read_text), "team", problems);
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
    Some((labels, owners))
}

fn read_naming(
    node: &Node,
    name: &str,
    key: &str,
    problems: &mut Problems,
) -> Option<Option<Option<LabelPattern>>> {
    let value = read_text(node, name, problems)?;
    Some(naming(&Field::Good(Spanned { value, span: node.span.clone() }), key, problems))
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
    let read: Vec<Option<PathGlob>> = at.value.iter().map(|item| check_glob(item, problems)).collect();
    read.into_iter().collect()
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
