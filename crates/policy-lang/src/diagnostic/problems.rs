//! Collects problems while a file is read.

use std::ops::Range;

use super::excerpt::Excerpt;
use super::{Diagnostic, Refused};
use crate::characters::visible;
use crate::{LanguageProblem, PolicyFiles, ProblemCode};

/// Greatest number of problems that are kept. A file can hold hundreds of thousands, and nobody reads that many.
const KEPT: usize = 1_000;

/// A problem before its place is looked up in the files.
#[derive(Debug)]
pub struct Draft<C> {
    code: C,
    message: String,
    /// `None` if the problem is about the file as a whole.
    span: Option<Range<usize>>,
    label: String,
    other: Option<(Range<usize>, String)>,
    help: Option<String>,
    /// Name of the file, if the problem is about it as a whole.
    file: Option<String>,
    is_structural: bool,
    is_lint: bool,
}

/// The problems found so far.
#[derive(Debug)]
pub struct Problems<C> {
    /// Kind of the file, for example `policy`.
    pub what: &'static str,
    drafts: Vec<Draft<C>>,
    errors: usize,
    left_out: usize,
}

impl<C: ProblemCode> Default for Problems<C> {
    fn default() -> Self {
        Self::of("policy")
    }
}

impl<C: ProblemCode> Draft<C> {
    /// Returns a problem at a place.
    pub fn new(code: C, span: &Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span: Some(span.clone()),
            label: String::new(),
            other: None,
            help: None,
            file: None,
            is_structural: false,
            is_lint: false,
        }
    }

    /// Returns a warning about a valid file. It is dropped if the file has an error, of which it may be a consequence.
    pub fn lint(code: C, span: &Range<usize>, message: impl Into<String>) -> Self {
        Self { is_lint: true, ..Self::new(code, span, message) }
    }

    /// Returns a problem of the file's structure: a mistake whatever the file inherits, such as an unknown key.
    pub fn structural(problem: LanguageProblem, span: &Range<usize>, message: impl Into<String>) -> Self {
        Self { is_structural: true, ..Self::new(problem.into(), span, message) }
    }

    /// Returns the kind of problem.
    pub fn code(&self) -> C {
        self.code
    }

    /// Returns `true` for a problem of the file's structure, see [`Draft::structural`].
    pub fn is_structural(&self) -> bool {
        self.is_structural
    }

    /// Returns a problem of the file as a whole.
    pub fn file(code: impl Into<C>, message: impl Into<String>) -> Self {
        Self { span: None, ..Self::new(code.into(), &(0..0), message) }
    }

    /// Sets the text at the underline.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds a second place that explains the first.
    pub fn see(mut self, span: &Range<usize>, label: impl Into<String>) -> Self {
        self.other = Some((span.clone(), label.into()));
        self
    }

    /// Sets what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn finish(self, files: &PolicyFiles, name: &str) -> Diagnostic<C> {
        let primary = self.span.as_ref().and_then(|span| Excerpt::new(files, span, &self.label, true));
        let other = self.other.as_ref().and_then(|(span, label)| Excerpt::new(files, span, label, false));
        let located = self.span.as_ref().and_then(|span| files.locate(span));
        let (file, span) = match located {
            Some((file, within)) => (file.name.clone(), within),
            None => (self.file.unwrap_or_else(|| visible(name)), 0..0),
        };
        Diagnostic {
            code: self.code,
            // A message may quote the file, and a terminal acts on some characters.
            message: visible(&self.message),
            help: self.help.as_deref().map(visible),
            file,
            span,
            excerpts: primary.into_iter().chain(other).collect(),
        }
    }
}

impl<C: ProblemCode> Problems<C> {
    /// Returns an empty collection for a kind of file, for example `policy`.
    pub fn of(what: &'static str) -> Self {
        Self { what, drafts: Vec::new(), errors: 0, left_out: 0 }
    }

    /// Adds a problem.
    pub fn push(&mut self, draft: Draft<C>) {
        // An error counts even if it is not kept: the file must be refused.
        if !draft.code.is_warning() {
            self.errors += 1;
        }
        if self.drafts.len() < KEPT {
            self.drafts.push(draft);
        } else {
            self.left_out += 1;
        }
    }

    /// Adds the problems of another collection that `keep` accepts.
    pub fn adopt(&mut self, others: Self, keep: impl Fn(&Draft<C>) -> bool) {
        self.left_out += others.left_out;
        others.drafts.into_iter().filter(|draft| keep(draft)).for_each(|draft| self.push(draft));
    }

    /// Returns `true` if one of the problems is an error.
    pub fn refuses(&self) -> bool {
        self.errors > 0
    }

    /// Names the file of the problems that are about a file as a whole and have no name yet.
    pub fn name_file(&mut self, file: &str) {
        for draft in self.drafts.iter_mut().filter(|draft| draft.span.is_none() && draft.file.is_none()) {
            draft.file = Some(visible(file));
        }
    }

    /// Returns all problems as diagnostics, sorted by place; `name` is the name of the first file.
    pub fn finish(mut self, files: &PolicyFiles, name: &str) -> Vec<Diagnostic<C>> {
        let key = |draft: &Draft<C>| draft.span.as_ref().map_or((0, 0), |span| (span.start, span.end));
        if self.refuses() {
            self.drafts.retain(|draft| !draft.is_lint);
        }
        // By place: the checks run in another order, which must not show.
        self.drafts.sort_by_key(|draft| (key(draft), draft.code));
        // Aliases put one value under several keys; its problems are shown once.
        self.drafts.dedup_by(|a, b| {
            a.code == b.code && a.span == b.span && a.file == b.file && a.message == b.message
        });
        self.drafts.into_iter().map(|draft| draft.finish(files, name)).collect()
    }

    /// Returns all problems, sorted by place, as the reason that the file is refused.
    pub fn refuse(self, files: &PolicyFiles, name: &str) -> Refused<C> {
        let (what, left_out) = (self.what, self.left_out);
        Refused { what, file: visible(name), diagnostics: self.finish(files, name), left_out }
    }
}
