//! Escaping for HTML.

use super::characters::single_line;
use super::safe::{Html, Safe};

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

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn no_tag_opens_and_no_attribute_closes() {
        assert_eq!(html("<script>\"'`&amp;\u{0}"), "&lt;script&gt;&quot;&#39;&#96;&amp;amp;\u{fffd}");
    }
}
