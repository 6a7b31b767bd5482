//! Finds the origin of a defect from statements of the policy and the issue, and from the history.
//!
//! A stated release needs no repository: the tracker's releases are enough.

use crate::model::{
    Confidence, Defect, DefectOrigin, Fix, NamedVersions, NoOrigin, OriginMethod, Origins, Release, Timeline,
};
use crate::policy::{OriginOverride, Policy};

use release_history::origins::statement::{OriginStatement, OriginTarget, StatementKind, in_issue};

/// Finds the origin of an escaped defect. `read` holds the origins that were looked up in the history, if any, and `record` the one
/// of this defect.
pub fn introduced(
    defect: &Defect,
    policy: &Policy,
    timeline: &Timeline,
    read: Option<&Origins>,
    record: Option<&DefectOrigin>,
) -> DefectOrigin {
    let (methods, mut notes) = (policy.origin_methods(), Vec::new());
    let number = defect.number();
    let mut found = None;
    if methods.contains(&OriginMethod::Override) {
        // Statements come first: blame can only guess, and a person has looked.
        found = said(defect, policy, timeline, &mut notes);
    }
    let mut found = match found.or_else(|| record.cloned()) {
        Some(found) if found.method == OriginMethod::None || methods.contains(&found.method) => found,
        // The snapshot may come from a policy with more methods. This policy does not trust them.
        Some(_) => DefectOrigin::nothing(number, NoOrigin::NotAskedFor),
        None if read.is_some_and(|read| read.not_looked_at.contains(&number)) => {
            DefectOrigin::nothing(number, NoOrigin::NotLookedAt)
        }
        // A fix without a record means that no history was there to search. Without a fix, there is
        // nothing to blame.
        None if defect.issue.fixes.iter().any(|fix: &Fix| fix.commit.is_some()) => {
            DefectOrigin::nothing(number, NoOrigin::NoHistory)
        }
        None => DefectOrigin::nothing(number, NoOrigin::NoFix),
    };
    place(&mut found, defect, timeline, &mut notes);
    for note in notes {
        found.evidence.push_str("; ");
        found.evidence.push_str(&note);
    }
    found
}

/// Returns the commits and pull requests that the policy or the issue names, which have to be looked up in the history. The
/// policy comes first.
pub fn commits_said(defect: &Defect, policy: &Policy) -> Vec<OriginStatement> {
    let own =
        override_of(defect, policy).filter(|own| is_commit(&own.introduced_in)).map(|own| OriginStatement {
            word: StatementKind::Override,
            target: OriginTarget::Commit(own.introduced_in.to_ascii_lowercase()),
            place: "the policy".to_owned(),
            text: format!("introduced-in: {} ({})", own.introduced_in, own.reason),
        });
    let of_issue = in_issue(&defect.issue.origin_text()).into_iter();
    own.into_iter().chain(of_issue.filter(|one| !matches!(one.target, OriginTarget::Release(_)))).collect()
}

/// Returns the release that the policy or else the issue names as the origin. Statements without a usable release go to the
/// notes.
fn said(
    defect: &Defect,
    policy: &Policy,
    timeline: &Timeline,
    notes: &mut Vec<String>,
) -> Option<DefectOrigin> {
    let own = override_of(defect, policy).map(|own| {
        let place = format!("the policy: `{}` ({})", own.introduced_in, own.reason);
        (own.introduced_in.clone(), place)
    });
    let of_issue =
        in_issue(&defect.issue.origin_text()).into_iter().filter_map(|signal| match signal.target {
            OriginTarget::Release(version) if signal.word == StatementKind::Override => {
                Some((version, format!("{}: `{}`", signal.place, signal.text)))
            }
            OriginTarget::Release(_) | OriginTarget::Commit(_) | OriginTarget::PullRequest(_) => None,
        });
    for (version, place) in own.into_iter().chain(of_issue) {
        match timeline.named(&version, defect.issue.created_at) {
            NamedVersions::One(release) => match impossible(Some(release), defect) {
                None => return Some(by(defect, release, place)),
                Some(because) => notes.push(format!("{place}, which {because}")),
            },
            // "1234567" may be a commit: the history decides, so it is no mistake here.
            NamedVersions::Several(_) | NamedVersions::Nothing if is_commit(&version) => {}
            NamedVersions::Several(_) => notes.push(format!("{place} fits several releases")),
            NamedVersions::Nothing => notes.push(format!("{place} names no known release")),
        }
    }
    None
}

fn override_of<'p>(defect: &Defect, policy: &'p Policy) -> Option<&'p OriginOverride> {
    policy.origins.overrides.iter().find(|one| one.issue == defect.number())
}

fn is_commit(text: &str) -> bool {
    // Git abbreviates to 7 digits by default. A shorter text such as `beef` may be a word.
    text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Creates a stated origin.
fn by(defect: &Defect, release: &Release, evidence: String) -> DefectOrigin {
    DefectOrigin {
        confidence: Confidence::Certain,
        method: OriginMethod::Override,
        nothing: None,
        evidence,
        release: Some(release.tag.clone()),
        released_at: release.published_at,
        ..DefectOrigin::nothing(defect.number(), NoOrigin::NoHistory)
    }
}

/// Removes a release that cannot have introduced the defect. With it, the defect would count for a release that no scope has.
fn place(found: &mut DefectOrigin, defect: &Defect, timeline: &Timeline, notes: &mut Vec<String>) {
    let Some(tag) = &found.release else { return };
    let release = timeline.get(tag);
    match impossible(release, defect) {
        Some(because) => {
            notes.push(format!("{tag} {because}"));
            (found.release, found.released_at) = (None, None);
        }
        None => found.released_at = found.released_at.or(release.and_then(|release| release.published_at)),
    }
}

/// Returns why a release cannot have introduced a defect, as a clause that follows its name; `None` if it can.
fn impossible(release: Option<&Release>, defect: &Defect) -> Option<&'static str> {
    match release {
        None => Some("is no release that counts"),
        Some(release) if release.draft || release.prerelease => Some("is no release that users had"),
        // The reporter cannot have met the defect in a release that did not exist.
        Some(release) if release.published_at > Some(defect.issue.created_at) => {
            Some("came out after the report")
        }
        Some(_) => None,
    }
}
