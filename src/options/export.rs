//! Options of `export`.

use std::path::PathBuf;

use clap::Args;

use super::{EvaluationTime, Sources};

/// Options of `export`.
#[derive(Debug, Clone, Args)]
pub struct ExportOptions {
    /// Where evidence comes from.
    #[command(flatten)]
    pub sources: Sources,
    /// The time of evaluation.
    #[command(flatten)]
    pub time: EvaluationTime,
    /// Folder to which the tables of the run are added
    ///
    /// Each run has its own files: `TABLE/repository=OWNER%2FNAME/date=YYYY-MM-DD/RUN.ndjson.gz`. No file is ever changed.
    #[arg(long, value_name = "FOLDER", env = "ESCAPE_GATE_EXPORT", help_heading = "Output")]
    pub output: PathBuf,
}
