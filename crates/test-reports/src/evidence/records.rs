//! Tests of a report by status, 16 bytes each.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::CaseStatus;

/// A 128-bit hash: the identity of a test, or the digest of a report. Written as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TestId(pub u128);

/// Tests of a report, each in the list of its status. The lists are sorted and share no test.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Records {
    /// Tests that passed at the first run.
    #[serde(default, with = "hex", skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<TestId>,
    /// Tests that did not run.
    #[serde(default, with = "hex", skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<TestId>,
    /// Tests that failed and then passed on a rerun.
    #[serde(default, with = "hex", skip_serializing_if = "Vec::is_empty")]
    pub flaky: Vec<TestId>,
    /// Tests with a failed assertion.
    #[serde(default, with = "hex", skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<TestId>,
    /// Tests that could not run to a result.
    #[serde(default, with = "hex", skip_serializing_if = "Vec::is_empty")]
    pub error: Vec<TestId>,
    /// Errors that belong to no test case. They are not tests.
    #[serde(default, with = "hex", skip_serializing_if = "Vec::is_empty")]
    pub suite_errors: Vec<TestId>,
}

impl Records {
    /// Returns the lists of tests by status, without the suite errors.
    pub fn lists(&self) -> [(CaseStatus, &[TestId]); 5] {
        [
            (CaseStatus::Passed, &self.passed),
            (CaseStatus::Skipped, &self.skipped),
            (CaseStatus::Flaky, &self.flaky),
            (CaseStatus::Failed, &self.failed),
            (CaseStatus::Error, &self.error),
        ]
    }

    /// Returns the number of distinct tests.
    pub fn len(&self) -> u64 {
        self.lists().iter().map(|(_, list)| list.len() as u64).sum()
    }

    /// Returns `true` if there is neither a test nor a suite error.
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && self.suite_errors.is_empty()
    }
}

impl fmt::Display for TestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for TestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for TestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match hex::deserialize(deserializer)?.as_slice() {
            [one] => Ok(*one),
            _ => Err(de::Error::custom("expected exactly 32 hexadecimal digits")),
        }
    }
}

/// A list of identities as one string without separators: half the size of a JSON array of strings.
mod hex {
    use super::{Deserializer, Serializer, TestId, Visitor, de, fmt};

    /// Digits of one identity.
    const DIGITS: usize = 32;

    pub fn serialize<S: Serializer>(ids: &[TestId], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Joined(ids))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<TestId>, D::Error> {
        deserializer.deserialize_str(Ids)
    }

    /// Writes the digits of all identities without separators.
    struct Joined<'a>(&'a [TestId]);

    impl fmt::Display for Joined<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.iter().try_for_each(|id| fmt::Display::fmt(id, f))
        }
    }

    /// Reads what [`Joined`] writes.
    struct Ids;

    impl Visitor<'_> for Ids {
        type Value = Vec<TestId>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("lower-case hexadecimal digits in groups of 32, sorted and each once")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            let wrong = || E::invalid_value(de::Unexpected::Str("not that"), &self);
            if !text.len().is_multiple_of(DIGITS)
                || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            {
                return Err(wrong());
            }
            let mut ids = Vec::with_capacity(text.len() / DIGITS);
            for start in (0..text.len()).step_by(DIGITS) {
                let digits = text.get(start..start + DIGITS).ok_or_else(wrong)?;
                ids.push(TestId(u128::from_str_radix(digits, 16).map_err(|_| wrong())?));
            }
            // Tests are counted by merging sorted lists: any other order would count wrongly.
            if ids.windows(2).any(|pair| pair[0] >= pair[1]) {
                return Err(wrong());
            }
            Ok(ids)
        }
    }
}
