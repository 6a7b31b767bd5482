//! Which defects a metric looks at.

use std::collections::BTreeMap;
use std::fmt;

/// What a metric is measured over, and for which defects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// The releases or the period.
    pub over: Over,
    /// The attributes a defect must have.
    pub filter: Filter,
}

/// The releases or the period that a metric looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Over {
    /// The release being decided.
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
    /// The running calendar quarter, in UTC.
    Quarter,
    /// Everything that was read.
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
            Self::Quarter => f.write_str("quarter"),
            Self::All => f.write_str("all"),
        }
    }
}

/// A property of a defect that a rule can select by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Critical, major, minor.
    Severity,
    /// A part of the product.
    Component,
    /// An owner.
    Team,
    /// Functional, performance, security, usability …
    Kind,
    /// User report, monitoring, internal …
    FoundBy,
    /// What let it happen.
    RootCause,
}

impl Attribute {
    /// All of them, in the order of the policy's documentation.
    pub const ALL: [Self; 6] =
        [Self::Severity, Self::Component, Self::Team, Self::Kind, Self::FoundBy, Self::RootCause];

    /// The key used in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Component => "component",
            Self::Team => "team",
            Self::Kind => "kind",
            Self::FoundBy => "found-by",
            Self::RootCause => "root-cause",
        }
    }
}

/// The attributes a defect must have: for each attribute, any one of the values (compared without regard to case).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter(pub BTreeMap<Attribute, Vec<String>>);

impl Filter {
    /// Nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values asked of one attribute.
    pub fn values(&self, attribute: Attribute) -> Option<&[String]> {
        self.0.get(&attribute).map(Vec::as_slice)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (attribute, values)) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{}: {}", attribute.name(), values.join(" or "))?;
        }
        Ok(())
    }
}
