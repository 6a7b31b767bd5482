//! The nouns every stage shares. Nothing here reads, decides or prints.

#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod actor;
mod asked;
mod bisect;
mod blocker;
pub mod body;
mod commit_history;
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
mod release;
mod sample;
mod scope;
mod snapshot;
mod status;
mod ticket;
mod timeline;
mod times;
mod version;
mod visible_text;

pub use actor::{Actor, Role};
pub use asked::CollectionScope;
pub use bisect::{Bisect, Bisects, FirstBad};
pub use blocker::Blocker;
pub use commit_history::{CommitHistory, CommitRecord};
pub use defect::{
    Attribution, Confidence, Defect, Excluded, ExclusionReason, Inferred, Method, Phase, Severity,
};
pub use deployment::{Deployment, DeploymentState, Deployments};
pub use few::{NAMED, join_limited, thousands};
pub use gap::{Area, Gap, Warning};
pub use introduced::{CountBy, DefectOrigin, NoOrigin, OriginFilter, OriginMethod, Origins, Since};
pub use metric::{
    Details, FailedRelease, Lack, Measurement, MetricId, MetricValue, MissingReason, Ratio, UndecidedBecause,
    Unit,
};
pub use overrides::{COMMIT_DIGITS, Override, OverrideCommand};
pub use period::{Anchored, PeriodName};
pub use proposed::ProposedChange;
pub use pull_request::{ChangeState, PullRequest};
pub use release::{Candidate, Commits, Release, Sha, Tag};
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
pub use ticket::{Closing, Fix, Issue, IssueNumber, IssueState, LabelEvent, LabelHistory, StateReason};
pub use timeline::{NamedVersions, Standing, Timeline, VersionMatch, VersionedRelease};
pub use times::{DetectionCoverage, DurationSummary, length};
pub use version::{Version, product_name, product_of};
pub use visible_text::has_visible_text;
