//! Collecting problems while a policy is read.

use std::ops::Range;

use super::excerpt::{Excerpt, visible};
use super::{Diagnostic, Refused};
use crate::policy::code::Code;
use crate::policy::source::PolicyFiles;

/// Problems kept at most. A file can hold hundreds of thousands; nobody reads them.
const KEPT: usize = 1_000;

/// A problem before its place in the file has been looked up.
#[derive(Debug)]
pub(in crate::policy) struct Draft {
    code: Code,
    message: String,
    /// None if it is about the file as a whole.
    span: Option<Range<usize>>,
    label: String,
    other: Option<(Range<usize>, String)>,
    help: Option<String>,
    /// The file it is about, if it is about one as a whole.
    file: Option<String>,
}

/// The problems found so far.
#[derive(Debug)]
pub(in crate::policy) struct Problems {
    /// What the file is: "policy".
    pub what: &'static str,
    drafts: Vec<Draft>,
    errors: usize,
    left_out: usize,
}

impl Default for Problems {
    fn default() -> Self {
        Self::of("policy")
    }
}

impl Draft {
    /// A problem at a place.
    pub fn new(code: Code, span: &Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span: Some(span.clone()),
            label: String::new(),
            other: None,
            help: None,
            file: None,
        }
    }

    /// A problem of the file as a whole.
    pub fn file(code: Code, message: impl Into<String>) -> Self {
        Self { span: None, ..Self::new(code, &(0..0), message) }
    }

    /// What to write at the underline.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// A second place that explains the first.
    pub fn see(mut self, span: &Range<usize>, label: impl Into<String>) -> Self {
        self.other = Some((span.clone(), label.into()));
        self
    }

    /// What to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn finish(self, files: &PolicyFiles, name: &str) -> Diagnostic {
        let primary = self.span.as_ref().and_then(|span| Excerpt::new(files, span, &self.label, true));
        let other = self.other.as_ref().and_then(|(span, label)| Excerpt::new(files, span, label, false));
        let located = self.span.as_ref().and_then(|span| files.locate(span));
        let (file, span) = match located {
            Some((file, within)) => (file.name.clone(), within),
            None => (self.file.unwrap_or_else(|| visible(name)), 0..0),
        };
        Diagnostic {
            code: self.code,
            message: visible(&self.message),
            help: self.help.as_deref().map(visible),
            file,
            span,
            excerpts: primary.into_iter().chain(other).collect(),
        }
    }
}

impl Problems {
    /// None yet, of a file that is this.
    pub fn of(what: &'static str) -> Self {
        Self { what, drafts: Vec::new(), errors: 0, left_out: 0 }
    }

    /// Adds one.
    pub fn push(&mut self, draft: Draft) {
        if !draft.code.is_warning() {
            self.errors += 1;
        }
        if self.drafts.len() < KEPT {
            self.drafts.push(draft);
        } else {
            self.left_out += 1;
        }
    }

    /// Adds those of others that are to be kept.
    pub fn adopt(&mut self, others: Self, keep: impl Fn(Code) -> bool) {
        others.drafts.into_iter().filter(|draft| keep(draft.code)).for_each(|draft| self.push(draft));
    }

    /// True if one of them is an error.
    pub fn refuses(&self) -> bool {
        self.errors > 0
    }

    /// Says which file those are about that are about a file as a whole and do not say so yet.
    pub fn name_file(&mut self, file: &str) {
        for draft in self.drafts.iter_mut().filter(|draft| draft.span.is_none() && draft.file.is_none()) {
            draft.file = Some(visible(file));
        }
    }

    /// All of them by place, as diagnostics; `name` is the policy's.
    pub fn finish(mut self, files: &PolicyFiles, name: &str) -> Vec<Diagnostic> {
        let key = |draft: &Draft| draft.span.as_ref().map_or((0, 0), |span| (span.start, span.end));
        self.drafts.sort_by_key(|draft| (key(draft), draft.code));
        // A value that stands under several keys by aliases has its problems once.
        self.drafts.dedup_by(|a, b| {
            a.code == b.code && a.span == b.span && a.file == b.file && a.message == b.message
        });
        self.drafts.into_iter().map(|draft| draft.finish(files, name)).collect()
    }

    /// All of them by place, as the reason that the policy is refused.
    pub fn refuse(self, files: &PolicyFiles, name: &str) -> Refused {
        let (what, left_out) = (self.what, self.left_out);
        Refused { what, file: visible(name), diagnostics: self.finish(files, name), left_out }
    }
}
