//! Searches the workspace and the further folders that absolute globs may name.

use std::path::Path;

use super::file_search::{self, FoundFiles};
use super::glob::{GlobError, GlobList, RelativeGlob};

/// Finds the files that a list wants, in the workspace and in `others`. An absolute glob is looked for in the first of these
/// folders that it lies in, and its files keep their absolute paths outside of the workspace.
///
/// # Errors
/// Returns the first glob that is malformed or lies in none of the folders.
pub fn find_report_files(
    workspace: &Path,
    others: &[std::path::PathBuf],
    globs: &[String],
) -> Result<FoundFiles, GlobError> {
    let folders: Vec<&Path> =
        std::iter::once(workspace).chain(others.iter().map(|folder| &**folder)).collect();
    let spellings: Vec<Vec<String>> = folders.iter().map(|folder| folder_spellings(folder)).collect();
    let mut lists: Vec<Vec<(&str, RelativeGlob<'_>)>> = vec![Vec::new(); folders.len()];
    for text in globs {
        let glob = RelativeGlob::of(text);
        if !glob.is_absolute() {
            // The first folder is the workspace.
            lists[0].push((text, glob));
            continue;
        }
        let below = |names: &Vec<String>| names.iter().find_map(|name| glob.below(name));
        let place = spellings.iter().enumerate().find_map(|(at, names)| Some((at, below(names)?)));
        let (at, glob) = place.ok_or_else(|| outside_error(text, glob))?;
        lists[at].push((text, glob));
    }
    let mut walk = FoundFiles::default();
    for (at, (folder, list)) in folders.into_iter().zip(lists).enumerate() {
        if list.is_empty() {
            continue;
        }
        let list = GlobList::new(list)?;
        walk.add(file_search::find_in_folder(
            folder,
            if at == 0 { file_search::RootKind::Workspace } else { file_search::RootKind::Other },
            &list,
        ));
    }
    Ok(walk)
}

/// Returns the spellings of a folder that a glob may start with: as given, and without symbolic links.
fn folder_spellings(folder: &Path) -> Vec<String> {
    let mut names = vec![folder.to_string_lossy().into_owned()];
    names.extend(std::fs::canonicalize(folder).map(|real| real.to_string_lossy().into_owned()));
    names.retain(|name| RelativeGlob::of(name).is_absolute());
    names.iter().map(|name| name.replace('\\', "/")).chain(names.iter().cloned()).collect()
}

/// Returns the error for an absolute glob in none of the folders.
fn outside_error(text: &str, glob: RelativeGlob<'_>) -> GlobError {
    let fixed: Vec<&str> =
        glob.glob.split('/').take_while(|part| !part.contains(['*', '?', '[', '{'])).collect();
    let folder = match fixed.join("/") {
        folder if fixed.len() == glob.glob.split('/').count() => {
            folder.rsplit_once('/').map_or("", |(f, _)| f).to_owned()
        }
        folder => folder,
    };
    let folder = if folder.is_empty() { "/".to_owned() } else { folder };
    GlobError::Outside { glob: text.to_owned(), folder }
}
