//! Options of `attribute`.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, ValueEnum};
use jiff::Timestamp;

use super::SourceArgs;
use crate::app::{Attribute, From, Subject};

/// Options of `attribute`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("subject").required(true).args(["target", "evaluate"]))]
pub struct AttributeArgs {
    /// The commit that fixes the defect, or its issue as `#12`.
    #[arg(value_name = "FIX|#ISSUE", value_parser = NonEmptyStringValueParser::new())]
    target: Option<String>,
    /// Judge the search instead: a file of fixes and the commits that their authors named.
    #[arg(long, value_name = "FILE", requires = "repos", env = "ESCAPE_GATE_EVALUATE")]
    evaluate: Option<PathBuf>,
    /// The folder of the repositories of --evaluate, as `owner/name`.
    #[arg(long, value_name = "DIR", requires = "evaluate", env = "ESCAPE_GATE_REPOS")]
    repos: Option<PathBuf>,
    /// With --evaluate: also write the candidates of every fix to this file, for fitting weights.
    #[arg(long, value_name = "FILE", requires = "evaluate", env = "ESCAPE_GATE_FEATURES")]
    features: Option<PathBuf>,
    /// The clone of the repository.
    #[arg(long, value_name = "DIR", default_value = ".", env = "ESCAPE_GATE_CLONE")]
    clone: PathBuf,
    /// Where the origin is looked for: in the clone, on the server, or in the clone if it is whole and has the fix, else on
    /// the server.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FROM")]
    from: Place,
    /// Fetch the rest of a shallow clone first.
    #[arg(long, env = "ESCAPE_GATE_DEEPEN")]
    deepen: bool,
    /// When the defect was reported, if it is named by its fix: `2026-01-31T10:00:00Z`. Else the fix's own time counts.
    #[arg(long, value_name = "TIME", env = "ESCAPE_GATE_REPORTED")]
    reported: Option<Timestamp>,
    /// The defect was seen in production, if it is named by its fix.
    #[arg(long, env = "ESCAPE_GATE_ESCAPED")]
    escaped: bool,
    /// The release it was found in, if it is named by its fix.
    #[arg(long, value_name = "TAG", value_parser = NonEmptyStringValueParser::new(), env = "ESCAPE_GATE_FOUND_IN")]
    found_in: Option<String>,
    /// What to print on standard output.
    #[arg(long, value_enum, default_value_t, env = "ESCAPE_GATE_FORMAT")]
    format: Printed,
    #[command(flatten)]
    sources: SourceArgs,
}

/// Where an origin is looked for.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Place {
    #[default]
    Auto,
    Clone,
    Server,
}

/// What to print.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Printed {
    #[default]
    Text,
    Json,
}

impl AttributeArgs {
    /// What was typed, for the application.
    pub fn resolve(self, verbose: bool) -> Attribute {
        let subject = match (self.evaluate, self.repos) {
            (Some(pairs), Some(repositories)) => {
                Subject::Pairs { pairs, repositories, features: self.features }
            }
            (Some(_) | None, _) => self.target.map_or_else(|| Subject::Fix(String::new()), subject),
        };
        Attribute {
            subject,
            sources: self.sources.resolve(),
            from: match self.from {
                Place::Auto => From::Auto,
                Place::Clone => From::Clone,
                Place::Server => From::Server,
            },
            folder: self.clone,
            deepen: self.deepen,
            reported: self.reported,
            escaped: self.escaped,
            found_in: self.found_in,
            json: matches!(self.format, Printed::Json),
            verbose,
        }
    }
}

/// `#12` is an issue; anything else is a commit.
fn subject(target: String) -> Subject {
    let number = target.strip_prefix('#').and_then(|number| number.parse().ok());
    number.map_or(Subject::Fix(target), Subject::Issue)
}
