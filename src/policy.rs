//! The policy: it says which issues are escaped defects, and which limits a release has to keep.
//!
//! `inherit` merges a policy file with the files that it extends into one tree, in which every value knows its place.
//! `sections` turns that tree into a [`Policy`], or reports *all* its problems at once: the file of a section defines its keys,
//! reads them, and checks them. The `schema` is made from the same keys.
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod blocking;
mod cases;
mod checks;
mod code;
mod exceptions;
mod expected;
mod explanation;
mod form_headings;
mod gates;
mod inherit;
mod keys;
mod language;
mod matcher;
mod naming;
mod numbers;
mod origins;
mod presets;
mod product;
mod rule;
mod schema;
mod scopes;
mod sections;
mod selector;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::model::{
    Anchored, AttributionMethod, DefectAttribute, Issue, MetricId, Reruns, Severity, same_name,
};

pub use blocking::{BlockerMatch, BlockerRules, StatusEntry, StatusScope};
pub use cases::{
    CaseEvidence, Expectations, ExpectedRule, ExpectedStatus, ExpectedValue, GivenCommits, PolicyCase,
    parse_cases,
};
pub use code::Code;
pub use exceptions::{
    Approvers, ExceptionRules, FindingException, FollowUp, Mode, Overriders, Waiver, same_login,
};
pub use form_headings::{FormHeadings, HeadingPattern, plain_heading};
pub use gates::{QualityGate, QualityGates};
pub use inherit::{Base, Library, NoLibrary, Unread};
pub use language::{
    Diagnostic, Effective, Inherited, InheritedFile, MAX_BYTES, Place, Refused, Relaxation, nearest_name,
    unreadable_policy, yaml_double_quoted,
};
pub use matcher::{Captures, LabelPattern, PatternProblem, Variables};
pub use naming::{AttributeNames, CodeownersFile, ComponentPaths, ExpectedReports, PathGlob};
pub use origins::{OriginHistory, OriginOverride, OriginRules};
pub use product::{Product, product_in_policy_text};
pub use rule::{
    Baseline, CandidateKind, Insufficient, Investigation, LimitValue, OnPullRequests, RelativeLimit, Rule,
    RuleLevel, RuleLimit, Trend, TrendDirection,
};
pub use schema::schema;
pub use sections::FINDING_IDS;
pub use selector::{Alternative, MilestonePattern, Selector, SelectorSubject};

/// A policy that can be used.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The policy.
    pub policy: Policy,
    /// Warnings that do not make the policy unusable, by place.
    pub warnings: Vec<Diagnostic>,
    /// The effective policy: every key with its value and the place that sets it.
    pub effective: Effective,
}

/// Reads a policy file that inherits from nothing or only from presets. `name` is the path to show in messages.
///
/// # Errors
/// As [`load`].
pub fn parse(source: &[u8], name: &str) -> Result<Parsed, Refused> {
    load(source, name, &NoLibrary)
}

/// Reads a policy file and all that it inherits from.
///
/// # Errors
/// Returns every problem of the files, by place. A bad policy never falls back to a default: that would let a release pass.
pub fn load(source: &[u8], name: &str, library: &dyn Library) -> Result<Parsed, Refused> {
    let (mut problems, mut files) = (language::Problems::default(), language::PolicyFiles::default());
    let whole = inherit::load(source, name, library, &mut files, &mut problems);
    let read =
        whole.and_then(|whole| Some((whole.read.policy?, whole.read.spans, whole.root, whole.inherited)));
    match read {
        Some((mut policy, spans, root, inherited)) if !problems.refuses() => {
            policy.exceptions.waivers = placed(policy.exceptions.waivers, &spans.waivers, &files);
            policy.rule_places = rule_places(spans.rules, &files);
            policy.inherited = inherited;
            let (table, hides_default) = (sections::POLICY, keys::hides_default);
            let warnings = problems.finish(&files, name);
            Ok(Parsed { policy, warnings, effective: Effective { table, root, files, hides_default } })
        }
        Some(_) | None => Err(problems.refuse(&files, name)),
    }
}

/// Reads a file that contains only waivers. `name` is the path to show in messages. `policy` gives the rules and the approvers.
///
/// # Errors
/// Returns every problem of the file, by place. No waiver of such a file is used.
pub fn parse_waivers(source: &[u8], name: &str, policy: &Policy) -> Result<Vec<Waiver>, Refused> {
    let (mut problems, mut files) = (language::Problems::default(), language::PolicyFiles::default());
    let text = language::decode_utf8(source, &mut problems);
    let start = files.add(name, text.unwrap_or(""));
    let document = text.and_then(|text| language::parse_document(text, start, &mut problems));
    let waivers = document.and_then(|document| {
        let rules: Vec<String> = policy.rules.iter().map(|rule| rule.id.clone()).collect();
        let approvers = policy.exceptions.approvers.as_ref();
        sections::read_waiver_file(document, &rules, approvers, &mut problems)
    });
    match waivers {
        Some(waivers) if !problems.refuses() => Ok(standing_in(waivers, name)),
        Some(_) | None => Err(problems.refuse(&files, name)),
    }
}

/// Sets the file of each waiver.
fn standing_in(waivers: Vec<Waiver>, name: &str) -> Vec<Waiver> {
    let file = language::visible(name);
    waivers.into_iter().map(|waiver| Waiver { file: file.clone(), ..waiver }).collect()
}

/// Sets the file of each waiver: the policy's own file, or one that it inherits from.
fn placed(waivers: Vec<Waiver>, spans: &[Range<usize>], files: &language::PolicyFiles) -> Vec<Waiver> {
    let file = |span| files.locate(span).map_or_else(String::new, |(file, _)| file.name.clone());
    let pairs = waivers.into_iter().zip(spans);
    pairs.map(|(waiver, span)| Waiver { file: file(span), ..waiver }).collect()
}

/// Returns the place of each rule by its id.
fn rule_places(
    spans: Vec<(String, Range<usize>)>,
    files: &language::PolicyFiles,
) -> BTreeMap<String, RulePlace> {
    let place = |(id, span): (String, Range<usize>)| {
        let (file, _) = files.locate(&span)?;
        Some((id, RulePlace { file: file.name.clone(), line: files.line_number(&span) }))
    };
    spans.into_iter().filter_map(place).collect()
}

/// The place of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePlace {
    /// Name of the file: a path, `owner/name//path@commit` or `preset starter`.
    pub file: String,
    /// Number of the line, counted from 1.
    pub line: usize,
}

/// A valid policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The section `releases`.
    pub releases: Releases,
    /// Product that the policy is about; `None` if it is about the whole repository.
    pub product: Option<Product>,
    /// The section `defects`.
    pub defects: Defects,
    /// Methods that find the release of a defect, in order: the first that finds one wins.
    pub found_in: Vec<AttributionMethod>,
    /// Accounts whose labels count as the reporter's text.
    pub bots: Vec<String>,
    /// Headings of an issue form that have a version below them.
    pub form_headings: FormHeadings,
    /// `true` if `affects-*` labels name every affected release line.
    pub lines_complete: bool,
    /// Anchored periods, by the name that `over` uses.
    pub periods: Vec<Anchored>,
    /// Rules for finding the origin of a defect.
    pub origins: OriginRules,
    /// Globs of test reports, in order; a leading `!` excludes files. Empty if the policy has none.
    pub reports: Vec<String>,
    /// Rule by which several results with one name in one report count as reruns of one test.
    pub reruns: Reruns,
    /// Globs that have to match a test report each; empty if the policy names none.
    pub expected_reports: Vec<ExpectedReports>,
    /// Effect of gaps on the verdict.
    pub missing: Missing,
    /// Environment whose failed deployments count; `None` if the policy names none.
    pub environment: Option<String>,
    /// Quality gate that should have caught each root cause.
    pub gates: QualityGates,
    /// The rules, in the file's order.
    pub rules: Vec<Rule>,
    /// Place of each rule by its id.
    pub rule_places: BTreeMap<String, RulePlace>,
    /// Verdict of failed rules about defects on a pull request that is not evaluated like the release.
    pub pull_requests: OnPullRequests,
    /// Exceptions to the rules.
    pub exceptions: ExceptionRules,
    /// Findings of `doctor` that are accepted, in the order of the effective policy.
    pub accepted_findings: Vec<FindingException>,
    /// Inherited files, and relaxations of inherited values.
    pub inherited: Inherited,
}

impl Policy {
    /// Returns `true` if a bot closed an issue: the tracker says so, or `attribution.bots` names the account. Without an account,
    /// as in snapshots of schema 1, a person is assumed.
    pub fn closed_by_bot(&self, issue: &Issue) -> bool {
        let by = issue.closing.as_ref().and_then(|closing| closing.by.as_ref());
        by.is_some_and(|by| {
            let is_named = |login: &str| self.bots.iter().any(|bot| same_login(bot, login));
            by.bot || by.login.as_deref().is_some_and(is_named)
        })
    }

    /// Returns the environment whose deployments a rule needs: without a change failure rate, missing deployments are no gap.
    pub fn watched_environment(&self) -> Option<&str> {
        // Reading deployments needs a further permission, so only a policy that uses them asks for
        // it.
        let asks = self.rules.iter().any(|rule| rule.metric == MetricId::ChangeFailureRate);
        self.environment.as_deref().filter(|_| asks)
    }
}

/// The section `releases`: tags that are releases, and their ages.
#[derive(Debug, Clone)]
pub struct Releases {
    /// Pattern of the tags that count as releases; `None` if every published release counts.
    pub tags: Option<LabelPattern>,
    /// Number of newest releases that are supported in production.
    pub supported: u32,
    /// Days of 24 hours after which a release takes part in rates.
    pub mature_after_days: u32,
    /// Hours within which a release that fixes the one before is its hotfix.
    pub hotfix_within_hours: u32,
    /// Hours after its publication within which a defect makes a release fail; `None` for any time.
    pub failure_within_hours: Option<u32>,
}

/// The section `defects`: issues that count, and the labels of their attributes.
#[derive(Debug, Clone)]
pub struct Defects {
    /// Selector of escaped defects.
    pub escaped: Selector,
    /// Selector of caught defects; an issue that matches both is escaped.
    pub caught: Selector,
    /// Issues and pull requests that block a release; `None` if the policy names none.
    pub blocking: Option<BlockerRules>,
    /// `true` if a label that names a pre-release makes a defect caught.
    pub pre_releases_caught: bool,
    /// `true` if an issue that was closed by hand without a change is fixed (`closed-without-change: fixed`).
    pub closed_by_hand_is_fixed: bool,
    /// Statements of the policy about the status of single issues.
    pub status: Vec<StatusEntry>,
    /// Expected production issues: class name and the labels that mark it, in the file's order.
    pub excluded: Vec<(String, Vec<LabelPattern>)>,
    /// Labels of each severity, the most severe first.
    pub severity: Vec<(Severity, Vec<LabelPattern>)>,
    /// Severity of an untriaged defect; `None` makes rules that select by severity `unknown`.
    pub untriaged: Option<Severity>,
    /// Labels or a field that name a component.
    pub component: AttributeNames,
    /// Paths of each component, for defects without a component label.
    pub component_paths: ComponentPaths,
    /// Labels or a field that name a team.
    pub team: AttributeNames,
    /// CODEOWNERS file that gives the team, for defects without a team label.
    pub team_owners: Option<CodeownersFile>,
    /// Labels or a field that name a kind.
    pub kind: AttributeNames,
    /// Labels or a field that name who found the defect.
    pub found_by: AttributeNames,
    /// Labels or a field that record a root cause.
    pub root_cause: AttributeNames,
    /// Labels or a field that record a detection gap.
    pub detection_gap: AttributeNames,
    /// Labels that say that the root cause is still to be found.
    pub root_cause_needed: Vec<LabelPattern>,
}

impl Defects {
    /// Returns the places that name an attribute; `None` for the severity and the class, which have no free names.
    pub fn naming(&self, attribute: DefectAttribute) -> Option<&AttributeNames> {
        match attribute {
            DefectAttribute::Component => Some(&self.component),
            DefectAttribute::Team => Some(&self.team),
            DefectAttribute::Kind => Some(&self.kind),
            DefectAttribute::FoundBy => Some(&self.found_by),
            DefectAttribute::RootCause => Some(&self.root_cause),
            DefectAttribute::DetectionGap => Some(&self.detection_gap),
            DefectAttribute::Severity | DefectAttribute::Class => None,
        }
    }

    /// Returns `true` if the policy says where the values of an attribute come from.
    pub fn can_name(&self, attribute: DefectAttribute) -> bool {
        let by_path = match attribute {
            DefectAttribute::Component => !self.component_paths.is_empty(),
            DefectAttribute::Team => self.team_owners.is_some(),
            DefectAttribute::Severity
            | DefectAttribute::Kind
            | DefectAttribute::FoundBy
            | DefectAttribute::RootCause
            | DefectAttribute::DetectionGap
            | DefectAttribute::Class => false,
        };
        by_path || self.naming(attribute).is_none_or(|names| !names.is_empty())
    }

    /// Returns `true` if a defect can have this value without a label, from the paths that its fix changes.
    pub fn known_by_path(&self, attribute: DefectAttribute, value: &str) -> bool {
        match attribute {
            DefectAttribute::Component => self.component_paths.iter().any(|(name, _)| same_name(name, value)),
            DefectAttribute::Team => self.team_owners.is_some(),
            DefectAttribute::Severity
            | DefectAttribute::Kind
            | DefectAttribute::FoundBy
            | DefectAttribute::RootCause
            | DefectAttribute::DetectionGap
            | DefectAttribute::Class => false,
        }
    }

    /// Returns `true` if components or teams follow from the paths that fixes change, so that the paths have to be collected.
    pub fn go_by_path(&self) -> bool {
        !self.component_paths.is_empty() || self.team_owners.is_some()
    }
}

/// Effect of gaps on the verdict, for each kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// Issues and releases.
    pub issues: Tolerance,
    /// Test reports.
    pub tests: Tolerance,
    /// Commits between releases.
    pub history: Tolerance,
    /// Deployments.
    pub deployments: Tolerance,
    /// History that origins are looked up in.
    pub origins: Tolerance,
}

/// Effect of a gap on the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tolerance {
    /// The verdict is `unknown`.
    Unknown,
    /// The gap is shown, and the verdict is at least `warn`.
    Warn,
}
