//! A language for policy files: YAML in which every value knows its place.
//!
//! The crate knows the mechanism and no policy. A program describes its format in tables of [`Key`]s: the name, the type,
//! the documentation, the default, and how a value is inherited. From the tables follow
//!
//! - reading with [`Fields`], which reports *all* mistakes of a file at once and says "did you mean …?",
//! - [`Diagnostic`]s that underline the offending value in its file,
//! - a JSON Schema for editors ([`mapping_schema`]),
//! - inheritance in which the most restrictive value wins, key by key ([`inherit_values`]), and
//! - the [`Effective`] policy: every value, the defaults too, with the place that it comes from.
//!
//! Each kind of problem has a code. The program has an enum of its own for them, which implements [`ProblemCode`].
//!
//! # Examples
//!
//! ```
//! use std::fmt;
//! use policy_lang::{Fields, Key, LanguageProblem, Merge, PolicyFiles, ProblemCode, Problems, ValueType};
//! use policy_lang::{parse_document, read_text};
//!
//! #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
//! struct Code(LanguageProblem);
//!
//! impl fmt::Display for Code {
//!     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
//!         write!(f, "{:?}", self.0)
//!     }
//! }
//!
//! impl From<LanguageProblem> for Code {
//!     fn from(problem: LanguageProblem) -> Self {
//!         Self(problem)
//!     }
//! }
//!
//! impl ProblemCode for Code {
//!     fn is_warning(self) -> bool {
//!         false
//!     }
//!
//!     fn explanation_note(self) -> String {
//!         "docs/errors.md".to_owned()
//!     }
//! }
//!
//! const KEYS: &[Key] = &[Key::new("owner", ValueType::Text, Merge::Own, "The owner.")];
//!
//! let (mut files, mut problems) = (PolicyFiles::default(), Problems::<Code>::default());
//! let text = "ownr: me\n";
//! let start = files.add("policy.yml", text);
//! let document = parse_document(text, start, &mut problems).unwrap();
//! let fields = Fields::open(&document.root, "a policy", KEYS, &mut problems).unwrap();
//! assert!(fields.get("owner", &mut problems, read_text).good().is_none());
//!
//! let refused = problems.refuse(&files, "policy.yml");
//! assert_eq!(refused.diagnostics()[0].help(), Some("did you mean `owner`?"));
//! ```
#![warn(missing_docs)]

mod characters;
mod diagnostic;
mod effective;
mod fields;
mod inherit;
mod key;
mod problem_code;
mod schema;
mod source;
mod yaml;

pub use characters::{CharacterKind, character_kind, has_visible_text, is_unprintable, visible};
pub use diagnostic::{Diagnostic, Draft, Place, Problems, Refused, quote};
pub use effective::{Effective, yaml_double_quoted};
pub use fields::{
    Field, Fields, Named, Scalar, Spanned, in_backticks, is_supported_version, nearest_name, read_entries,
    read_list, read_scalar, read_text, read_text_or_number, read_text_or_texts, read_texts, read_truth,
};
pub use inherit::{
    Inherited, InheritedFile, OVERRIDE, OverrideEntry, Overrides, Relaxation, inherit_values, read_overrides,
};
pub use key::{AlternativesType, CustomType, Key, Merge, ValueType, WhenOmitted, find_key};
pub use problem_code::{LanguageProblem, ProblemCode};
pub use schema::{KEBAB_CASE, mapping_schema, one_or_more, required_keys, value_schema};
pub use source::{PolicyFile, PolicyFiles};
pub use yaml::{Document, MAX_BYTES, Node, NodeKind, decode_utf8, parse_document};
