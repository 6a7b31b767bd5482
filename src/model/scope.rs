//! Scopes: the defects that a metric looks at.

use std::fmt;
use unicode_normalization::UnicodeNormalization as _;

use jiff::SignedDuration;
use jiff::civil::Date;
use release_history::Tag;
use release_history::origins::origin_method::Confidence;

use super::defect::{Defect, DefectAttribute};
use super::named_enum::named_enum;
use super::origin::Since;
use super::period::Anchored;
use super::sample::Draw;

/// The most earlier releases or periods that a value is compared with.
pub const MAX_EARLIER_VALUES: u32 = 20;

/// Releases or period that a metric looks at, and the filter of its defects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// The releases or the period.
    pub over: Over,
    /// The attributes a defect must have.
    pub filter: DefectFilter,
    /// Number of steps back: 1 is the release before the current one, or the quarter before this one.
    pub back: u32,
    /// Age up to which defects count: the time since a release was published, or since a period began. It lets a young release
    /// be compared with an old one at the same age. `None` for all defects.
    pub max_age: Option<SignedDuration>,
    /// Sample of the defects; `None` for all. Only coverage metrics draw one.
    pub sample: Option<Draw>,
    /// Filter by the origin of defects.
    pub origin: OriginFilter,
    /// Day from which reported defects count, in UTC; older ones are debt. `None` for all.
    pub reported_since: Option<Date>,
    /// `true` if a defect under investigation counts as unfixed.
    pub counts_investigated: bool,
}

impl Scope {
    /// Creates the scope of the present releases or period, with all their defects.
    pub fn new(over: Over, filter: DefectFilter) -> Self {
        Self { over, filter, ..Self::default() }
    }
}

/// The releases or the period that a metric looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Over {
    /// The candidate.
    Candidate,
    /// The newest release published before the candidate.
    #[default]
    Current,
    /// The newest releases that are in production (`releases.supported`).
    Supported,
    /// The newest `n` releases published before the candidate.
    LastReleases(u32),
    /// The last `n` days of 24 hours before now.
    LastDays(u32),
    /// The running calendar month, in UTC.
    Month,
    /// The running calendar quarter, in UTC.
    Quarter,
    /// The last `n` whole calendar months before the running one, in UTC.
    LastMonths(u32),
    /// The last `n` whole calendar quarters before the running one, in UTC.
    LastQuarters(u32),
    /// The running period of the policy, for example a sprint, in UTC.
    Period(Anchored),
    /// The last `n` whole periods of the policy before the running one, in UTC.
    LastPeriods(Anchored, u32),
    /// All collected defects.
    All,
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Candidate => f.write_str("candidate"),
            Self::Current => f.write_str("current"),
            Self::Supported => f.write_str("supported"),
            Self::LastReleases(1) => f.write_str("last 1 release"),
            Self::LastReleases(n) => write!(f, "last {n} releases"),
            Self::LastDays(n) => write!(f, "{n}d"),
            Self::Month => f.write_str("month"),
            Self::Quarter => f.write_str("quarter"),
            Self::LastMonths(1) => f.write_str("last month"),
            Self::LastMonths(n) => write!(f, "last {n} months"),
            Self::LastQuarters(1) => f.write_str("last quarter"),
            Self::LastQuarters(n) => write!(f, "last {n} quarters"),
            Self::Period(period) => f.write_str(period.name.as_str()),
            Self::LastPeriods(period, 1) => write!(f, "last {}", period.name),
            Self::LastPeriods(period, n) => write!(f, "last {n} {}s", period.name),
            Self::All => f.write_str("all"),
        }
    }
}

impl Over {
    /// Returns `true` for a period of time, which contains the defects reported in it; `false` for releases.
    pub fn is_period(self) -> bool {
        match self {
            Self::LastDays(_)
            | Self::Month
            | Self::Quarter
            | Self::LastMonths(_)
            | Self::LastQuarters(_)
            | Self::Period(_)
            | Self::LastPeriods(..)
            | Self::All => true,
            Self::Candidate | Self::Current | Self::Supported | Self::LastReleases(_) => false,
        }
    }
}

/// Returns `true` if two names differ at most in case.
pub fn same_name(one: &str, other: &str) -> bool {
    if one.eq_ignore_ascii_case(other) {
        return true;
    }
    if one.is_ascii() && other.is_ascii() {
        return false;
    }
    // NFC twice: "é" may be one character or two, and a lower-case letter can compose where its upper case cannot: J + caron
    // has no composed form, and its lower case is "ǰ".
    let plain = |text: &str| text.nfc().flat_map(char::to_lowercase).nfc().collect::<String>();
    plain(one) == plain(other)
}

/// A name without its case: two of them are equal if [`same_name`] says so.
pub fn folded(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).collect()
}

/// The attributes a defect must have: every condition has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DefectFilter(pub Vec<Condition>);

/// Condition on one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The attribute.
    pub attribute: DefectAttribute,
    /// Values that match.
    pub selection: Selection,
}

/// Values of an attribute, compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// One of these at least.
    AnyOf(Vec<String>),
    /// No value of this list. A defect without any value matches.
    NoneOf(Vec<String>),
    /// No value at all.
    Nothing,
}

impl DefectFilter {
    /// Creates a filter for defects with one value of an attribute.
    pub fn one(attribute: DefectAttribute, value: &str) -> Self {
        Self::default().and(attribute, Selection::AnyOf(vec![value.to_owned()]))
    }

    /// Adds a condition.
    pub fn and(mut self, attribute: DefectAttribute, selection: Selection) -> Self {
        self.0.push(Condition { attribute, selection });
        self
    }

    /// Returns `true` if the filter has no condition.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for DefectFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, Condition { attribute, selection }) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            match selection {
                Selection::AnyOf(values) => write!(f, "{}: {}", attribute.name(), values.join(" or "))?,
                Selection::NoneOf(values) => write!(f, "{}: not {}", attribute.name(), values.join(" or "))?,
                Selection::Nothing => write!(f, "without a {}", attribute.name())?,
            }
        }
        Ok(())
    }
}

named_enum! {
    /// Release that a defect counts for.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum CountBy {
        /// The one that it was found in.
        #[default]
        Found = "found",
        /// The release that introduced it, if that is known.
        Introduced = "introduced",
    }
}

/// Filter by the origin of defects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OriginFilter {
    /// Release that a defect counts for.
    pub count_by: CountBy,
    /// Least confidence of an origin that is used.
    pub sure: Confidence,
    /// Start of the time to detect.
    pub since: Since,
}

impl Default for OriginFilter {
    fn default() -> Self {
        Self { count_by: CountBy::Found, sure: Confidence::Inferred, since: Since::Release }
    }
}

impl OriginFilter {
    /// Returns the release that introduced a defect, if defects count for that release and the confidence is high enough.
    pub fn origin_of(self, defect: &Defect) -> Option<&Tag> {
        let origin = defect.introduced.as_ref().filter(|origin| origin.confidence >= self.sure)?;
        origin.release.as_ref().filter(|_| self.count_by == CountBy::Introduced)
    }

    /// Returns the release that a defect counts for. Without an origin of enough confidence, that is the release in which it was
    /// found: no later one can have introduced it.
    pub fn release_of(self, defect: &Defect) -> Option<&Tag> {
        self.origin_of(defect).or(defect.found_in.release.as_ref())
    }
}
