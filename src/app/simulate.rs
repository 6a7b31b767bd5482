//! `simulate`: what this policy would have said at each of the last releases.

use rayon::prelude::*;

use crate::exit::Exit;
use crate::model::{Area, OLD_SCHEMA, Release, Snapshot};
use crate::output::simulation_text;
use crate::policy::Policy;
use crate::report::{Header, Simulation, build_past_report, summarize_simulation};
use crate::verdict::evaluate_policy;

use super::gather::collect_snapshot;
use super::policy_sources::read_policy;
use super::{Failure, Run};
use crate::assemble::as_of::PastSnapshots;
use crate::assemble::{counted_releases, releases_in_order};
use crate::options::{EvidenceKind, SimulateOptions};

/// Judges each of the last releases by what was known when it was published. The exit code says nothing of the verdicts.
pub fn simulate(options: &SimulateOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let policy = &options.sources.policy;
    let read = read_policy(policy, run)?;
    let snapshot = collect_snapshot(&options.sources, Some(EvidenceKind::Issues), &read, run)?;
    let simulation = rerun(&snapshot, read.policy, &policy.display().to_string(), options.last)?;
    run.print_answer(options.format, &simulation, simulation_text)?;
    Ok(Exit::Success)
}

/// The verdicts on the last releases of a snapshot, the newest first.
fn rerun(snapshot: &Snapshot, mut policy: Policy, name: &str, last: u32) -> Result<Simulation, Failure> {
    // Of the past the gate knows no test results: a rule on them would be unknown every time.
    let (about_tests, rules) =
        policy.rules.into_iter().partition(|rule| rule.metric.needs().contains(&Area::Tests));
    policy.rules = rules;
    let left_out: Vec<_> = about_tests;
    if policy.rules.is_empty() {
        return Err(Failure::Usage(
            "every rule of the policy is about tests, and of the past none are known".into(),
        ));
    }
    let releases = counted_releases(snapshot.releases.as_deref().unwrap_or_default(), &policy, None);
    let timeline = releases_in_order(releases, &policy, None, None);
    let of_the_past: Vec<&Release> = timeline.published_before_candidate().take(last as usize).collect();
    if of_the_past.is_empty() {
        return Err(Failure::Usage("there is no published release to simulate".into()));
    }
    let past = PastSnapshots::new(snapshot, &policy);
    let reports = of_the_past.into_par_iter().map(|release| {
        let header = Header {
            id: "simulation".into(),
            dry_run: true,
            policy: name.to_owned(),
            cost: None,
            page: false,
        };
        let evidence = past.assemble(release);
        build_past_report(header, &policy, &evidence, &evaluate_policy(&policy, &evidence))
    });
    let left_out = left_out.into_iter().map(|rule| rule.id).collect();
    Ok(summarize_simulation(name, reports.collect(), left_out, snapshot.schema > OLD_SCHEMA))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::assemble::assemble;
    use crate::report::build_report;

    /// The report of a past release leaves the lists of defects out, and its headline names a defect all the same.
    #[test]
    fn past_report_has_the_headline_and_rules_of_the_whole_report() {
        let (mut compared, mut named) = (0, 0);
        for folder in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures")).unwrap() {
            let folder = folder.unwrap().path();
            let Ok(text) = std::fs::read(folder.join("policy.yml")) else { continue };
            let Ok(read) = crate::policy::parse(&text, "policy.yml") else { continue };
            let Ok(text) = std::fs::read(folder.join("snapshot.json")) else { continue };
            let Ok(snapshot) = serde_json::from_slice::<Snapshot>(&text) else { continue };
            let evidence = assemble(snapshot, &read.policy);
            let judgement = evaluate_policy(&read.policy, &evidence);
            let header = || Header {
                id: "a".into(),
                dry_run: false,
                policy: "policy.yml".into(),
                cost: None,
                page: false,
            };
            let whole = build_report(header(), &read.policy, &evidence, &judgement);
            let past = build_past_report(header(), &read.policy, &evidence, &judgement);
            assert_eq!(past.headline, whole.headline, "{}", folder.display());
            assert_eq!(past.rules, whole.rules, "{}", folder.display());
            assert_eq!(past.exceptions, whole.exceptions, "{}", folder.display());
            compared += 1;
            named += usize::from(whole.headline.contains("defect #"));
        }
        assert!(compared > 150 && named > 20, "{compared} compared, {named} with a defect");
    }
}
