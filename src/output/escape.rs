//! Makes untrusted text harmless for the place where it is printed.
//!
//! One file a place. Each function takes text as it was read and returns [`Safe`] text that may stand there and nowhere
//! else: what is escaped for a terminal is not escaped for Markdown. All of them return a single line.

mod characters;
mod html;
mod markdown;
mod safe;
mod terminal;
mod workflow;

pub use characters::{cut, unprintable};
pub use html::html;
pub use markdown::{code, inline, linked, prose, safe_url};
pub(crate) use safe::safe;
pub use safe::{Command, Html, Markdown, Medium, Piece, Plain, Safe, Terminal, holes};
pub use terminal::{log, terminal};
pub use workflow::{command, guard};
