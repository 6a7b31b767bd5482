//! The policy file section by section. The file of a section has its keys, reads them into their final types, and checks them.

mod attribution;
mod defects;
mod doctor;
mod exceptions;
mod gates;
mod missing;
mod periods;
mod product;
mod pull_requests;
mod releases;
mod rules;
mod test_reports;

use std::collections::BTreeMap;
use std::ops::Range;

use policy_lang::{OVERRIDE, OverrideEntry, read_overrides};

use crate::model::PeriodName;
use crate::policy::keys::{Key, Merge, ValueType, WhenOmitted};
use crate::policy::language::{Document, Field, Fields, Problems, Spanned, is_supported_version, read_texts};
use crate::policy::sections::attribution::ATTRIBUTION;
use crate::policy::sections::defects::DEFECTS;
use crate::policy::sections::doctor::DOCTOR;
use crate::policy::sections::exceptions::{APPROVERS, OVERRIDES, WAIVER};
use crate::policy::sections::gates::GATES;
use crate::policy::sections::missing::MISSING;
use crate::policy::sections::periods::PERIOD;
use crate::policy::sections::product::PRODUCT_KEY;
use crate::policy::sections::pull_requests::PULL_REQUESTS;
use crate::policy::sections::releases::{LINES, RELEASES};
use crate::policy::sections::test_reports::TESTS;
use crate::policy::{Inherited, Mode, Policy};

#[cfg(test)]
pub(super) use defects::{BLOCKER, ESCAPED};
pub use doctor::FINDING_IDS;
pub(super) use exceptions::read_waiver_file;
pub(super) use releases::DEPLOYMENTS;
pub(super) use rules::{RULE, TREND};

/// A whole policy.
pub(super) const POLICY: &[Key] = &[
    Key::new(
        "version",
        ValueType::Version,
        Merge::Own,
        "Version of this format. It is read before anything else.",
    )
    .required(),
    Key::new(
        "extends",
        ValueType::List { of: &ValueType::Text, least: 1 },
        Merge::Own,
        "Policies to inherit from: a file next to this one (`base.yml`), a file of another repository at \
         a commit (`owner/name//path/base.yml@<40 hex digits>`), or a preset (`starter`, `zero-critical`, \
         `mature`, `high-performing`). The most restrictive value wins, key by key.",
    ),
    Key::new(
        "override",
        ValueType::Maps(OVERRIDE),
        Merge::Own,
        "Relaxations of inherited values, each with a reason that the report prints. An entry names one \
         `rule`, `remove` or `key`.",
    ),
    Key::new(
        "mode",
        ValueType::Word(|| Mode::ALL.map(Mode::name).to_vec()),
        Merge::Order(&["observe", "enforce"]),
        "`observe` shows the true verdict and blocks nothing: the exit code is 0, and no draft is \
         published.",
    )
    .when_omitted(WhenOmitted::Value("enforce")),
    Key::new(
        "releases",
        ValueType::Map(RELEASES),
        Merge::Keys,
        "Tags that are releases, and how releases age.",
    ),
    PRODUCT_KEY,
    Key::new("lines", ValueType::Map(LINES), Merge::Keys, "Meaning of labels that name release lines."),
    Key::new(
        "periods",
        ValueType::NamedMaps { keys: PERIOD, longest: PeriodName::LONGEST },
        Merge::Stands(None),
        "Periods that repeat without a gap, by a name of your choice, for `over`.",
    ),
    Key::new(
        "defects",
        ValueType::Map(DEFECTS),
        Merge::Keys,
        "Issues that count as defects, and their attributes.",
    ),
    Key::new(
        "attribution",
        ValueType::Map(ATTRIBUTION),
        Merge::Keys,
        "How a defect is assigned to releases.",
    ),
    Key::new("tests", ValueType::Map(TESTS), Merge::Keys, "Test reports to read."),
    Key::new(
        "missing",
        ValueType::Map(MISSING),
        Merge::Keys,
        "Effect of evidence that could not be read: `unknown` makes the verdict `unknown`, `warn` only \
         shows the gap.",
    ),
    Key::new(
        "deployments",
        ValueType::Map(DEPLOYMENTS),
        Merge::Keys,
        "Deployments, for the change failure rate.",
    ),
    Key::new(
        "gates",
        ValueType::Map(GATES),
        Merge::Keys,
        "Root causes that each quality gate should have caught. The report names the weakest quality \
         gate.",
    ),
    PULL_REQUESTS,
    Key::new("rules", ValueType::Maps(RULE), Merge::Rules, "Rules. All of them have to pass.").required(),
    Key::new(
        "waivers",
        ValueType::Maps(WAIVER),
        Merge::Adds,
        "Accepted exceptions, each with reason, approver and end. Conditions are joined by \"and\".",
    ),
    Key::new(
        "approvers",
        ValueType::Map(APPROVERS),
        Merge::Keys,
        "People and teams that may approve a waiver. Without this section, everyone who may change the \
         file.",
    ),
    Key::new(
        "overrides",
        ValueType::Map(OVERRIDES),
        Merge::Keys,
        "People who may override an overridable rule for one commit, by a comment.",
    ),
    Key::new(
        "doctor",
        ValueType::Map(DOCTOR),
        Merge::Keys,
        "Findings of `escape-gate doctor` that are accepted. No verdict depends on it.",
    ),
];

/// A policy file, or a policy merged with all that it extends.
pub(super) struct PolicyRead {
    /// The files that it extends.
    pub extends: Field<Vec<Spanned<String>>>,
    /// Values of them that it relaxes.
    pub loosens: Field<Vec<OverrideEntry>>,
    /// The policy; `None` if something is wrong with it, which has been reported.
    pub policy: Option<Policy>,
    /// Places of what reports name by file or line.
    pub spans: PolicySpans,
}

/// Places in a policy of what reports name by file or line.
pub(super) struct PolicySpans {
    /// Place of each waiver.
    pub waivers: Vec<Range<usize>>,
    /// Id and place of each rule.
    pub rules: Vec<(String, Range<usize>)>,
}

/// Reads the tree of a policy; `None` for an unsupported version, after which nothing else is read.
pub(super) fn read_policy(document: Document, problems: &mut Problems) -> Option<PolicyRead> {
    let root = &*document.root;
    if !is_supported_version(root, problems) {
        return None;
    }
    for tag in document.tags {
        problems.push(tag);
    }
    let fields = Fields::open(root, "a policy", POLICY, problems)?;
    let (policy, spans) = read_sections(&fields, problems);
    Some(PolicyRead {
        extends: fields.get("extends", problems, read_texts),
        loosens: fields.get("override", problems, read_overrides),
        policy,
        spans,
    })
}

/// Reads all sections, in the order in which they depend on each other.
fn read_sections(fields: &Fields<'_>, problems: &mut Problems) -> (Option<Policy>, PolicySpans) {
    let periods = periods::read_periods(fields, problems);
    let (missing, missing_severity) = missing::read_missing(fields, problems);
    let defects = defects::read_defects(fields, &missing_severity, problems);
    let (attribution, count_by) = attribution::read_attribution(fields, problems);
    let context = rules::RuleContext { defects: &defects, periods: periods.as_deref(), count_by };
    let rules = rules::read_rules(fields, &context, problems);
    // Without the ids of all rules, each waiver would name a rule that does not exist.
    let (exceptions, waivers) = exceptions::read_exceptions(fields, rules.ids.as_deref(), problems);
    let releases = releases::read_releases(fields, problems);
    let product = product::read_product(fields, defects.defects.as_ref(), releases.as_ref(), problems);
    let lines_complete = releases::read_lines(fields, problems);
    let tests = test_reports::read_tests(fields, problems);
    let environment = releases::read_environment(fields, problems);
    let gates = gates::read_gates(fields, periods.as_deref(), problems);
    let pull_requests = pull_requests::read_pull_requests(fields, problems);
    let doctor = doctor::read_doctor(fields, problems);
    let spans = PolicySpans { waivers, rules: rules.spans };
    let policy = (|| {
        let (attribution, tests, rules) = (attribution?, tests?, rules.rules?);
        attribution::lint_count_by(fields, &rules, problems);
        Some(Policy {
            releases: releases?,
            product: product?,
            defects: defects.defects?,
            found_in: attribution.found_in,
            bots: attribution.bots,
            form_headings: attribution.form_headings,
            lines_complete: lines_complete?,
            periods: periods?,
            origins: attribution.origins,
            reports: tests.globs,
            reruns: tests.reruns,
            expected_reports: tests.expected,
            missing: missing?,
            environment: environment?,
            gates: gates?,
            rules,
            rule_places: BTreeMap::new(),
            pull_requests: pull_requests?,
            exceptions: exceptions?,
            accepted_findings: doctor?,
            inherited: Inherited::default(),
        })
    })();
    (policy, spans)
}
