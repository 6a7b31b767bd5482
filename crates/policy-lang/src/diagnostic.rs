//! Diagnostics: a problem, its place, and what to write instead.

mod excerpt;
mod problems;

use std::fmt;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::ProblemCode;
use crate::characters::visible;

pub use excerpt::quote;
pub use problems::{Draft, Problems};

use excerpt::Excerpt;

/// A problem of a file. Its texts hold no control characters, so a terminal can show them as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic<C> {
    code: C,
    message: String,
    help: Option<String>,
    file: String,
    span: Range<usize>,
    excerpts: Vec<Excerpt>,
}

/// A place in a file, counted from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the line.
    pub line: usize,
    /// Number of the character within the line.
    pub column: usize,
}

/// A file that cannot be used: every error and every warning, sorted by place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused<C> {
    what: &'static str,
    file: String,
    diagnostics: Vec<Diagnostic<C>>,
    left_out: usize,
}

impl<C: ProblemCode> Diagnostic<C> {
    /// Returns the kind of problem.
    pub fn code(&self) -> C {
        self.code
    }

    /// Returns the problem in one sentence, in lower case without a full stop.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what to write instead.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Returns the place of the problem; `None` if it is about the file as a whole.
    pub fn place(&self) -> Option<Place> {
        self.excerpts.first().map(Excerpt::place)
    }

    /// Returns the name of the file with the problem: the policy, or one that it inherits from.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the bytes within the file that the problem is about.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Returns the problem with the offending line underlined, as a compiler shows it.
    pub fn render(&self, color: bool) -> String {
        let title = self.level().primary_title(self.message.as_str()).id(self.code.to_string());
        let mut group = Group::with_title(title);
        for (number, excerpt) in self.excerpts.iter().enumerate() {
            let earlier = self.excerpts.get(..number).unwrap_or(&[]);
            // Two places in one line share an excerpt.
            if earlier.iter().any(|one| one.shows(excerpt)) {
                continue;
            }
            let same_line = self.excerpts.iter().filter(|one| *one == excerpt || excerpt.shows(one));
            let snippet = Snippet::source(excerpt.text.as_str())
                .line_start(excerpt.place().line)
                .annotations(same_line.map(Excerpt::annotation));
            if excerpt.is_cut() {
                // The renderer would count columns from where the line was cut.
                let Place { line, column } = excerpt.place();
                let origin = Origin::path(excerpt.file.as_str()).line(line).char_column(column);
                group = group.element(origin).element(snippet);
            } else {
                group = group.element(snippet.path(excerpt.file.as_str()));
            }
        }
        if self.excerpts.is_empty() {
            group = group.element(Origin::path(self.file.as_str()));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let note = self.code.explanation_note();
        group = group.element(Level::NOTE.message(note.as_str()));
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }

    fn level(&self) -> Level<'static> {
        if self.code.is_warning() { Level::WARNING } else { Level::ERROR }
    }
}

/// Shows the problem in one line: `policy.yml:4:7: error[P011]: unknown key …; help: …`.
impl<C: ProblemCode> fmt::Display for Diagnostic<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(place) = self.place() {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        let level = if self.code.is_warning() { "warning" } else { "error" };
        write!(f, ": {level}[{}]: {}", self.code, self.message)?;
        match &self.help {
            Some(help) => write!(f, "; help: {help}"),
            None => Ok(()),
        }
    }
}

impl<C: ProblemCode> Refused<C> {
    /// Combines the problems of several files. `what` is their kind, for example `policy`, and `name` the first of them.
    pub fn by_files(what: &'static str, name: &str, files: Vec<Self>) -> Self {
        let left_out = files.iter().map(|one| one.left_out).sum();
        let diagnostics = files.into_iter().flat_map(|one| one.diagnostics).collect();
        Self { what, file: visible(name), diagnostics, left_out }
    }

    /// Returns every problem, sorted by place.
    pub fn diagnostics(&self) -> &[Diagnostic<C>] {
        &self.diagnostics
    }

    /// Returns all problems as a compiler shows them, with a closing line that counts them.
    pub fn render(&self, color: bool) -> String {
        let mut text = String::new();
        for diagnostic in &self.diagnostics {
            text.push_str(&diagnostic.render(color));
            text.push_str("\n\n");
        }
        text.push_str(&self.to_string());
        text.push('\n');
        text
    }
}

impl<C: ProblemCode> fmt::Display for Refused<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warnings = self.diagnostics.iter().filter(|one| one.code.is_warning()).count();
        let errors = self.diagnostics.len() - warnings;
        write!(f, "the {} `{}` is refused: {errors} error{}", self.what, self.file, plural(errors))?;
        if warnings > 0 {
            write!(f, ", {warnings} warning{}", plural(warnings))?;
        }
        if self.left_out > 0 {
            write!(f, ", and {} more that are not shown", self.left_out)?;
        }
        Ok(())
    }
}

impl<C: ProblemCode> std::error::Error for Refused<C> {}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

impl Excerpt {
    fn annotation(&self) -> Annotation<'_> {
        let kind = if self.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(self.underline.clone());
        if self.label.is_empty() { annotation } else { annotation.label(self.label.as_str()) }
    }
}
