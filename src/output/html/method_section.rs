//! How each number was made.

use super::super::escape::{Html, Safe, html_prose, safe};
use crate::report::PageReport;

/// Definitions of the charts.
const DEFINITIONS: [(&str, &str); 7] = [
    ("Escaped defect", "An issue that the policy selects as found in production, and does not exclude."),
    (
        "Release of a defect",
        "The release that a label, a field or a form names. Without one, the newest release when the issue was opened: a guess.",
    ),
    (
        "Status",
        "Whether a release has the defect: decided from labels, fixes and the commit graph, separately for each release.",
    ),
    (
        "Escape rate",
        "Escaped ÷ (escaped + caught). Defects of releases that are too young (`mature-after`) are left out. The 95 % interval \
         is the Wilson score interval.",
    ),
    (
        "Equal age",
        "Whole days from the publication of a release to the report of a defect found in it. A report before the publication \
         counts for day 0.",
    ),
    (
        "Forecast",
        "Made from the numbers of the last six releases at the same age; at least three are needed. Defects are taken to arrive \
         by chance, at a rate that differs from release to release (negative binomial distribution). All means and spreads are \
         weighed by how well they explain those releases. The interval is the shortest range that holds 80 % of the \
         probability. It knows nothing of what changed in a release.",
    ),
    (
        "Untriaged",
        "A defect without a severity label. If the policy sets a severity for these, they count with that severity.",
    ),
];

/// Renders the definitions of the charts.
pub fn method(page: &PageReport) -> Safe<Html> {
    let definitions: Safe<Html> = DEFINITIONS
        .iter()
        .map(|(name, text)| safe!("<dt><h3>{}</h3></dt><dd><p>{}</p></dd>", *name, html_prose(text)))
        .collect();
    let releases = page.releases.len();
    safe!(
        "<dl>{}</dl><p class=\"soft\">Releases in the charts: the last {} of the candidate's product, without pre-releases.</p>",
        definitions,
        releases
    )
}
