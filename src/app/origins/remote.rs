//! What GitHub says of where defects came from, without a clone.

use std::collections::BTreeSet;

use crate::attribution::introduced::find::Question;
use crate::model::{Defect, Introduced, IssueNumber, NoOrigin, OriginMethod, Origins};

use super::super::attribute::{Remote, of_defect, remote_origins};
use super::super::connect::Server;
use super::{Search, WHOLE_CLONE, Why, gap, introduced, is_shipped, unread, wants_blame, with_policy};

/// What the server says, for as long as the hour's allowance lasts.
///
/// # Errors
/// Why it says nothing.
pub fn look_up(search: Search<'_>, server: &Server) -> Result<Origins, Why> {
    let Search { asked, policy, releases, .. } = search;
    // Without the first release that has a commit, a later one would pass for the first.
    if let Some(bare) = releases.iter().filter(is_shipped).find(|release| release.commit.is_none()) {
        let what = format!("GitHub names no commit for the release {}: its tag is not there", bare.tag);
        return Err((NoOrigin::NoHistory, gap(&what, "Push the tag, or take the release away.")));
    }
    let mut remote = Remote::new(server.history(), releases);
    if !wants_blame(policy) {
        remote.unblamed = Some(NoOrigin::NotAskedFor);
    }
    let ask = |defect: &&Defect| (defect.number(), with_policy(of_defect(defect, &remote), defect, policy));
    let questions: Vec<(IssueNumber, Question)> = asked.iter().map(ask).collect();
    let (records, low) = remote_origins(&remote, &questions);
    let why = |reason: &str| (format!("GitHub's API did not tell: {reason}"), WHOLE_CLONE);
    let gaps = unread(&records, asked, why).into_iter().chain(low).collect();
    let is_open = |number: &IssueNumber| !records.contains_key(number);
    let not_looked_at: BTreeSet<IssueNumber> =
        asked.iter().map(|defect| defect.number()).filter(is_open).collect();
    let found = records.into_iter().map(|(number, record)| by_api(introduced(number, record))).collect();
    Ok(Origins { found, not_looked_at, gaps, ..Origins::default() })
}

/// An origin whose evidence says where it was read.
fn by_api(found: Introduced) -> Introduced {
    match found.method {
        OriginMethod::Override | OriginMethod::RegressedBy | OriginMethod::Blame => {
            Introduced { evidence: format!("{}; read by GitHub's API", found.evidence), ..found }
        }
        OriginMethod::None => found,
    }
}
