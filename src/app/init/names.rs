//! The labels and tags that a policy needs to know of a repository.

/// What they are called: as a person chose them, or as they were recognised. Empty is what nobody said or nothing told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Labels and patterns of what was found in production.
    pub escaped: Vec<String>,
    /// Labels and patterns of what was found before.
    pub caught: Vec<String>,
    /// Labels of critical defects.
    pub critical: Vec<String>,
    /// Labels of major defects.
    pub major: Vec<String>,
    /// Labels of minor defects.
    pub minor: Vec<String>,
    /// A pattern of labels that name a component.
    pub component: Option<String>,
    /// A pattern of labels that name a team.
    pub team: Option<String>,
    /// A pattern of the tags that are releases, where not all of them are.
    pub tags: Option<String>,
}
