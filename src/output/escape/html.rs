//! Text inside HTML, between tags and in quoted attribute values.

use super::characters::single_line;
use super::safe::{Html, Safe};

/// Text that may stand between tags and in a quoted attribute.
pub fn html(text: &str) -> Safe<Html> {
    let mut out = String::with_capacity(text.len());
    for c in single_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Old parsers take it for a quote.
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
