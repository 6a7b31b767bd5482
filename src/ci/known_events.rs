//! The events of GitHub Actions that the gate knows, for its messages and its documentation.

/// An event, or several that are evaluated alike. Markdown for the table in `docs/reference/github.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEvent {
    /// Names in a workflow's `on:`.
    pub names: &'static [&'static str],
    /// Condition that distinguishes two rows of the same name; empty if there is no other row.
    pub condition: &'static str,
    /// The candidate.
    pub evaluated: &'static str,
    /// The place of the text with `comment: auto`.
    pub text: &'static str,
}

/// Text place of events without a pull request and without a release.
const SUMMARY: &str = "job summary";

/// Every known event, in the order of the documentation.
pub const KNOWN_EVENTS: [KnownEvent; 10] = [
    KnownEvent {
        names: &["pull_request"],
        condition: "",
        evaluated: "its head, merged into its base",
        text: "comment; from a fork: job summary",
    },
    KnownEvent { names: &["pull_request_target"], condition: "", evaluated: "the same", text: "comment" },
    KnownEvent { names: &["merge_group"], condition: "", evaluated: "commit of the group", text: SUMMARY },
    KnownEvent {
        names: &["push"],
        condition: "of a tag",
        evaluated: "the tag",
        text: "notes of its release, else merged pull request",
    },
    KnownEvent { names: &["push"], condition: "of a branch", evaluated: "the pushed commit", text: SUMMARY },
    KnownEvent { names: &["release"], condition: "", evaluated: "its tag", text: "its notes" },
    KnownEvent {
        names: &["workflow_run"],
        condition: "",
        evaluated: "pull request of the first workflow",
        text: "comment",
    },
    KnownEvent {
        names: &["workflow_dispatch", "repository_dispatch", "schedule"],
        condition: "",
        evaluated: "`release`, or the branch of the run",
        text: "notes of `release`, or job summary",
    },
    KnownEvent {
        names: &["deployment", "deployment_status"],
        condition: "",
        evaluated: "the deployed commit",
        text: SUMMARY,
    },
    KnownEvent { names: &["issues"], condition: "", evaluated: "default branch", text: SUMMARY },
];

/// Returns the names of all known events, each once.
pub fn known_event_names() -> Vec<&'static str> {
    let mut names: Vec<&str> = KNOWN_EVENTS.iter().flat_map(|event| event.names).copied().collect();
    names.dedup();
    names
}
