//! `init`: a policy, an issue form and a workflow for a repository, from what its labels and releases seem to mean.
//!
//! Everything is shown before anything is written, and no file is written over without a word.

mod dialogue;
mod documents;
mod files;
mod next;
mod proposal;
mod questions;
mod recognise;
mod workflow;

use anyhow::Context as _;

use crate::exit::Exit;
use crate::model::Release;
use crate::output::escape::{is_unprintable, log};
use crate::policy::parse;
use crate::tracker::github::{GitHub, RepositoryFacts, RepositoryName};

use super::connect::connect;
use super::secrets::TOKENS;
use super::{Failure, Run};
use crate::options::{DEFAULT_POLICY, InitOptions};
use dialogue::{Dialogue, Gone};
use files::{Planned, There, plan};
use proposal::Proposal;
use workflow::ActionReference;

/// The path of the issue form.
const FORM: &str = ".github/ISSUE_TEMPLATE/production-bug.yml";

/// The path of the workflow.
const WORKFLOW: &str = ".github/workflows/escape-gate.yml";

/// Proposes files, and writes them if that is wanted.
///
/// # Errors
/// If there is nobody to ask and no option says what to do, a file is in the way, or what was chosen makes no policy.
pub fn init(options: &InitOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let say = run.log.clone();
    let mut person = run.answers.take().filter(|_| !options.yes && !options.dry_run);
    // A script cannot answer questions. Writing without a question could replace a file.
    if person.is_none() && !options.yes && !options.dry_run {
        let why = "there is no terminal to ask at: give --yes to write the files, or --dry-run to see them";
        return Err(Failure::Usage(why.into()));
    }
    let repository = chosen_repository(options, run)?;
    let seen = survey(options, repository.as_ref(), run)?;
    let mut proposal = Proposal::new(&options.choices, &recognise::recognise(&seen.labels, &seen.releases));
    let mut dialogue = person.as_mut().map(|answers| Dialogue { answers: &mut **answers, say: &*say });
    if let Some(dialogue) = &mut dialogue
        && questions::ask(dialogue, &options.choices, &mut proposal) == Err(Gone)
    {
        return Ok(gone(&*say));
    }
    let planned = planned(options, &proposal, &seen.releases, run)?;
    let mut shown = String::new();
    for file in &planned {
        shown.push_str(&show(file));
    }
    write_out(&shown, run)?;
    let chosen = match &mut dialogue {
        Some(dialogue) => match choose(dialogue, &planned, options.force) {
            Ok(chosen) => chosen,
            Err(Gone) => return Ok(gone(&*say)),
        },
        None if options.dry_run => Vec::new(),
        None => all(&planned, options.force)?,
    };
    for file in &chosen {
        files::write(&run.folder, file)?;
        say(&format!("wrote {}", file.path));
    }
    if options.dry_run && planned.iter().any(|file| file.there != There::Same) {
        say("nothing was written: give --yes in the place of --dry-run to write this");
    } else if chosen.is_empty() {
        say("nothing was written");
    }
    let repository = repository.map(|repository| repository.to_string());
    let workflow = planned.iter().map(|file| file.path.as_str()).find(|path| *path == WORKFLOW);
    let placeholders = ActionReference::parse(options.gate.as_deref())?.placeholders();
    let policy = path_text(options)?;
    let next =
        next::next(&proposal.absent(&seen.labels), repository.as_deref(), policy, &placeholders, workflow);
    write_out(&next, run)?;
    Ok(Exit::Success)
}

/// Ends the dialogue when the input is closed.
fn gone(say: &dyn Fn(&str)) -> Exit {
    say("nothing was written");
    Exit::Success
}

/// The repository that was named, that the workflow runs in, or that the clone came from.
fn chosen_repository(options: &InitOptions, run: &Run<'_>) -> Result<Option<RepositoryName>, Failure> {
    let named = options.repository.clone().or_else(|| run.ci.as_ref().map(|ci| ci.repository.clone()));
    match named {
        Some(name) => {
            RepositoryName::parse(&name).map(Some).map_err(|error| Failure::Usage(error.to_string()))
        }
        None => {
            // Read the file and do not start Git: a configuration may name programs that Git would
            // run.
            Ok(std::fs::read_to_string(run.folder.join(".git/config")).ok().and_then(|text| origin(&text)))
        }
    }
}

/// The repository on GitHub that a clone's configuration names as its origin.
fn origin(config: &str) -> Option<RepositoryName> {
    let section = config.split("[remote \"origin\"]").nth(1)?.split("\n[").next()?;
    let url =
        section.lines().find_map(|line| line.trim().strip_prefix("url")?.trim_start().strip_prefix('='))?;
    let path = url.trim().strip_suffix(".git").unwrap_or(url.trim());
    let path = ["https://github.com/", "git@github.com:", "ssh://git@github.com/"]
        .iter()
        .find_map(|start| path.strip_prefix(start))?;
    RepositoryName::parse(path.trim_end_matches('/')).ok()
}

/// Reads labels and releases of the repository. If they cannot be read, the log says why, and the usual names are proposed.
fn survey(
    options: &InitOptions,
    repository: Option<&RepositoryName>,
    run: &Run<'_>,
) -> Result<RepositoryFacts, Failure> {
    let unseen = |why: &str| {
        (run.log)(&format!("labels and releases were not looked at: {why}; the usual names are proposed"));
        Ok(RepositoryFacts::default())
    };
    if options.offline {
        return unseen("--offline");
    }
    let Some(repository) = repository else {
        return unseen("no repository is known (give --repo owner/name)");
    };
    // Without a token, GitHub allows 60 requests an hour, which other users of the same network
    // share.
    if run.variable(&TOKENS).is_none() {
        return unseen("there is no token (set GITHUB_TOKEN)");
    }
    let client = connect(run)?;
    let seen = GitHub::new(&client, repository.clone()).facts();
    for gap in &seen.gaps {
        (run.log)(&format!("not seen: {}", gap.what));
    }
    let (labels, releases) = (seen.labels.len(), seen.releases.len());
    (run.log)(&format!("read {labels} labels and {releases} releases of {repository}"));
    Ok(seen)
}

/// The files, each with what stands in its place. A policy that would be refused is none to propose.
fn planned(
    options: &InitOptions,
    proposal: &Proposal,
    releases: &[Release],
    run: &Run<'_>,
) -> Result<Vec<Planned>, Failure> {
    let path = path_text(options)?;
    let policy = documents::policy(proposal);
    // Check the generated policy as if a person had written it: its labels come from answers.
    for warning in parse(policy.as_bytes(), path)?.warnings {
        (run.log)(&warning.to_string());
    }
    let mut files = vec![plan(&run.folder, path, policy)?];
    if proposal.form {
        files.push(plan(&run.folder, FORM, documents::form(proposal, releases))?);
    }
    let elsewhere = Some(path).filter(|path| *path != DEFAULT_POLICY);
    let action = ActionReference::parse(options.gate.as_deref())?;
    if let Some(workflow) = workflow::workflow_file(proposal, elsewhere, &action) {
        files.push(plan(&run.folder, WORKFLOW, workflow)?);
    }
    Ok(files)
}

/// The policy's path as it can stand in a workflow.
fn path_text(options: &InitOptions) -> Result<&str, Failure> {
    let path = options.policy.to_str().filter(|path| !path.contains(is_unprintable));
    path.ok_or_else(|| Failure::Usage("the path of the policy is no plain text".into()))
}

/// A file as it would be written.
fn show(file: &Planned) -> String {
    let (state, text) = match file.there {
        There::Nothing => ("new", file.text.as_str()),
        There::Same => ("is like this already", ""),
        There::Other => ("exists, and would be replaced", file.text.as_str()),
    };
    format!("==> {} ({state})\n{text}\n", file.path)
}

/// The files that a person wants to be written.
fn choose(dialogue: &mut Dialogue<'_>, planned: &[Planned], force: bool) -> Result<Vec<Planned>, Gone> {
    let mut chosen = Vec::new();
    for file in planned {
        let wanted = match file.there {
            There::Nothing => true,
            There::Same => false,
            There::Other => force || dialogue.agrees(&format!("{} exists. Replace it?", file.path))?,
        };
        if wanted {
            chosen.push(file.clone());
        }
    }
    let names: Vec<&str> = chosen.iter().map(|file| file.path.as_str()).collect();
    if chosen.is_empty() || !dialogue.agrees(&format!("Write {}?", names.join(", ")))? {
        chosen.clear();
    }
    Ok(chosen)
}

/// All files that are not there yet; none at all if one is in the way.
fn all(planned: &[Planned], force: bool) -> Result<Vec<Planned>, Failure> {
    let of = |there: There| planned.iter().filter(move |file| file.there == there);
    // All or nothing: a policy without its workflow would look like a finished setup.
    let in_the_way: Vec<&str> = of(There::Other).map(|file| file.path.as_str()).collect();
    if !in_the_way.is_empty() && !force {
        let names = in_the_way.join(", ");
        let why = format!("nothing was written: {names} would be replaced; give --force to do that");
        return Err(Failure::Usage(why));
    }
    Ok(of(There::Nothing).chain(of(There::Other)).cloned().collect())
}

/// Standard output. Nothing in it is obeyed by a terminal or by the runner of a workflow.
fn write_out(text: &str, run: &mut Run<'_>) -> Result<(), Failure> {
    let text = log(text);
    Ok(run.out.write_all(text.as_bytes()).context("failed to write to standard output")?)
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn only_a_github_clone_names_its_repository() {
        let config = |url: &str| {
            format!(
                "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = {url}\n\tfetch = x\n[branch \"main\"]\n\tremote = origin\n"
            )
        };
        for url in [
            "https://github.com/acme/shop.git",
            "git@github.com:acme/shop.git",
            "ssh://git@github.com/acme/shop",
            "https://github.com/acme/shop/",
        ] {
            assert_eq!(
                origin(&config(url)).map(|found| found.to_string()).as_deref(),
                Some("acme/shop"),
                "{url}"
            );
        }
        for url in [
            "https://example.org/acme/shop",
            "https://github.com.example.org/acme/shop",
            "https://github.com/acme/shop/x",
            "../shop",
        ] {
            assert_eq!(origin(&config(url)), None, "{url}");
        }
        assert_eq!(origin("[core]\n"), None);
    }
}
