//! The rules with their values, limits and verdicts.

use super::super::escape::{Html, Safe, html, html_prose, safe};
use super::super::labels;
use super::table::{Column, data_table, words};
use super::verdict_header::badge;
use crate::report::{Report, RuleLine, Verdict};

/// Renders the rules, the worst first.
pub fn rules(report: &Report) -> Safe<Html> {
    let mut rules: Vec<&RuleLine> = report.rules.iter().collect();
    // Stable: rules of one verdict stay in the order of the policy.
    rules.sort_by_key(|rule| std::cmp::Reverse(weight(rule)));
    let columns: [Column; 5] =
        [words("Rule"), words("Verdict"), words("Now"), words("Limit"), words("Reason")];
    let rows: Vec<Vec<Safe<Html>>> = rules.into_iter().map(rule_row).collect();
    let table = if rows.is_empty() {
        "<p>No rule is evaluated on this candidate.</p>".into()
    } else {
        data_table(&"Rules".into(), &columns, &rows)
    };
    let skipped = report
        .not_evaluated
        .iter()
        .map(|line| safe!("<li><code>{}</code>: {}</li>", html(&line.id), line.reason));
    let skipped: Safe<Html> = skipped.collect();
    let skipped =
        if skipped.is_empty() { skipped } else { safe!("<ul class=\"list soft\">{}</ul>", skipped) };
    let warnings = report.warnings.iter().map(|text| safe!("<li>{}</li>", html_prose(text)));
    let warnings: Safe<Html> = warnings.collect();
    let warnings = if warnings.is_empty() {
        warnings
    } else {
        safe!(
            "<details><summary>Notes on the evidence</summary><ul class=\"list\">{}</ul></details>",
            warnings
        )
    };
    safe!("{}{}{}", table, skipped, warnings)
}

/// Sorts by what a rule does to the run; an advisory rule that fails comes after those that block.
fn weight(rule: &RuleLine) -> (Verdict, Verdict) {
    (rule.weight(), rule.verdict)
}

fn rule_row(rule: &RuleLine) -> Vec<Safe<Html>> {
    let level = labels::level_suffix::<Html>(rule);
    let why = rule.why.as_deref().map(|why| safe!("<span class=\"why\">{}</span>", html_prose(why)));
    vec![
        safe!("<code>{}</code>{}{}", html(&rule.id), level, why.unwrap_or_default()),
        badge(rule.verdict),
        html(&labels::value_with_interval(rule)),
        html(&rule.bound),
        html_prose(&rule.reason),
    ]
}
