//! `explain`: why a rule came out as it did, and why an issue counts or does not.

use anyhow::Context as _;

use crate::exit::Exit;
use crate::model::IssueNumber;
use crate::output::explanation;
use crate::policy::nearest_name;
use crate::report::{About, StatusExplained, TriedRow, explain_issue, explain_rule, status_line};
use crate::verdict::judge;

use super::assemble::{DecisionIn, assemble_and_decide, seen_from};
use super::evaluation_time::evaluation_time;
use super::gather::gather;
use super::print::print;
use super::{Explain, Failure, World, assemble, read_context, read_policy};

/// Explains one rule or one issue. The exit code says nothing of the verdict.
pub fn run(explain: Explain, world: &mut World<'_>) -> Result<Exit, Failure> {
    let ci = read_context(world)?;
    let read = read_policy(&explain.sources, ci.as_ref(), explain.verbose, world)?;
    let policy = &read.policy;
    let number = explain.what.strip_prefix('#').unwrap_or(&explain.what).parse().ok().map(IssueNumber);
    let ids = || policy.rules.iter().map(|rule| rule.id.as_str());
    if number.is_none() && !ids().any(|id| id == explain.what) {
        let known = match nearest_name(&explain.what, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its rules are {}", ids().collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::Usage(format!(
            "`{}` is neither a rule of the policy nor an issue's number; {known}",
            explain.what
        )));
    }
    if number.is_none() && explain.release.is_some() {
        return Err(Failure::Usage(
            "--in shows the status of an issue: name one, for example `explain '#101' --in v7.5.1`".into(),
        ));
    }
    let (snapshot, _) = gather(&explain.sources, None, &read, ci.as_ref(), explain.verbose, world)?;
    let was_read = |number| snapshot.issues.iter().flatten().any(|ticket| ticket.number == number);
    let is_read = number.is_some_and(was_read);
    let elsewhere = explain.release.as_deref().map(|release| seen_from(snapshot.clone(), policy, release));
    let elsewhere = elsewhere.transpose().map_err(Failure::Usage)?;
    let (mut evidence, status) = match elsewhere {
        Some(elsewhere) => (assemble(snapshot, policy), assemble_and_decide(elsewhere, policy, number).1),
        None => assemble_and_decide(snapshot, policy, number),
    };
    let status = status.map(|DecisionIn { release, decision }| {
        let tried = decision.tried.into_iter().map(|(row, why)| TriedRow { row: row.name(), why }).collect();
        StatusExplained { release, status: status_line(&decision.found), tried }
    });
    evidence.evaluated_at = evaluation_time(explain.now, ci.as_ref(), world)?;
    let judgement = judge(policy, &evidence);
    let explained = match number {
        Some(number) => {
            let mut explained = explain_issue(number, is_read, policy, &evidence, &judgement);
            if let About::Issue(issue) = &mut explained.about {
                issue.status = status;
            }
            explained
        }
        None => explain_rule(&explain.what, &evidence, &judgement)
            .with_context(|| format!("the rule `{}` was not judged", explain.what))?,
    };
    print(explain.json, &explained, explanation, ci.is_some(), world)?;
    Ok(Exit::Success)
}
