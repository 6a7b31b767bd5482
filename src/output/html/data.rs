//! The data of the script: the rows of defects that are not in the document.

use std::collections::HashMap;

use serde::Serialize;

use super::super::escape::{Html, Safe, json_in_html, script_text};
use super::defect_section::{STATIC_ROWS, severity_word, shown_title, status_word};
use crate::report::{DefectRow, PageReport};

/// The document of the script.
#[derive(Debug, Serialize)]
struct ScriptData {
    /// Beginning of the address of every issue that has no address of its own in its row.
    base: String,
    /// Tags of releases; the highest release is last.
    tags: Vec<String>,
    severities: Vec<String>,
    statuses: Vec<String>,
    components: Vec<String>,
    teams: Vec<String>,
    /// Rules that fail because of a defect, joined.
    breaks: Vec<String>,
    rows: Vec<DataRow>,
}

/// Number, title, severity, release or -1, day since 1970, status, components, teams, rules or 0, statuses in the lines, and
/// the address if it differs from the usual one. Names are places in the lists.
#[derive(Debug, Serialize)]
struct DataRow(
    u64,
    String,
    usize,
    i64,
    i32,
    usize,
    Vec<usize>,
    Vec<usize>,
    usize,
    String,
    #[serde(skip_serializing_if = "Option::is_none")] Option<String>,
);

/// Names with their places.
#[derive(Debug, Default)]
struct NameList {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl NameList {
    /// Returns the place of a name, which is added if it is new.
    fn place(&mut self, name: &str) -> usize {
        let name = script_text(name);
        if let Some(place) = self.places.get(&name) {
            return *place;
        }
        self.places.insert(name.clone(), self.names.len());
        self.names.push(name);
        self.names.len() - 1
    }
}

/// Returns the data of the script.
///
/// # Errors
/// Never, as long as the rows have no maps.
pub fn script_data(page: &PageReport) -> Result<Safe<Html>, serde_json::Error> {
    let [mut tags, mut severities, mut statuses, mut components, mut teams, mut breaks] =
        std::array::from_fn(|_| NameList::default());
    for release in &page.releases {
        tags.place(&release.release);
    }
    // The statuses of the lines are one digit each, so all of them have a fixed place.
    let base = page.defects.first().and_then(usual_base).unwrap_or_default();
    let mut row = |defect: &DefectRow| {
        let rules: Vec<&str> = defect.breaks.iter().map(AsRef::as_ref).collect();
        let lines = defect.lines.iter().map(|status| statuses.place(status_word(*status)).to_string());
        let lines = lines.collect::<String>();
        let day = defect.reported.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1)));
        DataRow(
            defect.number,
            script_text(&shown_title(defect)),
            severities.place(severity_word(defect.severity)),
            defect.found_in.as_deref().map_or(-1, |tag| tags.place(tag) as i64),
            day.map_or(0, |span| span.get_days()),
            statuses.place(status_word(defect.status)),
            defect.components.iter().map(|name| components.place(name)).collect(),
            defect.teams.iter().map(|name| teams.place(name)).collect(),
            if rules.is_empty() { 0 } else { breaks.place(&rules.join(", ")) + 1 },
            lines,
            (defect.url != format!("{base}{}", defect.number)).then(|| defect.url.clone()),
        )
    };
    let rows = page.defects.iter().skip(STATIC_ROWS).map(&mut row).collect();
    json_in_html(&ScriptData {
        rows,
        base,
        tags: tags.names,
        severities: severities.names,
        statuses: statuses.names,
        components: components.names,
        teams: teams.names,
        breaks: breaks.names,
    })
}

/// Returns the address of an issue without its number.
fn usual_base(row: &DefectRow) -> Option<String> {
    row.url.strip_suffix(&row.number.to_string()).map(str::to_owned)
}
