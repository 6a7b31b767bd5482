//! `demo`: a shop with five releases, thirty issues of every kind and three test reports, judged without any network.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use test_reports::read_report;

use crate::exit::Exit;
use crate::output::{COMMENT_LIMIT, Format, markdown};
use crate::policy::{self, Parsed};
use crate::report::Header;
use crate::tracker::snapshot::parse_snapshot;

use super::check::{evaluate_snapshot, exit_of, print_report};
use super::{Failure, Run};
use crate::options::DemoOptions;

/// The example's files: path within its folder, and content.
const FILES: [(&str, &str); 5] = [
    ("policy.yml", include_str!("../../demo/policy.yml")),
    ("snapshot.json", include_str!("../../demo/snapshot.json")),
    ("reports/unit.xml", include_str!("../../demo/reports/unit.xml")),
    ("reports/integration.xml", include_str!("../../demo/reports/integration.xml")),
    ("reports/e2e.xml", include_str!("../../demo/reports/e2e.xml")),
];

/// Checks the example, or writes its files.
pub fn run_demo(options: DemoOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    match options.write {
        Some(folder) => write_example(&folder, run),
        None => check_example(run),
    }
}

/// Prints the verdict on the example and what to try next; with details, the comment as well.
fn check_example(run: &mut Run<'_>) -> Result<Exit, Failure> {
    let [policy, snapshot, reports @ ..] = FILES;
    let Parsed { policy, .. } = policy::parse(policy.1.as_bytes(), policy.0)?;
    let mut snapshot = parse_snapshot(snapshot.1, Path::new(snapshot.0)).map_err(anyhow::Error::new)?;
    for (path, text) in reports {
        snapshot.add_test_reports(read_report(path, text.as_bytes(), test_reports::Reruns::Reported));
    }
    let header =
        Header { id: "default".into(), dry_run: false, policy: "policy.yml".into(), cost: None, page: false };
    let taken_at = snapshot.taken_at;
    let report = evaluate_snapshot(header, &policy, snapshot, taken_at);
    print_report(Format::Text, &report, run)?;
    let comment = if run.text.details {
        format!("\nThe comment it would post:\n\n{}\n", indent(&markdown(&report, COMMENT_LIMIT)))
    } else {
        String::new()
    };
    write!(run.out, "{comment}{NEXT}").context("failed to write to standard output")?;
    Ok(exit_of(report.verdict))
}

/// The hints below the demo.
const NEXT: &str = "
Try next:
  escape-gate demo --verbose                         every detail, and the comment that it would post
  escape-gate demo --write shop                      write the example's policy, snapshot and test reports
  cd shop && escape-gate check --policy policy.yml --snapshot snapshot.json
                                                     judge them; then change a limit or a label, and judge again
  escape-gate check --repo OWNER/NAME --policy FILE  judge your own repository (token in GITHUB_TOKEN)
";

/// Writes the example's files into a folder that does not exist yet or is empty.
fn write_example(folder: &Path, run: &mut Run<'_>) -> Result<Exit, Failure> {
    let root = run.folder.join(folder);
    // The example has files with common names, such as `policy.yml`. It must not replace one.
    if std::fs::read_dir(&root).is_ok_and(|mut entries| entries.next().is_some()) || root.is_file() {
        return Err(Failure::Usage(format!(
            "{} exists already and is not an empty folder; name a new one",
            folder.display()
        )));
    }
    for (path, text) in FILES {
        let path = root.join(path);
        let parent = path.parent().ok_or_else(|| anyhow!("{} has no parent folder", path.display()))?;
        std::fs::create_dir_all(parent)
            .and_then(|()| std::fs::write(&path, text))
            .with_context(|| format!("failed to write {}", path.display()))?;
    }
    let shown = folder.display();
    writeln!(
        run.out,
        "Wrote the example to {shown}. Judge it with:\n  cd {shown} && escape-gate check --policy policy.yml --snapshot snapshot.json"
    )
    .context("failed to write to standard output")?;
    Ok(Exit::Success)
}

/// The text four columns to the right.
fn indent(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect()
}
