//! Test tools of a working tree, by its build files: the reports that they write, or the way to make them write some.

mod build_folder;
mod compiled;
mod scripted;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::output::escape::is_unprintable;
use build_folder::{BuildFolder, build_folders, script_texts};

/// A tool that runs tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestTool {
    /// Name for people, for example `Jest`.
    pub name: &'static str,
    /// Build file that names it, from the root of the working tree.
    pub file: String,
    /// Globs of its reports, from the root of the working tree.
    pub reports: Vec<String>,
    /// Commands that run the tests and write the reports, from the root of the working tree.
    pub commands: Vec<String>,
    /// The change that is needed once, so that it writes reports; `None` if it does already.
    pub setup: Option<String>,
}

/// Looks for test tools. A tool is taken once, where its build file is nearest to the root; tools of JavaScript and Python also in
/// folders next to each other.
pub fn test_tools(folder: &Path) -> Vec<TestTool> {
    let scripts = script_texts(folder);
    let mut tools: Vec<TestTool> = Vec::new();
    for build in build_folders(folder) {
        let found = compiled::tools(&build, &scripts).into_iter().chain(scripted::tools(&build, &scripts));
        for tool in found {
            let is_inner = |other: &TestTool| other.name == tool.name && is_below(&tool.file, &other.file);
            if !tools.iter().any(is_inner) {
                tools.push(tool);
            }
        }
    }
    tools
}

/// Returns `true` if a build file is in the folder of another one, or below it.
fn is_below(file: &str, other: &str) -> bool {
    other.rsplit_once('/').is_none_or(|(folder, _)| file.starts_with(&format!("{folder}/")))
}

/// A command that runs in the folder of its build file.
fn command_in(build: &BuildFolder, command: &str) -> String {
    if build.path.is_empty() {
        command.to_owned()
    } else {
        format!("(cd {} && {command})", shell_word(&build.path))
    }
}

/// A path as one word of a shell.
fn shell_word(text: &str) -> String {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// The value behind an option such as `--junitxml=reports/unit.xml` or `--junitxml reports/unit.xml`; `None` if it holds a
/// variable.
fn option_value(text: &str, option: &str) -> Option<String> {
    text.match_indices(option).find_map(|(at, _)| {
        let rest = text[at + option.len()..].strip_prefix(['=', ' '])?.trim_start_matches(['"', '\'']);
        clean_path(rest.split(|c: char| c.is_whitespace() || "\"'`,;|&)]\\".contains(c)).next()?)
    })
}

/// The text behind a key of a configuration in JavaScript, JSON or TOML, such as `outputFile: "junit.xml"`.
fn key_value(text: &str, key: &str) -> Option<String> {
    text.match_indices(key).find_map(|(at, _)| {
        let rest = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        let rest = rest.strip_prefix([':', '='])?.trim_start();
        let quote = rest.chars().next().filter(|c| "\"'`".contains(*c))?;
        clean_path(rest[1..].split(quote).next()?)
    })
}

/// A relative path as a glob has it; `None` for one that leads elsewhere or holds a variable.
fn clean_path(path: &str) -> Option<String> {
    let path = path.trim_start_matches("./");
    let is_plain = !path.is_empty()
        && !path.starts_with(['/', '-', '~'])
        && !path.contains(['$', '{', '*', '?', '[', '<', '%', '\\'])
        && !path.split('/').any(|part| part == "..")
        && !path.contains(is_unprintable);
    is_plain.then(|| path.to_owned())
}
