//! The nouns every stage shares. Nothing here reads, decides or prints.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod actor;
mod asked;
mod blocker;
mod defect;
mod deployment;
mod few;
mod gap;
mod introduced;
mod metric;
mod overrides;
mod period;
mod proposed;
mod pull_request;
mod sample;
mod scope;
mod snapshot;
mod status;
mod ticket;
mod times;
mod visible_text;

pub use release_history::origins::origin_method::{Confidence, NoOrigin, OriginMethod};
pub use release_history::{
    Bisect, Bisects, Candidate, CandidateStanding, CommitHistory, CommitRecord, Commits, FirstBad,
    IssueNumber, NamedVersions, Release, Sha, Tag, Timeline, Version, VersionMatch, VersionedRelease, body,
    product_name, product_of,
};

pub use actor::{Actor, Role};
pub use asked::CollectionScope;
pub use blocker::Blocker;
pub use defect::{Attribution, Defect, Excluded, ExclusionReason, Inferred, Method, Phase, Severity};
pub use deployment::{Deployment, DeploymentState, Deployments};
pub use few::{NAMED, join_limited, thousands};
pub use gap::{Area, Gap, Warning};
pub use introduced::{CountBy, DefectOrigin, OriginFilter, Origins, Since};
pub use metric::{
    Details, FailedRelease, Lack, Measurement, MetricId, MetricValue, MissingReason, Ratio, UndecidedBecause,
    Unit,
};
pub use overrides::{COMMIT_DIGITS, Override, OverrideCommand};
pub use period::{Anchored, PeriodName};
pub use proposed::ProposedChange;
pub use pull_request::{ChangeState, PullRequest};
pub use sample::{Draw, SampleSize};
pub use scope::{
    Condition, DefectAttribute, Filter, MOST_WINDOWS, Over, Scope, Selection, folded, same_name,
};
pub use snapshot::{EarlierTests, MergeConflict, OLD_SCHEMA, OwnersFile, SCHEMA, Snapshot};
pub use status::{DefectStatus, Status, StatusRow};
pub use test_reports::{
    CaseDetail, CaseStatus, IssueMention, NotableCase, Records, ReportFile, ReportFormat, Reruns,
    TestEvidence, TestId, TestTotals,
};
pub use ticket::{Closing, Fix, Issue, IssueState, LabelEvent, LabelHistory, StateReason};
pub use times::{DetectionCoverage, DurationSummary, length};
pub use visible_text::has_visible_text;
