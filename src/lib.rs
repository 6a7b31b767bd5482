//! Escape Gate: a CI/CD quality gate for escaped defects.
//!
//! # Data flow
//!
//! 1. [`policy`] reads which issues count, and which limits a release must keep.
//! 2. [`tracker`] collects issues, pull requests and releases from GitHub or a snapshot. [`test_reports`] reads test
//!    reports. Evidence that neither can read is a gap.
//! 3. [`attribution`] finds the release that an issue belongs to. [`classify`] turns the issue into a defect, or into the
//!    reason why it does not count. [`release_history`] knows which release contains which change, and [`status`] decides
//!    whether a defect is in the candidate.
//! 4. [`evidence`] holds all of it.
//! 5. [`metric`] computes values from evidence, without seeing a limit. [`verdict`] compares the values with the policy.
//! 6. [`report`] holds everything that an [`output`] may show.
//! 7. [`publish`] writes the report to GitHub. It cannot change the verdict.
//!
//! The stages are pure. Only [`app`], [`ci`], [`github`], [`tracker`], [`publish`] and the file reading of [`test_reports`] use
//! the clock, the environment, files and the network. `tests/architecture.rs` checks which module may use which.
//! [`model`] has the types that all of them share.

pub mod app;
pub mod assemble;
pub mod attribution;
pub mod ci;
pub mod classify;
pub mod cli;
pub mod evidence;
pub mod exit;
pub mod github;
pub mod metric;
pub mod model;
pub mod options;
pub mod output;
pub mod policy;
pub mod publish;
pub mod report;
pub mod status;
pub mod tracker;
pub mod verdict;
