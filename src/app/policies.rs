//! `policy check`, `policy show`, `policy schema`: what can be known about a policy without judging a release.

use crate::exit::Exit;
use crate::output::escape::terminal;
use crate::output::json;
use crate::policy::{self, Parsed, Policy};
use crate::tracker::github::GitHub;

use super::connect::{connect, repository};
use super::gather::expect;
use super::library::load;
use super::no_verdict::announce;
use super::policy_files::Checkout;
use super::print::write;
use super::{Failure, PolicyCheck, PolicyFormat, PolicyShow, Sources, World, read_context, waivers};

/// Checks policies, each by itself. All that is wrong goes to standard output.
///
/// # Errors
/// If the labels of a repository were asked for and could not be read.
pub fn check(check: PolicyCheck, world: &mut World<'_>) -> Result<Exit, Failure> {
    let ci = read_context(world)?;
    let mut fits = true;
    for file in &check.files {
        let name = file.display().to_string();
        let read = load(file, &check.sources, ci.as_ref(), check.verbose, world).and_then(|mut parsed| {
            let unread = waivers::add(&mut parsed.policy, file, &Checkout::of(file, &world.folder))?;
            Ok((parsed, unread))
        });
        let text = match read {
            Err(refused) => {
                fits = false;
                let text = refused.render(check.color);
                announce(&Failure::Policy(refused), world);
                text
            }
            Ok((Parsed { policy, warnings, .. }, unread)) => {
                let mut text: String = warnings.iter().map(|one| one.render(check.color) + "\n\n").collect();
                let mut absent = absent_labels(&policy, &check.sources, check.verbose, world)?;
                absent.extend(unread);
                text.extend(absent.iter().map(|warning| format!("warning: {}\n", terminal(warning))));
                let count = warnings.len() + absent.len();
                fits &= count == 0 || !check.strict;
                text + &summary(&name, &policy, count)
            }
        };
        write(&text, ci.is_some(), world)?;
    }
    Ok(if fits { Exit::Success } else { Exit::Usage })
}

/// Prints what holds, and where each value comes from.
///
/// # Errors
/// If the policy is refused.
pub fn show(show: PolicyShow, world: &mut World<'_>) -> Result<Exit, Failure> {
    let ci = read_context(world)?;
    let Parsed { policy, effective, .. } =
        load(&show.sources.policy, &show.sources, ci.as_ref(), show.verbose, world)?;
    let text = match show.format {
        PolicyFormat::Yaml => effective.yaml(&policy.inherited),
        PolicyFormat::Json => json(&effective.json(&policy.inherited)),
    };
    write(&text, ci.is_some(), world)?;
    Ok(Exit::Success)
}

/// Prints the JSON Schema of the format.
///
/// # Errors
/// If it cannot be printed.
pub fn schema(world: &mut World<'_>) -> Result<Exit, Failure> {
    write(&json(&policy::schema()), false, world)?;
    Ok(Exit::Success)
}

/// "policy.yml: 5 rules, 2 warnings".
fn summary(name: &str, policy: &Policy, warnings: usize) -> String {
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let inherits = match policy.inherited.files.len() {
        0 => String::new(),
        1 => ", inherits from 1 policy".to_owned(),
        count => format!(", inherits from {count} policies"),
    };
    let rules = plural(policy.rules.len(), "rule");
    format!("{}: {rules}{inherits}, {}\n", terminal(name), plural(warnings, "warning"))
}

/// Labels of the policy that the repository does not have; nothing is asked unless a repository was named.
fn absent_labels(
    policy: &Policy,
    sources: &Sources,
    verbose: bool,
    world: &World<'_>,
) -> Result<Vec<String>, Failure> {
    if sources.repository.is_none() {
        return Ok(Vec::new());
    }
    let repository = repository(sources, None)?;
    let client = connect(sources, None, sources.timeout, verbose, world)?;
    let named = policy.expected_labels();
    let matchers: Vec<_> =
        named.iter().map(|pattern| |label: &str| pattern.matches(label).is_some()).collect();
    let (warnings, gaps) = GitHub::new(&client, repository).absent_labels(&expect(&named, &matchers));
    if let Some(gap) = gaps.first() {
        let why = format!("failed to read the labels of the repository: {}", gap.what);
        return Err(Failure::Tool(anyhow::anyhow!(why)));
    }
    Ok(warnings.into_iter().map(|warning| warning.0).collect())
}
