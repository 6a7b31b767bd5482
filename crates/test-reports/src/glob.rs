//! Glob lists with `**`, braces, and `!` for exclusions.

use globset::{GlobBuilder, GlobMatcher};

/// A malformed glob, or one outside the folders that may be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GlobError {
    /// The glob is malformed or leaves its folder by `..`.
    #[error("the glob `{glob}` cannot be used: {what}")]
    Malformed {
        /// The glob as written.
        glob: String,
        /// Description of the problem in lower case.
        what: String,
    },
    /// The glob is absolute and lies in none of the folders that may be read.
    #[error(
        "the glob `{glob}` cannot be used: it is absolute and lies outside of the folders that may be read"
    )]
    Outside {
        /// The glob as written.
        glob: String,
        /// Folder that would have to be readable, for example `/tmp/reports`.
        folder: String,
    },
}

/// A glob relative to the folder that is searched.
#[derive(Debug, Clone, Copy)]
pub struct RelativeGlob<'t> {
    /// `true` if the glob excludes files.
    pub takes_out: bool,
    /// Text of the glob without `!`.
    pub glob: &'t str,
}

/// A list of globs. The last one that matches a path decides.
#[derive(Debug)]
pub struct GlobList {
    entries: Vec<GlobEntry>,
}

/// A glob of the list.
#[derive(Debug)]
pub struct GlobEntry {
    /// As written.
    pub text: String,
    /// `true` if the glob excludes files.
    pub takes_out: bool,
    matcher: GlobMatcher,
    /// Matchers for the folders on the way, up to the first `**`.
    folders: Vec<GlobMatcher>,
    /// `true` if the number of folders is not fixed.
    any_depth: bool,
    /// Matches a folder that the glob covers in full: the glob without its last `/**`.
    whole_folder: Option<GlobMatcher>,
    /// Leading folders without a wildcard.
    pub literal: Vec<String>,
}

impl GlobList {
    /// Compiles globs relative to one folder, each with its original text.
    ///
    /// # Errors
    /// Returns the first glob that is malformed or leaves its folder.
    pub fn new<'t>(globs: impl IntoIterator<Item = (&'t str, RelativeGlob<'t>)>) -> Result<Self, GlobError> {
        let entries = globs.into_iter().map(|(text, glob)| GlobEntry::new(text, glob));
        Ok(Self { entries: entries.collect::<Result<_, _>>()? })
    }

    /// Returns the globs in order.
    pub fn entries(&self) -> &[GlobEntry] {
        &self.entries
    }

    /// Returns `true` if the list matches a path. Calls `matched` with the index of each glob that matches, also of exclusions.
    pub fn wants(&self, path: &str, mut matched: impl FnMut(usize)) -> bool {
        let mut wanted = false;
        for (index, entry) in self.entries.iter().enumerate() {
            if entry.matcher.is_match(path) {
                wanted = !entry.takes_out;
                matched(index);
            }
        }
        wanted
    }

    /// Returns `true` if a folder may contain a match.
    pub fn may_want_in(&self, folder: &str) -> bool {
        let depth: Vec<&str> = folder.split('/').collect();
        // In order, as in `wants`: a later glob may take back in what an earlier one takes out.
        let mut may = false;
        for entry in &self.entries {
            if entry.takes_out {
                may &= !entry.whole_folder.as_ref().is_some_and(|glob| glob.is_match(folder));
            } else {
                may |= entry.may_match_in(&depth);
            }
        }
        may
    }
}

impl<'t> RelativeGlob<'t> {
    /// Parses a glob with an optional `!`, and trims it.
    pub fn of(text: &'t str) -> Self {
        match text.trim().strip_prefix('!') {
            Some(rest) => Self { takes_out: true, glob: rest.trim_start() },
            None => Self { takes_out: false, glob: text.trim() },
        }
    }

    /// Returns `true` if the glob starts at a root, a drive or a home folder.
    pub fn is_absolute(self) -> bool {
        let drive = |s: &str| s == ":\\" || s == ":/";
        self.glob.starts_with(['/', '~', '\\']) || self.glob.get(1..3).is_some_and(drive)
    }

    /// Returns the glob relative to `folder`; `None` if it lies elsewhere.
    pub fn below(self, folder: &str) -> Option<Self> {
        let rest = self.glob.strip_prefix(folder.trim_end_matches('/'))?;
        let glob = match rest.trim_matches('/') {
            "" => "**",
            _ => rest.strip_prefix('/')?.trim_start_matches('/'),
        };
        Some(Self { glob, ..self })
    }
}

impl GlobEntry {
    /// Compiles a glob.
    fn new(text: &str, RelativeGlob { takes_out, glob }: RelativeGlob<'_>) -> Result<Self, GlobError> {
        let wrong = |what: &str| GlobError::Malformed { glob: text.to_owned(), what: what.to_owned() };
        let mut glob = glob;
        while let Some(rest) = glob.strip_prefix("./") {
            glob = rest;
        }
        if glob.is_empty() {
            return Err(wrong("it is empty"));
        }
        if glob.split('/').any(|part| part == "..") {
            return Err(wrong("`..` leads out of its folder, and nothing outside of it is read"));
        }
        // A folder by name means everything in it.
        let whole = if glob.ends_with('/') { format!("{glob}**") } else { glob.to_owned() };
        let compile = |glob: &str| {
            GlobBuilder::new(glob)
                // `*` must not match `/`: `*.xml` means the files of one folder.
                .literal_separator(true)
                .build()
                .map(|glob| glob.compile_matcher())
                .map_err(|error| wrong(&error.kind().to_string()))
        };
        let matcher = compile(&whole)?;
        let parts = split_components(&whole);
        let fixed = parts.iter().position(|part| part.contains("**")).unwrap_or(parts.len());
        let folders: Vec<&str> = parts.iter().take(fixed.min(parts.len() - 1)).copied().collect();
        let plain = |part: &&str| !part.contains(['*', '?', '[', '{', '\\']);
        let whole_folder = whole.strip_suffix("/**").or_else(|| whole.strip_suffix("/**/*"));
        Ok(Self {
            text: text.to_owned(),
            takes_out,
            matcher,
            literal: folders.iter().copied().take_while(plain).map(str::to_owned).collect(),
            folders: folders.into_iter().map(compile).collect::<Result<_, _>>()?,
            any_depth: fixed < parts.len(),
            whole_folder: whole_folder.map(compile).transpose()?,
        })
    }

    /// Returns `true` if the glob can match a path in this folder.
    fn may_match_in(&self, folder: &[&str]) -> bool {
        (self.any_depth || folder.len() <= self.folders.len())
            && self.folders.iter().zip(folder).all(|(glob, name)| glob.is_match(name))
    }
}

/// Splits a glob at slashes outside braces and brackets.
fn split_components(glob: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut open, mut escaped) = (0, 0_usize, false);
    for (at, c) in glob.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' | '[' => open += 1,
            '}' | ']' => open = open.saturating_sub(1),
            '/' if open == 0 => {
                parts.push(&glob[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&glob[start..]);
    // Alternatives with slashes in them: the number of folders is open.
    if parts.iter().any(|part| part.contains('/')) { vec!["**", glob] } else { parts }
}
