//! The suites that a test of a CTRF report stands in.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};

/// Suites of a test as one path: older reports write a string, newer ones a list.
#[derive(Debug, Default)]
pub struct CtrfSuite(pub String);

impl<'de> Deserialize<'de> for CtrfSuite {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(SuiteVisitor)
    }
}

/// Reads a string, a list of strings, or nothing.
struct SuiteVisitor;

impl<'de> Visitor<'de> for SuiteVisitor {
    type Value = CtrfSuite;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a suite, or a list of names")
    }

    fn visit_str<E>(self, name: &str) -> Result<CtrfSuite, E> {
        Ok(CtrfSuite(name.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<CtrfSuite, E> {
        Ok(CtrfSuite::default())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut names: S) -> Result<CtrfSuite, S::Error> {
        let mut path = Vec::new();
        while let Some(name) = names.next_element::<String>()? {
            path.push(name);
        }
        Ok(CtrfSuite(path.join(" › ")))
    }
}
