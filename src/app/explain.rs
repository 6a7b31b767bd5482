//! `explain`: why a rule came out as it did, and why an issue counts or does not.

use anyhow::Context as _;

use crate::exit::Exit;
use crate::model::IssueNumber;
use crate::output::explanation;
use crate::policy::nearest;
use crate::report::{explain_issue, explain_rule};
use crate::verdict::judge;

use super::gather::gather;
use super::print::print;
use super::{Explain, Failure, World, assemble, read_context, read_policy};

/// Explains one rule or one issue. The exit code says nothing of the verdict.
pub fn run(explain: Explain, world: &mut World<'_>) -> Result<Exit, Failure> {
    let ci = read_context(world)?;
    let policy = read_policy(&explain.sources, ci.as_ref(), explain.verbose, world)?;
    let number = explain.what.strip_prefix('#').unwrap_or(&explain.what).parse().ok().map(IssueNumber);
    let ids = || policy.rules.iter().map(|rule| rule.id.as_str());
    if number.is_none() && !ids().any(|id| id == explain.what) {
        let known = match nearest(&explain.what, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its rules are {}", ids().collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::Usage(format!(
            "`{}` is neither a rule of the policy nor an issue's number; {known}",
            explain.what
        )));
    }
    let (snapshot, _) = gather(&explain.sources, None, &policy, ci.as_ref(), explain.verbose, world)?;
    let was_read = |number| snapshot.tickets.iter().flatten().any(|ticket| ticket.number == number);
    let read = number.is_some_and(was_read);
    let evidence = assemble(snapshot, &policy);
    let judgement = judge(&policy, &evidence);
    let explained = match number {
        Some(number) => explain_issue(number, read, &policy, &evidence, &judgement),
        None => explain_rule(&explain.what, &evidence, &judgement)
            .with_context(|| format!("the rule `{}` was not judged", explain.what))?,
    };
    print(explain.json, &explained, explanation, ci.is_some(), world)?;
    Ok(Exit::Success)
}
