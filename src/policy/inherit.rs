//! Inheritance: reads the policy and the files that it extends, and merges them.
//!
//! Every file becomes a tree. The tree of a file and the merged tree of its bases become the effective tree, in which every
//! value still knows its place. Reading and validating that tree is the same as for a policy without inheritance.

mod reference;

use std::collections::HashMap;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use policy_lang::{Inherited, InheritedFile, Overrides, inherit_values};

use super::code::Code;
use super::language::{
    Document, Draft, Field, Node, PolicyFiles, Problems, Spanned, decode_utf8, parse_document, quote, visible,
};
use super::presets;
use super::sections::{self, PolicyRead, read_policy};

pub use reference::Base;

/// Greatest length of a chain of files that extend each other.
// Company, department, team, repository and a few more. A longer chain is more likely a mistake.
const DEEPEST: usize = 8;

/// Greatest number of inherited files.
// Each remote file is one request to GitHub. 32 stay far below its limit of 1,000 requests an hour
// for a workflow token.
const MOST: usize = 32;

/// Reads the files that a policy inherits from.
pub trait Library {
    /// Returns the bytes of a file.
    ///
    /// # Errors
    /// Returns why the file cannot be read, and what to do about it. Both read well after a colon.
    fn read(&self, base: &Base) -> Result<Vec<u8>, Unread>;
}

/// Reason why an inherited file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Reason that the file could not be read.
    pub why: String,
    /// Step that may help.
    pub help: String,
    /// `true` if the file lies where a policy may not inherit from.
    pub outside: bool,
}

/// A library without files: a policy can only extend presets.
pub struct NoLibrary;

impl Library for NoLibrary {
    fn read(&self, _: &Base) -> Result<Vec<u8>, Unread> {
        let (why, help) = ("no other files can be read here", "write out what it would say");
        Err(Unread { why: why.into(), help: help.into(), outside: false })
    }
}

/// A policy merged with all that it extends.
pub(super) struct Whole {
    /// Merged tree.
    pub root: Rc<Node>,
    /// The policy, and the places of its waivers.
    pub read: PolicyRead,
    /// Inherited files, and relaxations of their values.
    pub inherited: Inherited,
}

/// Reads the policy and all that it extends. Reports a file that cannot be read, and returns `None`.
pub(super) fn load(
    source: &[u8],
    name: &str,
    library: &dyn Library,
    files: &mut PolicyFiles,
    problems: &mut Problems,
) -> Option<Whole> {
    let mut loader =
        Loader { library, files, problems, inherited: Inherited::default(), done: HashMap::new() };
    let own = Base::Local(name.replace('\\', "/"));
    let (Layer { tree: root, .. }, read) = loader.file(&own, name, source, &mut Vec::new())?;
    let inherited = loader.inherited;
    let read = match read {
        Some(alone) => alone,
        None => read_policy(Document { root: Rc::clone(&root), tags: Vec::new() }, problems)?,
    };
    Some(Whole { root, read, inherited })
}

struct Loader<'l> {
    library: &'l dyn Library,
    files: &'l mut PolicyFiles,
    problems: &'l mut Problems,
    inherited: Inherited,
    /// Bases that have been read; `None` if something is wrong with one.
    done: HashMap<Base, Option<Layer>>,
}

/// A file with all that it inherits.
#[derive(Clone)]
struct Layer {
    tree: Rc<Node>,
    /// Number of files above one another, the file included.
    height: usize,
}

impl Loader<'_> {
    /// Reads a file with all that it inherits. Returns the policy as well if it inherits nothing.
    fn file(
        &mut self,
        base: &Base,
        name: &str,
        source: &[u8],
        below: &mut Vec<Base>,
    ) -> Option<(Layer, Option<PolicyRead>)> {
        let text = decode_utf8(source, self.problems);
        let start = self.files.add(name, text.unwrap_or(""));
        let document = text.and_then(|text| parse_document(text, start, self.problems));
        self.problems.name_file(name);
        let document = document?;
        let own = Rc::clone(&document.root);
        let mut found = Problems::default();
        let Some(read) = read_policy(document, &mut found) else {
            self.problems.adopt(found, |_| true);
            return None;
        };
        let overrides = Overrides::new(&read.loosens, self.problems);
        let is_alone = read.extends.is_absent();
        if is_alone {
            overrides.report_without_base(self.problems);
            // The values of a base are checked after the merge: the file may replace them.
            let is_whole = below.is_empty();
            // A base on its own need not be valid: `zero-critical` for example has no labels of the
            // project.
            self.problems.adopt(found, |draft| is_whole || draft.is_structural());
            return Some((Layer { tree: own, height: 1 }, Some(read)));
        }
        let layer = self.heir(&read.extends, &overrides, &own, base, below);
        // A base could fix some mistakes, such as a missing key.
        let is_own = |draft: &Draft| !draft.code().is_warning() && !draft.code().may_be_inherited();
        let is_merged = layer.is_some();
        self.problems.adopt(found, |draft| draft.is_structural() || !is_merged && is_own(draft));
        layer.map(|layer| (layer, None))
    }

    /// Merges a file with what it extends; `None` if a base could not be read, which is then reported.
    fn heir(
        &mut self,
        extends: &Field<Vec<Spanned<String>>>,
        overrides: &Overrides,
        own: &Rc<Node>,
        base: &Base,
        below: &mut Vec<Base>,
    ) -> Option<Layer> {
        let entries = extends.good()?;
        if entries.value.is_empty() {
            let draft = Draft::new(Code::EmptyList, &entries.span, "`extends` is an empty list");
            self.problems.push(draft.help("name a policy to inherit from, or leave the key out"));
            return None;
        }
        below.push(base.clone());
        let bases: Vec<Option<Layer>> = entries.value.iter().map(|at| self.base(at, base, below)).collect();
        below.pop();
        let bases: Vec<Layer> = bases.into_iter().collect::<Option<_>>()?;
        let height = 1 + bases.iter().map(|base| base.height).max().unwrap_or(0);
        let bases = bases.into_iter().map(|base| base.tree);
        let (tree, mut loosened) = inherit_values(
            sections::POLICY,
            bases,
            own,
            &entries.span,
            overrides,
            self.files,
            self.problems,
        )?;
        self.inherited.loosened.append(&mut loosened);
        Some(Layer { tree, height })
    }

    /// An entry of `extends`, with all that it inherits.
    fn base(&mut self, at: &Spanned<String>, from: &Base, below: &mut Vec<Base>) -> Option<Layer> {
        let base = match reference::read(at, from) {
            Ok(base) => base,
            Err(draft) => {
                self.problems.push(*draft);
                return None;
            }
        };
        // Check before reading: a cycle through a remote file would send requests until the limit
        // stops it.
        if below.contains(&base) {
            let chain: Vec<String> = below.iter().chain([&base]).map(|one| quote(&one.to_string())).collect();
            let message = format!("a policy cannot inherit from itself: {}", chain.join(" → "));
            let draft = Draft::new(Code::ExtendsCycle, &at.span, message);
            self.problems.push(draft.help("take this entry out of `extends`"));
            return None;
        }
        let known = self.done.get(&base).cloned();
        // A base that was read before brings its own chain along, so the depth limit has to include
        // it.
        let height = known.as_ref().and_then(Option::as_ref).map_or(1, |layer| layer.height);
        if below.len() + height > DEEPEST || (known.is_none() && self.done.len() >= MOST) {
            let message =
                format!("more than {DEEPEST} policies above one another, or more than {MOST} in all");
            let draft = Draft::new(Code::ExtendsTooDeep, &at.span, message);
            self.problems.push(draft.help("extend fewer files, or put some of them together"));
            return None;
        }
        if let Some(known) = known {
            return known;
        }
        let layer = self.bytes(&base, at).and_then(|bytes| {
            let name = base.to_string();
            // The report shows the digest: an auditor can prove which base was in effect.
            let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            self.inherited.files.push(InheritedFile { name: visible(&name), digest });
            // Inserted before it is read, so that a broken base counts and is not reported again
            // for each file that extends it.
            self.done.insert(base.clone(), None);
            self.file(&base, &name, &bytes, below).map(|(layer, _)| layer)
        });
        self.done.insert(base, layer.clone());
        layer
    }

    /// Returns the bytes of a base.
    fn bytes(&mut self, base: &Base, at: &Spanned<String>) -> Option<Vec<u8>> {
        if let Base::Preset(name) = base {
            return presets::preset_source(name).map(|text| text.as_bytes().to_vec());
        }
        match self.library.read(base) {
            Ok(bytes) => Some(bytes),
            Err(Unread { why, help, outside }) => {
                let code = if outside { Code::OutsideRepository } else { Code::UnreadBase };
                let message = format!("cannot read {}: {why}", quote(&base.to_string()));
                self.problems.push(Draft::new(code, &at.span, message).help(help));
                None
            }
        }
    }
}
