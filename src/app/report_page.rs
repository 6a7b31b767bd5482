//! `report`: the page with the verdict, charts and every escaped defect.

use crate::exit::Exit;
use crate::options::ReportOptions;
use crate::output::escape::{Plain, Safe};
use crate::report::Header;

use super::check::{cost_line, evaluate_collected};
use super::evaluation_time::evaluation_time;
use super::gather::collect_evidence;
use super::output_file::write_page;
use super::policy_sources::read_policy;
use super::workspace::gate_id;
use super::{Failure, Run};

/// Writes the page. The exit code says nothing of the verdict.
pub fn report(options: &ReportOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let read = read_policy(&options.sources.policy, run)?;
    let evaluated_at = evaluation_time(options.time.now, run)?;
    let collected = collect_evidence(&options.sources, None, &read, run)?;
    let header = Header {
        // As in `check`: outside of a workflow, nothing has to tell two gates apart.
        id: run.ci.as_ref().map_or_else(|| "default".to_owned(), |_| gate_id(&options.sources.policy, run)),
        dry_run: false,
        policy: options.sources.policy.display().to_string(),
        cost: cost_line(collected.usage),
        page: true,
    };
    let report = evaluate_collected(header, &read, collected, evaluated_at, run);
    write_page(&options.html, &report, run)?;
    let path = Safe::<Plain>::of(&options.html.display().to_string());
    run.print_text(&format!("Wrote {}: verdict {}\n", &*path, report.verdict.name()))?;
    Ok(Exit::Success)
}
