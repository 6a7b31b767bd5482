//! `init --templates DIR`: the practice as files to adapt, without asking GitHub.

use std::path::Path;

use super::documents;
use super::files::{self, ExistingFile, plan};
use super::issue_form::form;
use super::practice::NewLabel;
use super::proposal::Proposal;
use super::recognise::Recognized;
use super::write_out;
use crate::app::{Failure, Run};
use crate::exit::Exit;
use crate::options::{InitChoices, InitOptions, PRESETS};
use crate::output::escape::is_unprintable;
use crate::policy::yaml_double_quoted;

/// Files whose text is always the same.
const FIXED: [(&str, &str); 8] = [
    ("README.md", include_str!("templates/README.md")),
    ("ISSUE_TEMPLATE/bug.yml", include_str!("templates/bug.yml")),
    ("post-mortem.md", include_str!("templates/post-mortem.md")),
    ("retrospective.md", include_str!("templates/retrospective.md")),
    ("CODEOWNERS", include_str!("templates/CODEOWNERS")),
    ("waiver.yml", include_str!("templates/waiver.yml")),
    ("triage.md", include_str!("templates/triage.md")),
    ("policies/cases.yml", include_str!("templates/cases.yml")),
];

/// Rules of a preset, written out so that each can be changed.
const RULES: [(&str, &str); 4] = [
    ("starter", include_str!("templates/rules/starter.yml")),
    ("zero-critical", include_str!("templates/rules/zero-critical.yml")),
    ("mature", include_str!("templates/rules/mature.yml")),
    ("high-performing", include_str!("templates/rules/high-performing.yml")),
];

/// Writes the templates that do not exist yet. With `--dry-run`, only lists them.
///
/// # Errors
/// If the folder's name cannot be printed, a link is on the way, or a file cannot be written.
pub fn write_templates(folder: &Path, options: &InitOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    let say = run.log.clone();
    let name = folder.to_str().filter(|name| !name.contains(is_unprintable));
    let name =
        name.ok_or_else(|| Failure::Usage("the folder of --templates has no printable name".into()))?;
    let name = if name.is_empty() { "." } else { name.trim_end_matches('/') };
    let planned: Vec<files::Planned> = templates()
        .into_iter()
        .map(|(inner, text)| plan(&run.folder, &format!("{name}/{inner}"), text))
        .collect::<Result<_, _>>()?;
    let mut listed = String::new();
    for file in &planned {
        let kept = file.there != ExistingFile::Absent && !options.force;
        let state = match file.there {
            ExistingFile::Same => "is like this already",
            _ if kept => "exists, and is kept; --force replaces it",
            _ if options.dry_run => "would be written",
            ExistingFile::Absent | ExistingFile::Beginning | ExistingFile::Other => "written",
        };
        if file.there != ExistingFile::Same && !kept && !options.dry_run {
            files::write(&run.folder, file)?;
        }
        listed.push_str(&format!("{}: {state}\n", file.path));
    }
    write_out(&listed, run)?;
    say(&format!("read {name}/README.md first: it says where each file belongs"));
    Ok(Exit::Success)
}

/// Returns all templates: path below the folder, and text.
fn templates() -> Vec<(String, String)> {
    let proposal = Proposal::new(&InitChoices::default(), &Recognized::default());
    let labels = proposal.absent(&[]);
    let mut files: Vec<(String, String)> =
        FIXED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for (preset, rules) in RULES {
        files.push((format!("policies/{preset}.yml"), policy_template(preset, rules, &proposal)));
    }
    files.push(("ISSUE_TEMPLATE/production-bug.yml".to_owned(), form(&proposal, &[], &[])));
    files.push(("labels.yml".to_owned(), label_file(&labels)));
    files.push(("create-labels.sh".to_owned(), label_script(&labels)));
    files
}

/// A policy that stands alone: the labels of the practice, and the rules of a preset.
fn policy_template(preset: &str, rules: &str, proposal: &Proposal) -> String {
    let about = PRESETS.iter().find(|(name, _)| *name == preset).map_or("", |(_, about)| about);
    format!(
        "# {preset}: {about}.\n# The rules of the preset `{preset}`, to adapt. Check it with `escape-gate policy check`.\n\
         version: 1\npull-requests: warn   # defects block releases and not unrelated pull requests\n{}{rules}",
        documents::defects(proposal)
    )
}

/// The labels as data, in the form that tools for labels read.
fn label_file(labels: &[NewLabel]) -> String {
    let mut out = String::from("# The labels of the practice. `create-labels.sh` creates them.\n");
    for (name, color, about) in labels {
        out.push_str(&format!(
            "- name: {}\n  color: \"{color}\"\n  description: {}\n",
            yaml_double_quoted(name),
            yaml_double_quoted(about)
        ));
    }
    out
}

/// The labels as commands.
fn label_script(labels: &[NewLabel]) -> String {
    let mut out = String::from(
        "#!/bin/sh\n# Creates the labels of the practice in the repository of this folder, or in the one of --repo.\n\
         # A label that exists is left as it is.\nset -u\n",
    );
    for (name, color, about) in labels {
        // No apostrophe is in any of them: a test says so.
        out.push_str(&format!("gh label create \"$@\" --color {color} --description '{about}' '{name}'\n"));
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::policy::{Policy, Rule, parse};

    fn rules_of(policy: &Policy) -> Vec<String> {
        let mut rules: Vec<String> = policy
            .rules
            .iter()
            .map(|rule| {
                let Rule { id, metric, filter, over, limit, level, min_sample, .. } = rule;
                format!("{id} {metric:?} {filter:?} {over:?} {limit:?} {level:?} {min_sample:?}")
            })
            .collect();
        rules.sort();
        rules
    }

    #[test]
    fn each_policy_has_the_rules_of_its_preset() {
        let all = templates();
        for (preset, _) in PRESETS {
            let (_, text) = all.iter().find(|(path, _)| *path == format!("policies/{preset}.yml")).unwrap();
            let own = parse(text.as_bytes(), "policy.yml").unwrap();
            assert!(own.warnings.is_empty(), "{preset}: {:?}", own.warnings);
            let short = format!(
                "version: 1\nextends: [{preset}]\ndefects: {{ escaped: {{ labels: [a] }}, caught: {{ labels: [b] }}, severity: {{ critical: [c], major: [d] }} }}\n"
            );
            let preset_policy = parse(short.as_bytes(), "preset.yml").unwrap().policy;
            assert_eq!(rules_of(&own.policy), rules_of(&preset_policy), "{preset}");
        }
    }

    #[test]
    fn label_names_and_descriptions_need_no_escape_and_fit() {
        let labels = Proposal::new(&InitChoices::default(), &Recognized::default()).absent(&[]);
        assert!(labels.len() > 30);
        for (name, color, about) in labels {
            assert!(!name.contains(['\'', '\\']) && !about.contains(['\'', '\\']), "{name}: {about}");
            // GitHub's limits.
            assert!(name.len() <= 50 && about.len() <= 100 && color.len() == 6, "{name}: {about}");
        }
    }

    #[test]
    fn readme_names_every_template() {
        let all = templates();
        let readme = &all[0].1;
        for (path, _) in &all[1..] {
            let is_named = readme.contains(&format!("`{path}`"))
                || path.starts_with("policies/") && readme.contains("`policies/`");
            assert!(is_named, "{path}");
        }
    }
}
