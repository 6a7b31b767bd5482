//! Names of attributes, by label, field or path; and globs over the paths of expected test reports.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};

use super::matcher::LabelPattern;

/// Places on an issue that name the values of an attribute.
#[derive(Debug, Clone, Default)]
pub struct AttributeNames {
    /// Labels; the wildcard matches the name.
    pub labels: Option<LabelPattern>,
    /// Issue field that holds a name, or several with commas between them. Field names are compared without case.
    pub field: Option<String>,
}

impl AttributeNames {
    /// Returns `true` if neither labels nor a field name the attribute.
    pub fn is_empty(&self) -> bool {
        self.labels.is_none() && self.field.is_none()
    }
}

/// A component and the paths that are its own, in the file's order.
pub type ComponentPaths = Vec<(String, Vec<PathGlob>)>;

/// A glob over the paths of the repository: `*` within a folder, `**` across folders.
#[derive(Clone)]
pub struct PathGlob {
    source: String,
    matcher: GlobMatcher,
}

/// Test reports that have to be there (`tests.expect`).
#[derive(Debug, Clone)]
pub struct ExpectedReports {
    /// Glob for their paths.
    pub glob: PathGlob,
    /// Number of reports that have to match, at least 1.
    pub at_least: u64,
}

/// The file that says which team owns which paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeownersFile {
    /// `.github/CODEOWNERS`, `CODEOWNERS` or `docs/CODEOWNERS`, the first that is there.
    Usual,
    /// This file.
    At(String),
}

impl PathGlob {
    /// Reads a glob; an error says why it is none.
    pub fn new(source: &str) -> Result<Self, String> {
        // As in `.gitignore` and CODEOWNERS, `*` must not cross a folder. `src/*` would otherwise
        // take all of `src`.
        let glob = GlobBuilder::new(source).literal_separator(true).build();
        let matcher = glob.map_err(|error| error.kind().to_string())?.compile_matcher();
        Ok(Self { source: source.to_owned(), matcher })
    }

    /// Returns the glob as it is written, for example `payment/**/*.xml`.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns `true` if it matches the whole path.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

impl CodeownersFile {
    /// The paths to look at, in this order.
    pub fn places(&self) -> Vec<&str> {
        match self {
            // GitHub's own order. It uses the first file that exists.
            Self::Usual => vec![".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"],
            Self::At(path) => vec![path],
        }
    }
}

impl fmt::Debug for PathGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PathGlob({:?})", self.source)
    }
}
