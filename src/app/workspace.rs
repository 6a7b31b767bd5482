//! Paths in the repository that a workflow has checked out.

use std::path::{Component, Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::Run;
use crate::options::DEFAULT_POLICY;
use crate::policy::product_in_policy_text;
use release_history::bounded;

/// The longest path that becomes an id as it is, in bytes: a comment has room for so much.
const LONGEST_ID: usize = 100;

/// Number of bytes that are read of a policy to find its product: more than a policy may have.
const LARGEST_POLICY: u64 = 3 << 20;

/// A path relative to the workspace of the workflow, or else to the folder of the run, with `/` between its parts; none if
/// it lies outside. Links below the workspace are not followed: two links to one policy are two policies.
pub fn in_workspace(path: &Path, run: &Run<'_>) -> Option<String> {
    let real = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| without_dots(folder));
    let workspace = run.variable(&["GITHUB_WORKSPACE"]).map_or_else(PathBuf::new, PathBuf::from);
    let workspace = run.folder.join(workspace);
    let inside = |path: PathBuf, of: PathBuf| path.strip_prefix(of).ok().and_then(slashed);
    inside(without_dots(&real(&run.folder).join(path)), real(&workspace))
        .or_else(|| inside(without_dots(&run.folder.join(path)), without_dots(&workspace)))
}

/// The id of the gate of a policy: its path in the repository and its product, so that two policies or products never share a
/// comment. The default policy without a product has the id `default`, with one that of the product.
pub fn gate_id(policy: &Path, run: &Run<'_>) -> String {
    let path = in_workspace(policy, run).unwrap_or_else(|| policy.display().to_string());
    // Read the product here, before anything can refuse the policy: the reason why there is no verdict takes the same id.
    let source = bounded::read_beginning(&run.folder.join(policy), LARGEST_POLICY);
    let product = source.ok().and_then(|source| product_in_policy_text(&source));
    let name = match (path.as_str(), product) {
        (DEFAULT_POLICY, None) => "default".to_owned(),
        (DEFAULT_POLICY, Some(product)) => product,
        (_, Some(product)) => format!("{path}#{product}"),
        (_, None) => path,
    };
    match name.as_str() {
        short if short.len() <= LONGEST_ID => short.to_owned(),
        long => format!("policy-{:016x}", xxh3_64(long.as_bytes())),
    }
}

/// A path without `.` and `..`.
pub fn without_dots(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut out, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => out.push(part),
        }
        out
    })
}

/// A path with `/` between its parts; none if it is empty or no text.
fn slashed(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/")).filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::rc::Rc;

    use jiff::Timestamp;

    use super::*;
    use crate::options::RequestLimits;
    use crate::output::TextOptions;

    /// A run in a folder, without environment.
    fn run_in(folder: PathBuf, out: &mut Vec<u8>) -> Run<'_> {
        Run {
            env: &|_| None,
            folder,
            log_is_terminal: false,
            answers: None,
            now: Timestamp::UNIX_EPOCH,
            out,
            log: Rc::new(|_| ()),
            notice: &|_| (),
            verbose: false,
            text: TextOptions::default(),
            limits: RequestLimits::default(),
            ci: None,
        }
    }

    /// The ids of the gates of these policies, for a run in a folder of a workspace.
    fn ids(below: &str, policies: &[&str]) -> Vec<String> {
        let workspace = tempfile::tempdir().unwrap();
        let folder = workspace.path().join(below);
        std::fs::create_dir_all(&folder).unwrap();
        let root = workspace.path().display().to_string();
        let mut out = Vec::new();
        let run = Run {
            env: &|name| (name == "GITHUB_WORKSPACE").then(|| root.clone()),
            ..run_in(folder, &mut out)
        };
        policies.iter().map(|policy| gate_id(&PathBuf::from(policy.replace("ROOT", &root)), &run)).collect()
    }

    #[test]
    fn the_default_policy_has_the_default_id_however_it_is_written() {
        let written = [
            DEFAULT_POLICY,
            "./.github/escape-gate.yml",
            "x/../.github/./escape-gate.yml",
            "ROOT/.github/escape-gate.yml",
        ];
        assert_eq!(ids("", &written), ["default"; 4]);
        assert_eq!(ids("packages/web", &["../../.github/escape-gate.yml"]), ["default"]);
    }

    #[test]
    fn two_policies_never_have_one_id() {
        assert_eq!(
            ids("", &["web.yml", "./api.yml", "web/.github/escape-gate.yml"]),
            ["web.yml", "api.yml", "web/.github/escape-gate.yml"]
        );
        assert_eq!(
            ids("packages/web", &[DEFAULT_POLICY, "gate.yml"]),
            ["packages/web/.github/escape-gate.yml", "packages/web/gate.yml"]
        );
        assert_eq!(ids("", &["/elsewhere/web.yml", "../web.yml"]), ["/elsewhere/web.yml", "../web.yml"]);
        let long = ids("", &["a/".repeat(90).as_str(), "b/".repeat(90).as_str()]);
        assert!(long[0] != long[1] && long.iter().all(|id| id.len() <= LONGEST_ID), "{long:?}");
    }

    #[test]
    fn products_of_one_path_have_two_ids() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(".github")).unwrap();
        let id_of = |path: &str, text: &str| {
            std::fs::write(folder.path().join(path), text).unwrap();
            let root = folder.path().display().to_string();
            let mut out = Vec::new();
            let run = Run {
                env: &|name| (name == "GITHUB_WORKSPACE").then(|| root.clone()),
                ..run_in(folder.path().to_owned(), &mut out)
            };
            gate_id(Path::new(path), &run)
        };
        let default = |text| id_of(DEFAULT_POLICY, text);
        assert_eq!(default("product: api"), "api");
        // The reason why a policy is refused takes the place of its verdict.
        assert_eq!(default("product: { tags: \"web-v{version}\" }\nmistake: 1"), "web");
        assert_eq!(default("version: 1"), "default");
        assert_eq!(id_of("gate.yml", "product: api"), "gate.yml#api");
    }
}
