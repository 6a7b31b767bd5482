//! The names under which jobs report checks.

use super::examination::{Examination, JobPlace};
use super::workflow::Job;

/// Stands for a part of a name that is not known.
const ANY: char = '\0';

/// Most names of one job. A matrix of three axes with six values has 216.
const MAX_NAMES: usize = 256;

/// Returns the names of a job: one for each job of its matrix. A part that is not known matches anything.
pub fn job_names(job: &Job) -> Vec<String> {
    let base = job.name.as_deref().unwrap_or(&job.id);
    if base.contains("${{") {
        return expanded(base, job);
    }
    let Some(matrix) = &job.matrix else { return vec![base.to_owned()] };
    let unknown = format!("{base} ({ANY})");
    if matrix.is_computed || !matrix.include.is_empty() {
        return vec![unknown];
    }
    let mut rows: Vec<Vec<String>> = vec![Vec::new()];
    for (_, values) in &matrix.axes {
        let Some(values) = values else { return vec![unknown] };
        rows = rows
            .iter()
            .flat_map(|row| values.iter().map(|value| [row.as_slice(), std::slice::from_ref(value)].concat()))
            .take(MAX_NAMES)
            .collect();
    }
    rows.iter().map(|row| format!("{base} ({})", row.join(", "))).collect()
}

fn expanded(template: &str, job: &Job) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${{") {
        let (inner, behind) = after.split_once("}}").unwrap_or((after, ""));
        let axis = inner.trim().strip_prefix("matrix.");
        let values =
            axis.and_then(|axis| job.matrix.as_ref()?.values(axis)).filter(|values| !values.is_empty());
        let values = values.unwrap_or_else(|| vec![ANY.to_string()]);
        names = names
            .iter()
            .flat_map(|name| values.iter().map(move |value| format!("{name}{before}{value}")))
            .take(MAX_NAMES)
            .collect();
        rest = behind;
    }
    names.iter().map(|name| format!("{name}{rest}")).collect()
}

/// Returns `true` if a name, perhaps with unknown parts, can be this one.
pub fn name_matches(name: &str, context: &str) -> bool {
    let mut parts = name.split(ANY);
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = context.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Returns `true` if nothing of a name is known.
pub fn is_unknown_name(name: &str) -> bool {
    name.chars().all(|c| c == ANY || c == ' ' || c == '/')
}

/// Returns a name for people, with `…` for unknown parts.
pub fn shown_name(name: &str) -> String {
    name.replace(ANY, "…")
}

impl Examination<'_> {
    /// Returns the names of a job behind those of its callers: `caller / job`.
    pub fn called_names(&self, place: JobPlace, callers: &[JobPlace]) -> Vec<String> {
        let own = job_names(self.job(place));
        let Some((last, outer)) = callers.split_last() else { return own };
        let prefixes = self.called_names(*last, outer);
        let join = |prefix: &String| own.iter().map(|name| format!("{prefix} / {name}")).collect::<Vec<_>>();
        prefixes.iter().flat_map(join).take(MAX_NAMES).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::name_matches;

    #[test]
    fn unknown_part_matches_anything() {
        assert!(name_matches("test (\0)", "test (ubuntu, 3.12)"));
        assert!(name_matches("gate", "gate"));
        assert!(!name_matches("gate", "Release gate / gate"));
        assert!(!name_matches("test (\0)", "test"));
    }
}
