//! Escape Gate: a CI/CD quality gate for escaped defects.
//!
//! # The walk of the data
//!
//! 1. [`policy`] says what counts and which bounds a release has to keep.
//! 2. [`tracker`] gathers tickets, releases and commits, from GitHub or from a snapshot; [`test_reports`] reads test
//!    results. What neither could read is a gap.
//! 3. [`attribution`] finds the release that each ticket belongs to, and says how sure that is; [`classify`] turns the
//!    ticket into a defect, or into the reason that it does not count. [`release_history`] tells which release contains
//!    which change, and [`status`] decides by one table whether a defect is in the candidate.
//! 4. All of it together is the [`evidence`].
//! 5. [`metric`] turns evidence into values, without seeing a bound; [`verdict`] holds the values against the policy.
//! 6. [`report`] is everything that an [`output`] may show.
//! 7. [`publish`] takes the text to where people read it, and cannot change the verdict any more.
//!
//! The stages are pure. Clock, environment, files and network are met only in [`app`], [`ci`], [`github`],
//! [`tracker`], the file reading of [`test_reports`], and [`publish`]. Which room may name which is held by `tests/architecture.rs`.
//! [`model`] has the nouns that all of them share.

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
