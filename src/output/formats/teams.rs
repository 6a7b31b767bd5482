//! The report as a message for Microsoft Teams: an Adaptive Card 1.5 in the envelope of a webhook. Nothing is sent.
//!
//! Text from outside stands only in text runs, in which a card knows no Markdown.

use serde_json::{Value, json};

use super::chat_message::{ChatDefect, ChatMessage};
use crate::report::{Report, Verdict};

/// Returns the message with its card.
pub fn teams_message(report: &Report) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card(report),
        }],
    })
}

fn card(report: &Report) -> Value {
    let message = ChatMessage::of(report);
    let color = verdict_color(report.verdict);
    let mut body =
        vec![block(&[run(&message.title, json!({ "size": "large", "weight": "bolder", "color": color }))])];
    body.push(block(&[run(&message.headline, json!({}))]));
    for (name, value) in &message.facts {
        body.push(block(&[run(&format!("{name}: "), json!({ "isSubtle": true })), run(value, json!({}))]));
    }
    for (rule, text) in &message.rules {
        body.push(block(&[run(text, json!({ "color": verdict_color(rule.weight()) }))]));
    }
    body.extend(more(message.more_rules, "more rules do not pass"));
    body.extend(message.defects.iter().map(defect_block));
    body.extend(more(message.more_defects, "more defects fail a rule"));
    for step in &message.steps {
        body.push(block(&[run("Next: ", json!({ "weight": "bolder" })), run(step, json!({}))]));
    }
    body.extend(more(message.more_steps, "more steps"));
    body.push(block(&[run(&message.footer, json!({ "isSubtle": true, "size": "small" }))]));
    json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": message.headline,
        "body": body,
    })
}

fn verdict_color(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "good",
        Verdict::Warn | Verdict::Waived => "warning",
        Verdict::Unknown | Verdict::Fail => "attention",
    }
}

fn defect_block(defect: &ChatDefect) -> Value {
    let mut number = json!({ "weight": "bolder" });
    if let Some(url) = &defect.url {
        number["selectAction"] = json!({ "type": "Action.OpenUrl", "url": url });
    }
    let text = format!(" {}: {} ({})", defect.severity, defect.title, defect.status);
    block(&[run(&defect.number, number), run(&text, json!({}))])
}

fn more(count: usize, what: &str) -> Option<Value> {
    (count > 0).then(|| block(&[run(&format!("{count} {what}"), json!({ "isSubtle": true }))]))
}

/// Returns a paragraph.
fn block(runs: &[Value]) -> Value {
    json!({ "type": "RichTextBlock", "inlines": runs })
}

/// Returns a piece of text with its style.
fn run(text: &str, style: Value) -> Value {
    let mut run = style;
    run["type"] = json!("TextRun");
    run["text"] = json!(text);
    run
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::teams_message;
    use crate::output::examples;

    /// Teams refuses a larger message.
    const LIMIT: usize = 28_000;

    #[test]
    fn largest_message_is_within_the_limit_of_teams() {
        let mut report = examples::fail();
        // The longest character in UTF-8.
        let long = "\u{1f41e}".repeat(2_000);
        report.headline.clone_from(&long);
        report.policy.clone_from(&long);
        report.id.clone_from(&long);
        report.repository = Some(long.clone());
        report.candidate.as_mut().unwrap().name.clone_from(&long);
        report.next = vec![long.clone(); 9];
        for rule in &mut report.rules {
            rule.verdict = crate::report::Verdict::Fail;
            rule.reason.clone_from(&long);
        }
        let rules = report.rules.clone();
        report.rules.extend(rules);
        let mut line = report.defects[0].clone();
        line.title.clone_from(&long);
        line.status.as_mut().unwrap().shown = long;
        report.defects = vec![line; 60];
        let size = teams_message(&report).to_string().len();
        assert!(size <= LIMIT, "{size} bytes");
    }

    #[test]
    fn defect_links_to_its_issue() {
        let text = teams_message(&examples::fail()).to_string();
        assert!(text.contains(r#""url":"https://github.com/acme/shop/issues/412""#));
        assert!(!teams_message(&examples::hostile()).to_string().contains("javascript:"));
    }
}
