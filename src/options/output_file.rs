//! The files that `check` and `report` write.

use std::path::PathBuf;

use clap::Args;

use crate::output::Format;

/// Options that name files to write.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputOptions {
    /// File to which a page with charts and every escaped defect is written; short for `--output html=FILE`
    #[arg(long, value_name = "FILE", env = "ESCAPE_GATE_HTML")]
    pub html: Option<PathBuf>,
    /// File to write in one of the formats of `check --format`, for example `sarif=gate.sarif`
    ///
    /// Repeat the option, or write one file a line. A file that cannot be written makes the exit code 1.
    #[arg(long = "output", value_name = "FORMAT=FILE", value_delimiter = '\n', env = "ESCAPE_GATE_OUTPUT")]
    pub outputs: Vec<String>,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Format of the content.
    pub format: Format,
    /// Path of the file.
    pub path: PathBuf,
}

impl OutputOptions {
    /// Returns the files, in the order of the command line.
    ///
    /// # Errors
    /// If a value has another form or names an unknown format, or two files have one path.
    pub fn files(&self) -> Result<Vec<OutputFile>, String> {
        let html = self.html.iter().map(|path| Ok(OutputFile { format: Format::Html, path: path.clone() }));
        let files: Vec<OutputFile> =
            html.chain(self.outputs.iter().map(|value| read_output(value))).collect::<Result<_, String>>()?;
        for (at, file) in files.iter().enumerate() {
            if files[..at].iter().any(|other| other.path == file.path) {
                return Err(format!("two outputs are written to {}: name two files", file.path.display()));
            }
        }
        Ok(files)
    }
}

fn read_output(value: &str) -> Result<OutputFile, String> {
    let wrong =
        |why: String| format!("invalid value `{value}` for --output: {why}, for example `sarif=gate.sarif`");
    let (name, path) = value.split_once('=').ok_or_else(|| wrong("write FORMAT=FILE".into()))?;
    let format = name.trim().parse::<Format>().map_err(|error| wrong(error.to_string()))?;
    match path.trim() {
        "" => Err(wrong("a file is missing".into())),
        "-" => Err(wrong("standard output is for --format; name a file".into())),
        path => Ok(OutputFile { format, path: path.into() }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{OutputFile, OutputOptions};
    use crate::output::Format;

    fn files(html: Option<&str>, outputs: &[&str]) -> Result<Vec<OutputFile>, String> {
        let outputs = outputs.iter().map(|&value| value.to_owned()).collect();
        OutputOptions { html: html.map(Into::into), outputs }.files()
    }

    #[test]
    fn html_is_one_of_the_outputs() {
        let file = |format, path: &str| OutputFile { format, path: path.into() };
        assert_eq!(
            files(Some("a.html"), &["sarif=b=c.sarif", "junit = d.xml"]),
            Ok(vec![
                file(Format::Html, "a.html"),
                file(Format::Sarif, "b=c.sarif"),
                file(Format::Junit, "d.xml")
            ])
        );
        assert_eq!(files(None, &[]), Ok(Vec::new()));
    }

    #[test]
    fn mistake_names_the_value_and_the_form() {
        for (html, outputs, message) in [
            (None, vec!["gate.sarif"], "write FORMAT=FILE"),
            (None, vec!["sarf=a"], "unknown format `sarf`: use one of text, markdown,"),
            (None, vec!["sarif="], "a file is missing"),
            (None, vec!["csv=-"], "standard output is for --format"),
            (Some("a"), vec!["csv=a"], "two outputs are written to a"),
        ] {
            let error = files(html, &outputs).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
    }
}
