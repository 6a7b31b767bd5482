//! Finds the commit that introduced a defect, and the first release that contains it.
//!
//! For example, commit `F` fixes defect #7 and changes two lines of `cart.rs`:
//!
//! 1. **Statements** ([`statement`], [`bisect_results`]). The message of `F`, the issue and its comments may name the
//!    origin: `Regressed-by: 1a2b3c4d`, "1a2b3c4d is the first bad commit". The most reliable statement that names a commit
//!    before the fix wins, and blame only confirms or contradicts it.
//! 2. **Blame** ([`candidates`]). `lines` selects the lines that are worth a question: removed lines of code, or the code
//!    next to an insertion. `git blame` names the commits that wrote them.
//! 3. **Exclusion** ([`report_facts`]). A commit after the report is no origin, nor is one that the release in which the
//!    defect was found does not contain.
//! 4. **Score** ([`score`]). A logistic model compares the remaining candidates. Its answer counts from 30 % on, and is
//!    never shown as more than 85 %: even the best candidate is wrong too often.
//! 5. **Release** ([`release_index`]). The first release that contains the commit is the release that introduced the defect.
//!    Releases that contain the commit and not the fix are affected.
//!
//! [`find::find_origin`] does all steps and returns an [`origin_record::OriginRecord`]. [`accuracy`] measures the search
//! against known origins.
//!
//! Nothing here reads a repository: [`history::History`] and [`release_ancestry::ReleaseAncestry`] are asked.

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
