//! From a fix and what people say about it to a record: a word first, blame where there is none.

use jiff::Timestamp;

use super::bisect_results::BisectResults;
use super::candidates::{Blame, NotBlamed, OriginCandidate, blame};
use super::history::{Commit, History, UnreadHistory};
use super::origin_method::Confidence;
use super::origin_record::{
    FoundOrigin, Likelihood, Method, Nothing, OriginRecord, PassedOver, RuledOut, Suggestion, capped_percent,
};
use super::release_ancestry::ReleaseAncestry;
use super::report_facts::ReportFacts;
use super::score::{Features, features, probability};
use super::statement::{OriginStatement, OriginTarget, StatementKind, in_message};
use crate::{Sha, Tag, Version};

/// Largest number of suggestions in a record.
const SUGGESTIONS: usize = 3;

/// A repository: who descends from whom in it, its releases, and what else can be asked of it.
#[derive(Clone, Copy)]
pub struct RepositoryView<'a> {
    /// Ancestry of the commits, and the releases.
    pub descent: &'a dyn ReleaseAncestry,
    /// Commits, patches and blame.
    pub history: &'a dyn History,
    /// Reason that blame is not run; `None` if it is.
    pub unblamed: Option<Nothing>,
}

/// A defect whose origin is looked for.
#[derive(Debug, Clone)]
pub struct Question {
    /// The id of the commit that fixed it.
    pub fix: Option<Sha>,
    /// Statements in the issue, the policy and the description of the fix. The fix's own message is always read.
    pub said: Vec<OriginStatement>,
    /// Bisect results in the comments of the issue.
    pub posted: BisectResults,
    /// Time, phase and release of the report.
    pub report: ReportFacts,
    /// Commits that take the fix to other lines of releases.
    pub copies: Vec<Sha>,
}

/// Finds the commit and release that introduced a defect.
pub fn find_origin(question: &Question, ground: RepositoryView<'_>) -> OriginRecord {
    let mut record = OriginRecord {
        fix: question.fix.clone(),
        reported_at: timestamp(question.report.at),
        method: Method::None,
        confidence: Confidence::None,
        evidence: String::new(),
        origin: None,
        nothing: None,
        suggestions: Vec::new(),
        blame_agrees: None,
        ruled_out: Vec::new(),
        passed_over: question.posted.passed_over.clone(),
        affected: Vec::new(),
        unread: Vec::new(),
    };
    let fix = question.fix.as_ref().and_then(|id| match ground.history.commit(&id.0) {
        Ok(commit) => commit,
        Err(UnreadHistory(what)) => {
            record.unread.push(what);
            None
        }
    });
    // Comments are later than the description of the issue, and among equals the first counts.
    let mut said = question.posted.said.clone();
    said.extend(question.said.iter().cloned());
    if let Some(fix) = &fix {
        said.extend(in_message(&fix.message, "message of the fix"));
    }
    // The sort is stable: among equals, the first one counts.
    said.sort_by_key(|signal| signal.word);
    for signal in said {
        if let Some(origin) = &record.origin {
            if question.posted.said.contains(&signal) && !signal.names(origin.commit.as_ref()) {
                let because = "gives way to what counts before it".to_owned();
                record.passed_over.push(PassedOver { signal, because });
            }
            continue;
        }
        // An unread comment may hold the result that counts. A less reliable statement must not replace it.
        if question.posted.unread.is_some() && signal.word >= StatementKind::Bisect {
            break;
        }
        match resolve_statement(&signal, fix.as_ref(), ground) {
            Ok(Ok(origin)) => record_statement(&mut record, &signal, origin),
            Ok(Err(because)) => record.passed_over.push(PassedOver { signal, because }),
            // This statement may be the one that counts. A less reliable one must not replace it.
            Err(UnreadHistory(what)) => {
                record.unread.push(format!("{}: `{}`: {what}", signal.place, signal.text));
                break;
            }
        }
    }
    if record.origin.is_none() {
        let unread = question.posted.unread.iter();
        record.unread.extend(unread.map(|why| format!("the comments of the issue: {why}")));
    }
    let nothing = match &fix {
        Some(fix) => ask_blame(&mut record, fix, question, ground).unwrap_or_else(|UnreadHistory(what)| {
            record.unread.push(what);
            Some(Nothing::BlameFailed)
        }),
        // The fix may be here, but it could not be read.
        None if !record.unread.is_empty() => Some(Nothing::BlameFailed),
        None if question.fix.is_some() => Some(Nothing::FixNotHere),
        None => Some(Nothing::NoFix),
    };
    if record.origin.is_none() {
        record.nothing = nothing;
        record.evidence = nothing.map_or_else(String::new, |nothing| nothing.to_string());
    }
    if let Some(fix) = &fix {
        match affected(&record, fix, &question.copies, ground) {
            Ok(affected) => record.affected = affected,
            Err(UnreadHistory(what)) => record.unread.push(what),
        }
    }
    record
}

/// Returns the releases that contain the recorded commit and not its fix.
fn affected(
    record: &OriginRecord,
    fix: &Commit,
    copies: &[Sha],
    ground: RepositoryView<'_>,
) -> Result<Vec<Tag>, UnreadHistory> {
    let Some(origin) = record.origin.as_ref().and_then(|origin| origin.commit.as_ref()) else {
        return Ok(Vec::new());
    };
    let fixed: Vec<Sha> = std::iter::once(&fix.id).chain(copies).cloned().collect();
    match ground.history.commit(&origin.0)? {
        Some(origin) => ground.descent.affected(&origin, &fixed),
        None => Ok(Vec::new()),
    }
}

/// Records the origin that a statement names.
fn record_statement(record: &mut OriginRecord, signal: &OriginStatement, origin: FoundOrigin) {
    (record.method, record.confidence) = match signal.word {
        StatementKind::Override => (Method::Override, Confidence::Certain),
        StatementKind::RegressedBy
        | StatementKind::Fixes
        | StatementKind::Prose
        | StatementKind::Revert
        | StatementKind::Bisect => (Method::RegressedBy, Confidence::Certain),
        StatementKind::FollowUp => (Method::RegressedBy, Confidence::Stated),
    };
    record.evidence = format!("{}: `{}`", signal.place, signal.text);
    record.origin = Some(origin);
}

/// Resolves a statement to a commit that predates the fix, or to a release. Otherwise returns why the statement is
/// ignored.
///
/// # Errors
/// If that cannot be read.
fn resolve_statement(
    signal: &OriginStatement,
    fix: Option<&Commit>,
    ground: RepositoryView<'_>,
) -> Result<Result<FoundOrigin, String>, UnreadHistory> {
    let commit = match &signal.target {
        OriginTarget::Release(text) => {
            let Some(tag) = find_named_release(text, ground.descent) else {
                return Ok(Err("names no known release".to_owned()));
            };
            return Ok(Ok(FoundOrigin {
                released_at: ground.descent.out_at(&tag).map(timestamp),
                release: Some(tag),
                commit: None,
                subject: None,
                pull_request: None,
                committed_at: None,
            }));
        }
        OriginTarget::PullRequest(number) => {
            let Some(id) = ground.history.merge_of(*number)? else {
                return Ok(Err(format!("no commit here came in by #{number}")));
            };
            ground.history.commit(&id.0)?
        }
        OriginTarget::Commit(id) => ground.history.commit(id)?,
    };
    let Some(commit) = commit else {
        return Ok(Err("names no commit of this repository, or several".to_owned()));
    };
    Ok(match fix {
        Some(fix) if commit.id == fix.id => Err("names the fix itself".to_owned()),
        Some(fix) if !ground.descent.is_in(&commit.id, &fix.id)? => {
            Err("names a commit that the fix does not descend from".to_owned())
        }
        // A clone can still hold commits that a force-push removed.
        None if !ground.descent.is_led_to(&commit)? => {
            Err("names a commit that no branch and no tag leads to".to_owned())
        }
        Some(_) | None => Ok(origin_of_commit(&commit, ground)?),
    })
}

/// Returns the release with this tag, or with the same version in another spelling.
fn find_named_release(text: &str, descent: &dyn ReleaseAncestry) -> Option<Tag> {
    let exact = descent.releases().find(|cut| cut.tag.0.eq_ignore_ascii_case(text));
    let wanted = Version::parse(text)?;
    let same = || {
        let mut all = descent.releases();
        all.find(|cut| Version::parse(&cut.tag.0).is_some_and(|version| version.same(&wanted)))
    };
    exact.or_else(same).map(|cut| cut.tag.clone())
}

/// Adds the answer of blame to the record; returns the reason if there is none.
///
/// # Errors
/// Returns an error if a part of the history could not be read.
fn ask_blame(
    record: &mut OriginRecord,
    fix: &Commit,
    question: &Question,
    ground: RepositoryView<'_>,
) -> Result<Option<Nothing>, UnreadHistory> {
    if ground.unblamed.is_some() {
        return Ok(ground.unblamed);
    }
    let found = match blame(ground.history, fix) {
        Ok(found) => found,
        Err(NotBlamed::Bulk(_)) => return Ok(Some(Nothing::BulkFix)),
        Err(NotBlamed::NothingBefore) => return Ok(Some(Nothing::NothingToBlame)),
        Err(NotBlamed::Unread(unread)) => return Err(unread),
    };
    record.unread.extend(found.unread.iter().cloned());
    // The part that could not be read may hold the right commit.
    if !record.unread.is_empty() {
        return Ok(Some(Nothing::BlameFailed));
    }
    if found.candidates.is_empty() {
        return Ok(Some(Nothing::NothingToBlame));
    }
    let (ranked, ruled_out) = rank_candidates(fix, &found, &question.report, ground)?;
    record.ruled_out = ruled_out;
    let Some(first) = ranked.first() else { return Ok(Some(Nothing::AllRuledOut)) };
    let suggestion = |Ranked { commit, probability, .. }: &Ranked<'_>| {
        Ok(Suggestion {
            commit: commit.id.clone(),
            subject: commit.subject().to_owned(),
            release: ground.descent.first(commit)?.map(|(tag, _)| tag),
            percent: capped_percent(*probability),
            likelihood: Likelihood::of(*probability),
        })
    };
    record.suggestions =
        ranked.iter().take(SUGGESTIONS).map(suggestion).collect::<Result<_, UnreadHistory>>()?;
    let likelihood = Likelihood::of(first.probability);
    // The suggestions stay: a maintainer may recognize the right one.
    if likelihood == Likelihood::None {
        return Ok(Some(Nothing::TooUncertain));
    }
    if let Some(named) = record.origin.as_ref().and_then(|origin| origin.commit.as_ref()) {
        record.blame_agrees = Some(*named == first.commit.id);
    }
    if record.origin.is_none() {
        record.origin = Some(origin_of_commit(first.commit, ground)?);
        record.method = Method::Blame;
        record.confidence = Confidence::Inferred;
        record.evidence = format!(
            "{}, {} %: it wrote {} the fix changes",
            likelihood.name(),
            capped_percent(first.probability),
            if found.only_adds { "the lines around what" } else { "lines that" },
        );
    }
    Ok(None)
}

/// A candidate and how probable it is.
#[derive(Debug, Clone)]
pub struct Ranked<'a> {
    /// The commit.
    pub commit: &'a Commit,
    /// From 0 to 1, as the model has it: not capped.
    pub probability: f64,
    /// Features that the probability is computed from.
    pub features: Features,
}

/// The candidates that can be, the most probable first, and those that cannot.
///
/// # Errors
/// If it cannot be read of one of them whether it can be.
pub fn rank_candidates<'a>(
    fix: &Commit,
    found: &'a Blame,
    report: &ReportFacts,
    ground: RepositoryView<'_>,
) -> Result<(Vec<Ranked<'a>>, Vec<RuledOut>), UnreadHistory> {
    let (mut possible, mut ruled_out) = (Vec::new(), Vec::new());
    for candidate in &found.candidates {
        match report.rules_out(&candidate.commit, ground.descent)? {
            Some(because) => {
                let subject = candidate.commit.subject().to_owned();
                ruled_out.push(RuledOut { commit: candidate.commit.id.clone(), subject, because });
            }
            None => possible.push(candidate),
        }
    }
    let features = features(fix, found, &possible).into_iter();
    let with = |(features, candidate): (Features, &'a OriginCandidate)| Ranked {
        commit: &candidate.commit,
        probability: probability(&features),
        features,
    };
    let mut ranked: Vec<Ranked<'a>> = features.zip(possible).map(with).collect();
    ranked.sort_by(|one, other| other.probability.total_cmp(&one.probability));
    Ok((ranked, ruled_out))
}

/// A commit as the origin of a defect.
fn origin_of_commit(commit: &Commit, ground: RepositoryView<'_>) -> Result<FoundOrigin, UnreadHistory> {
    let (release, out) = ground.descent.first(commit)?.unzip();
    Ok(FoundOrigin {
        subject: Some(commit.subject().to_owned()),
        pull_request: pull_request_in_subject(commit.subject()),
        release,
        committed_at: Some(timestamp(commit.time)),
        released_at: out.map(timestamp),
        commit: Some(commit.id.clone()),
    })
}

/// The pull request that a subject names, in the two ways that GitHub writes it.
pub fn pull_request_in_subject(subject: &str) -> Option<u64> {
    if let Some(rest) = subject.strip_prefix("Merge pull request #") {
        return rest.split(' ').next()?.parse().ok();
    }
    subject.strip_suffix(')')?.rsplit_once("(#")?.1.parse().ok()
}

/// A moment; one that no calendar has becomes the nearest that it has.
fn timestamp(seconds: i64) -> Timestamp {
    let nearest = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_second(seconds).unwrap_or(nearest)
}
