//! Which commit brought a defect in, and with which release it came.
//!
//! 1. [`signal`] reads what people say themselves; the first word that names a commit before the fix wins.
//! 2. Where nobody says anything, `lines` chooses the lines of the fix that are worth asking about, [`candidates`] asks
//!    who wrote them, [`filter`] takes out who cannot have been it, and [`score`] says how probable each of the others is.
//! 3. [`releases`] knows the first release of every commit; [`record`] is what comes of it all, [`stated`] what counts
//!    without any of it, and [`evaluate`] how often that is right.
//!
//! Nothing here reads a repository: [`history::History`] is asked, and whoever implements it runs `git`.

pub mod accuracy;
pub mod ancestry_graph;
pub mod bisect_results;
pub mod candidates;
pub mod find;
pub mod history;
pub mod issue_text;
mod lines;
pub mod origin_method;
pub mod origin_record;
pub mod release_ancestry;
pub mod release_index;
pub mod report_facts;
pub mod score;
pub mod source;
pub mod statement;
mod weights;
