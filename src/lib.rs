//! Escape Gate: a CI/CD quality gate for escaped defects.
//!
//! # Crates
//!
//! | crate | folder | contents |
//! |---|---|---|
//! | `escape_gate` | `src/` | This crate: policy, trackers, metrics, verdict, outputs and command line. |
//! | [`test_reports`] | `crates/test-reports` | Reads test reports, and counts each test once. |
//! | [`release_history`] | `crates/history` | Reads Git: which release contains a fix, and which commit introduced a defect. |
//! | [`policy_lang`] | `crates/policy-lang` | The language of policy files: YAML with places, keys, inheritance and a JSON Schema. |
//!
//! The crates in `crates/` know neither this crate nor each other.
//!
//! # Data flow
//!
//! Data flows one way, from the policy and the evidence to the report. [`app`] calls the steps in this order.
//!
//! | step | module | input | output |
//! |---|---|---|---|
//! | load | [`policy`] | policy files and waivers | a [`Policy`](policy::Policy): which issues count, and which limits apply |
//! | collect | [`tracker`], [`test_reports`], [`release_history`] | GitHub or snapshot files, test reports, a Git repository | a [`Snapshot`](model::Snapshot) with gaps for everything that could not be read |
//! | attribute | [`attribution`] | an issue | the release that it was found in, and statements about other releases |
//! | classify | [`classify`] | an issue and the policy | a defect, or the reason why the issue does not count |
//! | decide | [`status`] | a defect, a release and the commit graph | affected, fixed, not affected or under investigation |
//! | assemble | [`assemble`] | a snapshot and the policy; calls the three steps above | the [`Evidence`](evidence::Evidence) |
//! | measure | [`metric`] | evidence and a scope, never a limit | a [`Measurement`](model::Measurement), or the reason why the value is missing |
//! | evaluate | [`verdict`] | evidence and the policy; calls the metrics | an [`Evaluation`](verdict::Evaluation): a verdict for each rule and one for the run |
//! | report | [`report`] | evidence and evaluation | a [`Report`](report::Report), with everything that an output may show |
//! | show | [`output`] | a report | text, Markdown, JSON or annotations, escaped for that format |
//! | publish | [`publish`] | the texts | comments, release notes, commit statuses; it cannot change a verdict |
//!
//! # Other modules
//!
//! - [`model`] has the types that all steps share, such as issues, releases, gaps and scopes.
//! - [`doctor`] examines workflow files: can a release pass without the gate? The command `doctor` uses it.
//! - [`export`] makes the tables of a run: the command `export` writes them.
//! - [`organization`] adds up such tables over many repositories, for the command `org`.
//! - [`github`] is the API client that [`tracker`] and [`publish`] use. [`ci`] describes the workflow run and its event.
//! - [`cli`] and [`options`] read the command line. [`exit`] has the exit codes.
//!
//! # Borders
//!
//! These modules are pure, so that the same input always gives the same output: [`policy`], [`attribution`], [`classify`],
//! [`status`], [`assemble`], [`evidence`], [`metric`], [`verdict`], [`report`], [`export`], [`organization`], [`output`], [`doctor`] and [`model`]. They use no clock,
//! environment, files, network or other programs. clippy denies these there.
//!
//! `tests/architecture.rs` checks which module may use which. `CONTRIBUTING.md` says how to add a metric, an output, a tracker or
//! a test format.

pub mod app;
pub mod assemble;
pub mod attribution;
pub mod ci;
pub mod classify;
pub mod cli;
pub mod doctor;
pub mod evidence;
pub mod exit;
pub mod export;
pub mod github;
pub mod metric;
pub mod model;
pub mod options;
pub mod organization;
pub mod output;
pub mod policy;
pub mod publish;
pub mod report;
pub mod status;
pub mod tracker;
pub mod verdict;
