//! JUnit XML in all its dialects. There is no standard: what producers write is the specification, and
//! `COUNTING.md` lists what is made of each.

mod case;
mod declared;
mod fast_path;
mod suite;
mod vocabulary;

use std::io::Read;

use self::case::OpenCase;
use self::declared::ShownCounts;
use self::suite::OpenSuites;
use self::vocabulary::ResultElement;
use super::collector::{Collector, ReadError};
use super::limits;
use super::marker::Marker;
use super::text_sink::{TextSink, first_line, shorten};
use super::xml::{Markup, XmlReader, XmlTag};
use super::xml_reference::unescape_value;
use crate::CaseStatus;

/// Returns `true` if a document with this root is JUnit XML.
pub fn is_junit_root(name: &str) -> bool {
    matches!(name, "testsuites" | "testsuite" | "testrun")
}

/// Reads the document.
///
/// # Errors
/// Returns the place where the document is malformed; earlier results are collected.
pub fn read_junit<R: Read>(xml: &mut XmlReader<R>, out: &mut Collector) -> Result<(), ReadError> {
    let mut reader = JunitReader {
        out,
        suites: OpenSuites::default(),
        case: None,
        spare: OpenCase::default(),
        count: None,
        inside: 0,
        in_properties: false,
    };
    let mut text = TextSink::default();
    // Text between elements is a sign of damage, such as a tag that lost its `<`.
    text.watch(true);
    let mut ended = false;
    while !ended {
        let markup = match xml.next_but(&mut text, |ahead| reader.plain_cases(ahead)) {
            Ok(markup) => markup,
            Err(error) => {
                // An element that was open when reading stopped may hold a failure: that is evidence too.
                reader.abandon(&mut text);
                return Err(error);
            }
        };
        let result = match markup {
            Markup::Start(tag) => reader.start(&tag, false, &mut text),
            Markup::Empty(tag) => reader.start(&tag, true, &mut text),
            Markup::End => {
                reader.end(&mut text);
                Ok(())
            }
            Markup::Eof => {
                ended = true;
                Ok(())
            }
        };
        let at = xml.token_at();
        if let Err(what) = result {
            reader.abandon(&mut text);
            return Err(xml.error(what));
        }
        if std::mem::take(&mut text.seen) {
            reader.out.add_gap(Some(at), "text where only elements belong: something may be lost here");
        }
        reader.suites.place_problems(at, reader.out);
    }
    Ok(())
}

/// State of the reader between two tags.
struct JunitReader<'o> {
    out: &'o mut Collector,
    suites: OpenSuites,
    case: Option<OpenCase>,
    /// Memory of the last case, reused for the next.
    spare: OpenCase,
    /// Open element of a suite whose text is a number.
    count: Option<String>,
    /// Depth inside an element whose content does not matter; zero outside.
    inside: usize,
    /// `true` inside the properties of a case or a suite.
    in_properties: bool,
}

impl JunitReader<'_> {
    /// Reads plain cases at the fast path, if the place allows any, and returns the number of bytes read.
    fn plain_cases(&mut self, ahead: &[u8]) -> usize {
        // Inside a case or a skipped element, a `testcase` is misplaced. Only the general reader reports that.
        if self.inside > 0 || self.case.is_some() || !self.suites.is_open() {
            return 0;
        }
        let taken = fast_path::read_plain_cases(ahead, self.suites.current(), |case| {
            self.suites.case(ShownCounts::case(CaseStatus::Passed));
            self.out.pass(case);
        });
        self.out.passes_end();
        taken
    }

    /// Handles the start of an element; `empty` is `true` if it has no content.
    fn start(&mut self, tag: &XmlTag<'_>, empty: bool, text: &mut TextSink) -> Result<(), String> {
        if self.inside > 0 {
            if self.in_properties
                && let Some(case) = &mut self.case
                && tag.name() == "property"
            {
                if case.property(tag, self.suites.are_of_tap()) && !empty {
                    text.want_first_line();
                }
            // A failure inside an element that holds none must not disappear without a gap.
            } else if vocabulary::is_result_element(tag.name()) {
                self.suites.misplaced(tag.name());
            } else if self.in_properties && tag.name() == "property" {
                self.suites.property(tag, self.out);
            }
            self.inside += usize::from(!empty);
            return Ok(());
        }
        let name = tag.name();
        if self.case.is_some() {
            return self.in_case(name, tag, empty, text);
        }
        match name {
            "testcase" if self.suites.is_open() => {
                let mut case = std::mem::take(&mut self.spare);
                case.open(tag);
                self.case = Some(case);
                if empty {
                    self.close_case();
                }
            }
            // Check, a framework for C, has the same root element for a format without any `testcase`.
            "testsuites" if !self.suites.is_open() && vocabulary::is_of_check(tag) => {
                return Err("Check's own format is not read: write TAP (`CK_TAP_LOG_FILE_NAME`)".to_owned());
            }
            "testsuite" | "testsuites" | "testrun" => {
                self.suites.open(name, tag, self.out);
                if empty {
                    self.suites.close(self.out);
                }
            }
            // Several suites without a common root are read. Any other element after the root is damage.
            _ if !self.suites.is_open() => {
                return Err(format!("a second root element `{name}` follows the report"));
            }
            // AntUnit writes its numbers as elements without attributes, for example `<failures>1</failures>`.
            _ if vocabulary::is_count_element(tag) => {
                self.count = Some(shorten(name, limits::NAME_CHARS));
                self.skip(empty, text, true);
                if empty {
                    self.finish_result(text);
                }
            }
            _ => {
                let child = vocabulary::classify_element(name);
                self.in_properties = name == "properties";
                if self.in_properties {
                    self.suites.properties(empty, self.out);
                }
                match child {
                    ResultElement::Failed
                    | ResultElement::Error
                    | ResultElement::RerunFailed
                    | ResultElement::RerunError => {
                        self.suites.own_error(result_message(tag));
                        self.skip(empty, text, self.suites.wants_message());
                    }
                    ResultElement::Skipped | ResultElement::Neutral => self.skip(empty, text, false),
                    // A flaky result belongs to a case. Directly in a suite, there is no case that can have passed in
                    // the end.
                    ResultElement::FlakyFailed | ResultElement::FlakyError | ResultElement::Unknown => {
                        self.suites.unknown(name);
                        self.skip(empty, text, false);
                    }
                }
                if empty {
                    self.finish_result(text);
                }
            }
        }
        text.watch(self.inside == 0);
        Ok(())
    }

    /// Handles the start of an element inside a test case.
    fn in_case(
        &mut self,
        name: &str,
        tag: &XmlTag<'_>,
        empty: bool,
        text: &mut TextSink,
    ) -> Result<(), String> {
        if matches!(name, "testcase" | "testsuite" | "testsuites") {
            return Err(format!("a `{name}` inside a `testcase`"));
        }
        let Some(case) = &mut self.case else { return Ok(()) };
        let mut child = vocabulary::classify_element(name);
        if vocabulary::is_unmet_assumption(tag, self.suites.count_aborted()) {
            child = ResultElement::Skipped;
        }
        self.in_properties = name == "properties";
        let mut wants_message = false;
        if child == ResultElement::Unknown {
            self.suites.unknown(name);
        } else if child != ResultElement::Neutral {
            wants_message = case.result(child, result_message(tag), tag);
        }
        // Markers count only in the output of a case: what a suite prints belongs to none of its tests.
        if vocabulary::is_output_element(name) && !empty {
            text.markers.begin();
        }
        self.skip(empty, text, wants_message);
        if empty {
            self.finish_result(text);
        }
        text.watch(self.inside == 0);
        Ok(())
    }

    /// Handles the end of an element.
    fn end(&mut self, text: &mut TextSink) {
        if self.inside > 0 {
            self.inside -= 1;
            match self.inside {
                0 => self.finish_result(text),
                1 if self.in_properties => {
                    if let Some(case) = &mut self.case {
                        case.property_text(text.take_first_line());
                    }
                }
                _ => {}
            }
        } else if self.case.is_some() {
            self.close_case();
        } else {
            self.suites.close(self.out);
        }
        text.watch(self.inside == 0);
    }

    /// Skips the content of an element.
    fn skip(&mut self, empty: bool, text: &mut TextSink, wants_message: bool) {
        self.inside = usize::from(!empty);
        if wants_message && !empty {
            text.want_first_line();
        }
    }

    /// Handles the end of a result element: its first line is the message if it had none.
    fn finish_result(&mut self, text: &mut TextSink) {
        let line = text.take_first_line();
        match &mut self.case {
            Some(case) => {
                case.text(line);
                for Marker { name, value } in text.markers.take() {
                    case.link(&name, value);
                }
            }
            None => match self.count.take() {
                Some(element) => self.suites.count(&element, line, self.out),
                None => self.suites.text(line, self.out),
            },
        }
    }

    /// Records the end of the test case.
    fn close_case(&mut self) {
        if let Some(mut case) = self.case.take() {
            case.close(&mut self.suites, self.out);
            self.spare = case;
        }
    }

    /// Handles a document that ends inside elements.
    fn abandon(&mut self, text: &mut TextSink) {
        if self.inside > 0 {
            self.finish_result(text);
        }
        // A case that was not closed may have had its failure still to come: it counts only if it has one already.
        if self.case.as_ref().is_some_and(OpenCase::is_bad) {
            self.close_case();
        }
        self.suites.give_up(self.out);
    }
}

/// Returns the message of a result element.
fn result_message(tag: &XmlTag<'_>) -> Option<String> {
    let (mut message, mut kind) = (None, None);
    tag.each(|key, raw| match key {
        "message" => message = first_line(&unescape_value(raw)),
        "type" => kind = first_line(&unescape_value(raw)),
        _ => {}
    });
    // Without a message, the type at least names the exception.
    message.or(kind)
}
