//! Escape Gate: a CI/CD quality gate for escaped defects.

pub mod model;
pub mod policy;
pub mod report;
