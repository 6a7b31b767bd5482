//! Escaping for HTML.

use serde::Serialize;

use super::characters::single_line;
use super::safe::{Html, Medium, Safe};

impl Medium for Html {
    fn escape(text: &str) -> String {
        html(text).into_string()
    }
}

/// Escapes text for HTML, between tags and in quoted attribute values.
pub fn html(text: &str) -> Safe<Html> {
    let mut out = String::with_capacity(text.len());
    for c in single_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Old versions of Internet Explorer accept a backtick as an attribute quote.
            '`' => out.push_str("&#96;"),
            other => out.push(other),
        }
    }
    Safe::trusted(out)
}

/// Escapes a sentence, and shows what is between two backticks as code.
pub fn html_prose(text: &str) -> Safe<Html> {
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        let is_code = at % 2 == 1 && at + 1 < parts.len() && !part.trim().is_empty();
        // Escaping trims, and the words before and after a name need their space.
        let lead = if part.starts_with(char::is_whitespace) && at > 0 { " " } else { "" };
        let tail = if part.ends_with(char::is_whitespace) && !part.trim().is_empty() { " " } else { "" };
        let shown = html(part);
        match (is_code, at) {
            (true, _) => out.push_str(&format!("<code>{}</code>", &*shown)),
            // A backtick that closes nothing stays.
            (false, at) if at % 2 == 1 => out.push_str(&format!("&#96;{lead}{}{tail}", &*shown)),
            (false, _) => out.push_str(&format!("{lead}{}{tail}", &*shown)),
        }
    }
    Safe::trusted(out)
}

/// Renders a link. An address that is not `https:` or `http:` is dropped, and the text remains.
pub fn html_link(text: &Safe<Html>, url: &str) -> Safe<Html> {
    if !is_web_address(url) {
        return text.clone();
    }
    Safe::trusted(format!("<a href=\"{}\">{}</a>", &*html(url), &**text))
}

/// Returns `true` if a browser opens the address and does nothing else with it.
pub fn is_web_address(url: &str) -> bool {
    let starts = |scheme: &str| url.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    (starts("https://") || starts("http://"))
        && url.chars().all(|c| !c.is_control() && !c.is_whitespace() && !super::is_unprintable(c))
}

/// Renders a document as JSON for a `<script>` element of data. No text in it can end the element.
///
/// # Errors
/// If the document has a map whose keys are not texts.
pub fn json_in_html(document: &impl Serialize) -> Result<Safe<Html>, serde_json::Error> {
    let json = serde_json::to_string(document)?;
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        // These characters occur only in strings of JSON, where an escape means the same.
        match c {
            '<' | '>' | '&' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            other => out.push(other),
        }
    }
    Ok(Safe::trusted(out))
}

/// Shows text that a script sets as the text of an element: one line without control and hidden characters.
pub fn script_text(text: &str) -> String {
    single_line(text)
}

/// Fills a template of minijinja. `values` are inserted as they are; each section has an id, a heading and a body.
///
/// # Errors
/// If the template has a mistake, or names a value that is not given.
pub fn html_template(
    template: &'static str,
    values: &[(&'static str, Safe<Html>)],
    sections: &[(&'static str, &'static str, Safe<Html>)],
) -> Result<Safe<Html>, minijinja::Error> {
    use minijinja::Value;
    let safe = |text: &str| Value::from_safe_string(text.to_owned());
    let section = |(id, heading, body): &(&'static str, &'static str, Safe<Html>)| {
        Value::from_pairs([("id", safe(id)), ("heading", safe(heading)), ("body", safe(body))])
    };
    let list: Vec<Value> = sections.iter().map(section).collect();
    let all = values.iter().map(|(name, value)| (*name, safe(value)));
    let context = Value::from_pairs(all.chain([("sections", Value::from(list))]));
    let mut environment = minijinja::Environment::empty();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    Ok(Safe::trusted(environment.render_str(template, context)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_tag_opens_and_no_attribute_closes() {
        assert_eq!(html("<script>\"'`&amp;\u{0}"), "&lt;script&gt;&quot;&#39;&#96;&amp;amp;\u{fffd}");
    }

    #[test]
    fn text_between_backticks_is_code() {
        assert_eq!(html_prose("rule `a<b` fails"), "rule <code>a&lt;b</code> fails");
        assert_eq!(html_prose("`a` and `b`: c"), "<code>a</code> and <code>b</code>: c");
        assert_eq!(html_prose("a ` b"), "a &#96; b");
        assert_eq!(html_prose("``"), "&#96;");
    }

    #[test]
    fn only_web_addresses_are_links() {
        let text = Safe::of("#1");
        assert_eq!(html_link(&text, "https://a/?b&c"), "<a href=\"https://a/?b&amp;c\">#1</a>");
        for url in ["javascript:alert(1)", " https://a", "data:text/html,x", "https://a\u{202e}", "", "//a"] {
            assert_eq!(html_link(&text, url), "#1", "{url}");
        }
    }

    #[test]
    fn no_text_ends_an_element_of_data() {
        let out = json_in_html(&["</script><!--&"]).unwrap();
        assert!(!out.contains(['<', '>', '&']), "{out}");
        let read: Vec<String> = serde_json::from_str(&out).unwrap();
        assert_eq!(read, ["</script><!--&"]);
    }

    #[test]
    fn template_with_an_unknown_value_is_an_error() {
        assert_eq!(html_template("{{ a }}", &[("a", Safe::of("<"))], &[]).unwrap(), "&lt;");
        assert!(html_template("{{ b }}", &[("a", Safe::of("<"))], &[]).is_err());
    }
}
