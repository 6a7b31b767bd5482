//! Commands that are started in a subfolder of a clone.

use std::path::{Path, PathBuf};

use super::{CliCommand, DEFAULT_POLICY, OutputOptions, PolicyCommand, Sources};

impl CliCommand {
    /// Returns `true` if the command reads the default policy.
    pub fn reads_default_policy(&self) -> bool {
        let policy = match self {
            Self::Check(options) => &options.sources.policy,
            Self::Collect(options) => &options.sources.policy,
            Self::Explain(options) => &options.sources.policy,
            Self::Report(options) => &options.sources.policy,
            Self::Export(options) => &options.sources.policy,
            Self::Organization(options) => &options.policy,
            Self::Simulate(options) => &options.sources.policy,
            Self::Policy(PolicyCommand::Check(options)) if options.files.is_empty() => &options.policy,
            Self::Policy(PolicyCommand::Show(options)) => options.file.as_ref().unwrap_or(&options.policy),
            Self::Policy(PolicyCommand::Test(options)) if options.files.is_empty() => &options.policy,
            Self::Demo(_) | Self::Attribute(_) | Self::Init(_) | Self::Doctor(_) => return false,
            Self::Policy(_) | Self::Completions(_) => return false,
        };
        policy == Path::new(DEFAULT_POLICY)
    }

    /// Lets the relative paths of options start from a folder above. `below` leads from there to the folder that they started
    /// from.
    pub fn start_above(&mut self, below: &Path) {
        let sources = match self {
            Self::Check(options) => {
                options.report_file.iter_mut().for_each(|path| prepend(below, path));
                options.files.start_above(below);
                &mut options.sources
            }
            Self::Collect(options) => {
                prepend(below, &mut options.out);
                &mut options.sources
            }
            Self::Report(options) => {
                options.files.start_above(below);
                &mut options.sources
            }
            Self::Export(options) => {
                prepend(below, &mut options.output);
                &mut options.sources
            }
            Self::Organization(options) => return prepend(below, &mut options.folder),
            Self::Explain(options) => &mut options.sources,
            Self::Simulate(options) => &mut options.sources,
            Self::Demo(_) | Self::Attribute(_) | Self::Init(_) | Self::Doctor(_) => return,
            Self::Policy(_) | Self::Completions(_) => return,
        };
        let Sources { reports, report_roots, tests_before, snapshots, cache, .. } = sources;
        tests_before.iter_mut().for_each(|path| prepend(below, path));
        let texts = report_roots.iter_mut().chain(snapshots);
        // An empty text switches the cache off.
        texts.chain(cache.iter_mut().filter(|folder| !folder.is_empty())).for_each(|text| {
            *text = below.join(&*text).display().to_string();
        });
        for glob in reports {
            let (sign, path) = glob.strip_prefix('!').map_or(("", &**glob), |path| ("!", path));
            let path = below.join(path.strip_prefix("./").unwrap_or(path));
            *glob = format!("{sign}{}", path.display());
        }
    }
}

impl OutputOptions {
    /// Lets relative paths start from a folder above.
    fn start_above(&mut self, below: &Path) {
        self.html.iter_mut().for_each(|path| prepend(below, path));
        for value in &mut self.outputs {
            // A value without a file is refused later, as it was written.
            let Some((format, path)) = value.split_once('=').filter(|(_, path)| !path.trim().is_empty())
            else {
                continue;
            };
            if path.trim() != "-" {
                *value = format!("{format}={}", below.join(path.trim()).display());
            }
        }
    }
}

/// Prepends a folder to a relative path.
fn prepend(folder: &Path, path: &mut PathBuf) {
    *path = folder.join(&*path);
}
