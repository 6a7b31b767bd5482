//! `export`: one run as tables for analytics.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use release_history::scratch::Scratch;

use crate::exit::Exit;
use crate::export::{ExportContext, ExportRepository, PipelineRun, build_export};
use crate::options::ExportOptions;
use crate::output::escape::{Plain, Safe};
use crate::report::Header;

use super::check::{cost_line, evaluate_with_evidence};
use super::evaluation_time::evaluation_time;
use super::gather::collect_evidence;
use super::policy_sources::read_policy;
use super::workspace::gate_id;
use super::{Failure, Run};
use crate::assemble::statuses_by_line;

/// Writes the tables of one run. The exit code says nothing of the verdict.
pub fn export(options: &ExportOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let read = read_policy(&options.sources.policy, run)?;
    let evaluated_at = evaluation_time(options.time.now, run)?;
    let collected = collect_evidence(&options.sources, None, &read, run)?;
    let named = collected.snapshot.repository.clone().or_else(|| options.sources.repository.clone());
    let named = named.or_else(|| run.ci.as_ref().map(|ci| ci.repository.clone()));
    let repository =
        ExportRepository::parse(named.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let header = Header {
        // By the policy also outside of workflows: two gates of a repository must not count as runs of one.
        id: gate_id(&options.sources.policy, run),
        dry_run: false,
        policy: options.sources.policy.display().to_string(),
        cost: cost_line(collected.usage),
        page: false,
    };
    let lines = statuses_by_line(&collected.snapshot, &read.policy);
    let (mut evidence, _) = collected.assemble(&read.policy, None, run);
    evidence.lines = lines;
    let (evidence, report) = evaluate_with_evidence(header, &read.policy, evidence, evaluated_at);
    let pipeline = run.ci.as_ref().and_then(|ci| {
        let id = ci.run.map(|run| format!("{}.{}", run.id, run.attempt))?;
        Some(PipelineRun { id, url: ci.run_url.clone() })
    });
    let context = ExportContext { repository: repository.clone(), pipeline };
    let tables = build_export(context, &read.policy, &evidence, &report)
        .context("failed to make the tables of the export")?;
    let files = tables.files(&repository).context("failed to write rows as JSON")?;
    let folder = run.folder.join(&options.output);
    for (path, bytes) in &files {
        add_file(&folder.join(path), bytes)?;
    }
    let shown = Safe::<Plain>::of(&options.output.display().to_string());
    let id = Safe::<Plain>::of(&tables.run.run);
    run.print_text(&format!("Wrote {} tables of run {} below {}\n", files.len(), &*id, &*shown))?;
    Ok(Exit::Success)
}

/// Adds a file that other runs never change. A file with the same bytes is left as it is.
fn add_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = || format!("failed to write {}", path.display());
    match fs::read(path) {
        Ok(known) if known == bytes => return Ok(()),
        Ok(_) => {
            let what = format!(
                "{} exists with other contents, and an export never changes a file: move it away, or export to another folder",
                path.display()
            );
            return Err(Failure::Usage(what));
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(anyhow::Error::from(error).context(failed()).into()),
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).with_context(failed)?;
    // A reader never sees half a table: the name appears when the file is whole.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let draft = Scratch::new(path.with_file_name(format!(".{name}.{}.tmp", std::process::id())));
    fs::write(draft.path(), bytes).and_then(|()| draft.rename(path)).with_context(failed)?;
    Ok(())
}
