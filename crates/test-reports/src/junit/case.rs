//! A `testcase` element while it is open.

use super::declared::ShownCounts;
use super::suite::OpenSuites;
use super::vocabulary::{self, ResultElement};
use crate::CaseStatus;
use crate::collector::{Collector, ReportedCase};
use crate::mention;
use crate::xml::XmlTag;
use crate::xml_reference::unescape_value;

/// State of an open test case.
#[derive(Debug, Default)]
pub struct OpenCase {
    name: String,
    class: String,
    file: String,
    line: Option<u64>,
    /// Status by the attributes.
    stated: Option<CaseStatus>,
    /// Unknown word in an attribute about the result.
    unclear: Option<String>,
    failed: u64,
    /// `true` if an attribute says that the case failed.
    failed_by_attribute: bool,
    errors: u64,
    skipped: bool,
    /// `true` if the framework expects the failure.
    expected: bool,
    flaky: u64,
    reruns: u64,
    message: Option<String>,
    /// Weight of the message: the message of the worst result stays.
    message_weight: u8,
    /// Weight of a result whose message is the text of its element, still to come.
    wants_text: Option<u8>,
    /// Values of properties and markers that link to issues.
    links: Vec<String>,
    /// `true` if the case has `status="run"`.
    is_run: bool,
    /// `true` if the errors come from the tear-down, in pytest's words.
    is_teardown: bool,
    /// Name of a property whose value is the text of its element, still to come.
    property: Option<String>,
}

impl OpenCase {
    /// Starts a case with the attributes of a tag.
    pub fn open(&mut self, tag: &XmlTag<'_>) {
        self.clear();
        let mut second_class = String::new();
        tag.each(|key, raw| match key {
            "name" => replace_text(&mut self.name, raw),
            "classname" => replace_text(&mut self.class, raw),
            "class" => replace_text(&mut second_class, raw),
            "file" => replace_text(&mut self.file, raw),
            "line" => self.line = raw.trim().parse().ok(),
            "status" | "result" | "outcome" | "state" | "success" => {
                // Without its version, doctest is recognized by this status of every case.
                self.is_run |= (key, raw) == ("status", "run");
                self.state(&unescape_value(raw));
            }
            "ignored" | "skipped" | "disabled" if vocabulary::is_yes(raw) => self.skipped = true,
            // Any value but a clear no counts as a failure, for example `failed="timeout"`.
            "failed" | "failure" if !raw.trim().is_empty() && !vocabulary::is_no(raw) => {
                self.failed_by_attribute = true
            }
            "passed" if vocabulary::is_no(raw) => self.failed_by_attribute = true,
            "incomplete" if vocabulary::is_yes(raw) => self.errors += 1,
            "failures" | "errors" if vocabulary::parse_count(raw) != Some(0) && !raw.trim().is_empty() => {
                self.state("failed");
            }
            _ => {}
        });
        // `classname` wins over `class`, and attributes come in any order.
        if self.class.is_empty() {
            self.class = second_class;
        }
    }

    /// Records a property of the case. Returns `true` if the text of the element is its value.
    pub fn property(&mut self, tag: &XmlTag<'_>, of_tap: bool) -> bool {
        let (mut name, mut text) = (String::new(), None);
        tag.each(|key, raw| match key {
            "name" => name = unescape_value(raw).into_owned(),
            "value" => text = Some(unescape_value(raw).into_owned()),
            _ => {}
        });
        self.property = None;
        self.skipped |= of_tap && matches!(name.as_str(), "skip" | "todo") && text.as_deref() == Some("true");
        match text {
            Some(text) => self.link(&name, text),
            None => self.property = Some(name),
        }
        self.property.is_some()
    }

    /// Records the text of the property that has just ended.
    pub fn property_text(&mut self, line: Option<String>) {
        if let (Some(name), Some(line)) = (self.property.take(), line) {
            self.link(&name, line);
        }
    }

    /// Records a property that may link to an issue.
    pub fn link(&mut self, name: &str, value: String) {
        mention::push_link(&mut self.links, name, value);
    }

    /// Records a result element. Returns `true` if the text of the element is its message.
    pub fn result(&mut self, child: ResultElement, message: Option<String>, tag: &XmlTag<'_>) -> bool {
        let mut child = child;
        if child == ResultElement::Skipped {
            self.expected |= vocabulary::expects_failure(tag);
            // CTest calls this not run, and fails because of it.
            if self.stated == Some(CaseStatus::Skipped)
                && message.as_deref().is_some_and(vocabulary::could_not_start)
            {
                child = ResultElement::Error;
            }
        }
        // The weights order the messages: the message of the worst result is shown.
        let weight = match child {
            ResultElement::Error => {
                self.is_teardown |= message.as_deref().is_some_and(|m| m.starts_with("failed on teardown"));
                self.errors += 1;
                4
            }
            ResultElement::Failed => {
                self.failed += 1;
                3
            }
            ResultElement::FlakyFailed | ResultElement::FlakyError => {
                self.flaky += 1;
                2
            }
            ResultElement::RerunFailed | ResultElement::RerunError => {
                self.reruns += 1;
                1
            }
            // The reason of a skip must not replace the message of a failure.
            ResultElement::Skipped => {
                self.skipped = true;
                return false;
            }
            ResultElement::Neutral | ResultElement::Unknown => return false,
        };
        if weight <= self.message_weight {
            return false;
        }
        self.wants_text = message.is_none().then_some(weight);
        if message.is_some() {
            self.message = message;
            self.message_weight = weight;
        }
        self.wants_text.is_some()
    }

    /// Records the text of the result element that has just ended.
    pub fn text(&mut self, line: Option<String>) {
        if let (Some(weight), Some(line)) = (self.wants_text.take(), line) {
            self.message = Some(line);
            self.message_weight = weight;
        }
    }

    /// Returns `true` if the case has failed, whatever may still follow.
    pub fn is_bad(&self) -> bool {
        matches!(self.status(), CaseStatus::Failed | CaseStatus::Error)
    }

    /// Reports the case to the suites and the collector.
    pub fn close(&mut self, suites: &mut OpenSuites, out: &mut Collector) {
        let status = self.status();
        if let Some(word) = self.unclear.take()
            && matches!(status, CaseStatus::Passed | CaseStatus::Skipped | CaseStatus::Flaky)
        {
            suites.unclear_status(&self.name, &word);
        }
        let bad = status.is_failure();
        let suite = suites.case(ShownCounts {
            bad_elements: if bad { (self.failed + self.errors).max(1) } else { 0 },
            reruns: self.flaky + self.reruns,
            teardowns: u64::from(self.is_teardown),
            run: u64::from(self.is_run),
            ..ShownCounts::case(status)
        });
        let case = ReportedCase {
            file: self.file.as_bytes(),
            line: self.line,
            reruns: self.flaky + self.reruns,
            message: self.message.as_deref(),
            ..ReportedCase::new(suite, self.class.as_bytes(), self.name.as_bytes(), status)
        };
        out.case_with(case, &self.links);
    }

    /// Returns the worst of all results of the case.
    fn status(&self) -> CaseStatus {
        let stated = self.stated.unwrap_or(CaseStatus::Passed);
        // The framework passes in spite of an expected failure, so that counting it would be a false red. A status
        // that says `failed` shows that this framework did not pass.
        if self.expected && !stated.is_failure() {
            CaseStatus::Skipped
        } else if self.errors > 0 || stated == CaseStatus::Error {
            CaseStatus::Error
        } else if self.failed > 0
            || self.failed_by_attribute
            || stated == CaseStatus::Failed
            || self.reruns > 0
        {
            // A failed rerun follows a first failure. Without that, the report has lost the first failure.
            CaseStatus::Failed
        } else if self.skipped || stated == CaseStatus::Skipped {
            // The case failed, and the run that could have passed was skipped.
            if self.flaky > 0 { CaseStatus::Failed } else { CaseStatus::Skipped }
        } else if self.flaky > 0 || stated == CaseStatus::Flaky {
            CaseStatus::Flaky
        } else {
            CaseStatus::Passed
        }
    }

    /// Records a `status` or `result` attribute; the worse of both counts.
    fn state(&mut self, word: &str) {
        match vocabulary::parse_status(word) {
            // googletest writes `status="run"` next to `result="skipped"`: a pass must not replace the other word.
            Some(CaseStatus::Passed) => self.stated = self.stated.or(Some(CaseStatus::Passed)),
            Some(status) => {
                let worse = self.stated.is_none_or(|s| s == CaseStatus::Passed || s < status);
                if worse {
                    self.stated = Some(status);
                }
            }
            None => self.unclear = Some(word.to_owned()),
        }
    }

    /// Clears the case and keeps its memory.
    fn clear(&mut self) {
        let Self { name, class, file, .. } = std::mem::take(self);
        *self = Self { name, class, file, ..Self::default() };
        self.name.clear();
        self.class.clear();
        self.file.clear();
    }
}

/// Replaces a text by an attribute's value, in the same memory.
fn replace_text(into: &mut String, raw: &str) {
    into.clear();
    into.push_str(&unescape_value(raw));
}
