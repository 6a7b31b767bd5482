//! Components and teams by label and by path.

use super::super::LabelPattern;
use super::super::code::Code;
use super::super::naming::{CodeownersFile, ComponentPaths, PathGlob};
use super::super::raw::{RawComponent, RawOwners, RawTeam};
use super::defects::naming;
use super::empty_list;
use crate::policy::language::{Draft, Field, Problems, Spanned, quote};

/// Labels and paths of components.
pub(super) fn component(
    field: &Field<RawComponent>,
    problems: &mut Problems,
) -> Option<(Option<LabelPattern>, ComponentPaths)> {
    let raw = match field {
        Field::Absent => return Some((None, Vec::new())),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let labels = naming(&raw.labels, "component", problems);
    let mut paths = Vec::new();
    for (name, field) in &raw.paths {
        if name.value.trim().is_empty() {
            let draft = Draft::new(Code::EmptyText, &name.span, "a component without a name");
            problems.push(draft.help("write a name, or remove it"));
            paths.push(None);
            continue;
        }
        paths.push(globs(name, field, problems).map(|globs| (name.value.clone(), globs)));
    }
    Some((labels?, paths.into_iter().collect::<Option<_>>()?))
}

/// Labels of teams, and where it is written which paths are whose.
pub(super) fn team(
    field: &Field<RawTeam>,
    problems: &mut Problems,
) -> Option<(Option<LabelPattern>, Option<CodeownersFile>)> {
    let raw = match field {
        Field::Absent => return Some((None, None)),
        Field::Bad => return None,
        Field::Good(at) => &at.value,
    };
    let labels = naming(&raw.labels, "team", problems);
    let owners = match &raw.codeowners {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(at) => match &at.value {
            RawOwners::Usual(wanted) => Some(wanted.then_some(CodeownersFile::Usual)),
            RawOwners::At(path) => inside(path, at, problems).map(|path| Some(CodeownersFile::At(path))),
        },
    };
    Some((labels?, owners?))
}

/// A path within the repository.
fn inside(path: &str, at: &Spanned<RawOwners>, problems: &mut Problems) -> Option<String> {
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

fn globs(
    name: &Spanned<String>,
    field: &Field<Vec<Spanned<String>>>,
    problems: &mut Problems,
) -> Option<Vec<PathGlob>> {
    let at = field.good()?;
    if at.value.is_empty() {
        problems.push(empty_list(at, &quote(&name.value)));
        return None;
    }
    let read: Vec<Option<PathGlob>> = at.value.iter().map(|item| glob(item, problems)).collect();
    read.into_iter().collect()
}

fn glob(item: &Spanned<String>, problems: &mut Problems) -> Option<PathGlob> {
    let draft = if item.value.trim().is_empty() {
        Draft::new(Code::EmptyText, &item.span, "an empty glob").help("remove it")
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
