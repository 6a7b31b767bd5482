//! Reads what a repository has: labels, issue types and releases on GitHub, and open defects that are older than the policy.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::proposal::Proposal;
use crate::app::connect::{connect, known_repository};
use crate::app::secrets::TOKENS;
use crate::app::{Failure, Run};
use crate::options::InitOptions;
use crate::policy::LabelPattern;
use crate::tracker::github::{GitHub, RepositoryFacts, RepositoryName};

/// Age in hours from which open defects are debt: 30 days, the default of `releases.mature-after`.
const OLD: i64 = 30 * 24;

/// Number of labels that open defects are counted by. GitHub limits the size of a query.
const MOST_LABELS: usize = 50;

/// Returns the repository that was named, that the workflow runs in, or that the clone came from.
pub fn chosen_repository(options: &InitOptions, run: &Run<'_>) -> Result<Option<RepositoryName>, Failure> {
    known_repository(options.repository.as_deref(), run)
}

/// Reads labels, issue types and releases of the repository. If they cannot be read, the log says why, and the usual names
/// are proposed.
pub fn survey(
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
        return unseen("there is no token (on your machine, run `export GITHUB_TOKEN=$(gh auth token)`)");
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

/// Counts the open escaped defects if the oldest was opened long ago, with the day of the run. `None` if there are none, or
/// if they were not read.
pub fn old_defects(
    proposal: &Proposal,
    labels: &[String],
    repository: Option<&RepositoryName>,
    run: &Run<'_>,
) -> Result<Option<(u64, Date)>, Failure> {
    let patterns: Vec<LabelPattern> =
        proposal.escaped.iter().filter_map(|label| LabelPattern::new(label).ok()).collect();
    let counts = |label: &&String| patterns.iter().any(|pattern| pattern.matches(label).is_some());
    let counted: Vec<String> = labels.iter().filter(counts).take(MOST_LABELS).cloned().collect();
    let Some(repository) = repository.filter(|_| !counted.is_empty()) else { return Ok(None) };
    let client = connect(run)?;
    let (found, gaps) = GitHub::new(&client, repository.clone()).open_issues(&counted);
    for gap in &gaps {
        (run.log)(&format!("not seen: {}", gap.what));
    }
    let is_old = |opened: Timestamp| run.now.duration_since(opened).as_hours() >= OLD;
    let today = run.now.to_zoned(TimeZone::UTC).date();
    Ok(found.filter(|found| found.oldest.is_some_and(is_old)).map(|found| (found.count, today)))
}
