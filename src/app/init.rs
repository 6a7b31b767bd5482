//! `init`: a policy, an issue form and a workflow for a repository, from what its labels and releases seem to mean.
//!
//! Everything is shown before anything is written, and no file is written over without a word.

mod dialogue;
mod documents;
mod files;
mod issue_form;
mod local_files;
mod next;
mod owner_lines;
mod practice;
mod product_policies;
mod proposal;
mod questions;
mod recognise;
mod survey;
mod templates;
mod test_tools;
mod workflow;

use anyhow::Context as _;

use crate::exit::Exit;
use crate::output::escape::{is_unprintable, log};
use crate::policy::parse;
use crate::tracker::github::RepositoryFacts;

use super::clone::top_above;
use super::{Failure, Run};
use crate::options::{DEFAULT_POLICY, InitOptions};
use dialogue::{Dialogue, Gone};
use files::{ExistingFile, Planned, plan};
use local_files::{LocalFiles, codeowner};
use owner_lines::{owner_lines, plan_owners};
use proposal::Proposal;
use test_tools::TestTool;
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
    if let Some(folder) = &options.templates {
        return templates::write_templates(folder, options, run);
    }
    run.read_context()?;
    let say = run.log.clone();
    // GitHub reads workflows and issue forms at the top only.
    if let Some(top) = top_above(&run.folder, run) {
        say(&format!("the files are for {}, the top of this clone", top.display()));
        run.folder = top;
    }
    let mut person = run.answers.take().filter(|_| !options.yes && !options.dry_run);
    // A script cannot answer questions. Writing without a question could replace a file.
    if person.is_none() && !options.yes && !options.dry_run {
        let why = "there is no terminal to ask at: give --yes to write the files, or --dry-run to see them";
        return Err(Failure::Usage(why.into()));
    }
    let repository = survey::chosen_repository(options, run)?;
    let seen = survey::survey(options, repository.as_ref(), run)?;
    let local = LocalFiles::read(&run.folder, FORM);
    let tools = test_tools::test_tools(&run.folder);
    let mut proposal = propose(options, &seen, &local, run)?;
    add_tests(&mut proposal, &tools, run);
    let mut dialogue = person.as_mut().map(|answers| Dialogue { answers: &mut **answers, say: &*say });
    if let Some(dialogue) = &mut dialogue
        && questions::ask(dialogue, &options.choices, &mut proposal) == Err(Gone)
    {
        return Ok(gone(&*say));
    }
    product_policies::split_tests(&mut proposal, &tools);
    proposal.old_defects = survey::old_defects(&proposal, &seen.labels, repository.as_ref(), run)?;
    let (planned, mut notes) = planned(options, &proposal, &seen, &local, run)?;
    notes.extend(form_notes(&proposal, &local));
    notes.extend(tools.iter().filter(|tool| uses(&proposal, tool)).filter_map(setup_note));
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
    if options.dry_run && planned.iter().any(|file| file.there != ExistingFile::Same) {
        say("nothing was written: give --yes in the place of --dry-run to write this");
    } else if chosen.is_empty() {
        say("nothing was written");
    }
    let repository = repository.map(|repository| repository.to_string());
    let workflow = planned.iter().map(|file| file.path.as_str()).find(|path| *path == WORKFLOW);
    let placeholders = ActionReference::parse(options.gate.as_deref())?.placeholders();
    let shared = path_text(options)?.to_owned();
    let policy = proposal.gates.first().map_or(shared.clone(), |gate| gate.path(&shared));
    let absent = proposal.absent(&seen.labels);
    let next = next::next(&absent, repository.as_deref(), &policy, &placeholders, workflow, &notes);
    write_out(&next, run)?;
    Ok(Exit::Success)
}

/// Ends the dialogue when the input is closed.
fn gone(say: &dyn Fn(&str)) -> Exit {
    say("nothing was written");
    Exit::Success
}

/// The proposal from options, the repository and the working tree, before anybody is asked.
fn propose(
    options: &InitOptions,
    seen: &RepositoryFacts,
    local: &LocalFiles,
    run: &Run<'_>,
) -> Result<Proposal, Failure> {
    let recognized = recognise::recognise(seen);
    let mut proposal = Proposal::new(&options.choices, &recognized);
    if let Some(products) = &recognized.products {
        let names: Vec<String> = products.names.iter().map(|(name, tag)| format!("{name} ({tag})")).collect();
        let (count, listed) = (names.len(), names.join(", "));
        match &proposal.product {
            Some(product) if !products.names.iter().any(|(name, _)| name == product) => {
                return Err(Failure::Usage(format!("unknown product `{product}`: the tags name {listed}")));
            }
            Some(product) => {
                (run.log)(&format!(
                    "the tags name {count} products: {listed}; the policy is about {product}"
                ));
            }
            None => (run.log)(&format!(
                "the tags name {count} products: {listed}; each gets a policy and a gate, unless --product names one"
            )),
        }
    } else if let Some(product) = &options.choices.product {
        return Err(Failure::Usage(format!(
            "unknown product `{product}`: no two products were found in the tags of the releases; give the tags with --tags"
        )));
    }
    proposal.has_team_owners = local.has_teams();
    proposal.headings = local.unread_headings();
    if let Some(form) = local.form_with_version().filter(|_| proposal.form) {
        (run.log)(&format!("{form} asks for the version already, and is read as it is"));
    }
    let chosen = options.choices.owners.iter().map(|owner| codeowner(owner)).collect::<Result<Vec<_>, _>>();
    proposal.owners = chosen.map_err(Failure::Usage)?;
    if proposal.owners.is_empty() {
        proposal.owners = local.owners_of(DEFAULT_POLICY);
    }
    Ok(proposal)
}

/// Adds the reports and the commands of the test tools, unless the reports were chosen.
fn add_tests(proposal: &mut Proposal, tools: &[TestTool], run: &Run<'_>) {
    for tool in tools {
        let reports = tool.reports.join(", ");
        (run.log)(&format!("{} ({}): test reports in {reports}", tool.name, tool.file));
    }
    if proposal.reports.is_empty() {
        for tool in tools {
            proposal.reports.extend(tool.reports.iter().cloned());
            proposal.test_commands.extend(tool.commands.iter().cloned());
        }
    }
}

/// Returns `true` if the proposal has the reports of a tool.
fn uses(proposal: &Proposal, tool: &TestTool) -> bool {
    let mut reports = proposal.reports.iter().chain(proposal.gates.iter().flat_map(|gate| &gate.reports));
    tool.reports.iter().all(|report| reports.any(|known| known == report))
}

/// The step that makes a tool write its reports.
fn setup_note(tool: &TestTool) -> Option<String> {
    Some(format!("So that {} writes test reports: {}", tool.name, tool.setup.as_ref()?))
}

/// Steps that are left for the forms of the repository.
fn form_notes(proposal: &Proposal, local: &LocalFiles) -> Vec<String> {
    let set = local.forms_that_set(&proposal.escaped).into_iter();
    let triage = proposal.practice.triage.as_deref().unwrap_or_default();
    set.map(|(path, label)| {
        format!("In {path}, replace the label `{label}` with `{triage}`: labels that a form sets are the reporter's words, and a maintainer sets `{label}`.")
    })
    .collect()
}

/// Plans the files, and lists the steps that are left.
///
/// # Errors
/// If the proposed policy would be refused.
fn planned(
    options: &InitOptions,
    proposal: &Proposal,
    seen: &RepositoryFacts,
    local: &LocalFiles,
    run: &Run<'_>,
) -> Result<(Vec<Planned>, Vec<String>), Failure> {
    let path = path_text(options)?;
    let policy = documents::policy(proposal);
    // Check the generated policy as if a person had written it: its labels come from answers.
    for warning in parse(policy.as_bytes(), path)?.warnings {
        (run.log)(&warning.to_string());
    }
    let mut files = vec![plan(&run.folder, path, policy)?];
    for gate in &proposal.gates {
        let text = product_policies::product_policy(gate, proposal, path, &seen.labels);
        files.push(plan(&run.folder, &gate.path(path), text)?);
    }
    let policies: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    if proposal.form {
        files.push(plan(&run.folder, FORM, issue_form::form(proposal, &seen.releases, &seen.labels))?);
    }
    let elsewhere = Some(path).filter(|path| *path != DEFAULT_POLICY);
    let action = ActionReference::parse(options.gate.as_deref())?;
    if let Some(workflow) = workflow::workflow_file(proposal, elsewhere, &action) {
        files.push(plan(&run.folder, WORKFLOW, workflow)?);
    }
    let workflow = files.iter().map(|file| file.path.as_str()).find(|path| *path == WORKFLOW);
    let mut notes = Vec::new();
    if proposal.owners.is_empty() {
        let lines = owner_lines(&policies, workflow, &["@ORG/TEAM".to_owned()], local);
        let file = local.owners.as_ref().map_or(owner_lines::NEW_FILE, |(path, _)| path);
        notes.push(format!(
            "So that no author of a change can loosen the gate, add to {file}, with your team:\n  {}",
            lines.trim_end().replace('\n', "\n  ")
        ));
    } else {
        let lines = owner_lines(&policies, workflow, &proposal.owners, local);
        let owners = plan_owners(&run.folder, &lines, local)?;
        if let Some(file) = owners.as_ref().filter(|file| file.there == ExistingFile::Beginning) {
            notes.push(format!(
                "{} needs these lines, if they were not added:\n  {}",
                file.path,
                lines.trim_end().replace('\n', "\n  ")
            ));
        }
        files.extend(owners);
    }
    Ok((files, notes))
}

/// The policy's path as it can stand in a workflow.
fn path_text(options: &InitOptions) -> Result<&str, Failure> {
    let path = options.policy.to_str().filter(|path| !path.contains(is_unprintable));
    path.ok_or_else(|| Failure::Usage("the path of the policy is no plain text".into()))
}

/// A file as it would be written.
fn show(file: &Planned) -> String {
    let (state, text) = match file.there {
        ExistingFile::Absent => ("new", file.text.as_str()),
        ExistingFile::Same => ("is like this already", ""),
        ExistingFile::Beginning => ("exists, and gets the last lines", file.text.as_str()),
        ExistingFile::Other => ("exists, and would be replaced", file.text.as_str()),
    };
    format!("==> {} ({state})\n{text}\n", file.path)
}

/// The files that a person wants to be written.
fn choose(dialogue: &mut Dialogue<'_>, planned: &[Planned], force: bool) -> Result<Vec<Planned>, Gone> {
    let mut chosen = Vec::new();
    for file in planned {
        let wanted = match file.there {
            ExistingFile::Absent => true,
            ExistingFile::Same => false,
            ExistingFile::Beginning => {
                force || dialogue.agrees(&format!("{} exists. Add the lines at its end?", file.path))?
            }
            ExistingFile::Other => force || dialogue.agrees(&format!("{} exists. Replace it?", file.path))?,
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

/// All files that are not there yet; none at all if one is in the way. Lines are added to an existing file only with `force`.
fn all(planned: &[Planned], force: bool) -> Result<Vec<Planned>, Failure> {
    let of = |there: ExistingFile| planned.iter().filter(move |file| file.there == there);
    // All or nothing: a policy without its workflow would look like a finished setup.
    let in_the_way: Vec<&str> = of(ExistingFile::Other).map(|file| file.path.as_str()).collect();
    if !in_the_way.is_empty() && !force {
        let names = in_the_way.join(", ");
        let why = format!("nothing was written: {names} would be replaced; give --force to do that");
        return Err(Failure::Usage(why));
    }
    let added = of(ExistingFile::Beginning).filter(|_| force);
    Ok(of(ExistingFile::Absent).chain(of(ExistingFile::Other)).chain(added).cloned().collect())
}

/// Standard output. Nothing in it is obeyed by a terminal or by the runner of a workflow.
fn write_out(text: &str, run: &mut Run<'_>) -> Result<(), Failure> {
    let text = log(text);
    Ok(run.out.write_all(text.as_bytes()).context("failed to write to standard output")?)
}
