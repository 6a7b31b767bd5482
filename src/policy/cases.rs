//! Reads test cases of a policy: given evidence and expected verdicts.
//!
//! A file of cases is as strict as a policy. An unknown key is an error. A case that expects nothing, or that names a rule
//! that the policy does not have, is an error as well: it would pass without testing anything.

mod actor;
mod closed;
mod evidence;
mod expect;
mod history;
mod issue;
mod pull_request;
mod read;
mod release;
mod status;
/// The evidence that the issues of a case refer to.
struct CaseContext<'c> {
    /// `true` if there is a candidate that may have a fix.
    pub has_candidate: bool,
    /// The commits.
    pub history: &'c CaseHistory,
    /// The pull requests, by number.
    pub pulls: &'c BTreeMap<u64, CasePull>,
    /// The policy; `None` if it is refused.
    pub policy: Option<&'c Policy>,
}

#[cfg(test)]
mod tests;
mod totals;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use jiff::Timestamp;

use super::code::Code;
use super::{Policy, Refused, keys, language};
use crate::model::{IssueNumber, Sha, Snapshot, Tag};
use crate::policy::language::{
    Draft, Field, Fields, Node, PolicyFiles, Problems, quote, read_list, read_text,
};

use history::CaseHistory;
use pull_request::CasePull;
use read::{require_text, required_key};

/// One case.
#[derive(Debug, Clone)]
pub struct PolicyCase {
    /// Name of the case, as written in the file.
    pub name: String,
    /// The line it begins in.
    pub line: usize,
    /// The policy's path from the file, where the file names one.
    pub policy_path: Option<String>,
    /// The policy.
    pub policy: Rc<Policy>,
    /// The evidence.
    pub given: CaseEvidence,
    /// Expectations.
    pub expect: Expectations,
}

/// The evidence of a case, and the files that hold the rest of it.
#[derive(Debug, Clone)]
pub struct CaseEvidence {
    /// Time of the evaluation; `None` if the snapshot file has it.
    pub now: Option<Timestamp>,
    /// The snapshot file that has the rest, by its path from the file of cases.
    pub snapshot_path: Option<String>,
    /// The evidence. It is empty beside a snapshot file.
    pub evidence: Snapshot,
    /// Commits of the candidate; `None` if the case gives none.
    pub commits: Option<GivenCommits>,
    /// Globs of test reports, from the folder of the file of cases.
    pub reports: Vec<String>,
    /// Test reports that are written out.
    pub inline: Vec<String>,
}

/// The commits of a candidate, as far as a case says them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenCommits {
    /// The release they are counted from, where the case says it.
    pub base: Option<Tag>,
    /// Ids of the commits.
    pub ids: BTreeSet<Sha>,
    /// Issues that their messages close.
    pub closes: BTreeSet<IssueNumber>,
}

/// The expectations of a case, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectations {
    /// The name of the verdict.
    pub verdict: Option<&'static str>,
    /// Rules by their ids.
    pub rules: BTreeMap<String, ExpectedRule>,
    /// Statuses in the candidate, by issue.
    pub statuses: BTreeMap<u64, ExpectedStatus>,
    /// The release that an issue was found in; `None` if in none that is known.
    pub found_in: BTreeMap<u64, Option<String>>,
    /// The issues that the rules on `unfixed` count.
    pub unfixed: Option<BTreeSet<u64>>,
    /// The issues and pull requests that the rules on `blockers` count.
    pub blockers: Option<BTreeSet<u64>>,
}

/// The expected status of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedStatus {
    /// The name of the status.
    pub status: &'static str,
    /// The row of the table that decides; `6` stands for both of its halves.
    pub row: Option<String>,
    /// A part of the reason.
    pub reason_contains: Option<String>,
}

/// The expectations about a rule, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedRule {
    /// Name of the expected verdict.
    pub verdict: Option<&'static str>,
    /// Value of the metric, as written and as read.
    pub value: Option<(String, ExpectedValue)>,
    /// Issues that count against the rule.
    pub issues: Option<BTreeSet<u64>>,
}

/// The expected value of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedValue {
    /// A whole number.
    Count(u64),
    /// A number of items among a total: `2 of 40`.
    Share(u64, u64),
    /// A percentage: its digits without the point, and the number of decimals.
    Percent(u64, u32),
    /// A length of time: a number, and the seconds of its unit.
    Time(u64, u64),
    /// `none`: the metric has no value.
    None,
}

/// Reads a file of cases. `name` is the path to show in messages. `policy` returns the policy of a path in the file, or of the
/// run without a path. It returns `None` for an unusable policy, which is reported elsewhere.
///
/// # Errors
/// Returns every problem of the file, by place. No case of such a file is run.
pub fn parse_cases(
    source: &[u8],
    name: &str,
    policy: &dyn Fn(Option<&str>) -> Option<Rc<Policy>>,
) -> Result<Vec<PolicyCase>, Refused> {
    let (mut problems, mut files) = (Problems::of("file of cases"), PolicyFiles::default());
    let text = language::decode_utf8(source, &mut problems);
    let start = files.add(name, text.unwrap_or(""));
    let document = text.and_then(|text| language::parse_document(text, start, &mut problems));
    let read = document.and_then(|document| {
        if !language::is_supported_version(&document.root, &mut problems) {
            return None;
        }
        document.tags.into_iter().for_each(|tag| problems.push(tag));
        Some(read_cases(&document.root, policy, &files, &mut problems))
    });
    match read {
        Some(cases) if !problems.refuses() => Ok(cases),
        Some(_) | None => Err(problems.refuse(&files, name)),
    }
}

/// Every good case of the file.
fn read_cases(
    root: &Node,
    policy: &dyn Fn(Option<&str>) -> Option<Rc<Policy>>,
    files: &PolicyFiles,
    problems: &mut Problems,
) -> Vec<PolicyCase> {
    let Some(fields) = Fields::open(root, "a file of cases", keys::cases::CASE_FILE, problems) else {
        return Vec::new();
    };
    let shared =
        fields.node("given").and_then(|node| Fields::open(node, "`given`", keys::cases::GIVEN, problems));
    let of_file = fields.get("policy", problems, read_text);
    let Some(node) = fields.node("cases") else {
        let draft = Draft::new(Code::NoCases, &root.span, "a file of cases needs `cases`");
        problems.push(draft.help("add `cases:` with at least one case"));
        return Vec::new();
    };
    let items = if node.is_null() { Some(&[][..]) } else { read_list(node, "`cases`", problems) };
    if items.is_some_and(<[_]>::is_empty) {
        let draft = Draft::new(Code::NoCases, &node.span, "there is no case, so that nothing would be tried");
        problems.push(draft.help("add a case, or remove the file"));
    }
    let reader = CaseReader { shared: shared.as_ref(), of_file: &of_file, policy, files };
    let mut names = BTreeMap::new();
    let read = items.unwrap_or_default().iter().filter_map(|item| reader.case(item, &mut names, problems));
    read.collect()
}

/// The keys that all cases of a file share.
struct CaseReader<'r, 'n> {
    shared: Option<&'r Fields<'n>>,
    of_file: &'r Field<String>,
    policy: &'r dyn Fn(Option<&str>) -> Option<Rc<Policy>>,
    files: &'r PolicyFiles,
}

impl<'n> CaseReader<'_, 'n> {
    /// Reads one case; `None` if it has a problem, which is then reported.
    fn case(
        &self,
        node: &'n Node,
        names: &mut BTreeMap<String, std::ops::Range<usize>>,
        problems: &mut Problems,
    ) -> Option<PolicyCase> {
        let fields = Fields::open(node, "a case", keys::cases::CASE, problems)?;
        let name = required_key(&fields, "name", node, "a case", problems, read_text)
            .and_then(|at| require_text(&at, "`name`", problems).map(|name| (name, at.span)));
        if let Some((name, span)) = &name
            && let Some(first) = names.insert(name.clone(), span.clone())
        {
            let message = format!("two cases have the name {}", quote(name));
            let draft = Draft::new(Code::DuplicateCase, span, message).see(&first, "first here");
            problems.push(draft.help("a name says what this case shows and no other does"));
        }
        let of_case = fields.get("policy", problems, read_text);
        let path = match if of_case.is_absent() { self.of_file } else { &of_case } {
            Field::Absent => Some(None),
            Field::Bad => None,
            Field::Good(at) => require_text(at, "`policy`", problems).map(Some),
        };
        let policy = path.as_ref().and_then(|path| (self.policy)(path.as_deref()));
        let own =
            fields.node("given").map(|node| Fields::open(node, "`given`", keys::cases::GIVEN, problems));
        let given = match own {
            // What is wrong with it has been reported.
            Some(None) => None,
            Some(Some(own)) => {
                evidence::case_evidence(node, Some(&own), self.shared, policy.as_deref(), problems)
            }
            None => evidence::case_evidence(node, None, self.shared, policy.as_deref(), problems),
        };
        let expect = match fields.node("expect") {
            Some(expect) => expect::expectations(expect, policy.as_deref(), problems),
            None => {
                let draft = Draft::new(Code::NothingExpected, &node.span, "a case needs `expect`");
                problems.push(draft.help("add `expect: { verdict: pass }`, or what its rules are to say"));
                None
            }
        };
        Some(PolicyCase {
            name: name?.0,
            line: self.files.line_number(&node.span),
            policy_path: path?,
            policy: policy?,
            given: given?,
            expect: expect?,
        })
    }
}
