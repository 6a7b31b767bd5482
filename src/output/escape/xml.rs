//! Escaping for XML 1.0.

use super::characters::single_line;
use super::safe::{Medium, Xml};

impl Medium for Xml {
    fn escape(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in single_line(text).chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                // XML has no place for these two, not even as a reference.
                '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
                other => out.push(other),
            }
        }
        // The runner of a workflow takes `##[` for a command wherever it stands in a line.
        out.replace("##[", "##&#91;")
    }
}

#[cfg(test)]
mod tests {
    use crate::output::escape::{Safe, Xml};

    #[test]
    fn markup_and_forbidden_characters_do_not_survive() {
        let text = "a<b> & \"c\" 'd' ]]>\u{0}\u{ffff}\u{fffe}\n##[error]";
        assert_eq!(
            Safe::<Xml>::of(text),
            "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; ]]&gt;\u{fffd}\u{fffd}\u{fffd} ##&#91;error]"
        );
    }
}
