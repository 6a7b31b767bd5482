//! The parts of GitHub's GraphQL schema that not every server has. Enterprise Server lags behind.

use serde_json::Value;

/// Optional parts of the schema; `true` if the server has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Schema {
    /// `Issue.issueType`, `Repository.issueTypes` and `IssueFilters.type`.
    pub issue_types: bool,
    /// Members of `IssueFieldValue`; empty without issue fields.
    pub field_values: Vec<String>,
    /// `Issue.duplicateOf`.
    pub duplicate_of: bool,
    /// The argument `enableDuplicate` of `Issue.stateReason`.
    pub duplicate_reason: bool,
}

impl Schema {
    /// Reads the answers about `__type` in the overview. If the server does not answer about itself at all, everything is
    /// asked for, and its errors become gaps.
    pub(super) fn read(data: &Value) -> Self {
        let names = |kind: &str, list: &str| -> Option<Vec<String>> {
            let entries = data[kind][list].as_array()?;
            Some(entries.iter().filter_map(|entry| entry["name"].as_str().map(str::to_owned)).collect())
        };
        let Some(issue) = names("issueKind", "fields") else { return Self::complete() };
        let has = |list: &Option<Vec<String>>, name: &str| {
            list.as_ref().is_some_and(|names| names.iter().any(|known| known == name))
        };
        let knows = |name: &str| issue.iter().any(|known| known == name);
        let reason_arguments = data["issueKind"]["fields"].as_array().and_then(|fields| {
            fields.iter().find(|field| field["name"] == "stateReason")?["args"].as_array().cloned()
        });
        Self {
            // A server can have the field, and not yet the list of types or the filter.
            issue_types: knows("issueType")
                && has(&names("repositoryKind", "fields"), "issueTypes")
                && has(&names("filterKind", "inputFields"), "type"),
            field_values: if knows("issueFieldValues") {
                names("valueKind", "possibleTypes").unwrap_or_default()
            } else {
                Vec::new()
            },
            duplicate_of: knows("duplicateOf"),
            duplicate_reason: reason_arguments.is_some_and(|arguments| {
                arguments.iter().any(|argument| argument["name"] == "enableDuplicate")
            }),
        }
    }

    /// The schema of github.com.
    pub(super) fn complete() -> Self {
        let values = ["Date", "MultiSelect", "Number", "SingleSelect", "Text"];
        Self {
            issue_types: true,
            field_values: values.iter().map(|kind| format!("IssueField{kind}Value")).collect(),
            duplicate_of: true,
            duplicate_reason: true,
        }
    }
}
