//! The steps that are left, as commands to copy.

use crate::options::DEFAULT_POLICY;

/// Lines to read and to copy; `absent` are the labels that are to be created, with color and description. `placeholders` are
/// those of the workflow, and `notes` are more steps.
pub fn next(
    absent: &[(String, &'static str, &'static str)],
    repository: Option<&str>,
    policy: &str,
    placeholders: &str,
    workflow: Option<&str>,
    notes: &[String],
) -> String {
    let mut out = String::from("Next:\n");
    let at = repository.map(|name| format!(" --repo {}", shell(name))).unwrap_or_default();
    for (name, color, about) in absent {
        // After `--` no name is taken for an option.
        let name = if name.starts_with('-') { format!("-- {}", shell(name)) } else { shell(name) };
        out.push_str(&format!(
            "  gh label create{at} --color {color} --description {} {name}\n",
            shell(about)
        ));
    }
    if let Some(path) = workflow.filter(|_| !placeholders.is_empty()) {
        out.push_str(&format!(
            "  In {path}, replace {placeholders} with the owner of Escape Gate and the commit of a release.\n"
        ));
    }
    for note in notes {
        out.push_str(&format!("  {}\n", note.replace('\n', "\n  ")));
    }
    let policy =
        if policy == DEFAULT_POLICY { String::new() } else { format!(" --policy {}", shell(policy)) };
    out.push_str(&format!(
        "  escape-gate simulate{policy}{at}   # what it would have said of the last releases\n"
    ));
    out
}

/// A text as a shell reads it back: in single quotes, in which nothing is special.
fn shell(text: &str) -> String {
    // Label names come from the repository. People paste these lines into a shell.
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_names_are_quoted_for_the_shell() {
        let absent =
            [("a'; $(rm -rf /) `x` \"".to_owned(), "b60205", "d"), ("--force".to_owned(), "b60205", "d")];
        let text = next(&absent, Some("acme/shop"), ".github/escape-gate.yml", "", None, &[]);
        assert!(text.contains(r#"'d' 'a'\''; $(rm -rf /) `x` "'"#), "{text}");
        assert!(text.contains("'d' -- '--force'"), "{text}");
    }
}
