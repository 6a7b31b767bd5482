//! `policy check`, `policy show`, `policy schema`: what can be known about a policy without judging a release.

use crate::exit::Exit;
use crate::output::escape::terminal;
use crate::output::to_json;
use crate::policy::{self, Parsed, Policy};
use crate::tracker::github::GitHub;

use super::connect::{self, connect};
use super::gather::expect;
use super::no_verdict::announce;
use super::policy_files::Checkout;
use super::policy_sources::load_policy;
use super::{Failure, Run, waivers};
use crate::options::{PolicyCheckOptions, PolicyFormat, PolicyShowOptions};

/// Checks policies, each by itself. All that is wrong goes to standard output.
///
/// # Errors
/// If the labels of a repository were asked for and could not be read.
pub fn check_policies(options: &PolicyCheckOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let mut fits = true;
    let files =
        if options.files.is_empty() { std::slice::from_ref(&options.policy) } else { &options.files[..] };
    for file in files {
        let name = file.display().to_string();
        let read = load_policy(file, run).and_then(|mut parsed| {
            let unread = waivers::add_waivers(&mut parsed.policy, file, &Checkout::of(file, &run.folder))?;
            Ok((parsed, unread))
        });
        let text = match read {
            Err(refused) => {
                // Go on with the other files, so that one run shows the mistakes of all.
                fits = false;
                let text = refused.render(run.text.color);
                announce(&Failure::Policy(refused), run);
                text
            }
            Ok((Parsed { policy, warnings, .. }, unread)) => {
                let mut text: String =
                    warnings.iter().map(|one| one.render(run.text.color) + "\n\n").collect();
                let mut absent = absent_labels(&policy, options.repository.as_deref(), run)?;
                absent.extend(unread);
                text.extend(absent.iter().map(|warning| format!("warning: {}\n", terminal(warning))));
                let count = warnings.len() + absent.len();
                fits &= count == 0 || !options.strict;
                text + &policy_summary(&name, &policy, count)
            }
        };
        run.print_text(&text)?;
    }
    Ok(if fits { Exit::Success } else { Exit::Usage })
}

/// Prints what holds, and where each value comes from.
///
/// # Errors
/// If the policy is refused.
pub fn show_policy(options: &PolicyShowOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let Parsed { policy, effective, .. } =
        load_policy(options.file.as_ref().unwrap_or(&options.policy), run)?;
    let text = match options.format {
        PolicyFormat::Yaml => effective.yaml(&policy.inherited),
        PolicyFormat::Json => to_json(&effective.json(&policy.inherited)),
    };
    run.print_text(&text)?;
    Ok(Exit::Success)
}

/// Prints the JSON Schema of the format.
///
/// # Errors
/// If it cannot be printed.
pub fn print_schema(run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.write_out(&to_json(&policy::schema()))?;
    Ok(Exit::Success)
}

/// "policy.yml: 5 rules, 2 warnings".
fn policy_summary(name: &str, policy: &Policy, warnings: usize) -> String {
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
fn absent_labels(policy: &Policy, repository: Option<&str>, run: &Run<'_>) -> Result<Vec<String>, Failure> {
    // Without a repository the command works offline, as a check before a commit does.
    if repository.is_none() {
        return Ok(Vec::new());
    }
    let repository = connect::target_repository(repository, run)?;
    connect::require_token(run)?;
    let client = connect(run)?;
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
