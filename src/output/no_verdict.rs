//! Outputs of a run without a verdict: annotations, a comment or summary, a commit status.

use super::annotations::{Annotation, AnnotationLevel, limit_per_level};
use super::escape::{Markdown, Plain, Safe, WorkflowCommand, inline_code, link, prose, safe, truncate_text};
use super::labels;
use crate::report::{NoVerdict, PolicyMistake};

/// Maximum length of the reason in characters.
const SENTENCE: usize = 1_000;

/// Maximum length of a mistake's message, and of its help, in characters.
const MESSAGE: usize = 300;

/// Maximum number of mistakes in a comment or summary; the rest is counted.
const MISTAKES: usize = 20;

/// Renders one command per mistake, on its line of the policy; without mistakes, one command with the reason. `file_of`
/// returns a file's path in the repository, or `None` for a file outside it.
pub fn no_verdict_annotations(
    failure: &NoVerdict,
    file_of: &dyn Fn(&str) -> Option<String>,
) -> Safe<WorkflowCommand> {
    let of = |mistake: &PolicyMistake| {
        let place = file_of(&mistake.file).map(|file| (file, mistake.line));
        let named = if place.is_some() { String::new() } else { format!("{}: ", mistake.file) };
        let help = mistake.help.as_ref().map_or_else(String::new, |help| format!("\nhelp: {help}"));
        Annotation {
            level: if mistake.is_warning { AnnotationLevel::Warning } else { AnnotationLevel::Error },
            title: format!("Escape gate: policy {} {}", mistake_kind(mistake), mistake.code),
            message: format!("{named}{}{help}", mistake.message),
            place,
        }
    };
    let mut all: Vec<Annotation> = failure.mistakes.iter().map(of).collect();
    if all.is_empty() {
        let what = if failure.verdict_stands { "not published" } else { "no verdict" };
        let title = format!("Escape gate: {what}");
        all.push(Annotation::new(AnnotationLevel::Error, title, failure.reason.clone()));
    }
    limit_per_level(&all)
}

/// Renders the comment and the summary. `run_url` is the page of the run.
pub fn no_verdict_markdown(failure: &NoVerdict, run_url: Option<&str>) -> Safe<Markdown> {
    let reason = prose(&truncate_text(&failure.reason, SENTENCE));
    if failure.verdict_stands {
        return safe!("## ❌ Escape gate: not published\n\n**The verdict stands:** {}\n", reason);
    }
    let mut out = safe!("## ❓ Escape gate: could not evaluate\n\n**Could not evaluate:** {}\n", reason);
    if !failure.mistakes.is_empty() {
        out.push("\n");
        out.push(failure.mistakes.iter().take(MISTAKES).map(mistake_item).collect::<Safe<Markdown>>());
        if failure.mistakes.len() > MISTAKES {
            out.push(safe!("-{}\n", labels::and_more(failure.mistakes.len(), MISTAKES)));
        }
    }
    // The comment replaces that of an earlier commit. A reader must not take its "pass" for this
    // one.
    out.push("\nThere is no verdict: nothing that an earlier run said here holds for this commit.");
    out.push(
        run_url
            .and_then(|url| link("Log of the run".into(), url))
            .map(|link| safe!(" {}", link))
            .unwrap_or_default(),
    );
    out.push("\n");
    out
}

/// Renders the line in the notes of a release.
pub fn no_verdict_line(run_url: Option<&str>) -> Safe<Markdown> {
    super::release_notes::line_linked_to_run(
        "The release gate could not evaluate this release".into(),
        run_url,
    )
}

/// Renders the description of a commit status.
pub fn no_verdict_status(failure: &NoVerdict) -> Safe<Plain> {
    Safe::of(&format!("could not evaluate: {}", failure.reason))
}

fn mistake_item(mistake: &PolicyMistake) -> Safe<Markdown> {
    let mut place = mistake.file.clone();
    for number in [mistake.line, mistake.column].into_iter().flatten() {
        place.push_str(&format!(":{number}"));
    }
    let help = mistake
        .help
        .as_ref()
        .map_or_else(Safe::default, |help| safe!("<br>help: {}", prose(&truncate_text(help, MESSAGE))));
    safe!(
        "- {} {} {}: {}{}\n",
        inline_code(&truncate_text(&place, 200)),
        mistake_kind(mistake),
        inline_code(&mistake.code),
        prose(&truncate_text(&mistake.message, MESSAGE)),
        help,
    )
}

fn mistake_kind(mistake: &PolicyMistake) -> &'static str {
    if mistake.is_warning { "warning" } else { "error" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(at: u64) -> PolicyMistake {
        PolicyMistake {
            file: "policy.yml".to_owned(),
            line: Some(at),
            column: Some(3),
            code: "P011".to_owned(),
            message: format!("`{}<!-- escape-gate:default -->`", "@x".repeat(500)),
            help: Some("::add-mask::x\n::error::y".repeat(100)),
            is_warning: false,
        }
    }

    #[test]
    fn any_number_of_mistakes_fits_a_comment_and_obeys_nobody() {
        let failure = NoVerdict {
            mistakes: (1..=100).map(mistake).collect(),
            ..NoVerdict::because(&"policy error in <b>@mona</b> ".repeat(500))
        };
        let out = no_verdict_markdown(&failure, Some("https://github.com/a/b/actions/runs/1"));
        assert!(out.encode_utf16().count() < super::super::COMMENT_LIMIT, "{}", out.len());
        assert!(!out.contains("<!--") && !out.contains("<b>") && !out.contains("@mona"), "{out}");
        assert!(out.contains("- and 80 more\n"), "{out}");
        let commands = no_verdict_annotations(&failure, &|file| Some(file.to_owned()));
        assert_eq!(commands.lines().count(), 10, "GitHub shows no more");
        assert!(commands.lines().all(|line| line.starts_with("::error ")), "{commands}");
        assert!(commands.starts_with("::error file=policy.yml,line=1,"), "{commands}");
        assert!(commands.contains("91 more are not shown"), "{commands}");
    }

    #[test]
    fn a_release_that_was_not_published_has_a_verdict() {
        let failure = NoVerdict { verdict_stands: true, ..NoVerdict::because("v1 was not published: no") };
        let out = no_verdict_markdown(&failure, None);
        assert!(out.contains("not published") && !out.contains("could not evaluate"), "{out}");
    }
}
