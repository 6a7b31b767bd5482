//! `attribute --evaluate`: the search by blame, held against fixes whose authors named the commit. What they say in their
//! messages is not used.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{Failure, Log};
use crate::attribution::introduced::candidates::{Blame, blame};
use crate::attribution::introduced::evaluate::{Figures, Outcome, figures};
use crate::attribution::introduced::filter::Report;
use crate::attribution::introduced::find::{Ranked, rank};
use crate::attribution::introduced::history::{Commit, History, Unread};
use crate::attribution::introduced::score::NAMES;
use crate::model::{Sha, Tag};

use super::clone::Clone;
use super::{Local, cannot};

/// A fix and the commits that its author named.
#[derive(Debug, Clone, Deserialize)]
struct Pair {
    repo: String,
    fix: Sha,
    inducing: Vec<Sha>,
}

/// Judges the search on all pairs whose repositories are there, and says what it comes to.
pub fn run(pairs: &Path, folder: &Path, features: Option<&Path>, log: &Log) -> Result<String, Failure> {
    let bytes = std::fs::read(pairs).with_context(|| format!("failed to read {}", pairs.display()))?;
    let pairs: Vec<Pair> = serde_json::from_slice(&bytes)
        .map_err(|error| Failure::Usage(format!("{} holds no pairs: {error}", pairs.display())))?;
    let mut by_repository: BTreeMap<&str, Vec<&Pair>> = BTreeMap::new();
    for pair in &pairs {
        by_repository.entry(&pair.repo).or_default().push(pair);
    }
    let (mut outcomes, mut lines) = (Vec::new(), Vec::new());
    for (name, pairs) in by_repository {
        let Some(path) = place(folder, name) else {
            log(&format!("{name}: not in {}, {} pairs are left out", folder.display(), pairs.len()));
            continue;
        };
        let start = Instant::now();
        let local = Local::open(&path, None).map_err(cannot)?;
        let index = start.elapsed();
        let judged = judge(&local, &pairs);
        log(&format!(
            "{name}: {} commits indexed in {:.2} s, {} fixes in {:.1} s",
            local.graph.len(),
            index.as_secs_f64(),
            pairs.len(),
            (start.elapsed() - index).as_secs_f64()
        ));
        for (outcome, line) in judged {
            match outcome {
                Ok(outcome) => outcomes.push(outcome),
                Err(Unread(what)) => log(&format!("{name}: left out, {what}")),
            }
            lines.extend(line);
        }
    }
    if let Some(path) = features {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))?;
    }
    Ok(text(&figures(&outcomes)))
}

/// The folder of a repository.
fn place(folder: &Path, name: &str) -> Option<PathBuf> {
    let last = name.rsplit('/').next()?;
    // A name is text from a file, and must not lead out of the folder.
    let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    if !name.split('/').all(is_plain) {
        return None;
    }
    [folder.join(name), folder.join(last)].into_iter().find(|path| path.is_dir())
}

/// What comes of one pair, and its candidates for fitting weights.
type Judged = (Result<Outcome, Unread>, Option<Value>);

/// The pairs of one repository, on all cores.
fn judge(local: &Local, pairs: &[&Pair]) -> Vec<Judged> {
    local.expect(pairs.len());
    let part = pairs.len().div_ceil(rayon::current_num_threads()).max(1);
    let judged = pairs.par_chunks(part).flat_map_iter(|part| {
        let reader = local.reader();
        part.iter()
            .map(|pair| match one(local, &reader, pair) {
                Ok((outcome, line)) => (Ok(outcome), Some(line)),
                Err(unread) => (Err(unread), None),
            })
            .collect::<Vec<Judged>>()
    });
    judged.collect()
}

fn one(local: &Local, reader: &Clone, pair: &Pair) -> Result<(Outcome, Value), Unread> {
    let start = Instant::now();
    let fix = reader.commit(&pair.fix.0)?.ok_or_else(|| Unread(format!("{} is not there", pair.fix)))?;
    let found = blame(reader, &fix).unwrap_or_default();
    let report = |escaped| Report { at: fix.time, escaped, found_in: None };
    let (ranked, _) = rank(&fix, &found, &report(false), local.ground(reader))?;
    let millis = start.elapsed().as_secs_f64() * 1e3;
    let (shipped, _) = rank(&fix, &found, &report(true), local.ground(reader))?;
    let release = |commit: &Sha| local.releases.first(&local.graph, commit).map(|cut| cut.tag.clone());
    let out_at = |commit: &Sha| local.releases.first_at(&local.graph, commit);
    let had_shipped = |commit: &&Sha| out_at(commit).is_some_and(|out| out <= fix.time);
    let truth_releases: Vec<Tag> = pair.inducing.iter().filter(had_shipped).filter_map(release).collect();
    let outcome = Outcome {
        truth: pair.inducing.clone(),
        release: shipped.first().and_then(|first| release(&first.commit.id)),
        answer: ranked.first().map(|first| (first.commit.id.clone(), first.probability)),
        reachable: is_reachable(&found, &pair.inducing),
        truth_releases,
        millis,
    };
    let line = line(local, pair, &fix, &ranked);
    Ok((outcome, line))
}

fn is_reachable(found: &Blame, truth: &[Sha]) -> bool {
    found.candidates.iter().any(|candidate| truth.contains(&candidate.commit.id))
}

/// A fix with the features of its candidates, for `tools/fit-attribution.mjs`.
fn line(local: &Local, pair: &Pair, fix: &Commit, ranked: &[Ranked<'_>]) -> Value {
    let released = |commit: &Sha| {
        let cut = local.releases.first(&local.graph, commit)?;
        Some((cut.tag.clone(), local.releases.first_at(&local.graph, commit)?))
    };
    let candidates: Vec<Value> = ranked
        .iter()
        .map(|ranked| {
            let (release, at) = released(&ranked.commit.id).unzip();
            json!({
                "commit": ranked.commit.id, "subject": ranked.commit.subject(),
                "features": ranked.features, "release": release, "released-at": at,
            })
        })
        .collect();
    let truth_releases: Vec<Value> = pair
        .inducing
        .iter()
        .map(|commit| released(commit).map_or(Value::Null, |(tag, at)| json!({ "tag": tag, "at": at })))
        .collect();
    json!({
        "repo": pair.repo, "fix": fix.id, "subject": fix.subject(), "time": fix.time, "truth": pair.inducing,
        "truth-releases": truth_releases, "features": NAMES, "candidates": candidates,
    })
}

/// The figures, a line each.
fn text(figures: &Figures) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _ = write(figures, &mut out);
    out
}

fn write(figures: &Figures, out: &mut String) -> std::fmt::Result {
    let Figures { fixes, answered, right, named, reachable, shipped, release_right, .. } = figures;
    writeln!(
        out,
        "fixes               {fixes}, {answered} with an answer, {reachable} with the right one in reach"
    )?;
    writeln!(out, "precision           {:.3}  {right} of {answered}", figures.precision())?;
    writeln!(out, "recall              {:.3}  {right} of {named}", figures.recall())?;
    writeln!(out, "F1                  {:.3}", figures.f1())?;
    writeln!(
        out,
        "release right       {:.3}  {release_right} of {shipped} that had shipped",
        figures.release_accuracy()
    )?;
    for (likelihood, (answers, right, printed)) in figures.calibration.iter().rev() {
        writeln!(
            out,
            "{:<19} {:.3}  {right} of {answers}, printed {printed:.3}",
            likelihood.name(),
            *right as f64 / *answers as f64
        )?;
    }
    writeln!(out, "median time         {:.0} ms a fix", figures.median_millis)
}
