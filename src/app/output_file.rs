//! Files that a run writes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;

use super::{Failure, Run};
use crate::output::html_page;
use crate::report::Report;

/// Renders the page and writes it to a file.
pub fn write_page(path: &Path, report: &Report, run: &Run<'_>) -> Result<(), Failure> {
    let page = html_page(report).context("failed to render the page")?;
    let path = run.folder.join(path);
    write_whole(&path, |file| file.write_all(page.as_bytes()))
        .with_context(|| format!("failed to write the page to {}", path.display()))?;
    Ok(())
}

/// Writes a file. Where that fails, half of it is not left for whoever looks at it next; a device or a pipe stays.
pub fn write_whole(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    let written = fill(&mut file).and_then(|()| file.flush());
    drop(file);
    // Ask about the link itself: `--report-file` may lead to `/dev/stdout`.
    if written.is_err() && fs::symlink_metadata(path).is_ok_and(|about| about.is_file()) {
        // The failure to report is the first one.
        let _ = fs::remove_file(path);
    }
    written
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn half_a_report_is_not_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        write_whole(&path, |file| file.write_all(b"{}")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{}");
        let full = |file: &mut BufWriter<File>| {
            file.write_all(&[b' '; 100_000])?;
            Err(io::Error::other("the disk is full"))
        };
        assert_eq!(write_whole(&path, full).unwrap_err().to_string(), "the disk is full");
        assert!(!path.exists());
    }
}
