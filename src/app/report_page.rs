//! `report`: files with the report, for example the page with charts and every escaped defect.

use crate::exit::Exit;
use crate::options::ReportOptions;
use crate::output::escape::{Plain, Safe};
use crate::report::Header;

use super::check::{cost_line, evaluate_collected};
use super::evaluation_time::evaluation_time;
use super::gather::collect_evidence;
use super::output_file::write_outputs;
use super::policy_sources::read_policy;
use super::workspace::gate_id;
use super::{Failure, Run};

/// Writes the files. The exit code says nothing of the verdict.
pub fn report(options: &ReportOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let files = options.files.files().map_err(Failure::Usage)?;
    if files.is_empty() {
        return Err(Failure::Usage(
            "there is nothing to write: add --html FILE or --output FORMAT=FILE".into(),
        ));
    }
    let read = read_policy(&options.sources.policy, run)?;
    let evaluated_at = evaluation_time(options.time.now, run)?;
    let collected = collect_evidence(&options.sources, None, &read, run)?;
    let header = Header {
        // As in `check`: outside of a workflow, nothing has to tell two gates apart.
        id: run.ci.as_ref().map_or_else(|| "default".to_owned(), |_| gate_id(&options.sources.policy, run)),
        dry_run: false,
        policy: options.sources.policy.display().to_string(),
        cost: cost_line(collected.usage),
        page: files.iter().any(|file| file.format.needs_page()),
    };
    let report = evaluate_collected(header, &read, collected, evaluated_at, run);
    write_outputs(&files, &report, run)?;
    let paths: Vec<Safe<Plain>> =
        files.iter().map(|file| Safe::of(&file.path.display().to_string())).collect();
    run.print_text(&format!("Wrote {}: verdict {}\n", paths.join(", "), report.verdict.name()))?;
    Ok(Exit::Success)
}
