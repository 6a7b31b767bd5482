//! Escaping for OpenMetrics text.

use super::characters::single_line;
use super::safe::{Medium, OpenMetrics};

impl Medium for OpenMetrics {
    /// Escapes the value of a label, or a help text.
    fn escape(text: &str) -> String {
        // Values have no line breaks left to escape.
        single_line(text).replace('\\', "\\\\").replace('"', "\\\"")
    }
}

#[cfg(test)]
mod tests {
    use crate::output::escape::{OpenMetrics, Safe};

    #[test]
    fn value_cannot_end_its_label_or_line() {
        assert_eq!(Safe::<OpenMetrics>::of("a\"} 1\nb \\"), "a\\\"} 1 b \\\\");
    }
}
