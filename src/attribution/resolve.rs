//! Maps the versions of an answer to known releases.

use jiff::Timestamp;

use super::answer::{NamedProduct, RangeEnd, VersionAnswer, VersionItem, VersionSet};
use crate::model::{Issue, NAMED, Tag, Timeline, Version, VersionMatch, join_limited};

/// The releases to which the versions in an issue are resolved.
pub struct Reading<'a> {
    /// The releases.
    pub timeline: &'a Timeline,
    /// Time when the issue was opened. "Latest" and "1.4 and later" mean the releases of that time.
    pub moment: Timestamp,
}

/// Returns the words in the names of the repository and of its product, in lower case. The names come from the address of the
/// issue and from the candidate's tag.
pub fn own_names(issue: &Issue, product: Option<&str>) -> Vec<String> {
    // https://host/owner/name/issues/1
    let mut path = issue.url.split('/').skip(3);
    let (owner, name) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
    // An owner is often the name of a company whose other products are named as well.
    let owner = Some(owner).filter(|owner| !super::answer::words::is_foreign(&owner.to_lowercase()));
    let names = owner.into_iter().chain([name]).chain(product);
    let mut own: Vec<String> = Vec::new();
    for name in names {
        own.extend(name_words(name));
        own.push(fold_name(name));
    }
    // The word `v` of a repository `acme/v` would make every `v1.4.0` one of this product.
    own.retain(|word| word.len() > 1);
    own
}

/// The words of a name, in lower case.
fn name_words(name: &str) -> impl Iterator<Item = String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// The releases, lines and products that an answer names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResolvedVersions {
    /// The releases, the lowest first.
    pub releases: Vec<Tag>,
    /// Lines, each with its releases.
    pub lines: Vec<(String, Vec<Tag>)>,
    /// Other products.
    pub others: Vec<String>,
    /// `true` if it names a build that is not released.
    pub unreleased: bool,
    /// Releases of several products that a version fits.
    several: Vec<Tag>,
}

impl ResolvedVersions {
    /// Returns `true` if it decides where a defect was found, if only by saying that this is no release.
    pub fn is_something(&self) -> bool {
        !self.releases.is_empty() || !self.lines.is_empty() || !self.others.is_empty() || self.unreleased
    }

    /// Words the reason why no known release is named; `None` if one is.
    pub fn note(&self, place: &str) -> Option<String> {
        let tags: Vec<&str> = self.several.iter().map(|tag| tag.0.as_str()).collect();
        match () {
            () if !self.releases.is_empty() => None,
            () if self.unreleased => Some(format!("{place} is not released")),
            () if !self.others.is_empty() => Some(format!("{place} is of another product")),
            () if !tags.is_empty() => {
                Some(format!("{place} fits several releases: {}", join_limited(tags, NAMED)))
            }
            () => Some(format!("{place} names no known release")),
        }
    }
}

/// The meaning of a line such as `1.4` in a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineMeaning {
    /// All releases of the line: "found in 1.4".
    Releases,
    /// The line itself: "affects 1.4".
    Line,
    /// The first release of the line, if there is one: "fixed in 1.4".
    First,
}

/// The releases that an answer names. A version behind the name of a product that others run on counts only if there is
/// nothing else: that may be the product itself.
pub fn resolve_versions(
    answer: &VersionAnswer,
    reading: &Reading<'_>,
    lines: LineMeaning,
) -> ResolvedVersions {
    // Most answers name no platform, and are used as they are.
    if !answer.has_foreign() {
        return resolve_items(answer, reading, lines);
    }
    let found = resolve_items(&answer.without_foreign(), reading, lines);
    if found.is_something() {
        return found;
    }
    let foreign = resolve_items(&answer.of_foreign(reading.timeline.deepest()), reading, lines);
    if foreign.is_something() { foreign } else { found }
}

fn resolve_items(answer: &VersionAnswer, reading: &Reading<'_>, lines: LineMeaning) -> ResolvedVersions {
    let mut found = ResolvedVersions::default();
    let mut development = false;
    // Where the product's own version is named, versions behind other names are those of other products.
    let has_own =
        answer.items.iter().any(|item| item.name == NamedProduct::Own && is_known_version(item, reading));
    for item in answer.items.iter().filter(|item| {
        !(has_own && matches!(item.name, NamedProduct::Other(_)) && !is_product(item, reading))
    }) {
        let before = (found.releases.len(), found.lines.len(), found.others.len());
        match &item.kind {
            VersionSet::One(version) => add_version(version, item, answer, reading, lines, &mut found),
            VersionSet::Range { low, high } => {
                add_range(low.as_ref(), high.as_ref(), item, reading, &mut found)
            }
        }
        let is_unknown = before == (found.releases.len(), found.lines.len(), found.others.len());
        development |=
            is_unknown && matches!(&item.kind, VersionSet::One(version) if version.is_development());
    }
    // Of that time: "latest" in an issue of last year is not the release of today.
    let newest = reading.timeline.newest_at(reading.moment).map(|release| release.tag.clone());
    // Only without a version: "1.4.0, the latest" means 1.4.0, whatever was the newest then.
    if !found.is_something() && answer.items.is_empty() {
        if answer.every {
            let by_then = |at: Option<Timestamp>| at <= Some(reading.moment);
            let all = reading.timeline.ordered().filter(|entry| by_then(entry.release.published_at));
            found.releases.extend(all.map(|entry| entry.release.tag.clone()));
        } else if answer.newest {
            found.releases.extend(newest);
        }
    }
    found.unreleased =
        // A known release outweighs a build. Who writes "1.4.0 and main" has the defect in 1.4.0.
        answer.unreleased || (!found.is_something() && (development || answer.perhaps_unreleased));
    found.releases.sort_by(|one, other| reading.timeline.compare(one, other));
    found.releases.dedup();
    found.lines.dedup();
    found.others.dedup();
    found
}

/// Returns `true` if a version is one of the known releases.
fn is_known_version(item: &VersionItem, reading: &Reading<'_>) -> bool {
    match &item.kind {
        VersionSet::One(version) => {
            matches!(reading.timeline.lookup(version, None, reading.moment), VersionMatch::Releases(_))
        }
        VersionSet::Range { .. } => true,
    }
}

/// Returns `true` if the name before a version is that of a product of this repository.
fn is_product(item: &VersionItem, reading: &Reading<'_>) -> bool {
    own_product(item, reading).is_some()
}

/// The product of this repository that a version is said to be of.
fn own_product(item: &VersionItem, reading: &Reading<'_>) -> Option<String> {
    let name = match (&item.joined_name, &item.name) {
        (Some(joined), _) => joined,
        (None, NamedProduct::Other(name)) => name,
        (None, NamedProduct::None | NamedProduct::Own | NamedProduct::Foreign) => return None,
    };
    let last = name.rsplit('/').next().unwrap_or_default();
    let is_it = |known: &&str| *known == name || known.rsplit('/').next() == Some(last);
    reading.timeline.products().find(is_it).map(str::to_owned)
}

fn add_version(
    version: &Version,
    item: &VersionItem,
    answer: &VersionAnswer,
    reading: &Reading<'_>,
    lines: LineMeaning,
    found: &mut ResolvedVersions,
) {
    let timeline = reading.timeline;
    // The tag as written is unambiguous, even where its numbers alone fit releases of several
    // products.
    if let Some(release) = timeline.with_tag(&item.text) {
        let product = timeline.versioned(&release.tag).and_then(|entry| entry.product.as_deref());
        match product.filter(|product| timeline.product().is_some_and(|own| own != *product)) {
            Some(other) => found.others.push(other.to_owned()),
            None => found.releases.push(release.tag.clone()),
        }
        return;
    }
    // A short number is a version only where nothing else can be meant.
    let is_short = !version.is_whole();
    // An answer such as "Windows 11" must not become release 11.
    let is_only = answer.items.len() == 1;
    let is_own = matches!(item.name, NamedProduct::None | NamedProduct::Own);
    let is_line = version.depth() < reading.timeline.deepest() && !version.is_wildcard();
    if (is_short && !item.alone)
        || ((is_short || is_line) && !is_own && !is_only && !is_product(item, reading))
    {
        return;
    }
    // `mcp@1.3.0` is of the product mcp, also if none of the releases that count is.
    let meant = item.joined_name.clone().filter(|_| item.is_joined_name_meant);
    let product = own_product(item, reading).or(meant);
    let stays_line = lines != LineMeaning::Releases && (is_line || version.is_wildcard());
    // "Fixed in 1.4" means 1.4.0: later patches contain the fix because they follow it.
    let is_first = |tag: &&Tag| {
        let known = reading.timeline.versioned(tag).and_then(|entry| entry.version.clone());
        known.or_else(|| Version::parse(&tag.0)).is_some_and(|known| known.same(version))
    };
    let line = |tags: Vec<Tag>| (version.written_numbers(), tags);
    match reading.timeline.lookup(version, product.as_deref(), reading.moment) {
        VersionMatch::Releases(tags) if stays_line => {
            match tags.iter().find(is_first).filter(|_| lines == LineMeaning::First) {
                Some(first) => found.releases.push(first.clone()),
                None => found.lines.push(line(tags)),
            }
        }
        VersionMatch::Releases(tags) => found.releases.extend(tags),
        VersionMatch::OtherProduct(product) => found.others.push(product),
        VersionMatch::Several(tags) => found.several = tags,
        VersionMatch::Nothing if stays_line => found.lines.push(line(Vec::new())),
        VersionMatch::Nothing => {}
    }
}

fn add_range(
    low: Option<&RangeEnd>,
    high: Option<&RangeEnd>,
    item: &VersionItem,
    reading: &Reading<'_>,
    found: &mut ResolvedVersions,
) {
    let timeline = reading.timeline;
    let other =
        own_product(item, reading).filter(|product| timeline.product().is_some_and(|own| own != product));
    if let Some(product) = other {
        found.others.push(product);
        return;
    }
    if !timeline.is_by_version() {
        // Between versions of several products there is no order.
        for end in [low, high].into_iter().flatten().filter(|end| end.inclusive) {
            if let VersionMatch::Releases(tags) = timeline.lookup(&end.version, None, reading.moment) {
                found.releases.extend(tags);
            }
        }
        return;
    }
    let is_above = |version: &Version| {
        low.is_none_or(|low| match low.inclusive {
            true => low.version.compare(version).is_le() || low.version.holds_line(version),
            false => low.version.compare(version).is_lt() && !low.version.holds_line(version),
        })
    };
    let is_below = |version: &Version| {
        high.is_none_or(|high| match high.inclusive {
            true => high.version.compare(version).is_ge() || high.version.holds_line(version),
            false => high.version.compare(version).is_gt() && !high.version.holds_line(version),
        })
    };
    for entry in timeline.ordered() {
        // "Since 1.3" cannot mean releases that came out later. With an upper end, the reporter
        // named them.
        let is_out = high.is_some() || entry.release.published_at <= Some(reading.moment);
        if is_out && entry.version.as_ref().is_some_and(|version| is_above(version) && is_below(version)) {
            found.releases.push(entry.release.tag.clone());
        }
    }
    // An end may be a pre-release, or the candidate.
    for end in [low, high].into_iter().flatten().filter(|end| end.inclusive && !end.version.is_wildcard()) {
        if let VersionMatch::Releases(tags) = timeline.lookup(&end.version, None, reading.moment) {
            found.releases.extend(tags);
        }
    }
}

/// Returns `true` if [`fold_name`] would return `folded`. Does not allocate: every line of a description is compared.
pub(super) fn folds_to(name: &str, folded: &str) -> bool {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).eq(folded.chars())
}

/// Returns the letters and digits of a name in lower case.
pub(super) fn fold_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
