//! Lists of issues, one for each label, type or milestone. One request reads a page of several lists.

use serde_json::{Value, json};

use super::paged_reader::{PagedList, PagedReader};
use super::query::{self, IssueSelector};
use crate::model::{Area, Issue};

/// Number of lists that one request counts.
pub(super) const COUNTED: usize = 100;

/// The issues of a label, type or milestone.
pub(super) struct IssueList {
    pub selector: IssueSelector,
    /// Label, type or milestone title, in the repository's spelling.
    pub name: String,
    /// Number of issues by an earlier count.
    pub expected: Option<u64>,
    pub pages: PagedList,
}

impl IssueList {
    /// Starts before the first page.
    pub(super) fn new(selector: IssueSelector, name: &str) -> Self {
        let what = match selector {
            IssueSelector::Label => format!("issues labelled `{name}`"),
            IssueSelector::Type => format!("issues of type `{name}`"),
            IssueSelector::Milestone(_) => format!("issues in milestone `{name}`"),
        };
        Self { selector, name: name.to_owned(), pages: PagedList::new(Area::Issues, what), expected: None }
    }

    /// Returns `true` if an issue with these labels, type and milestone belongs to the list.
    pub(super) fn holds<'l>(
        &self,
        mut labels: impl Iterator<Item = &'l str>,
        kind: Option<&str>,
        milestone: Option<&str>,
    ) -> bool {
        match self.selector {
            IssueSelector::Label => labels.any(|label| label == self.name),
            IssueSelector::Type => kind == Some(&self.name),
            IssueSelector::Milestone(_) => milestone == Some(&self.name),
        }
    }

    /// Returns `true` if the issue belongs to the list.
    pub(super) fn has(&self, issue: &Issue) -> bool {
        let labels = issue.labels.iter().map(String::as_str);
        self.holds(labels, issue.issue_type.as_deref(), issue.milestone.as_deref())
    }

    /// Returns the query variable that selects the list.
    pub(super) fn chosen(&self) -> Value {
        match self.selector {
            IssueSelector::Label => json!([self.name]),
            IssueSelector::Type => json!(self.name),
            IssueSelector::Milestone(number) => json!(number),
        }
    }

    /// Takes the list from an answer, where it is `list0`, `list1` and so on.
    pub(super) fn found(&self, data: &mut Value, index: usize) -> Value {
        let place = match self.selector {
            IssueSelector::Label | IssueSelector::Type => format!("/repository/list{index}"),
            // GitHub lists the issues of a milestone below the milestone.
            IssueSelector::Milestone(_) => format!("/repository/list{index}/issues"),
        };
        data.pointer_mut(&place).map(Value::take).unwrap_or_default()
    }
}

/// Counts the issues of each list, many lists a request. A list that cannot be counted is treated as long.
pub(super) fn count_issues(reader: &PagedReader<'_>, lists: &mut [IssueList]) {
    for batch in lists.chunks_mut(COUNTED) {
        let selectors: Vec<IssueSelector> = batch.iter().map(|list| list.selector).collect();
        let mut variables = reader.names();
        for (index, list) in batch.iter().enumerate() {
            variables[format!("chosen{index}")] = list.chosen();
        }
        // A failure here is no gap: the lists are read anyway.
        let query = query::list_counts_query(&selectors);
        let Ok(mut answer) = reader.client.graphql(&query, &variables) else { continue };
        for (index, list) in batch.iter_mut().enumerate() {
            list.expected = list.found(&mut answer.data, index)["totalCount"].as_u64();
        }
    }
}
