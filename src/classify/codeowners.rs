//! Reads a `CODEOWNERS` file, as GitHub does.
//!
//! Syntax as in GitHub's documentation, "About code owners": patterns like those of `.gitignore`, the last line that
//! matches wins, paths are compared with regard to case. Of `.gitignore` three things are missing: `!`, `[ ]` and `\#`.
//! A line that is not understood is skipped, as GitHub does.

/// The owners of paths.
#[derive(Debug, Clone, Default)]
pub struct Codeowners {
    lines: Vec<OwnerRule>,
    /// Numbers of the lines that were skipped, from 1.
    pub skipped: Vec<usize>,
}

#[derive(Debug, Clone)]
struct OwnerRule {
    pattern: Pattern,
    owners: Vec<String>,
}

/// A pattern, folder by folder.
#[derive(Debug, Clone)]
struct Pattern {
    parts: Vec<PatternSegment>,
    /// Kind of paths that the pattern matches: files, folders, or both.
    reach: Reach,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    FileOrFolder,
    File,
    Folder,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PatternSegment {
    /// Any number of folders.
    Any,
    /// One name, in which `*` and `?` stand for something.
    Name(Vec<Sign>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Char(char),
    One,
    Many,
}

impl Codeowners {
    /// Reads a file.
    pub fn parse(text: &str) -> Self {
        let mut read = Self::default();
        // Editors on Windows write this mark. It would be part of the first pattern.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            let words = split_owner_line(line);
            let Some((first, owners)) = words.split_first() else { continue };
            match Pattern::new(first) {
                Some(pattern) if owners.iter().all(|owner| is_owner(owner)) => {
                    read.lines.push(OwnerRule { pattern, owners: owners.to_vec() });
                }
                // GitHub skips a line with an invalid owner or pattern, and so does this.
                Some(_) | None => read.skipped.push(at + 1),
            }
        }
        read
    }

    /// Returns the owners of a path as written; empty if the last matching line names none.
    pub fn owners(&self, path: &str) -> &[String] {
        let parts: Vec<Vec<char>> = path.split('/').map(|part| part.chars().collect()).collect();
        // As on GitHub, the last matching line wins, and it may name no owner.
        let last = self.lines.iter().rev().find(|line| line.pattern.matches(&parts));
        last.map_or(&[], |line| &line.owners)
    }
}

/// Returns the name of an owner in rules: `checkout` for the team `@acme/checkout`. A login or an address stays as it is.
pub fn team_of_owner(owner: &str) -> &str {
    owner.strip_prefix('@').and_then(|name| name.split_once('/')).map_or(owner, |(_, team)| team)
}

/// The words of a line up to a comment; a space behind `\` is part of a word.
fn split_owner_line(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&' ') => {
                word.push(' ');
                chars.next();
            }
            '#' if word.is_empty() => break,
            c if c.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// `@login`, `@organisation/team` or an address.
fn is_owner(text: &str) -> bool {
    let plain = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    match text.split_once('@') {
        Some(("", name)) => match name.split_once('/') {
            Some((organisation, team)) => plain(organisation) && plain(team),
            None => plain(name),
        },
        Some((name, host)) => !name.is_empty() && plain(host),
        None => false,
    }
}

impl Pattern {
    fn new(text: &str) -> Option<Self> {
        // GitHub's documentation lists `!`, `\#` and `[ ]` as unsupported in CODEOWNERS.
        if text.starts_with(['!', '\\']) || text.contains(['[', ']']) {
            return None;
        }
        let (body, is_folder) = match text.strip_suffix('/') {
            Some(body) => (body, true),
            None => (text, false),
        };
        let rooted = body.strip_prefix('/');
        let body = rooted.unwrap_or(body);
        // A pattern with a slash within it starts at the root; one without stands anywhere.
        let anchored = rooted.is_some() || body.contains('/');
        let mut parts = if anchored { Vec::new() } else { vec![PatternSegment::Any] };
        for part in body.split('/') {
            match part {
                "" => return None,
                "**" if parts.last() == Some(&PatternSegment::Any) => {}
                "**" => parts.push(PatternSegment::Any),
                name => parts.push(PatternSegment::Name(parse_segment(name)?)),
            }
        }
        if parts.last() == Some(&PatternSegment::Any) {
            // What is in the folder, not the folder.
            parts.push(PatternSegment::Name(vec![Sign::Many]));
        }
        let reach = match body.rsplit('/').next() {
            _ if is_folder => Reach::Folder,
            // `docs/*` matches files in `docs`, and not those in its folders. GitHub's
            // documentation has this example.
            Some("*") if anchored => Reach::File,
            Some(_) | None => Reach::FileOrFolder,
        };
        Some(Self { parts, reach })
    }

    fn matches(&self, path: &[Vec<char>]) -> bool {
        let whole = || matches_segments(&self.parts, path);
        // A folder on the way to the file, from the root down.
        let folder = || (0..path.len()).any(|end| matches_segments(&self.parts, &path[..end]));
        match self.reach {
            Reach::File => whole(),
            Reach::Folder => folder(),
            Reach::FileOrFolder => whole() || folder(),
        }
    }
}

/// The characters of a name. `\` makes the next one an ordinary one.
fn parse_segment(name: &str) -> Option<Vec<Sign>> {
    let mut signs = Vec::new();
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        let sign = match c {
            '*' if signs.last() == Some(&Sign::Many) => continue,
            '*' => Sign::Many,
            '?' => Sign::One,
            '\\' => Sign::Char(chars.next()?),
            c => Sign::Char(c),
        };
        signs.push(sign);
    }
    Some(signs)
}

/// Returns `true` if the segments match the whole path. Takes time in proportion to both lengths multiplied.
fn matches_segments(parts: &[PatternSegment], path: &[Vec<char>]) -> bool {
    matches_wildcards(
        parts,
        path,
        |part| *part == PatternSegment::Any,
        |part, name| match part {
            PatternSegment::Any => false,
            PatternSegment::Name(signs) => matches_wildcards(
                signs,
                name,
                |sign| *sign == Sign::Many,
                |sign, c| match sign {
                    Sign::Char(wanted) => wanted == c,
                    Sign::One => true,
                    Sign::Many => false,
                },
            ),
        },
    )
}

/// Returns `true` if items match a pattern with wildcards. Going back to the last wildcard is enough: everything that an
/// earlier one could take in addition, the last one can take as well.
fn matches_wildcards<P, T>(
    pattern: &[P],
    items: &[T],
    is_many: impl Fn(&P) -> bool,
    is_one: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut item) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while item < items.len() {
        match pattern.get(at) {
            Some(many) if is_many(many) => {
                back = Some((at + 1, item));
                at += 1;
            }
            Some(one) if is_one(one, &items[item]) => {
                at += 1;
                item += 1;
            }
            Some(_) | None => match &mut back {
                Some((after, taken)) => {
                    *taken += 1;
                    (at, item) = (*after, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(is_many)
}

#[cfg(test)]
mod tests;
