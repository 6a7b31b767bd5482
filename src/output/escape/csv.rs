//! Escaping for CSV.

use super::characters::single_line;
use super::safe::{Csv, Medium};

/// Characters with which a spreadsheet begins a formula, also in their wide forms.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

impl Medium for Csv {
    /// Returns a quoted cell. An apostrophe before a formula makes a spreadsheet show it as text.
    fn escape(text: &str) -> String {
        let line = single_line(text);
        // A tab or a line break at the beginning would hide the formula; `single_line` has trimmed them.
        let guard = if line.starts_with(FORMULA) { "'" } else { "" };
        format!("\"{guard}{}\"", line.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use crate::output::escape::{Csv, Safe};

    #[test]
    fn cell_that_begins_a_formula_is_text() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r\n=1", "\u{feff}=1", "\u{200b}@x", "\u{ff1d}1"]
        {
            let cell = Safe::<Csv>::of(text);
            assert!(cell.starts_with("\"'"), "{text:?}: {cell}");
        }
    }

    #[test]
    fn other_cells_are_quoted_and_unchanged() {
        assert_eq!(Safe::<Csv>::of("a-b, c=d; \"e\""), "\"a-b, c=d; \"\"e\"\"\"");
        assert_eq!(Safe::<Csv>::of("two\nlines"), "\"two lines\"");
        assert_eq!(Safe::<Csv>::of(""), "\"\"");
    }
}
