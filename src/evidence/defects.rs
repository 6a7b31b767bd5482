//! The defects of a policy, indexed by release and by attribute value.

use std::collections::HashMap;
use std::ops::Deref;

use crate::model::{Defect, DefectAttribute, Severity, Tag, folded};

/// The defects of a policy, indexed by release and by attribute value. Neither may change afterwards.
#[derive(Debug, Clone, Default)]
pub struct DefectIndex {
    all: Vec<Defect>,
    by_release: HashMap<Tag, Vec<usize>>,
    /// In the order of [`DefectAttribute::ALL`].
    by_value: [HashMap<String, Vec<usize>>; DefectAttribute::ALL.len()],
}

impl DefectIndex {
    /// Sorts the defects by number and indexes them.
    pub fn new(mut all: Vec<Defect>) -> Self {
        all.sort_by_key(Defect::number);
        let mut by_release: HashMap<Tag, Vec<usize>> = HashMap::new();
        let mut by_value: [HashMap<String, Vec<usize>>; DefectAttribute::ALL.len()] = Default::default();
        for (place, defect) in all.iter().enumerate() {
            if let Some(tag) = &defect.found_in.release {
                match by_release.get_mut(tag) {
                    Some(places) => places.push(place),
                    None => {
                        by_release.insert(tag.clone(), vec![place]);
                    }
                }
            }
            for (attribute, places) in DefectAttribute::ALL.into_iter().zip(&mut by_value) {
                let severities = severities(defect, attribute).iter().map(|severity| severity.name());
                let values = severities.chain(defect.values(attribute).iter().map(String::as_str));
                for value in values {
                    add_value(places, value, place);
                }
            }
        }
        Self { all, by_release, by_value }
    }

    /// Drops issue texts to save memory. Call after classification; the indexes do not need them.
    pub fn forget_texts(&mut self) {
        for defect in &mut self.all {
            defect.forget_texts();
        }
    }

    /// Returns the defects for changes that keep the release and the attributes, because both are indexed.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Defect> {
        self.all.iter_mut()
    }

    /// Returns the defects found in one of some releases.
    pub fn found_in<'t>(&self, tags: impl Iterator<Item = &'t Tag>) -> DefectMatches<'_> {
        self.found(tags.filter_map(|tag| self.by_release.get(tag)).collect())
    }

    /// Returns the defects that may have one of some values, ignoring case. A defect without a severity may have any severity.
    pub fn with(&self, attribute: DefectAttribute, values: &[String]) -> DefectMatches<'_> {
        let mut by_value = DefectAttribute::ALL.into_iter().zip(&self.by_value);
        let places = by_value.find(|(one, _)| *one == attribute).map(|(_, places)| places);
        self.found(values.iter().filter_map(|value| places?.get(&folded(value))).collect())
    }

    fn found<'a>(&'a self, places: Vec<&'a Vec<usize>>) -> DefectMatches<'a> {
        DefectMatches { all: &self.all, places }
    }
}

/// Matches of an index lookup.
pub struct DefectMatches<'a> {
    all: &'a [Defect],
    places: Vec<&'a Vec<usize>>,
}

impl<'a> DefectMatches<'a> {
    /// Returns an upper bound of the number of matches: a defect may be in several index entries.
    pub fn most(&self) -> usize {
        self.places.iter().map(|places| places.len()).sum()
    }

    /// Returns the matching defects, each once, in order of their numbers.
    pub fn in_order(self) -> impl Iterator<Item = &'a Defect> {
        let mut places: Vec<usize> = self.places.iter().copied().flatten().copied().collect();
        // The places of one index entry are already sorted and unique.
        if self.places.len() > 1 {
            places.sort_unstable();
            places.dedup();
        }
        places.into_iter().map(|place| &self.all[place])
    }
}

/// Adds a defect to the places of a value.
fn add_value(places: &mut HashMap<String, Vec<usize>>, value: &str, place: usize) {
    // Most values are in lower case already: folding each of them again would be most of the work.
    match places.get_mut(value) {
        Some(known) => known.push(place),
        None => places.entry(folded(value)).or_default().push(place),
    }
}

/// Returns the severities that a defect may have, if the attribute is the severity.
fn severities(defect: &Defect, attribute: DefectAttribute) -> &[Severity] {
    match (attribute, &defect.severity) {
        (DefectAttribute::Severity, Some(severity)) => std::slice::from_ref(severity),
        (DefectAttribute::Severity, None) => &Severity::ALL,
        (_, _) => &[],
    }
}

impl Deref for DefectIndex {
    type Target = [Defect];

    fn deref(&self) -> &[Defect] {
        &self.all
    }
}

impl IntoIterator for DefectIndex {
    type Item = Defect;
    type IntoIter = std::vec::IntoIter<Defect>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<'a> IntoIterator for &'a DefectIndex {
    type Item = &'a Defect;
    type IntoIter = std::slice::Iter<'a, Defect>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}
