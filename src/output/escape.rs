//! Escapes untrusted text for the place where it is printed.
//!
//! One file per place. Each function takes text as it was read and returns [`Safe`] text for one place only: text that is
//! escaped for a terminal is not escaped for Markdown. All functions return a single line, except `log`.

mod characters;
mod csv;
mod html;
mod markdown;
mod openmetrics;
mod safe;
mod terminal;
mod workflow;
mod xml;

pub use crate::report::is_unprintable;
pub use characters::{is_safe_address, truncate_text};
pub use html::{html, html_link, html_prose, html_template, json_in_html, script_text};
pub use markdown::{code_block, inline, inline_code, link, prose, prose_with_links};
pub(crate) use safe::safe;
pub use safe::{
    Csv, Html, Markdown, Medium, OpenMetrics, Plain, Safe, SafePiece, Terminal, WorkflowCommand, Xml, holes,
};
pub use terminal::{terminal, terminal_link, without_codes};
pub use workflow::{guard, log, workflow_command};
