//! Reports for other tools, one file a format. Each is a function from the report to text and changes no verdict.

mod badge;
mod chat_message;
mod code_quality;
mod csv;
mod gate_alert;
mod junit;
mod openmetrics;
mod sarif;
mod slack;
mod teams;

pub use badge::{badge_svg, shields_badge};
pub use code_quality::code_quality;
pub use csv::defect_csv;
pub use junit::junit_xml;
pub use openmetrics::openmetrics;
pub use sarif::report_sarif;
pub use slack::slack_message;
pub use teams::teams_message;
