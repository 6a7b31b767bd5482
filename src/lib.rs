//! Escape Gate: a CI/CD quality gate for escaped defects.

pub mod ci;
pub mod model;
pub mod output;
pub mod policy;
pub mod publish;
pub mod report;
