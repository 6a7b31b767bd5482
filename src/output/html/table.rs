//! Tables and figures.

use super::super::escape::{Html, Safe, safe};

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// Heading.
    pub heading: Safe<Html>,
    /// `true` for numbers, which are aligned at their last digit.
    pub is_number: bool,
}

/// Returns a column of texts.
pub fn words(heading: &'static str) -> Column {
    Column { heading: heading.into(), is_number: false }
}

/// Returns a column of numbers.
pub fn numbers(heading: &'static str) -> Column {
    Column { heading: heading.into(), is_number: true }
}

/// Renders a table whose first cell of each row is its heading. It scrolls by itself where the page is narrow.
/// End tags that HTML does not need are left out.
pub fn data_table(name: &Safe<Html>, columns: &[Column], rows: &[Vec<Safe<Html>>]) -> Safe<Html> {
    let class = |column: &Column| if column.is_number { " class=n" } else { "" };
    let head: Safe<Html> =
        columns.iter().map(|column| safe!("<th scope=col{}>{}", class(column), column.heading)).collect();
    let body: Safe<Html> = rows
        .iter()
        .map(|row| {
            let cells = row.iter().zip(columns).enumerate().map(|(at, (cell, column))| match at {
                0 => safe!("<th scope=row>{}", cell),
                _ => safe!("<td{}>{}", class(column), cell),
            });
            safe!("<tr>{}", cells.collect::<Safe<Html>>())
        })
        .collect();
    safe!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: {}\"><table><thead><tr>{}<tbody>{}\
         </tbody></table></div>",
        name,
        head,
        body
    )
}

/// A chart with its explanation and its table.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Heading.
    pub heading: Safe<Html>,
    /// Explanation: a sentence or two.
    pub note: Safe<Html>,
    /// Legend; empty if the chart needs none.
    pub legend: Safe<Html>,
    /// Drawing.
    pub drawing: Safe<Html>,
    /// Table with the values of the drawing.
    pub table: Safe<Html>,
}

impl Figure {
    /// Renders the figure.
    pub fn render(&self) -> Safe<Html> {
        let legend = if self.legend.is_empty() {
            Safe::default()
        } else {
            safe!("<ul class=\"key\">{}</ul>", self.legend)
        };
        safe!(
            "<figure><figcaption><h3>{}</h3><p>{}</p></figcaption>{}<div class=\"scroll\" tabindex=\"0\" role=\"region\" \
             aria-label=\"Chart: {}\">{}</div><details><summary>Values</summary>{}</details></figure>",
            self.heading,
            // A line break before a percent sign is hard to read.
            self.note.replaced(" %", "\u{a0}%"),
            legend,
            self.heading,
            self.drawing,
            self.table
        )
    }
}

/// Renders the entry of a limit in a legend.
pub fn limit_entry(label: &Safe<Html>) -> Safe<Html> {
    safe!(
        "<li><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path d=\"M0 6H12\" class=\"limit\"/></svg>{}</li>",
        label
    )
}

/// Renders the legend of marks with these classes and names.
pub fn legend(entries: &[(&'static str, &'static str)]) -> Safe<Html> {
    let entry = |(class, name): &(&'static str, &'static str)| {
        safe!(
            "<li><svg viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect x=.5 y=.5 width=11 height=11 \
             class=\"{}\"/></svg>{}</li>",
            *class,
            *name
        )
    };
    entries.iter().map(entry).collect()
}
