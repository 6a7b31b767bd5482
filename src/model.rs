//! The nouns every stage shares. Nothing here reads, decides or prints.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod actor;
mod blocker;
mod collection_scope;
mod defect;
mod deployment;
mod duration;
mod gap;
mod issue;
mod join;
mod metric;
mod metric_table;
mod named_enum;
mod origin;
mod overrides;
mod period;
mod proposed_change;
mod pull_request;
mod sample;
mod scope;
mod snapshot;
mod status;

pub use policy_lang::{CharacterKind, character_kind, has_visible_text, is_unprintable};
pub use release_history::origins::origin_method::{Confidence, NoOrigin, OriginMethod};
pub use release_history::{
    Bisect, Bisects, Candidate, CandidateStanding, CommitHistory, CommitRecord, Commits, FirstBad,
    IssueNumber, NamedVersions, QueuedPullRequest, Release, Sha, Tag, Timeline, Version, VersionMatch,
    VersionedRelease, body, product_name, product_of,
};

pub use actor::{Actor, Role};
pub use blocker::Blocker;
pub use collection_scope::CollectionScope;
pub use defect::{
    Attribution, AttributionMethod, Defect, DefectAttribute, DefectFacts, Excluded, ExclusionReason,
    Inferred, Phase, RecordedCause, Severity,
};
pub use deployment::{Deployment, DeploymentState, Deployments};
pub use duration::{DetectionCoverage, DurationSummary, format_duration};
pub use gap::{Area, Gap, Warning};
pub use issue::{ChangeState, Closing, Fix, Issue, IssueState, LabelEvent, LabelHistory, StateReason};
pub use join::{NAMED, join_limited, thousands};
pub use metric::{
    Details, FailedRelease, Lack, Measurement, MetricUnit, MetricValue, MissingReason, Ratio,
    UndecidedBecause,
};
pub(crate) use named_enum::named_enum;

pub use metric_table::{DefectCondition, Formula, MetricId, MetricRow, Remedy};
pub use origin::{DefectOrigin, Origins, Since};
pub use overrides::{COMMIT_DIGITS, Override, OverrideCommand};
pub use period::{Anchored, PeriodName};
pub use proposed_change::ProposedChange;
pub use pull_request::PullRequest;
pub use sample::{Draw, SampleSize};
pub use scope::{
    Condition, CountBy, DefectFilter, MAX_EARLIER_VALUES, OriginFilter, Over, Scope, Selection, folded,
    same_name,
};
pub use snapshot::{EarlierTests, MergeConflict, OLD_SCHEMA, OwnersFile, SCHEMA, Snapshot};
pub use status::{DefectStatus, Status, StatusRow};
pub use test_reports::{
    CaseDetail, CaseStatus, IssueMention, NotableCase, Records, ReportFile, ReportFormat, Reruns,
    TestEvidence, TestId, TestTotals,
};
