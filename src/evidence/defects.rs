//! The defects of a policy, and a way to find those of a release or of a value without looking at all.

use std::collections::HashMap;
use std::ops::Deref;

use crate::model::{Attribute, Defect, Tag, folded};

/// The defects of a policy. They do not change, so that what they are found by holds.
#[derive(Debug, Clone, Default)]
pub struct Defects {
    all: Vec<Defect>,
    by_release: HashMap<Tag, Vec<usize>>,
    by_value: HashMap<Attribute, HashMap<String, Vec<usize>>>,
}

impl Defects {
    /// These defects, in order of their numbers.
    pub fn new(mut all: Vec<Defect>) -> Self {
        all.sort_by_key(Defect::number);
        let mut by_release: HashMap<Tag, Vec<usize>> = HashMap::new();
        let mut by_value: HashMap<Attribute, HashMap<String, Vec<usize>>> = HashMap::new();
        for (place, defect) in all.iter().enumerate() {
            if let Some(tag) = &defect.found_in.release {
                by_release.entry(tag.clone()).or_default().push(place);
            }
            for attribute in Attribute::ALL {
                for value in defect.values(attribute) {
                    by_value.entry(attribute).or_default().entry(folded(value)).or_default().push(place);
                }
            }
        }
        Self { all, by_release, by_value }
    }

    /// Those found in one of some releases.
    pub fn found_in<'t>(&self, tags: impl Iterator<Item = &'t Tag>) -> Vec<&Defect> {
        self.at(tags.filter_map(|tag| self.by_release.get(tag)))
    }

    /// Those that have one of some values of an attribute that is a list, whatever the case.
    pub fn with(&self, attribute: Attribute, values: &[String]) -> Vec<&Defect> {
        let places = self.by_value.get(&attribute);
        self.at(values.iter().filter_map(|value| places?.get(&folded(value))))
    }

    /// The defects at these places, each once and in order.
    fn at<'p>(&self, places: impl Iterator<Item = &'p Vec<usize>>) -> Vec<&Defect> {
        let mut places: Vec<usize> = places.flatten().copied().collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().map(|place| &self.all[place]).collect()
    }
}

impl Deref for Defects {
    type Target = [Defect];

    fn deref(&self) -> &[Defect] {
        &self.all
    }
}

impl IntoIterator for Defects {
    type Item = Defect;
    type IntoIter = std::vec::IntoIter<Defect>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<'a> IntoIterator for &'a Defects {
    type Item = &'a Defect;
    type IntoIter = std::slice::Iter<'a, Defect>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}
