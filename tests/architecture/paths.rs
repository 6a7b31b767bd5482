//! The paths that a Rust file names, resolved against the module that they are written in.
//!
//! The file is parsed, so that strings and comments do not count, and imports, inline modules, `super`, derives, paths in
//! macro calls and paths in serde's attributes do. A name is not followed any further: `use crate::report as r` counts
//! where it is written. A second name for the crate root would hide what is named by it, so [`Target::Root`] is reported.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, File, ItemMod, ItemUse, LitStr, Macro, Path, UseTree, VisRestricted};

/// Start of a resolved path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The first module below the crate root, for example `report`.
    Module(String),
    /// The crate root itself: `use crate as x`, `use super::*` in a module of the first level.
    Root,
    /// Another crate, or a name of this file, for example `clap`.
    Other(String),
}

/// Returns the starts of all paths in a file. `module` is the file's own module, for example `["metric", "rate"]`.
pub fn named_in(file: &File, module: &[String]) -> Vec<Target> {
    let mut collector = Collector { module: module.to_vec(), found: Vec::new() };
    collector.visit_file(file);
    collector.found.sort();
    collector.found.dedup();
    collector.found
}

struct Collector {
    module: Vec<String>,
    found: Vec<Target>,
}

impl Collector {
    fn add(&mut self, path: &[String], is_import: bool) {
        let supers = path.iter().take_while(|segment| *segment == "super").count();
        let depth = self.module.len().saturating_sub(supers);
        let (start, rest): (&[String], &[String]) = match path.first().map(String::as_str) {
            Some("crate") => (&[], &path[1..]),
            Some("super") => (&self.module[..depth], &path[supers..]),
            Some("self") if path.len() > 1 && path[1] == "super" => return self.add(&path[1..], is_import),
            Some("self") => (&self.module[..], &path[1..]),
            Some(other) => return self.found.push(Target::Other(other.to_owned())),
            None => return,
        };
        let mut absolute = start.iter().chain(rest).filter(|segment| *segment != "self" && *segment != "*");
        match absolute.next() {
            Some(first) => self.found.push(Target::Module(first.clone())),
            // `pub(crate)` and the like name the root without an import.
            None if is_import => self.found.push(Target::Root),
            None => {}
        }
    }

    fn add_import(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.add_import(&path.tree, &with(path.ident.to_string())),
            UseTree::Name(name) => self.add(&with(name.ident.to_string()), true),
            UseTree::Rename(rename) => self.add(&with(rename.ident.to_string()), true),
            UseTree::Glob(_) => self.add(&with("*".to_owned()), true),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.add_import(item, before)),
        }
    }

    /// Paths in the arguments of a macro or an attribute, which the parser leaves alone.
    fn add_tokens(&mut self, tokens: TokenStream, reads_strings: bool) {
        let (mut path, mut colons) = (Vec::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Punct(ref punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(ref ident) if colons == 2 && !path.is_empty() => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Ident(_) | TokenTree::Group(_) | TokenTree::Literal(_) | TokenTree::Punct(_) => {
                    self.add(&std::mem::take(&mut path), false);
                    colons = 0;
                    match token {
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Group(group) => self.add_tokens(group.stream(), reads_strings),
                        TokenTree::Literal(literal) if reads_strings => {
                            let text = syn::parse_str::<LitStr>(&literal.to_string());
                            if let Ok(named) = text.and_then(|text| text.parse::<Path>()) {
                                self.visit_path(&named);
                            }
                        }
                        TokenTree::Literal(_) | TokenTree::Punct(_) => {}
                    }
                }
            }
        }
        self.add(&path, false);
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        item.attrs.iter().for_each(|attribute| self.visit_attribute(attribute));
        self.add_import(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.add(&segments, false);
        visit::visit_path(self, path);
    }

    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.add_tokens(call.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        // A link in documentation is no import.
        if attribute.path().is_ident("doc") {
            return;
        }
        match &attribute.meta {
            syn::Meta::List(list) => self.add_tokens(list.tokens.clone(), true),
            syn::Meta::Path(_) | syn::Meta::NameValue(_) => {}
        }
        visit::visit_attribute(self, attribute);
    }
}
