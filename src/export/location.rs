//! Places of tables in a folder or an object store.

use std::fmt::{self, Write as _};

use jiff::civil::Date;
use xxhash_rust::xxh3::xxh3_64;

use super::table::ExportTable;

/// Longest encoded name of a repository. File systems allow 255 bytes for a name.
const LONGEST: usize = 200;

/// Owner and name of a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExportRepository {
    /// Owner, for example `acme`. Untrusted text.
    pub owner: String,
    /// Name, for example `shop`. Untrusted text.
    pub name: String,
}

/// A repository without a name that can be a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportRepositoryError {
    /// The evidence names no repository.
    #[error("the evidence names no repository, which every row needs: give --repo OWNER/NAME")]
    Missing,
    /// The name is not `OWNER/NAME`.
    #[error("`{0}` is no name of a repository: the evidence needs one such as `acme/shop`")]
    Malformed(String),
}

impl ExportRepository {
    /// Splits `owner/name`.
    ///
    /// # Errors
    /// If there is no name, or if it has not exactly two parts.
    pub fn parse(text: Option<&str>) -> Result<Self, ExportRepositoryError> {
        let text = text.ok_or(ExportRepositoryError::Missing)?;
        match text.split_once('/') {
            Some((owner, name)) if !owner.is_empty() && !name.is_empty() && !name.contains('/') => {
                Ok(Self { owner: owner.to_owned(), name: name.to_owned() })
            }
            Some(_) | None => Err(ExportRepositoryError::Malformed(text.to_owned())),
        }
    }
}

impl fmt::Display for ExportRepository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// Returns the path of a table of one run, with `/` between its parts:
/// `defects/repository=acme%2Fshop/date=2026-12-01/RUN.ndjson.gz`.
///
/// Object stores and engines read `key=value` folders as partitions. No other run has this path, so files are only ever added.
pub fn table_path(table: ExportTable, repository: &ExportRepository, day: Date, run: &str) -> String {
    let repository = encoded_name(&repository.to_string());
    format!("{}/repository={repository}/date={day}/{run}.ndjson.gz", table.name())
}

/// Encodes everything but ASCII letters, digits, `-`, `_` and `.` in percent form, so that no name leaves its folder.
fn encoded_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(char::from(byte)),
            _ => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    if out.len() > LONGEST {
        // The rows have the whole name. The digest keeps two long names apart.
        out.truncate(LONGEST);
        let _ = write!(out, "~{:016x}", xxh3_64(text.as_bytes()));
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn path(repository: &str) -> String {
        let name = ExportRepository::parse(Some(repository)).unwrap();
        table_path(ExportTable::Runs, &name, "2026-12-01".parse().unwrap(), "r1")
    }

    #[test]
    fn path_has_repository_and_date() {
        assert_eq!(path("acme/shop"), "runs/repository=acme%2Fshop/date=2026-12-01/r1.ndjson.gz");
    }

    #[test]
    fn hostile_name_stays_in_its_folder() {
        for hostile in ["../..", "a/..\\..", "a/b\u{0}c", "a/b\nc", "a/%2F..", "é/ü", "a/b=c d~"] {
            let path = path(hostile);
            assert_eq!(path.matches('/').count(), 3, "{path}");
            assert!(path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\'), "{path}");
            assert!(path.split('/').all(|part| part != ".." && part.len() < 255), "{path}");
        }
    }

    #[test]
    fn long_names_stay_different() {
        let long = |end: &str| path(&format!("a/{}{end}", "ü".repeat(200)));
        assert_ne!(long("1"), long("2"));
        assert!(long("1").split('/').all(|part| part.len() < 255));
    }

    #[test]
    fn name_without_two_parts_is_refused() {
        for text in ["", "acme", "/shop", "acme/", "a/b/c"] {
            let error = ExportRepository::parse(Some(text)).unwrap_err();
            assert_eq!(error, ExportRepositoryError::Malformed(text.to_owned()));
        }
        assert_eq!(ExportRepository::parse(None), Err(ExportRepositoryError::Missing));
    }
}
