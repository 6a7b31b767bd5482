//! `attribute --evaluate`: the search by blame, held against fixes whose authors named the commit. What they say in their
//! messages is not used.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::app::{Failure, Log};
use crate::model::{Sha, Tag};
use release_history::origins::accuracy::{EvaluatedFix, OriginAccuracy, measure_accuracy};
use release_history::origins::candidates::{Blame, NotBlamed, blame};
use release_history::origins::find::{Ranked, rank_candidates};
use release_history::origins::history::UnreadHistory;
use release_history::origins::report_facts::ReportFacts;
use release_history::origins::score::NAMES;

use super::Local;
use super::clone::Clone;
use super::pairs::{self, FixPair, Known, LeftOut, LeftOutReason};

/// The results of one repository, or the reason why it was left out.
type Repository = Result<(Vec<Judged>, Vec<LeftOutReason>), LeftOutReason>;

/// Judges the search on all pairs that can be judged, and says what it comes to.
pub fn run(pairs: &Path, folder: &Path, features: Option<&Path>, log: &Log) -> Result<String, Failure> {
    let by_repository = pairs::read_pairs(pairs)?;
    let all: usize = by_repository.values().map(Vec::len).sum();
    let (mut outcomes, mut lines, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for (name, pairs) in &by_repository {
        let (judged, unknown) = match evaluate_repository(name, pairs, folder, log) {
            Ok(found) => found,
            Err((why, what)) => {
                log(&format!("{name}: {what}, {} pairs are left out", pairs.len()));
                left_out.extend(pairs.iter().map(|_| why));
                continue;
            }
        };
        let mut leave_out = |(why, what): LeftOutReason| {
            log(&format!("{name}: left out, {what}"));
            left_out.push(why);
        };
        unknown.into_iter().for_each(&mut leave_out);
        for one in judged {
            match one {
                Ok((outcome, line)) => {
                    outcomes.push(outcome);
                    lines.push(line);
                }
                Err(UnreadHistory(what)) => leave_out((LeftOut::Unread, what)),
            }
        }
    }
    if outcomes.is_empty() {
        let what = format!("no pair could be judged; left out {}", pairs::left_out_summary(&left_out, all));
        return Err(Failure::Usage(what));
    }
    if let Some(path) = features {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))?;
    }
    let note = match left_out.len() {
        0 => String::new(),
        _ => format!("left out            {}\n", pairs::left_out_summary(&left_out, all)),
    };
    Ok(figures_text(&measure_accuracy(&outcomes)) + &note)
}

/// Judges the search on the pairs of one repository.
fn evaluate_repository(name: &str, pairs: &[FixPair], folder: &Path, log: &Log) -> Repository {
    let absent = || (LeftOut::NoRepository, format!("not in {}", folder.display()));
    let path = pairs::repository_folder(folder, name).ok_or_else(absent)?;
    let start = Instant::now();
    let local = Local::open(&path, None).map_err(|error| (LeftOut::NoRepository, error.to_string()))?;
    // Blame names the boundary of a shallow clone for every older line. Such answers would count as
    // errors of the search.
    if local.shape.shallow {
        return Err((LeftOut::Shallow, "a shallow clone".to_owned()));
    }
    let index = start.elapsed();
    let (known, left_out) = pairs::resolve_pairs(pairs, &local.reader());
    let judged = judge(name, &local, &known);
    log(&format!(
        "{name}: {} commits indexed in {:.2} s, {} fixes in {:.1} s",
        local.graph.len(),
        index.as_secs_f64(),
        known.len(),
        (start.elapsed() - index).as_secs_f64()
    ));
    Ok((judged, left_out))
}

/// The result of one pair, and its candidates for fitting weights.
type Judged = Result<(EvaluatedFix, Value), UnreadHistory>;

/// The pairs of one repository, on all cores.
fn judge(name: &str, local: &Local, pairs: &[Known]) -> Vec<Judged> {
    local.expect(pairs.len());
    // One part for each core. A reader keeps what it read, and neighboring fixes share most of it.
    let part = pairs.len().div_ceil(rayon::current_num_threads()).max(1);
    let judged = pairs.par_chunks(part).flat_map_iter(|part| {
        let reader = local.reader();
        part.iter().map(|pair| evaluate_pair(name, local, &reader, pair)).collect::<Vec<Judged>>()
    });
    judged.collect()
}

fn evaluate_pair(name: &str, local: &Local, reader: &Clone, pair: &Known) -> Judged {
    let Known { fix, inducing } = pair;
    let start = Instant::now();
    let found = match blame(reader, fix) {
        Ok(found) => found,
        Err(NotBlamed::Unread(what)) => return Err(what),
        // That there is no answer is an answer, and counts.
        Err(NotBlamed::Bulk(_) | NotBlamed::NothingBefore) => Blame::default(),
    };
    let report = |escaped| ReportFacts { at: fix.time, escaped, found_in: None };
    let (ranked, _) = rank_candidates(fix, &found, &report(false), local.ground(reader))?;
    let millis = start.elapsed().as_secs_f64() * 1e3;
    // A second ranking: for an escaped defect, a commit that had not shipped is ruled out.
    let (shipped, _) = rank_candidates(fix, &found, &report(true), local.ground(reader))?;
    let release = |commit: &Sha| local.releases.first(&local.graph, commit).map(|cut| cut.tag.clone());
    let out_at = |commit: &Sha| local.releases.first_at(&local.graph, commit);
    let had_shipped = |commit: &&Sha| out_at(commit).is_some_and(|out| out <= fix.time);
    let truth_releases: Vec<Tag> = inducing.iter().filter(had_shipped).filter_map(release).collect();
    let outcome = EvaluatedFix {
        truth: inducing.clone(),
        release: shipped.first().and_then(|first| release(&first.commit.id)),
        answer: ranked.first().map(|first| (first.commit.id.clone(), first.probability)),
        reachable: has_true_candidate(&found, inducing),
        truth_releases,
        millis,
    };
    Ok((outcome, feature_line(name, local, pair, &ranked)))
}

fn has_true_candidate(found: &Blame, truth: &[Sha]) -> bool {
    found.candidates.iter().any(|candidate| truth.contains(&candidate.commit.id))
}

/// A fix with the features of its candidates, for `tools/fit-attribution.mjs`.
fn feature_line(name: &str, local: &Local, pair: &Known, ranked: &[Ranked<'_>]) -> Value {
    let Known { fix, inducing } = pair;
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
    let truth_releases: Vec<Value> = inducing
        .iter()
        .map(|commit| released(commit).map_or(Value::Null, |(tag, at)| json!({ "tag": tag, "at": at })))
        .collect();
    json!({
        "repo": name, "fix": fix.id, "subject": fix.subject(), "time": fix.time, "truth": inducing,
        "truth-releases": truth_releases, "features": NAMES, "candidates": candidates,
    })
}

/// The figures, a line each.
fn figures_text(figures: &OriginAccuracy) -> String {
    let mut out = String::new();
    // Writing to a text cannot fail.
    let _ = write_figures(figures, &mut out);
    out
}

fn write_figures(figures: &OriginAccuracy, out: &mut String) -> std::fmt::Result {
    let OriginAccuracy { fixes, answered, right, named, reachable, shipped, release_right, .. } = figures;
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
