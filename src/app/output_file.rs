//! Files that a run writes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::anyhow;

use super::{Failure, Run};
use crate::options::OutputFile;
use crate::output::{COMMENT_LIMIT, Format, RenderOptions, TextOptions, render, write_json};
use crate::report::Report;

/// Writes the report to every file, each in its format. One that fails does not keep the others from being written.
///
/// # Errors
/// Names every file that could not be written.
pub fn write_outputs(files: &[OutputFile], report: &Report, run: &Run<'_>) -> Result<(), Failure> {
    // A file has no screen.
    let text = TextOptions { details: run.text.details, ..TextOptions::default() };
    let options = RenderOptions { text, markdown_limit: COMMENT_LIMIT };
    let mut failed = Vec::new();
    for OutputFile { format, path } in files {
        let path = run.folder.join(path);
        if let Err(error) = write_whole(&path, |file| write_report(*format, report, &options, file)) {
            failed.push(format!("failed to write the {format} output to {}: {error}", path.display()));
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(anyhow!(failed.join("; ")).into()) }
}

/// Writes the report in one format.
pub fn write_report(
    format: Format,
    report: &Report,
    options: &RenderOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    // A report of everything that ever escaped may be long: its JSON is never held.
    if format == Format::Json {
        return write_json(report, out);
    }
    let text = render(format, report, options).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())
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
