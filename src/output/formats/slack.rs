//! The report as a message for Slack, in Block Kit. Nothing is sent.
//!
//! Text from outside stands only in `plain_text`, in which Slack knows no formatting, no mentions and no links.

use serde_json::{Value, json};

use super::chat_message::{ChatDefect, ChatMessage};
use crate::report::Report;

/// Maximum length of a header in characters.
const HEADER_LENGTH: usize = 150;

/// Maximum length of any other text in characters; Slack allows 3,000, and 2,000 in a field.
const TEXT_LENGTH: usize = 2_000;

/// Returns the payload of an incoming webhook or of `chat.postMessage`.
pub fn slack_message(report: &Report) -> Value {
    let message = ChatMessage::of(report);
    let mut blocks = vec![json!({ "type": "header", "text": plain_text(&message.title, HEADER_LENGTH) })];
    blocks.push(section(&message.headline));
    let fact = |(name, value): &(&str, String)| plain_text(&format!("{name}: {value}"), TEXT_LENGTH);
    let facts: Vec<Value> = message.facts.iter().map(fact).collect();
    // Slack refuses a section without text.
    blocks.extend((!facts.is_empty()).then(|| json!({ "type": "section", "fields": facts })));
    blocks.extend(message.rules.iter().map(|(_, text)| section(text)));
    blocks.extend(more(message.more_rules, "more rules do not pass"));
    blocks.extend(message.defects.iter().map(defect_section));
    blocks.extend(more(message.more_defects, "more defects fail a rule"));
    blocks.extend(message.steps.iter().map(|step| section(&format!("Next: {step}"))));
    blocks.extend(more(message.more_steps, "more steps"));
    blocks.push(json!({ "type": "context", "elements": [plain_text(&message.footer, TEXT_LENGTH)] }));
    json!({
        // The text of notifications and screen readers.
        "text": escape(visible(&message.headline), TEXT_LENGTH),
        "mrkdwn": false,
        "blocks": blocks,
    })
}

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": plain_text(text, TEXT_LENGTH) })
}

fn more(count: usize, what: &str) -> Option<Value> {
    (count > 0).then(|| section(&format!("{count} {what}")))
}

fn defect_section(defect: &ChatDefect) -> Value {
    let number = match &defect.url {
        Some(url) => {
            let link = format!("<{}|{}>", escape(url, TEXT_LENGTH), defect.number);
            json!({ "type": "mrkdwn", "text": link, "verbatim": true })
        }
        None => plain_text(&defect.number, TEXT_LENGTH),
    };
    let text = format!("{}: {} ({})", defect.severity, defect.title, defect.status);
    json!({ "type": "section", "fields": [number, plain_text(&text, TEXT_LENGTH)] })
}

fn plain_text(text: &str, max: usize) -> Value {
    json!({ "type": "plain_text", "text": escape(visible(text), max), "emoji": false })
}

/// Returns the text, or a dash: Slack refuses an empty text.
fn visible(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// Escapes the control characters of Slack, and cuts between two characters so that the result has at most `max`.
fn escape(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut length = 0;
    for c in text.chars() {
        let entity = match c {
            '&' => Some("&amp;"),
            '<' => Some("&lt;"),
            '>' => Some("&gt;"),
            _ => None,
        };
        length += entity.map_or(1, str::len);
        if length >= max {
            out.push('…');
            break;
        }
        match entity {
            Some(entity) => out.push_str(entity),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escape, slack_message};
    use crate::output::examples;

    #[test]
    fn text_is_escaped_and_never_cut_inside_an_entity() {
        assert_eq!(escape("<!here> & @x", 100), "&lt;!here&gt; &amp; @x");
        assert_eq!(escape("abc<", 6), "abc…");
        assert_eq!(escape(&"&".repeat(50), 21), format!("{}…", "&amp;".repeat(4)));
    }

    #[test]
    fn only_numbers_are_links() {
        let text = slack_message(&examples::hostile()).to_string();
        // An address that could end its link is none.
        assert!(!text.contains("javascript:") && !text.contains("evil.example|"), "{text}");
        assert_eq!(text.matches("\"mrkdwn\",").count(), 0, "{text}");
        let text = slack_message(&examples::fail()).to_string();
        assert!(text.contains("<https://github.com/acme/shop/issues/412|#412>"), "{text}");
    }

    #[test]
    fn long_lists_are_counted() {
        let mut report = examples::fail();
        let line = report.defects[0].clone();
        report.defects = vec![line; 60];
        report.next = vec!["a".to_owned(); 9];
        let text = slack_message(&report).to_string();
        assert!(text.contains("55 more defects fail a rule") && text.contains("4 more steps"));
    }
}
