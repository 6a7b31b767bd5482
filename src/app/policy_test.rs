//! `policy test`: cases of a policy, as unit tests are of code. No clock, and no network but for what a policy inherits
//! from another repository.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use test_reports::ReadOptions;

use crate::exit::Exit;
use crate::model::{Area, Candidate, Commits, OLD_SCHEMA, Snapshot, TestEvidence};
use crate::output::policy_test_text;
use crate::policy::{GivenCommits, MAX_BYTES, Policy, PolicyCase, Refused, parse_cases};
use crate::report::{CaseResult, Header, compare_case, policy_test_report};
use crate::tracker::snapshot;
use release_history::bounded;

use super::check::evaluate_snapshot;
use super::commit_history::note_merged_commits;
use super::policy_files::{Checkout, yaml_files_in};
use super::policy_sources::load_policy;
use super::{Failure, Run, waivers};
use crate::assemble::comparison_base;
use crate::options::PolicyTestOptions;

/// Runs all cases of all files. Every file is read before the first case is run.
///
/// # Errors
/// If there is no case to run, or a file or a policy cannot be used.
pub fn test_policies(options: &PolicyTestOptions, run: &mut Run<'_>) -> Result<Exit, Failure> {
    run.read_context()?;
    let policies = PolicyCache { of_run: &options.policy, run, read: RefCell::default() };
    // Collect all problems first: a person who corrects files wants to see every mistake at once.
    let mut refused = Vec::new();
    let mut read = Vec::new();
    for file in case_files(options, run)? {
        let name = file.display().to_string();
        let bytes = bounded::read_beginning(&run.folder.join(&file), MAX_BYTES as u64 + 1)
            .map_err(|error| Failure::Usage(format!("cannot read the cases in {name}: {error}")))?;
        match parse_cases(&bytes, &name, &|path| policies.policy(&file, path)) {
            Ok(cases) => read.push((file, cases)),
            Err(problems) => refused.push(problems),
        }
    }
    refused.extend(policies.read.into_inner().into_values().filter_map(Result::err));
    if !refused.is_empty() {
        return Err(Failure::Policy(merge_refused(refused, &options.policy)));
    }
    let mut tried = Vec::new();
    for (file, cases) in &read {
        for case in cases {
            tried.push(try_case(file, case, &options.policy, run)?);
        }
    }
    let tests = policy_test_report(tried);
    run.print_answer(options.format, &tests, policy_test_text)?;
    Ok(if tests.failed == 0 { Exit::Success } else { Exit::Fail })
}

/// All that refused the test: one file by its own name, several as the test of the run's policy.
fn merge_refused(mut refused: Vec<Refused>, policy: &Path) -> Refused {
    match refused.pop() {
        Some(only) if refused.is_empty() => only,
        last => {
            refused.extend(last);
            Refused::by_files("test of", &policy.display().to_string(), refused)
        }
    }
}

/// The files of cases that were named, or that lie in the policy's folder.
fn case_files(options: &PolicyTestOptions, run: &Run<'_>) -> Result<Vec<PathBuf>, Failure> {
    let own = options.policy.with_extension("").join("tests");
    let asked = if options.files.is_empty() { std::slice::from_ref(&own) } else { options.files.as_slice() };
    let mut found = Vec::new();
    for path in asked {
        if options.files.is_empty() || run.folder.join(path).is_dir() {
            let inside = yaml_files_in(path, &run.folder).map_err(|error| {
                Failure::Usage(format!("cannot read the folder {}: {error}", path.display()))
            })?;
            // An empty folder would pass, and hide that the tests have been moved.
            if inside.is_empty() {
                let why = format!("there are no cases to run: no YAML file in {}", path.display());
                return Err(Failure::Usage(why));
            }
            found.extend(inside);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

/// The policies of the cases, each read once.
struct PolicyCache<'w, 'a> {
    /// The policy of cases that name none.
    of_run: &'w Path,
    run: &'w Run<'a>,
    read: RefCell<BTreeMap<PathBuf, Result<Rc<Policy>, Refused>>>,
}

impl PolicyCache<'_, '_> {
    /// The policy of a path from a file of cases, or the run's.
    fn policy(&self, file: &Path, path: Option<&str>) -> Option<Rc<Policy>> {
        let path = policy_path(file, path, self.of_run);
        let mut read = self.read.borrow_mut();
        let one = read.entry(path.clone()).or_insert_with(|| {
            let mut parsed = load_policy(&path, self.run)?;
            waivers::add_waivers(&mut parsed.policy, &path, &Checkout::of(&path, &self.run.folder))?;
            Ok(Rc::new(parsed.policy))
        });
        one.as_ref().ok().cloned()
    }
}

/// The path of a case's policy.
fn policy_path(file: &Path, path: Option<&str>, of_run: &Path) -> PathBuf {
    path.map_or_else(|| of_run.to_owned(), |path| folder_of(file).join(path))
}

/// The folder that the paths in a file start from.
fn folder_of(file: &Path) -> PathBuf {
    file.parent().map(Path::to_owned).unwrap_or_default()
}

/// Judges the evidence of a case.
fn try_case(file: &Path, case: &PolicyCase, of_run: &Path, run: &Run<'_>) -> Result<CaseResult, Failure> {
    let snapshot = evidence(file, case, run).map_err(|why| {
        Failure::Usage(format!("{}:{}: the case cannot be run: {why}", file.display(), case.line))
    })?;
    let policy = policy_path(file, case.policy_path.as_deref(), of_run).display().to_string();
    let header = Header { id: "case".into(), dry_run: false, policy, cost: None, page: false };
    let taken_at = snapshot.taken_at;
    // At the time of the case, so that waivers in it do not expire with the real calendar.
    let report = evaluate_snapshot(header, &case.policy, snapshot, taken_at);
    Ok(compare_case(case, &file.display().to_string(), &report))
}

/// The evidence of a case, with what of it stands in other files.
fn evidence(file: &Path, case: &PolicyCase, run: &Run<'_>) -> Result<Snapshot, String> {
    let given = &case.given;
    let folder = run.folder.join(folder_of(file));
    let mut evidence = match &given.snapshot_path {
        Some(path) => snapshot::read_snapshot(&folder.join(path)).map_err(|error| error.to_string())?,
        None => given.evidence.clone(),
    };
    if given.snapshot_path.is_none() {
        note_merged_commits(&mut evidence);
    } else {
        evidence.taken_at = given.now.unwrap_or(evidence.taken_at);
        evidence.tests = merged(evidence.tests, given.evidence.tests.clone());
    }
    let nothing_more = GivenCommits::default();
    let mut adds = given.commits.as_ref();
    if given.snapshot_path.is_none() && evidence.candidate.is_none() && evidence.schema == OLD_SCHEMA {
        // Without a candidate a case asks what holds after the newest release, with nothing merged since.
        evidence.candidate = Some(Candidate { name: "the candidate".to_owned(), ..Candidate::default() });
        let is_unread = evidence.gaps.iter().any(|gap| gap.area == Area::History);
        adds = Some(&nothing_more).filter(|_| !is_unread);
    }
    if let (Some(candidate), Some(adds)) = (&mut evidence.candidate, adds) {
        let releases = evidence.releases.as_deref().unwrap_or_default();
        let from = adds.base.clone().or_else(|| comparison_base(&case.policy, releases, candidate));
        let commits = |base| Commits { base, ids: adds.ids.clone(), closes: adds.closes.clone() };
        candidate.commits = from.map(commits);
    }
    if !given.reports.is_empty() {
        let options = ReadOptions { reruns: case.policy.reruns, ..ReadOptions::default() };
        let read = test_reports::read_reports(&folder, &given.reports, &options);
        evidence.add_test_reports(read.map_err(|error| super::gather::glob_error(&error))?);
    }
    for (at, text) in given.inline.iter().enumerate() {
        let path = format!("report {} of the case", at + 1);
        evidence.add_test_reports(test_reports::read_report(&path, text.as_bytes(), case.policy.reruns));
    }
    Ok(evidence)
}

/// Both together, as far as there are any.
fn merged(left: Option<TestEvidence>, right: Option<TestEvidence>) -> Option<TestEvidence> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.merge(right)),
        (left, right) => left.or(right),
    }
}
