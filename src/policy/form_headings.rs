//! Which headings of issue forms hold versions.

/// Headings that ask for the version, or under which it stands next to others.
const READ_HEADINGS: &[&str] = &[
    "*version*",
    "found in*",
    "affect* release*",
    "release",
    "release number",
    "*which release*",
    "*what release*",
    "*environment*",
    "specification*",
    "system info*",
    "package info*",
];

/// Headings that look alike and ask for something else.
const SKIPPED_HEADINGS: &[&str] = &[
    "os version*",
    "* os version*",
    "*operating system*",
    "*browser*",
    "*device*",
    "*last*work*",
    "*work*before*",
    "*work*earlier*",
    "*previous*",
    "*older version*",
    "*regression*",
    "*upgrad*from*",
    "*fixed*",
    "*steps*",
    "*latest version*",
    "*plugin*",
    "*provider*",
    "*dependenc*",
    "*api version*",
    "*protocol version*",
];

/// Which headings of an issue form hold versions, as patterns in which `*` is any text; compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormHeadings {
    /// Headings whose answers are read.
    pub read: Vec<String>,
    /// Headings that are skipped though they match `read`.
    pub skip: Vec<String>,
}

impl Default for FormHeadings {
    /// Patterns that fit the issue forms of public projects.
    fn default() -> Self {
        let owned = |patterns: &[&str]| patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        Self { read: owned(READ_HEADINGS), skip: owned(SKIPPED_HEADINGS) }
    }
}
