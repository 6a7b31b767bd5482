//! The questions for everything that no option answers.

use super::dialogue::{Dialogue, Gone, yes_or_no};
use super::local_files::codeowner;
use super::proposal::{Proposal, gates_of};
use crate::options::{InitChoices, PRESETS, WorkflowKind};
use crate::policy::LabelPattern;

/// The word for every product.
const ALL: &str = "all";

/// The word for nothing.
const NONE: &str = "none";

/// Asks for each part of the proposal that was not chosen yet.
///
/// # Errors
/// If the person goes away.
pub fn ask(dialogue: &mut Dialogue<'_>, chosen: &InitChoices, proposal: &mut Proposal) -> Result<(), Gone> {
    if chosen.preset.is_none() {
        for (name, about) in PRESETS {
            (dialogue.say)(&format!("  {name}: {about}"));
        }
        proposal.preset = dialogue.ask("Which rules to begin with?", &proposal.preset, preset)?;
    }
    let [critical, major, minor] = &mut proposal.severity;
    for (question, chosen, labels, needed) in [
        ("Labels of bugs that were found in production", &chosen.names.escaped, &mut proposal.escaped, true),
        ("Labels of bugs that were found before", &chosen.names.caught, &mut proposal.caught, false),
        ("Labels of critical bugs", &chosen.names.critical, &mut critical.1, true),
        ("Labels of major bugs", &chosen.names.major, &mut major.1, false),
        ("Labels of minor bugs", &chosen.names.minor, &mut minor.1, false),
    ] {
        if chosen.is_empty() {
            let proposed = if labels.is_empty() { NONE.to_owned() } else { labels.join(", ") };
            // What is proposed may have commas in its names.
            let read = |answer: &str| {
                if answer == proposed { Ok(labels.clone()) } else { split_answers(answer, needed, pattern) }
            };
            let answer = dialogue.ask(question, &proposed, read)?;
            *labels = answer;
        }
    }
    if let Some(products) = proposal.products.clone().filter(|_| chosen.product.is_none()) {
        let names: Vec<&str> = products.names.iter().map(|(name, _)| name.as_str()).collect();
        let listed = names.join(", ");
        let question = format!(
            "The tags name {} products: {listed}. A gate for all of them, or for which one?",
            names.len()
        );
        let read = |answer: &str| match names.iter().find(|name| **name == answer) {
            Some(name) => Ok(Some((*name).to_owned())),
            None if answer == ALL => Ok(None),
            None => Err(format!("write {ALL}, or one of {listed}")),
        };
        proposal.product = dialogue.ask(&question, ALL, read)?;
        proposal.gates = gates_of(Some(&products).filter(|_| proposal.product.is_none()));
    }
    let asks_tags = proposal.products.is_none() && chosen.names.tags.is_none();
    let tags = "Tags that are releases, such as `v*` (none: every published release)";
    for (question, chosen, value, good) in [
        (
            "Labels that name a component, with `*` for the name",
            &chosen.names.component,
            &mut proposal.component,
            name_pattern as fn(&str) -> Result<String, String>,
        ),
        (
            "Labels that name a team, with `*` for the name",
            &chosen.names.team,
            &mut proposal.team,
            name_pattern,
        ),
        (tags, &chosen.names.tags, &mut proposal.tags, pattern),
    ] {
        if chosen.is_none() && (question != tags || asks_tags) {
            let proposed = value.clone().unwrap_or_else(|| NONE.to_owned());
            let read = |answer: &str| if answer == NONE { Ok(None) } else { good(answer).map(Some) };
            *value = dialogue.ask(question, &proposed, read)?;
        }
    }
    if chosen.reports.is_empty() {
        let question = "Globs of test reports, such as `build/**/TEST-*.xml`";
        let proposed =
            if proposal.reports.is_empty() { NONE.to_owned() } else { proposal.reports.join(", ") };
        let reports = dialogue
            .ask(question, &proposed, |answer| split_answers(answer, false, |glob| Ok(glob.to_owned())))?;
        if reports != proposal.reports {
            // The commands write other reports.
            proposal.test_commands.clear();
        }
        proposal.reports = reports;
    }
    if chosen.workflow.is_none() {
        proposal.workflow = dialogue.ask(
            "When the gate runs: pull-request, publish or none",
            "pull-request",
            workflow_kind,
        )?;
    }
    if !chosen.no_form {
        let proposed = if proposal.form { "yes" } else { "no" };
        proposal.form = dialogue.ask(
            "An issue form that asks for the release and how it was found?",
            proposed,
            yes_or_no,
        )?;
    }
    if chosen.owners.is_empty() {
        let proposed = if proposal.owners.is_empty() { NONE.to_owned() } else { proposal.owners.join(", ") };
        let question =
            "Who approves changes of the policy and waivers, as in CODEOWNERS, such as `@acme/release`";
        proposal.owners =
            dialogue.ask(question, &proposed, |answer| split_answers(answer, false, codeowner))?;
    }
    Ok(())
}

fn preset(answer: &str) -> Result<String, String> {
    let known = PRESETS.iter().find(|(name, _)| *name == answer);
    known.map(|(name, _)| (*name).to_owned()).ok_or_else(|| "write one of the names above".to_owned())
}

fn workflow_kind(answer: &str) -> Result<WorkflowKind, String> {
    WorkflowKind::parse(answer).ok_or_else(|| "write pull-request, publish or none".to_owned())
}

/// A pattern that the policy can hold.
fn pattern(answer: &str) -> Result<String, String> {
    LabelPattern::new(answer).map(|_| answer.to_owned()).map_err(|why| why.to_string())
}

/// A pattern whose `*` stands for a name.
fn name_pattern(answer: &str) -> Result<String, String> {
    let read = LabelPattern::new(answer).map_err(|why| why.to_string())?;
    let names_one = read.stars() == 1 && !read.has_version() && !read.has_product();
    names_one.then(|| answer.to_owned()).ok_or_else(|| "write one `*` for the name, such as `area/*`".into())
}

/// Splits an answer at commas. A label with a comma in its name needs the option.
fn split_answers(
    answer: &str,
    needed: bool,
    read: impl Fn(&str) -> Result<String, String>,
) -> Result<Vec<String>, String> {
    let parts = answer.split(',').map(str::trim).filter(|part| !part.is_empty() && answer != NONE);
    let read: Vec<String> = parts.map(read).collect::<Result<_, _>>()?;
    if needed && read.is_empty() { Err("the policy needs at least one".into()) } else { Ok(read) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::init::recognise::{Products, Recognized};
    use crate::options::LabelsAndTags;

    fn recognized() -> Recognized {
        let names = LabelsAndTags {
            escaped: vec!["prod".into()],
            team: Some("team/*".into()),
            ..LabelsAndTags::default()
        };
        Recognized { names, ..Recognized::default() }
    }

    fn answered(input: &str, chosen: &InitChoices) -> Result<Proposal, Gone> {
        let mut proposal = Proposal::new(chosen, &recognized());
        let mut answers = input.as_bytes();
        let mut dialogue = Dialogue { answers: &mut answers, say: &|_| {} };
        ask(&mut dialogue, chosen, &mut proposal).map(|()| proposal)
    }

    #[test]
    fn empty_lines_take_the_whole_proposal_and_an_end_takes_nothing() {
        let proposal = answered(&"\n".repeat(13), &InitChoices::default()).unwrap();
        assert_eq!(proposal, Proposal::new(&InitChoices::default(), &recognized()));
        assert_eq!(answered(&"\n".repeat(12), &InitChoices::default()), Err(Gone));
    }

    #[test]
    fn answers_take_the_place_of_what_is_proposed() {
        let input = "strict\nmature\nlive, hot fix\nnone\nnone\nS1\n\n\narea/*\nnone\nv*\nb/*.xml\npublish\nno\nmona, @acme/release\n";
        let proposal = answered(input, &InitChoices::default()).unwrap();
        assert_eq!(
            (proposal.preset.as_str(), proposal.escaped),
            ("mature", vec!["live".into(), "hot fix".into()])
        );
        assert_eq!((proposal.caught, proposal.severity[0].1.clone()), (vec![], vec!["S1".to_owned()]));
        assert_eq!(
            (proposal.component.as_deref(), proposal.team, proposal.tags.as_deref()),
            (Some("area/*"), None, Some("v*"))
        );
        assert_eq!(
            (proposal.reports, proposal.workflow, proposal.form),
            (vec!["b/*.xml".to_owned()], WorkflowKind::Publish, false)
        );
        assert_eq!(proposal.owners, ["@mona", "@acme/release"]);
    }

    #[test]
    fn what_the_policy_would_refuse_is_asked_again_at_once() {
        let input =
            "\n,\n , \nnone\nlive\n\n\n\n\narea\narea/*/*\narea/*\nteam-{version}\nnone\n\n\n\n\n@\n\n";
        let proposal = answered(input, &InitChoices::default()).unwrap();
        assert_eq!(proposal.escaped, ["live"]);
        assert_eq!((proposal.component.as_deref(), proposal.team), (Some("area/*"), None));
    }

    #[test]
    fn what_an_option_said_is_not_asked() {
        let text = || vec!["x".to_owned()];
        let chosen = InitChoices {
            preset: Some("mature".into()),
            names: LabelsAndTags {
                escaped: text(),
                caught: text(),
                critical: text(),
                major: text(),
                minor: text(),
                component: Some("c/*".into()),
                team: Some("t/*".into()),
                tags: Some("v*".into()),
            },
            reports: text(),
            workflow: Some(WorkflowKind::None),
            no_form: true,
            product: Some("api".into()),
            owners: text(),
        };
        assert!(answered("", &chosen).is_ok());
    }

    #[test]
    fn product_is_asked_in_place_of_tags() {
        let names = ["api", "web"].map(|name| (name.to_owned(), format!("{name}-v1.0.0"))).to_vec();
        let products = Products { tags: "{product}-{version}", names, newest: "web".into() };
        let recognized = Recognized { products: Some(products), ..recognized() };
        let mut proposal = Proposal::new(&InitChoices::default(), &recognized);
        let input = "\n\n\n\n\n\nshop\napi\n\n\n\n\n\n\n";
        let mut answers = input.as_bytes();
        let mut dialogue = Dialogue { answers: &mut answers, say: &|_| {} };
        ask(&mut dialogue, &InitChoices::default(), &mut proposal).unwrap();
        assert_eq!((proposal.product.as_deref(), proposal.gates.len()), (Some("api"), 0));
        assert_eq!(proposal.release_tags().as_deref(), Some("{product}-{version}"));
        assert!(answers.is_empty());
    }
}
